/**
 * The register face of an Am7990 LANCE whose DMA is not modelled: it can be found, addressed and stopped. INIT and STRT
 * end in a memory error (CSR0 ERR and MERR), which drivers report as a network that does not come up.
 */

import type { AccessSize, Device } from '../memory/bus.js';
import { coversLane, fromLanes } from './lanes.js';

export const LANCE_REGISTER = { data: 0x0, address: 0x4 } as const;

const CSR0 = {
  error: 0x8000,
  memoryError: 0x0800,
  interrupt: 0x0080,
  enable: 0x0040,
  stop: 0x0004,
  start: 0x0002,
  init: 0x0001,
} as const;
/** Cause bits that are cleared by writing 1. */
const CSR0_CAUSES = 0x7f00;

export class Lance implements Device {
  readonly #setInterrupt: (isRaised: boolean) => void;
  #address = 0;
  #status: number = CSR0.stop;
  readonly #blocks: Uint16Array = new Uint16Array(4);

  constructor(setInterrupt: (isRaised: boolean) => void) {
    this.#setInterrupt = setInterrupt;
  }

  reset(): void {
    this.#address = 0;
    this.#status = CSR0.stop;
    this.#blocks.fill(0);
    this.#setInterrupt(false);
  }

  read(offset: number, size: AccessSize): number {
    if (offset & LANCE_REGISTER.address) return fromLanes(this.#address, offset, size);
    if (this.#address === 0) return fromLanes(this.#status, offset, size);
    return fromLanes(this.#status & CSR0.stop ? (this.#blocks[this.#address] as number) : 0, offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    if (!coversLane(offset, size, 0)) return;
    if (offset & LANCE_REGISTER.address) this.#address = value & 3;
    else if (this.#address === 0) this.#writeStatus(value);
    else if (this.#status & CSR0.stop) this.#blocks[this.#address] = value;
  }

  #writeStatus(value: number): void {
    if (value & CSR0.stop) {
      this.#status = CSR0.stop;
    } else {
      let causes = this.#status & CSR0_CAUSES & ~value;
      let isStopped = this.#status & CSR0.stop;
      if (value & (CSR0.init | CSR0.start) && isStopped) {
        causes |= CSR0.memoryError;
        isStopped = 0;
      }
      this.#status = causes | isStopped | (value & CSR0.enable);
      if (causes & (0x7f00 & ~0x3000)) this.#status |= CSR0.interrupt;
      if (causes & 0x7800) this.#status |= CSR0.error;
    }
    this.#setInterrupt((this.#status & (CSR0.interrupt | CSR0.enable)) === (CSR0.interrupt | CSR0.enable));
  }
}
