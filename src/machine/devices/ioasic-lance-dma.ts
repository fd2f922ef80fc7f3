/**
 * The IOASIC's side of the LANCE: where the chip's 64 KB of addresses lie in memory, in a region of 128 KB that
 * LANCE_DMAPTR names. Single halfwords (initialisation block, descriptors) take a word each; the bursts of frame data,
 * which the ASIC tells by their length, take 16 bytes and leave 16. Sources: Linux declance.c, NetBSD if_le_ioasic.c.
 */

import type { DmaMemory } from '../memory/bus.js';
import type { LanceDmaTiming } from '../time/kn02ba-timing.js';
import { decodeDmaPointer, IOASIC_REGISTER, type Ioasic, SIR, SSR } from './ioasic.js';
import type { LanceMemory } from './lance-registers.js';

const REGION_MASK = 0x1_ffff;
const ADDRESS_MASK = 0xffff;

export class IoasicLanceDma implements LanceMemory {
  readonly #ioasic: Ioasic;
  readonly #memory: DmaMemory;
  readonly #timing: LanceDmaTiming;

  constructor(ioasic: Ioasic, memory: DmaMemory, timing: LanceDmaTiming) {
    this.#ioasic = ioasic;
    this.#memory = memory;
    this.#timing = timing;
  }

  readWord(address: number): number {
    const at = this.#place(halfwordOffset(address));
    if (at < 0) return -1;
    this.#memory.stealCycles(this.#timing.wordRead);
    const { ram } = this.#memory;
    return (ram[at] as number) | ((ram[at + 1] as number) << 8);
  }

  writeWord(address: number, value: number): boolean {
    const at = this.#place(halfwordOffset(address));
    if (at < 0) return false;
    this.#memory.stealCycles(this.#timing.wordWrite);
    this.#memory.ram[at] = value;
    this.#memory.ram[at + 1] = value >>> 8;
    return true;
  }

  readBurst(address: number, into: Uint8Array, offset: number, count: number): boolean {
    for (let index = 0; index < count; index++) {
      const at = this.#place(burstOffset(address + index));
      if (at < 0) return false;
      into[offset + index] = this.#memory.ram[at] as number;
    }
    this.#memory.stealCycles(this.#timing.burstRead);
    return true;
  }

  writeBurst(address: number, from: Uint8Array, offset: number, count: number): boolean {
    for (let index = 0; index < count; index++) {
      const at = this.#place(burstOffset(address + index));
      if (at < 0) return false;
      this.#memory.ram[at] = from[offset + index] as number;
    }
    this.#memory.stealCycles(this.#timing.burstWrite);
    return true;
  }

  /** Physical address of a place in the region, -1 when the ASIC does not answer; latches a memory error. */
  #place(offset: number): number {
    if (!(this.#ioasic.get(IOASIC_REGISTER.status) & SSR.lanceDmaEnable)) return -1;
    const base = decodeDmaPointer(this.#ioasic.get(IOASIC_REGISTER.lanceDmaPointer)) & ~REGION_MASK;
    if (base + offset < this.#memory.ram.length) return base + offset;
    this.#ioasic.latch(SIR.lanceMemoryError);
    return -1;
  }
}

function halfwordOffset(address: number): number {
  return (address & ADDRESS_MASK & ~1) << 1;
}

function burstOffset(address: number): number {
  const within = address & ADDRESS_MASK;
  return ((within & ~15) << 1) + (within & 15);
}
