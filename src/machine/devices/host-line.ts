/**
 * The outside end of a serial line. Two kinds of things are attached to it. The host has a queue of bytes on their way to
 * the guest: the chip takes a byte one character time after the line was free, so the guest's own flow control decides
 * when input enters, and nothing is ever dropped. A device (keyboard, mouse) has its own time and format: what it sends
 * arrives whether or not the guest listens. Both are told of each byte that the guest has sent.
 */

import type { SerialLine } from '../machine-types.js';
import type { Stateful } from '../snapshot/state.js';
import type { SerialFrame } from './serial-frame.js';

const INITIAL_CAPACITY = 256;

/** Bytes that the guest has not received yet, in order. */
export type HostLineState = { readonly queued: Uint8Array };

export class HostLine implements SerialLine, Stateful<HostLineState> {
  onOutput: ((byte: number) => void) | undefined = undefined;
  /** The chip's interest in new input; set by the chip that owns this line. */
  onInput: (() => void) | undefined = undefined;
  /** The chip's receiver: a character of a device has just ended. */
  onArrival: ((byte: number, frame: SerialFrame) => void) | undefined = undefined;
  /** The chip's receiver: the line is held in the space state (a break), or no longer. */
  onBreak: ((isOn: boolean) => void) | undefined = undefined;
  /** A device's receiver: a character of the guest has just ended. */
  onCharacter: ((byte: number, frame: SerialFrame) => void) | undefined = undefined;
  /** The guest holds the line in the space state, or no longer. */
  onGuestBreak: ((isOn: boolean) => void) | undefined = undefined;
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

  /** The chip's transmitter: a character has just ended. */
  transmitted(byte: number, frame: SerialFrame): void {
    this.onOutput?.(byte);
    this.onCharacter?.(byte, frame);
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
