/**
 * The SII's data mover: a 13-bit transfer counter and a position in the buffer, which it reaches in halfwords. Half of
 * one waits in the initial byte register: on input the lower half until its partner has come, on output the upper half
 * until it is asked for. So a transfer that begins at an odd address needs that register set. The address registers do
 * not move. Source: what NetBSD's sii.c saves and puts back when a target disconnects and returns.
 */

import type { Stateful } from '../snapshot/state.js';
import type { SiiBuffer } from './sii-buffer.js';

const COUNT_MASK = 0x1fff;

export type SiiDmaState = { readonly count: number; readonly initialByte: number; readonly position: number };

export class SiiDma implements Stateful<SiiDmaState> {
  /** Bytes still to come; as a register it has 13 bits. */
  count = 0;
  initialByte = 0;
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(buffer: SiiBuffer) {
    this.#bytes = buffer.bytes;
  }

  reset(): void {
    this.count = 0;
    this.initialByte = 0;
    this.#position = 0;
  }

  get countRegister(): number {
    return this.count & COUNT_MASK;
  }

  set countRegister(value: number) {
    this.count = value & COUNT_MASK;
  }

  get isOdd(): boolean {
    return (this.#position & 1) !== 0;
  }

  /** A count of 0 means 8192 bytes. */
  begin(address: number): void {
    if (this.count === 0) this.count = COUNT_MASK + 1;
    this.#position = address;
  }

  /** Takes a byte from the bus. */
  store(byte: number): void {
    const at = this.#step();
    if (at & 1) {
      this.#bytes[at - 1] = this.initialByte;
      this.#bytes[at] = byte;
    } else this.initialByte = byte;
  }

  /** Hands a byte to the bus. */
  load(): number {
    const at = this.#step();
    if (at & 1) return this.initialByte;
    this.initialByte = this.#bytes[at + 1] as number;
    return this.#bytes[at] as number;
  }

  /** The count is used up: input that fills half of a halfword is stored too. */
  flush(): void {
    if (this.isOdd) this.#bytes[(this.#position - 1) & (this.#bytes.length - 1)] = this.initialByte;
  }

  snapshot(): SiiDmaState {
    return { count: this.count, initialByte: this.initialByte, position: this.#position };
  }

  restore(state: SiiDmaState): void {
    this.count = state.count;
    this.initialByte = state.initialByte;
    this.#position = state.position;
  }

  /** Where the next byte lies; the position moves on. */
  #step(): number {
    this.count--;
    return this.#position++ & (this.#bytes.length - 1);
  }
}
