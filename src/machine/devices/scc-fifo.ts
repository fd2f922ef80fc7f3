/**
 * The receive FIFO of a Z85C30 channel: three characters, each with its errors. The errors of the character on top are
 * in RR1; parity and overrun stay there until the error reset command, framing goes with its character. A fourth
 * character replaces the third and marks it as overrun.
 */

import type { Stateful } from '../snapshot/state.js';
import { RR1 } from './scc-registers.js';

const FIFO_CHARACTERS = 3;
const LATCHED = RR1.parity | RR1.overrun;

export type SccFifoState = {
  readonly bytes: Uint8Array;
  readonly errors: Uint8Array;
  readonly count: number;
  readonly latched: number;
};

export class SccFifo implements Stateful<SccFifoState> {
  count = 0;
  readonly #bytes: Uint8Array = new Uint8Array(FIFO_CHARACTERS);
  readonly #errors: Uint8Array = new Uint8Array(FIFO_CHARACTERS);
  #latched = 0;

  reset(): void {
    this.count = 0;
    this.#latched = 0;
  }

  get isFull(): boolean {
    return this.count === FIFO_CHARACTERS;
  }

  /** Error bits of RR1: those of the character on top, and what has been latched. */
  get errors(): number {
    return this.#latched | (this.count > 0 ? (this.#errors[0] as number) : 0);
  }

  resetErrors(): void {
    this.#latched = 0;
    if (this.count > 0) this.#errors[0] = 0;
  }

  push(byte: number, errors: number): void {
    const isOverrun = this.isFull;
    const at = isOverrun ? FIFO_CHARACTERS - 1 : this.count++;
    this.#bytes[at] = byte;
    this.#errors[at] = errors | (isOverrun ? RR1.overrun : 0);
    this.#latch();
  }

  /** The character on top, removed; 0 when there is none. */
  pop(): number {
    if (this.count === 0) return 0;
    const byte = this.#bytes[0] as number;
    this.#bytes.copyWithin(0, 1);
    this.#errors.copyWithin(0, 1);
    this.count--;
    this.#latch();
    return byte;
  }

  snapshot(): SccFifoState {
    return {
      bytes: this.#bytes.slice(),
      errors: this.#errors.slice(),
      count: this.count,
      latched: this.#latched,
    };
  }

  restore(state: SccFifoState): void {
    this.#bytes.set(state.bytes);
    this.#errors.set(state.errors);
    this.count = state.count;
    this.#latched = state.latched;
  }

  #latch(): void {
    if (this.count > 0) this.#latched |= (this.#errors[0] as number) & LATCHED;
  }
}
