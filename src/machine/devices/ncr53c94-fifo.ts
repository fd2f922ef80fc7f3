/** The 53C94's FIFO: 16 bytes between bus and processor, first in, first out. Empty, it reads 0. */

const FIFO_BYTES = 16;

export class AscFifo {
  count = 0;
  readonly #bytes: Uint8Array = new Uint8Array(FIFO_BYTES);

  flush(): void {
    this.count = 0;
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
