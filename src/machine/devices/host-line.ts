/**
 * The host's end of a serial line: a queue of bytes on their way to the guest, and a call for each byte the guest has
 * sent. The chip takes a byte when it arrives, one character time after the line was free, so the guest's own flow
 * control decides when input enters. Nothing is ever dropped.
 */

import type { SerialLine } from '../machine-types.js';
import type { Stateful } from '../snapshot/state.js';

const INITIAL_CAPACITY = 256;

/** Bytes that the guest has not received yet, in order. */
export type HostLineState = { readonly queued: Uint8Array };

export class HostLine implements SerialLine, Stateful<HostLineState> {
  onOutput: ((byte: number) => void) | undefined = undefined;
  /** The chip's interest in new input; set by the chip that owns this line. */
  onInput: (() => void) | undefined = undefined;
  /** Ring of a power-of-two size. */
  #ring: Uint8Array = new Uint8Array(INITIAL_CAPACITY);
  #head = 0;
  #count = 0;

  get pendingCount(): number {
    return this.#count;
  }

  send(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#reserve(this.#count + bytes.length);
    const mask = this.#ring.length - 1;
    for (let index = 0; index < bytes.length; index++) {
      this.#ring[(this.#head + this.#count) & mask] = bytes[index] as number;
      this.#count++;
    }
    this.onInput?.();
  }

  /** Removes and returns the next byte. Call only while `pendingCount` is not zero. */
  take(): number {
    const byte = this.#ring[this.#head] as number;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#count--;
    return byte;
  }

  snapshot(): HostLineState {
    const mask = this.#ring.length - 1;
    return {
      queued: Uint8Array.from(
        { length: this.#count },
        (_, at) => this.#ring[(this.#head + at) & mask] as number,
      ),
    };
  }

  restore({ queued }: HostLineState): void {
    this.#head = 0;
    this.#count = 0;
    this.#reserve(queued.length);
    this.#ring.set(queued);
    this.#count = queued.length;
  }

  #reserve(count: number): void {
    if (count <= this.#ring.length) return;
    let capacity = this.#ring.length;
    while (capacity < count) capacity *= 2;
    const ring = new Uint8Array(capacity);
    for (let index = 0; index < this.#count; index++) {
      ring[index] = this.#ring[(this.#head + index) & (this.#ring.length - 1)] as number;
    }
    this.#ring = ring;
    this.#head = 0;
  }
}
