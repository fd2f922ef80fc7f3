/**
 * A device's end of a serial line: sends and receives characters of the device's own rate and format, one after the other
 * and in its own time, whether or not the guest listens. What the guest sends in another format is not understood.
 */

import type { Stateful } from '../snapshot/state.js';
import type { Clock, TimerSlot } from '../time/clock.js';
import type { HostLine } from './host-line.js';
import { frameCycles, receiveFrame, type SerialFrame } from './serial-frame.js';

/** Bytes still to be sent; the first is on the line already if `isSending`. */
export type SerialEndState = { readonly queue: Uint8Array; readonly isSending: boolean };

export class SerialEnd implements Stateful<SerialEndState> {
  readonly #clock: Clock;
  readonly #line: HostLine;
  readonly #frame: SerialFrame;
  readonly #slot: TimerSlot;
  #queue: number[] = [];
  #isSending = false;

  /** `onByte` is called at the cycle at which a character of the guest ends. */
  constructor(clock: Clock, line: HostLine, frame: SerialFrame, onByte: (byte: number) => void) {
    this.#clock = clock;
    this.#line = line;
    this.#frame = frame;
    this.#slot = clock.register((cycle) => this.#sent(cycle));
    line.onCharacter = (byte, sent) => {
      const seen = receiveFrame(byte, sent, frame);
      if (!seen.isFrameWrong && !seen.isParityWrong) onByte(seen.byte);
    };
  }

  reset(): void {
    this.#queue = [];
    this.#isSending = false;
    this.#clock.disarm(this.#slot);
  }

  /** Bytes that have not left yet. */
  get pendingCount(): number {
    return this.#queue.length;
  }

  send(...bytes: readonly number[]): void {
    this.#queue.push(...bytes);
    this.#start(this.#clock.now);
  }

  snapshot(): SerialEndState {
    return { queue: Uint8Array.from(this.#queue), isSending: this.#isSending };
  }

  restore(state: SerialEndState): void {
    this.#queue = [...state.queue];
    this.#isSending = state.isSending;
  }

  #start(cycle: number): void {
    if (this.#isSending || this.#queue.length === 0) return;
    this.#isSending = true;
    this.#clock.arm(this.#slot, cycle + frameCycles(this.#frame, this.#clock.hertz));
  }

  #sent(cycle: number): void {
    const byte = this.#queue.shift();
    this.#isSending = false;
    this.#start(cycle);
    if (byte !== undefined) this.#line.onArrival?.(byte, this.#frame);
  }
}
