/**
 * Typed readers of Aegis's exported structures out of guest RAM (byte 0 = physical 0). They copy; nothing they return
 * is live. Call them while the guest is outside the kernel, and only when `isAegisRunning`.
 */

import { AEGIS } from './constants.js';
import { offsetOf, readStructure, type StructureValue } from './layout.js';
import {
  ASH,
  COLOUR,
  CONTEXT,
  DMA,
  ENVIRONMENT,
  EXTENT,
  FILTER,
  HEADER,
  LINE,
  NETWORK,
  PAGE,
  SLICES,
  STLB_ENTRY,
  TILE,
} from './structures.js';

export type HeaderRecord = StructureValue<typeof HEADER>;
export type ContextRecord = StructureValue<typeof CONTEXT>;
export type EnvironmentRecord = StructureValue<typeof ENVIRONMENT>;
export type PageRecord = StructureValue<typeof PAGE>;
export type LineRecord = StructureValue<typeof LINE>;
export type ExtentRecord = StructureValue<typeof EXTENT>;
export type DmaRecord = StructureValue<typeof DMA>;
export type ColourRecord = StructureValue<typeof COLOUR>;
export type TileRecord = StructureValue<typeof TILE>;
export type FilterRecord = StructureValue<typeof FILTER>;
export type AshRecord = StructureValue<typeof ASH>;
export type NetworkRecord = StructureValue<typeof NETWORK>;
export type StlbRecord = StructureValue<typeof STLB_ENTRY>;

const ASID_OWNER = AEGIS.EXPORT_HEADER + offsetOf(HEADER, 'asid_owner');

/** A DataView over guest RAM; make it once. */
export function viewOf(ram: Uint8Array): DataView {
  return new DataView(ram.buffer, ram.byteOffset, ram.byteLength);
}

/** True once Aegis has built its exported structures. */
export function isAegisRunning(view: DataView): boolean {
  return view.getUint32(AEGIS.EXPORT_HEADER, true) === AEGIS.MAGIC;
}

export function readHeader(view: DataView): HeaderRecord {
  return readStructure(HEADER, view, AEGIS.EXPORT_HEADER);
}

/** An addressing context, 0 .. CONTEXT_COUNT - 1; `owner` 0 when it is free. */
export function readContext(view: DataView, context: number): ContextRecord {
  return readStructure(CONTEXT, view, AEGIS.EXPORT_CONTEXTS + context * CONTEXT.size);
}

/** Slot of the environment that an EntryHi belongs to by its ASID; -1: to nobody. */
export function readSpaceSlot(view: DataView, entryHi: number): number {
  const owner = view.getUint32(ASID_OWNER + 4 * ((entryHi >>> 6) & 63), true);
  return owner === 0 ? -1 : owner % AEGIS.ENV_COUNT;
}

/** Record of an environment slot, 0 .. ENV_COUNT - 1; `id` 0 when the slot is free. */
export function readEnvironment(view: DataView, slot: number): EnvironmentRecord {
  return readStructure(ENVIRONMENT, view, AEGIS.EXPORT_ENVIRONMENTS + slot * ENVIRONMENT.size);
}

/** Program and library OS names of a record. */
export function readLabel(record: EnvironmentRecord): { readonly name: string; readonly libraryOs: string } {
  const text = (start: number): string => {
    let result = '';
    for (const byte of record.label.slice(start, start + 16)) {
      if (byte === 0) break;
      result += String.fromCharCode(byte);
    }
    return result;
  };
  return { name: text(0), libraryOs: text(16) };
}

export function readPage(view: DataView, page: number): PageRecord {
  return readStructure(PAGE, view, AEGIS.EXPORT_PAGES + page * PAGE.size);
}

/** Owner envid of every physical page: index = page number. Cheap; for each sample. */
export function readPageOwners(view: DataView): Uint32Array {
  const count = view.getUint32(AEGIS.EXPORT_HEADER + 8, true);
  const owners = new Uint32Array(count);
  for (let page = 0; page < count; page++) {
    owners[page] = view.getUint32(AEGIS.EXPORT_PAGES + page * PAGE.size, true);
  }
  return owners;
}

/** Slot of the environment that has the processor; -1 when it idles. */
export function readCurrentSlot(view: DataView): number {
  const record = readHeader(view).current & 0x1fff_ffff;
  const slot = (record - AEGIS.EXPORT_ENVIRONMENTS) / ENVIRONMENT.size;
  return Number.isInteger(slot) && slot >= 0 && slot < AEGIS.ENV_COUNT ? slot : -1;
}

/** Page numbers on the free list, in its order; stops after `page_count` steps so that a broken list shows as a long one. */
export function readFreeList(view: DataView): number[] {
  const header = readHeader(view);
  const pages: number[] = [];
  let page = header.free_head;
  while (page < header.page_count && pages.length <= header.page_count) {
    pages.push(page);
    const next = view.getUint16(AEGIS.EXPORT_PAGES + page * PAGE.size + 16, true);
    if (next === 0xffff) break;
    page = next;
  }
  return pages;
}

/** Owner and runner (envids, 0 when free) of each position of the slice vector. */
export function readSlices(view: DataView): StructureValue<typeof SLICES> {
  return readStructure(SLICES, view, AEGIS.EXPORT_SLICES);
}

export function readLine(view: DataView, line: number): LineRecord {
  return readStructure(LINE, view, AEGIS.EXPORT_LINES + line * LINE.size);
}

export function readExtent(view: DataView, extent: number): ExtentRecord {
  return readStructure(EXTENT, view, AEGIS.EXPORT_EXTENTS + extent * EXTENT.size);
}

/** A tile of the frame buffer; the header says how many there are. */
export function readTile(view: DataView, tile: number): TileRecord {
  return readStructure(TILE, view, AEGIS.EXPORT_TILES + tile * TILE.size);
}

/** An entry of the colour map; there are none without tiles. */
export function readColour(view: DataView, entry: number): ColourRecord {
  return readStructure(COLOUR, view, AEGIS.EXPORT_COLOURS + entry * COLOUR.size);
}

export function readDma(view: DataView, index: number): DmaRecord {
  return readStructure(DMA, view, AEGIS.EXPORT_DMA + index * DMA.size);
}

/** A packet filter; `owner` 0 when there is none of this number. */
export function readFilter(view: DataView, filter: number): FilterRecord {
  return readStructure(FILTER, view, AEGIS.EXPORT_FILTERS + filter * FILTER.size);
}

/** An application-specific handler; `owner` 0 when there is none of this number. */
export function readAsh(view: DataView, ash: number): AshRecord {
  return readStructure(ASH, view, AEGIS.EXPORT_ASHS + ash * ASH.size);
}

export function readNetwork(view: DataView): NetworkRecord {
  return readStructure(NETWORK, view, AEGIS.EXPORT_NETWORK);
}

/** Occupied STLB entries with their indices. */
export function readStlb(
  view: DataView,
): readonly { readonly index: number; readonly entryHi: number; readonly entryLo: number }[] {
  const entries: { index: number; entryHi: number; entryLo: number }[] = [];
  for (let index = 0; index < AEGIS.STLB_COUNT; index++) {
    const at = AEGIS.EXPORT_STLB + index * STLB_ENTRY.size;
    const entryHi = view.getUint32(at, true);
    if (entryHi !== 0xffffffff) entries.push({ index, entryHi, entryLo: view.getUint32(at + 4, true) });
  }
  return entries;
}
