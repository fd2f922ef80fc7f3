/**
 * The three-way check of ownership, from guest memory and the TLB alone: page records against the free list, and every
 * binding (TLB, STLB, guaranteed mapping, DMA) against the owner or grantee bits of its page. Valid outside the kernel.
 */

import {
  AEGIS,
  ENV_STATE,
  readDma,
  readEnvironment,
  readFreeList,
  readHeader,
  readPage,
  readSlices,
  readStlb,
  readTile,
} from '../../../src/abi/index.js';

const UNCACHED = 0x800;
const VALID = 0x200;
const WRITABLE = 0x400;

export interface TlbEntry {
  readonly entryHi: number;
  readonly entryLo: number;
}

/** What does not agree, as text; empty when all does. */
export function ownershipProblems(view: DataView, tlb: readonly TlbEntry[]): string[] {
  const problems: string[] = [];
  const header = readHeader(view);
  const environments = Array.from({ length: AEGIS.ENV_COUNT }, (_, slot) => readEnvironment(view, slot));
  const free = new Set(readFreeList(view));
  if (free.size !== header.free_count)
    problems.push(`free list has ${free.size} pages, counted ${header.free_count}`);
  const owned = new Map<number, number>();
  for (let page = 0; page < header.page_count; page++) {
    const record = readPage(view, page);
    if ((record.owner === AEGIS.OWNER_FREE) !== free.has(page))
      problems.push(`page ${page}: owner ${record.owner}, free list disagrees`);
    if (
      record.owner === AEGIS.OWNER_FREE &&
      (record.readers | record.writers | record.dma | record.pins) !== 0
    ) {
      problems.push(`page ${page}: free, but bound`);
    }
    owned.set(record.owner, (owned.get(record.owner) ?? 0) + 1);
  }
  for (let tile = 0; tile < header.tile_count; tile++) {
    const { owner, readers, writers } = readTile(view, tile);
    if (owner === AEGIS.OWNER_FREE && (readers | writers) !== 0)
      problems.push(`tile ${tile}: free, but bound`);
    if (
      owner !== AEGIS.OWNER_FREE &&
      !environments.some(({ id, state }) => id === owner && state !== ENV_STATE.DEAD)
    )
      problems.push(`tile ${tile}: owner ${owner} does not exist`);
  }
  const slices = readSlices(view);
  for (const environment of environments) {
    if (environment.id === 0) continue;
    if ((owned.get(environment.id) ?? 0) !== environment.page_count)
      problems.push(`env ${environment.id}: page count`);
    const positions = slices.owner.filter((owner) => owner === environment.id).length;
    if (positions !== environment.slice_count) problems.push(`env ${environment.id}: slice count`);
    owned.delete(environment.id);
  }
  for (const owner of owned.keys()) {
    if (owner !== AEGIS.OWNER_FREE && owner !== AEGIS.OWNER_KERNEL)
      problems.push(`owner ${owner} does not exist`);
  }
  const check = (what: string, slot: number, entryLo: number): void => {
    if ((entryLo & VALID) === 0) return;
    const environment = environments[slot];
    const tile = (entryLo >>> 12) - header.tile_page;
    const isTile = tile >= 0 && tile < header.tile_count;
    const page = isTile ? readTile(view, tile) : readPage(view, entryLo >>> 12);
    if (isTile && (entryLo & UNCACHED) === 0) problems.push(`${what}: tile ${tile} through the cache`);
    const bits = (entryLo & WRITABLE) !== 0 ? page.writers : page.readers;
    if (environment === undefined || environment.id === 0 || environment.state === ENV_STATE.DEAD) {
      problems.push(`${what} of slot ${slot}, which nobody has`);
    } else if ((bits & (1 << slot)) === 0) {
      problems.push(
        `${what}: slot ${slot} is not bound to ${isTile ? `tile ${tile}` : `page ${entryLo >>> 12}`}`,
      );
    }
  };
  for (const { entryHi, entryLo } of tlb) {
    if (entryHi >>> 31 === 0) check('TLB', ((entryHi >>> 6) & 63) - 1, entryLo);
  }
  for (const { entryHi, entryLo } of readStlb(view)) check('STLB', ((entryHi >>> 6) & 63) - 1, entryLo);
  for (const environment of environments) {
    if (environment.id === 0 || environment.state === ENV_STATE.DEAD) continue;
    for (const entryLo of environment.guaranteed) check('guaranteed', environment.id & 31, entryLo);
  }
  for (let index = 0; index < AEGIS.DMA_COUNT; index++) {
    const dma = readDma(view, index);
    if (dma.envid === 0 || dma.state > 2 || dma.saves === 1) continue;
    check('DMA', dma.envid & 31, ((dma.address & ~4095) | VALID | (dma.is_write ? 0 : WRITABLE)) >>> 0);
  }
  return problems;
}
