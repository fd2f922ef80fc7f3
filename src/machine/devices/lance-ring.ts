/**
 * One of the Am7990's two descriptor rings: where it lies, which descriptor is next, and the halfwords of that
 * descriptor. Reads give -1, and the ring calls `onBusError`, when memory does not answer.
 */

import { inRange, type Stateful } from '../snapshot/state.js';
import { LANCE_STATUS, type LanceMemory } from './lance-registers.js';

const DESCRIPTOR_BYTES = 8;
/** Buffer lengths have twelve bits, and zero stands for all. */
export const MAX_BUFFER_BYTES = 4096;
const MAX_DESCRIPTORS = 128;
const ADDRESS_MASK = 0xff_fff8;

export type LanceRingState = { readonly base: number; readonly mask: number; readonly index: number };

export class LanceRing implements Stateful<LanceRingState> {
  readonly #memory: LanceMemory;
  readonly #onBusError: () => void;
  #base = 0;
  #mask = 0;
  #index = 0;

  constructor(memory: LanceMemory, onBusError: () => void) {
    this.#memory = memory;
    this.#onBusError = onBusError;
  }

  get length(): number {
    return this.#mask + 1;
  }

  /** Two words of the initialisation block: low address; length code in bits 15:13, high address in 7:0. */
  place(low: number, high: number): void {
    this.#base = (((high & 0xff) << 16) | low) & ADDRESS_MASK;
    this.#mask = (1 << (high >>> 13)) - 1;
    this.#index = 0;
  }

  snapshot(): LanceRingState {
    return { base: this.#base, mask: this.#mask, index: this.#index };
  }

  restore(state: LanceRingState): void {
    this.#base = state.base;
    this.#mask = inRange(state.mask, 0, MAX_DESCRIPTORS - 1);
    this.#index = state.index & state.mask;
  }

  advance(): void {
    this.#index = (this.#index + 1) & this.#mask;
  }

  /** Halfword `word` of the descriptor that is `ahead` of the present one. */
  read(word: number, ahead: number = 0): number {
    const value = this.#memory.readWord(this.#address(ahead) + word * 2);
    if (value < 0) this.#onBusError();
    return value;
  }

  write(word: number, value: number): boolean {
    const isDone = this.#memory.writeWord(this.#address(0) + word * 2, value);
    if (!isDone) this.#onBusError();
    return isDone;
  }

  /** Address of the present descriptor's buffer, given its status word; -1 when memory does not answer. */
  bufferAddress(status: number): number {
    const low = this.read(0);
    return low < 0 ? -1 : ((status & LANCE_STATUS.addressHigh) << 16) | low;
  }

  /** Length of the present descriptor's buffer: 1 to 4096, stored as a negative number of 12 bits. */
  bufferLength(): number {
    const negative = this.read(2);
    return negative < 0 ? -1 : 0x1000 - (negative & 0xfff);
  }

  #address(ahead: number): number {
    return this.#base + ((this.#index + ahead) & this.#mask) * DESCRIPTOR_BYTES;
  }
}
