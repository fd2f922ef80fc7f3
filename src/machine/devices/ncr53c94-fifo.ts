/** The 53C94's FIFO: 16 bytes between bus and processor, first in, first out. Empty, it reads 0. */

import { inRange, type Stateful } from '../snapshot/state.js';

const FIFO_BYTES = 16;

export type AscFifoState = { readonly bytes: Uint8Array; readonly count: number };

export class AscFifo implements Stateful<AscFifoState> {
  count = 0;
  readonly #bytes: Uint8Array = new Uint8Array(FIFO_BYTES);

  flush(): void {
    this.count = 0;
  }

  snapshot(): AscFifoState {
    return { bytes: this.#bytes.slice(), count: this.count };
  }

  restore(state: AscFifoState): void {
    this.#bytes.set(state.bytes);
    this.count = inRange(state.count, 0, FIFO_BYTES);
  }

  /** False when it was full already. */
  push(byte: number): boolean {
    if (this.count === FIFO_BYTES) return false;
    this.#bytes[this.count++] = byte;
    return true;
  }

  pop(): number {
    if (this.count === 0) return 0;
    const byte = this.#bytes[0] as number;
    this.#bytes.copyWithin(0, 1);
    this.count--;
    return byte;
  }
}
