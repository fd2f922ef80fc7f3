/**
 * The three-way check of ownership, from guest memory and the TLB alone: page records against the free list, and every
 * binding (TLB, STLB, guaranteed mapping, DMA) against the owner or grantee bits of its page. Valid outside the kernel.
 */

import {
  AEGIS,
  ENV_STATE,
  type EnvironmentRecord,
  readColour,
  readContext,
  readDma,
  readEnvironment,
  readFreeList,
  readHeader,
  readPage,
  readSlices,
  readSpaceSlot,
  readStlb,
  readTile,
} from '../../../src/abi/index.js';

const KSEG0 = 0x8000_0000;
const UNCACHED = 0x800;
const VALID = 0x200;
const WRITABLE = 0x400;

export interface TlbEntry {
  readonly entryHi: number;
  readonly entryLo: number;
}

/** Contexts belong to the living, each ASID names one at most, records follow the context that was installed. */
function contextProblems(view: DataView, environments: readonly EnvironmentRecord[]): string[] {
  const problems: string[] = [];
  const asids = new Set<number>();
  const isAlive = (envid: number): boolean =>
    environments.some(({ id, state }) => id === envid && state !== ENV_STATE.DEAD);
  for (let number = 0; number < AEGIS.CONTEXT_COUNT; number++) {
    const { owner, entry_hi } = readContext(view, number);
    if (owner === 0 ? entry_hi !== 0 : !isAlive(owner))
      problems.push(`context ${number} of ${owner}, EntryHi ${entry_hi}`);
    if (entry_hi === 0) continue;
    if (asids.has(entry_hi)) problems.push(`context ${number}: its ASID names another, too`);
    asids.add(entry_hi);
    if (readSpaceSlot(view, entry_hi) !== owner % AEGIS.ENV_COUNT)
      problems.push(`context ${number}: its ASID belongs to another`);
  }
  readHeader(view).asid_owner.forEach((owner, asid) => {
    if (owner !== 0 && !isAlive(owner)) problems.push(`ASID ${asid} belongs to ${owner}, which is not alive`);
  });
  for (const { id, state, context, entry_hi, stlb_tag } of environments) {
    if (id === 0 || state === ENV_STATE.DEAD) continue;
    const installed = readContext(view, context);
    if (installed.owner !== id || installed.entry_hi !== entry_hi)
      problems.push(`env ${id}: context ${context} is not its own, or has another ASID`);
    if (entry_hi !== 0 && stlb_tag !== ((KSEG0 + AEGIS.EXPORT_STLB) ^ (entry_hi << 3)) >>> 0)
      problems.push(`env ${id}: its STLB tag is not its ASID's`);
  }
  return problems;
}

/** Of a free entry of the colour map: three bits of red, three of green, two of blue, spread over the byte. */
export function usualColour(entry: number): number {
  const three = (bits: number): number => (bits << 5) | (bits << 2) | (bits >> 1);
  return (three(entry >> 5) << 16) | (three((entry >> 2) & 7) << 8) | ((entry & 3) * 0x55);
}

/** What does not agree, as text; empty when all does. */
export function ownershipProblems(view: DataView, tlb: readonly TlbEntry[]): string[] {
  const problems: string[] = [];
  const header = readHeader(view);
  const environments = Array.from({ length: AEGIS.ENV_COUNT }, (_, slot) => readEnvironment(view, slot));
  problems.push(...contextProblems(view, environments));
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
  const checkHolders = (
    what: string,
    {
      owner,
      readers,
      writers,
    }: { readonly owner: number; readonly readers: number; readonly writers: number },
  ): void => {
    if (owner === AEGIS.OWNER_FREE && (readers | writers) !== 0) problems.push(`${what}: free, but bound`);
    if (
      owner !== AEGIS.OWNER_FREE &&
      !environments.some(({ id, state }) => id === owner && state !== ENV_STATE.DEAD)
    )
      problems.push(`${what}: owner ${owner} does not exist`);
  };
  for (let tile = 0; tile < header.tile_count; tile++) checkHolders(`tile ${tile}`, readTile(view, tile));
  for (let entry = 0; header.tile_count > 0 && entry < AEGIS.COLOUR_COUNT; entry++) {
    const record = readColour(view, entry);
    checkHolders(`colour ${entry}`, record);
    if (record.owner === AEGIS.OWNER_FREE && record.value !== usualColour(entry))
      problems.push(`colour ${entry}: free, but not as usual`);
  }
  const slices = readSlices(view);
  for (const environment of environments) {
    if (environment.id === 0) continue;
    if ((owned.get(environment.id) ?? 0) !== environment.page_count)
      problems.push(`env ${environment.id}: page count`);
    if (environment.state !== ENV_STATE.DEAD && environment.page_count > environment.page_limit)
      problems.push(`env ${environment.id}: more pages than its limit`);
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
    if (entryHi >>> 31 === 0) check('TLB', readSpaceSlot(view, entryHi), entryLo);
  }
  for (const { entryHi, entryLo } of readStlb(view)) check('STLB', readSpaceSlot(view, entryHi), entryLo);
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
