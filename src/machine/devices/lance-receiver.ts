/**
 * The Am7990's receiver: recognises addresses, fills buffers 16 bytes at a time while the frame comes in, chains to the
 * next descriptor when one is full, and gives descriptors back with their status. The message length counts the frame
 * check sequence, which is stored like data. Without a buffer at the frame's start it is missed; without one in its
 * middle the descriptor ends in a buffer error.
 */

import { inRange, type Stateful } from '../snapshot/state.js';
import { hasGoodFcs, MAX_FRAME_BYTES, multicastHash } from './ethernet.js';
import { CSR0, LANCE_BURST_BYTES, LANCE_MODE, LANCE_STATUS, type LanceMemory } from './lance-registers.js';
import { LanceRing, type LanceRingState, MAX_BUFFER_BYTES } from './lance-ring.js';

export interface LanceEngineHooks {
  /** Sets cause bits of CSR0. */
  raise(causes: number): void;
  /** Memory did not answer. */
  busFailed(): void;
}

export type LanceReceiverState = {
  readonly ring: LanceRingState;
  readonly isOn: boolean;
  readonly mode: number;
  readonly addresses: Int32Array;
  readonly frame: Uint8Array | null;
  readonly stored: number;
  readonly status: number;
  readonly buffer: number;
  readonly room: number;
};

export class LanceReceiver implements Stateful<LanceReceiverState> {
  readonly ring: LanceRing;
  isOn = false;
  #mode = 0;
  /** Station address, three halfwords, then the multicast filter, four. */
  readonly #addresses: Uint16Array = new Uint16Array(7);
  readonly #memory: LanceMemory;
  readonly #hooks: LanceEngineHooks;
  /** The frame that is being stored, frame check sequence included. */
  #frame: Uint8Array | undefined;
  #stored = 0;
  #status = 0;
  #buffer = 0;
  #room = 0;

  constructor(memory: LanceMemory, hooks: LanceEngineHooks) {
    this.#memory = memory;
    this.#hooks = hooks;
    this.ring = new LanceRing(memory, () => hooks.busFailed());
  }

  /** `words`: the first eight of the initialisation block. */
  configure(words: readonly number[]): void {
    this.#mode = words[0] as number;
    this.#addresses.set(words.slice(1, 8));
  }

  snapshot(): LanceReceiverState {
    return {
      ring: this.ring.snapshot(),
      isOn: this.isOn,
      mode: this.#mode,
      addresses: Int32Array.from(this.#addresses),
      frame: this.#frame?.slice() ?? null,
      stored: this.#stored,
      status: this.#status,
      buffer: this.#buffer,
      room: this.#room,
    };
  }

  restore(state: LanceReceiverState): void {
    this.ring.restore(state.ring);
    this.isOn = state.isOn;
    this.#mode = state.mode;
    this.#addresses.set(state.addresses);
    this.#frame = state.frame?.slice();
    this.#stored = inRange(state.stored, 0, MAX_FRAME_BYTES);
    this.#status = state.status;
    this.#buffer = state.buffer;
    this.#room = inRange(state.room, 0, MAX_BUFFER_BYTES);
  }

  stop(): void {
    this.isOn = false;
    this.#frame = undefined;
  }

  /** A frame begins on the wire. Call `take` as its bytes arrive, then `finish`. */
  begin(frame: Uint8Array): void {
    this.#frame = undefined;
    if (!this.isOn || !this.#accepts(frame)) return;
    const status = this.ring.read(1);
    if (status < 0) return;
    if (!(status & LANCE_STATUS.own)) {
      this.#hooks.raise(CSR0.missed);
      return;
    }
    if (!this.#open(status)) return;
    this.#frame = frame;
    this.#stored = 0;
    this.#status = LANCE_STATUS.first;
  }

  /** Stores what has arrived: the first `count` bytes of the frame. */
  take(count: number): void {
    while (this.#frame !== undefined && this.#stored < count) {
      if (this.#room === 0 && !this.#chain()) return;
      const burst = Math.min(LANCE_BURST_BYTES, this.#room, count - this.#stored);
      if (!this.#memory.writeBurst(this.#buffer, this.#frame, this.#stored, burst)) {
        this.#hooks.busFailed();
        return;
      }
      this.#stored += burst;
      this.#buffer += burst;
      this.#room -= burst;
    }
  }

  /** The frame has ended. */
  finish(): void {
    if (this.#frame === undefined) return;
    const isGood = (this.#mode & LANCE_MODE.loopback) !== 0 && !(this.#mode & LANCE_MODE.withoutCrc);
    const errors = isGood || hasGoodFcs(this.#frame) ? 0 : LANCE_STATUS.error | LANCE_STATUS.crcError;
    this.#frame = undefined;
    if (!this.ring.write(3, this.#stored & 0xfff)) return;
    this.#release(LANCE_STATUS.last | errors);
  }

  #open(status: number): boolean {
    this.#buffer = this.ring.bufferAddress(status);
    this.#room = this.ring.bufferLength();
    return this.#buffer >= 0 && this.#room > 0;
  }

  /** The buffer is full and the frame goes on: over to the next one. */
  #chain(): boolean {
    const next = this.ring.read(1, 1);
    const isOurs = next >= 0 && (next & LANCE_STATUS.own) !== 0 && this.ring.length > 1;
    if (isOurs && this.#release(0)) return this.#open(next);
    this.#frame = undefined;
    if (!isOurs && next >= 0) this.#release(LANCE_STATUS.error | LANCE_STATUS.bufferError);
    return false;
  }

  /** Gives the descriptor back. Software hears of it at the frame's end, good or bad. */
  #release(bits: number): boolean {
    const status = this.ring.read(1);
    if (status < 0) return false;
    if (!this.ring.write(1, (status & LANCE_STATUS.addressHigh) | this.#status | bits)) return false;
    this.#status = 0;
    this.ring.advance();
    if (bits !== 0) this.#hooks.raise(CSR0.received);
    return true;
  }

  #accepts(frame: Uint8Array): boolean {
    if (this.#mode & LANCE_MODE.promiscuous) return true;
    if ((frame[0] as number) & 1) {
      if (frame.subarray(0, 6).every((byte) => byte === 0xff)) return true;
      const hash = multicastHash(frame);
      return (((this.#addresses[3 + (hash >>> 4)] as number) >>> (hash & 15)) & 1) !== 0;
    }
    for (let index = 0; index < 3; index++) {
      const word = (frame[index * 2] as number) | ((frame[index * 2 + 1] as number) << 8);
      if (word !== this.#addresses[index]) return false;
    }
    return true;
  }
}
