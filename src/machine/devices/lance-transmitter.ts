/**
 * The Am7990's transmitter: finds a descriptor that it owns, fetches the frame 16 bytes at a time while it goes out,
 * follows chained descriptors, and gives each back when its buffer is used up, the last one when the frame is out.
 * Collisions do not happen on this wire, but for the forced ones of the loopback test. A chain that ends without a last
 * buffer is an underflow and turns the transmitter off.
 */

import { inRange, type Stateful } from '../snapshot/state.js';
import { MAX_FRAME_BYTES } from './ethernet.js';
import type { LanceEngineHooks } from './lance-receiver.js';
import {
  CSR0,
  LANCE_BURST_BYTES,
  LANCE_STATUS,
  LANCE_TRANSMIT_ERROR,
  type LanceMemory,
} from './lance-registers.js';
import { LanceRing, type LanceRingState, MAX_BUFFER_BYTES } from './lance-ring.js';

export type LanceTransmitterState = {
  readonly ring: LanceRingState;
  readonly isOn: boolean;
  readonly isReady: boolean;
  readonly isComplete: boolean;
  readonly length: number;
  readonly bytes: Uint8Array;
  readonly status: number;
  readonly deferred: number;
  readonly buffer: number;
  readonly room: number;
};

export class LanceTransmitter implements Stateful<LanceTransmitterState> {
  readonly ring: LanceRing;
  isOn = false;
  /** A frame waits for the wire, or is on it. */
  isReady = false;
  /** All of the frame has been fetched. */
  isComplete = false;
  /** Bytes fetched so far. */
  length = 0;
  readonly #memory: LanceMemory;
  readonly #hooks: LanceEngineHooks;
  /** What is longer than any frame is counted, not kept. */
  readonly #bytes: Uint8Array = new Uint8Array(2048);
  /** Filled and emptied within one call. */
  readonly #burst: Uint8Array = new Uint8Array(LANCE_BURST_BYTES);
  #status = 0;
  #deferred = 0;
  #buffer = 0;
  #room = 0;

  constructor(memory: LanceMemory, hooks: LanceEngineHooks) {
    this.#memory = memory;
    this.#hooks = hooks;
    this.ring = new LanceRing(memory, () => hooks.busFailed());
  }

  snapshot(): LanceTransmitterState {
    return {
      ring: this.ring.snapshot(),
      isOn: this.isOn,
      isReady: this.isReady,
      isComplete: this.isComplete,
      length: this.length,
      bytes: this.#bytes.slice(),
      status: this.#status,
      deferred: this.#deferred,
      buffer: this.#buffer,
      room: this.#room,
    };
  }

  restore(state: LanceTransmitterState): void {
    this.ring.restore(state.ring);
    this.isOn = state.isOn;
    this.isReady = state.isReady;
    this.isComplete = state.isComplete;
    this.length = inRange(state.length, 0, Number.MAX_SAFE_INTEGER);
    this.#bytes.set(state.bytes);
    this.#status = state.status;
    this.#deferred = state.deferred;
    this.#buffer = state.buffer;
    this.#room = inRange(state.room, 0, MAX_BUFFER_BYTES);
  }

  stop(): void {
    this.isOn = false;
    this.isReady = false;
  }

  /** Looks whether software has handed over a frame. Buffers that begin none are skipped. */
  poll(isWireBusy: boolean): boolean {
    if (!this.isOn || this.isReady) return this.isReady;
    for (let count = 0; count < this.ring.length; count++) {
      const status = this.ring.read(1);
      if (status < 0 || !(status & LANCE_STATUS.own)) return false;
      if (status & LANCE_STATUS.first) {
        this.isComplete = false;
        this.length = 0;
        this.#deferred = isWireBusy ? LANCE_STATUS.deferred : 0;
        this.isReady = this.#open(status);
        return this.isReady;
      }
      if (!this.ring.write(1, status & ~LANCE_STATUS.own)) return false;
      this.ring.advance();
    }
    return false;
  }

  /** Fetches the next part of the frame. False when the frame ends here in an error. */
  fetch(fcsBytes: number): boolean {
    if (this.#room === 0 && !this.#chain()) return false;
    const count = Math.min(LANCE_BURST_BYTES, this.#room);
    if (!this.#memory.readBurst(this.#buffer, this.#burst, 0, count)) {
      this.#hooks.busFailed();
      return false;
    }
    if (this.length + count <= this.#bytes.length)
      this.#bytes.set(this.#burst.subarray(0, count), this.length);
    const wasLegal = this.length + fcsBytes <= MAX_FRAME_BYTES;
    this.length += count;
    this.#buffer += count;
    this.#room -= count;
    if (wasLegal && this.length + fcsBytes > MAX_FRAME_BYTES) this.#hooks.raise(CSR0.babble);
    this.isComplete = this.#room === 0 && (this.#status & LANCE_STATUS.last) !== 0;
    return true;
  }

  /** The frame without what was not fetched; undefined when it is longer than a frame may be. */
  get frame(): Uint8Array | undefined {
    return this.length > MAX_FRAME_BYTES ? undefined : this.#bytes.slice(0, this.length);
  }

  /** The frame is out, or has failed: `errors` goes to the descriptor's fourth word. */
  finish(errors: number = 0): void {
    this.isReady = false;
    if (errors !== 0 && !this.ring.write(3, errors)) return;
    if (!this.#release(errors === 0 ? 0 : LANCE_STATUS.error)) return;
    if (errors & LANCE_TRANSMIT_ERROR.underflow) this.isOn = false;
    this.#hooks.raise(CSR0.transmitted);
  }

  #open(status: number): boolean {
    this.#status = status & (LANCE_STATUS.first | LANCE_STATUS.last | LANCE_STATUS.addressHigh);
    this.#buffer = this.ring.bufferAddress(status);
    this.#room = this.ring.bufferLength();
    return this.#buffer >= 0 && this.#room > 0;
  }

  #chain(): boolean {
    const next = this.ring.read(1, 1);
    if (next < 0) return false;
    if (!(next & LANCE_STATUS.own) || this.ring.length === 1) {
      this.finish(LANCE_TRANSMIT_ERROR.buffer | LANCE_TRANSMIT_ERROR.underflow);
      return false;
    }
    return this.#release(0) && this.#open(next);
  }

  #release(bits: number): boolean {
    const isDone = this.ring.write(1, this.#status | this.#deferred | bits);
    if (isDone) this.ring.advance();
    return isDone;
  }
}
