/** Guest RAM with Aegis's exported records, written from the definitions in `src/abi`: two environments, a few pages. */

import {
  AEGIS,
  ASH,
  DMA,
  ENV_STATE,
  ENVIRONMENT,
  EXTENT,
  FILTER,
  HEADER,
  LINE,
  offsetOf,
  PAGE,
  type StructureDefinition,
} from '../../src/abi/index.js';

export const PAGE_COUNT = 2048;
export const FIRST_FREE_PAGE = 600;
/** Environment in slot 0, generation 1. */
export const ALICE = 0x100;
/** Environment in slot 3, generation 2. */
export const BOB = 0x203;

export class GuestMemory {
  readonly ram: Uint8Array = new Uint8Array(PAGE_COUNT * 4096);
  readonly #view = new DataView(this.ram.buffer);

  constructor() {
    for (let index = 0; index < AEGIS.STLB_COUNT; index++) {
      this.#view.setUint32(AEGIS.EXPORT_STLB + index * 8, 0xffff_ffff, true);
    }
    for (let page = 0; page < PAGE_COUNT; page++) {
      const isFree = page >= FIRST_FREE_PAGE;
      this.page(page, {
        owner: isFree ? AEGIS.OWNER_FREE : AEGIS.OWNER_KERNEL,
        readers: isFree ? 0 : 0xffff_ffff,
        next: isFree && page + 1 < PAGE_COUNT ? page + 1 : 0xffff,
      });
    }
    this.header({ magic: AEGIS.MAGIC, version: AEGIS.VERSION, page_count: PAGE_COUNT });
    this.environment(0, { id: ALICE, state: ENV_STATE.RUNNING, entry_hi: 1 << 6 });
    this.environment(3, { id: BOB, state: ENV_STATE.WAITING, entry_hi: 4 << 6, parent: ALICE });
    this.asid(1, ALICE);
    this.asid(4, BOB);
    this.label(3, 'matmul', 'exos');
    this.header({
      free_count: PAGE_COUNT - FIRST_FREE_PAGE,
      free_head: FIRST_FREE_PAGE,
      current: 0x8000_0000 + AEGIS.EXPORT_ENVIRONMENTS,
    });
    this.give(FIRST_FREE_PAGE, 0);
    this.give(FIRST_FREE_PAGE + 1, 0);
    this.give(FIRST_FREE_PAGE + 2, 3);
  }

  /** Takes the first free page off the list, for a slot. */
  give(page: number, slot: number): void {
    const id = slot === 0 ? ALICE : BOB;
    this.page(page, { owner: id, readers: 1 << slot, writers: 1 << slot });
    this.header({ free_head: page + 1, free_count: this.#headerField('free_count') - 1 });
    const count = AEGIS.EXPORT_ENVIRONMENTS + slot * ENVIRONMENT.size + offsetOf(ENVIRONMENT, 'page_count');
    this.#view.setUint32(count, this.#view.getUint32(count, true) + 1, true);
  }

  header(fields: Readonly<Record<string, number>>): void {
    this.#write(HEADER, AEGIS.EXPORT_HEADER, fields);
  }

  environment(slot: number, fields: Readonly<Record<string, number>>): void {
    this.#write(ENVIRONMENT, AEGIS.EXPORT_ENVIRONMENTS + slot * ENVIRONMENT.size, fields);
  }

  page(page: number, fields: Readonly<Record<string, number>>): void {
    this.#write(PAGE, AEGIS.EXPORT_PAGES + page * PAGE.size, fields);
  }

  line(line: number, fields: Readonly<Record<string, number>>): void {
    this.#write(LINE, AEGIS.EXPORT_LINES + line * LINE.size, fields);
  }

  extent(extent: number, fields: Readonly<Record<string, number>>): void {
    this.#write(EXTENT, AEGIS.EXPORT_EXTENTS + extent * EXTENT.size, fields);
  }

  dma(index: number, fields: Readonly<Record<string, number>>): void {
    this.#write(DMA, AEGIS.EXPORT_DMA + index * DMA.size, fields);
  }

  filter(filter: number, fields: Readonly<Record<string, number>>): void {
    this.#write(FILTER, AEGIS.EXPORT_FILTERS + filter * FILTER.size, fields);
  }

  ash(ash: number, fields: Readonly<Record<string, number>>): void {
    this.#write(ASH, AEGIS.EXPORT_ASHS + ash * ASH.size, fields);
  }

  stlb(index: number, entryHi: number, entryLo: number): void {
    this.#view.setUint32(AEGIS.EXPORT_STLB + index * 8, entryHi, true);
    this.#view.setUint32(AEGIS.EXPORT_STLB + index * 8 + 4, entryLo, true);
  }

  asid(asid: number, environmentId: number): void {
    const at = AEGIS.EXPORT_HEADER + offsetOf(HEADER, 'asid_owner') + 4 * asid;
    this.#view.setUint32(at, environmentId, true);
  }

  slice(position: number, environmentId: number): void {
    this.#view.setUint32(AEGIS.EXPORT_SLICES + position * 4, environmentId, true);
  }

  label(slot: number, name: string, libraryOs: string): void {
    const at = AEGIS.EXPORT_ENVIRONMENTS + slot * ENVIRONMENT.size + offsetOf(ENVIRONMENT, 'label');
    this.ram.set(new TextEncoder().encode(name), at);
    this.ram.set(new TextEncoder().encode(libraryOs), at + 16);
  }

  #headerField(name: 'free_count'): number {
    return this.#view.getUint32(AEGIS.EXPORT_HEADER + offsetOf(HEADER, name), true);
  }

  #write(structure: StructureDefinition, base: number, fields: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(fields)) {
      const field = structure.fields.find((candidate) => candidate.name === name);
      if (field === undefined) throw new Error(`${structure.name} has no field ${name}`);
      const at = base + offsetOf(structure, name);
      if (field.type === 'u32') this.#view.setUint32(at, value, true);
      else if (field.type === 'u16') this.#view.setUint16(at, value, true);
      else this.#view.setUint8(at, value);
    }
  }
}

/** TLB or STLB entry of a virtual page for a slot. */
export function entry(
  slot: number,
  virtualPage: number,
  physicalPage: number,
  isWritable: boolean,
): { readonly entryHi: number; readonly entryLo: number } {
  return {
    entryHi: ((virtualPage << 12) | ((slot + 1) << 6)) >>> 0,
    entryLo: ((physicalPage << 12) | 0x200 | (isWritable ? 0x400 : 0)) >>> 0,
  };
}
