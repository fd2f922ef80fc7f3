/**
 * The ledger: who owned what at one cycle, from Aegis's exported records (which any environment may map) and the hardware
 * TLB. Pure: bytes in, view data out. The caller sees to it that the guest is outside the kernel.
 */

import {
  AEGIS,
  ASH,
  ENV_STATE,
  ENVIRONMENT,
  type EnvironmentRecord,
  FILTER,
  isAegisRunning,
  type LineRecord,
  PAGE,
  readAsh,
  readColour,
  readCurrentSlot,
  readEnvironment,
  readFilter,
  readHeader,
  readLabel,
  readLine,
  readNetwork,
  readPageOwners,
  readSlices,
  readSpaceSlot,
  readStlb,
  readTile,
  viewOf,
} from '../abi/index.js';
import { checkOwnership, type TlbEntry } from './ownership.js';
import {
  type CycleAccountView,
  type EnvironmentState,
  type EnvironmentView,
  KERNEL_OWNER,
  type LedgerView,
  NO_OWNER,
} from './types.js';

/** Where the ledger's numbers come from at one moment. */
export interface LedgerSource {
  readonly ram: Uint8Array;
  readonly tlb: readonly TlbEntry[];
  readonly cycle: number;
  /** What the machine charged to an environment since it was created. */
  readonly account: (slot: number) => CycleAccountView;
}

const ENTRY_VALID = 0x200;

const STATES: Readonly<Record<number, EnvironmentState>> = {
  [ENV_STATE.NEW]: 'ready',
  [ENV_STATE.READY]: 'ready',
  [ENV_STATE.RUNNING]: 'running',
  [ENV_STATE.SAVING]: 'running',
  [ENV_STATE.RESTORING]: 'running',
  [ENV_STATE.WAITING]: 'waiting',
  [ENV_STATE.DEAD]: 'dying',
};

export function readLedger(source: LedgerSource): LedgerView {
  const view = viewOf(source.ram);
  const header = readHeader(view);
  const currentSlot = readCurrentSlot(view);
  const owners = readPageOwners(view);
  const pageOwners = Int8Array.from(owners, ownerSlot);
  const bound = countBoundPages(view, pageOwners);
  const tlbCounts = countTranslations(view, source.tlb);
  const stlbCounts = countTranslations(view, readStlb(view));
  const lines = Array.from({ length: AEGIS.LINE_COUNT }, (_, line) => lineHolders(readLine(view, line)));
  const slices = readSlices(view).owner.map(ownerSlot);
  const network = countNetwork(view);
  const tiles = countOwned(header.tile_count, (tile) => readTile(view, tile));
  const colours = countOwned(header.tile_count === 0 ? 0 : AEGIS.COLOUR_COUNT, (entry) =>
    readColour(view, entry),
  );
  const environments: EnvironmentView[] = [];
  for (let slot = 0; slot < AEGIS.ENV_COUNT; slot++) {
    if (view.getUint32(AEGIS.EXPORT_ENVIRONMENTS + slot * ENVIRONMENT.size, true) === 0) continue;
    const record = readEnvironment(view, slot);
    if (record.id === 0 || record.state === ENV_STATE.FREE) continue;
    environments.push({
      ...describe(slot, record, slot === currentSlot),
      boundPageCount: bound[slot] ?? 0,
      tlbEntryCount: tlbCounts[slot] ?? 0,
      stlbEntryCount: stlbCounts[slot] ?? 0,
      ...(network[slot] as NetworkCounts),
      tileCount: tiles[slot] ?? 0,
      colourCount: colours[slot] ?? 0,
      lines: lines.flatMap((holders, line) => ((holders >>> slot) & 1 ? [line] : [])),
      cycles: source.account(slot),
    });
  }
  return {
    cycle: source.cycle,
    currentSlot,
    environments,
    pageOwners,
    freePageCount: header.free_count,
    slices,
    currentSlice: header.current_position,
    ownership: checkOwnership(source.ram, source.tlb, source.cycle),
  };
}

/** The network interface's six bytes, once Aegis runs. */
export function stationAddress(ram: Uint8Array): readonly number[] {
  return readNetwork(viewOf(ram)).station.slice(0, 6);
}

/** Program of the environment that has the processor, by the exported tables; '' when there is none. */
export function currentProgram(ram: Uint8Array): string {
  const view = viewOf(ram);
  const slot = isAegisRunning(view) ? readCurrentSlot(view) : -1;
  return slot < 0 ? '' : readLabel(readEnvironment(view, slot)).name;
}

/** An owner as exported (envid, free, kernel) to a slot or one of the special owners. */
function ownerSlot(owner: number): number {
  if (owner === AEGIS.OWNER_FREE) return NO_OWNER;
  if (owner === AEGIS.OWNER_KERNEL) return KERNEL_OWNER;
  return owner & 0xff;
}

/** Bit per slot that uses a line: whom its owner has let in, or the owner itself while there is nobody else. */
function lineHolders({ owner, readers, writers }: LineRecord): number {
  if (owner === 0) return 0;
  const own = 1 << (owner & 0xff);
  const others = (readers | writers) & ~own;
  return others === 0 ? own : others;
}

/** One that was entered by a transfer keeps the state of its other computation; one that is away keeps RUNNING. */
function stateOf(state: number, isCurrent: boolean): EnvironmentState {
  if (isCurrent) return 'running';
  return state === ENV_STATE.RUNNING ? 'waiting' : (STATES[state] ?? 'ready');
}

type Described = Omit<
  EnvironmentView,
  | 'boundPageCount'
  | 'tlbEntryCount'
  | 'stlbEntryCount'
  | 'tileCount'
  | 'colourCount'
  | 'lines'
  | 'cycles'
  | keyof NetworkCounts
>;

type NetworkCounts = Pick<
  EnvironmentView,
  'filterCount' | 'packetCount' | 'droppedPacketCount' | 'handlerCount' | 'abortedHandlerCount'
>;

function describe(slot: number, record: EnvironmentRecord, isCurrent: boolean): Described {
  const { name, libraryOs } = readLabel(record);
  return {
    slot,
    environmentId: record.id,
    parentSlot: record.parent === 0 ? NO_OWNER : record.parent & 0xff,
    name,
    libraryOs,
    state: stateOf(record.state, isCurrent),
    asid: (record.entry_hi >>> 6) & 63,
    pageCount: record.page_count,
    sliceCount: record.slice_count,
    excessTicks: record.excess,
    forfeitedSlices: record.forfeited,
    refusedCount: record.refused_count,
    extentCount: record.extent_count,
    repossessedCount: record.repossessed_count,
    demandedPageCount: record.revoke_stage === 0 ? 0 : record.revoke_count,
  };
}

/** Per slot: pages of other environments that it is bound to. Kernel pages, which all may read, are not counted. */
function countBoundPages(view: DataView, pageOwners: Int8Array): number[] {
  const counts = new Array<number>(AEGIS.ENV_COUNT).fill(0);
  for (let page = 0; page < pageOwners.length; page++) {
    const owner = pageOwners[page] as number;
    if (owner < 0) continue;
    const at = AEGIS.EXPORT_PAGES + page * PAGE.size;
    let others = (view.getUint32(at + 4, true) | view.getUint32(at + 8, true)) & ~(1 << owner);
    while (others !== 0) {
      const slot = 31 - Math.clz32(others & -others);
      counts[slot] = (counts[slot] ?? 0) + 1;
      others &= others - 1;
    }
  }
  return counts;
}

/** Per slot: how many of a kind of resource it owns. */
function countOwned(total: number, read: (instance: number) => { readonly owner: number }): number[] {
  const counts = new Array<number>(AEGIS.ENV_COUNT).fill(0);
  for (let instance = 0; instance < total; instance++) {
    const { owner } = read(instance);
    if (owner !== AEGIS.OWNER_FREE) counts[owner & 0xff] = (counts[owner & 0xff] ?? 0) + 1;
  }
  return counts;
}

/** Per slot: packet filters and handlers, from their records. */
function countNetwork(view: DataView): NetworkCounts[] {
  const counts = Array.from({ length: AEGIS.ENV_COUNT }, () => ({
    filterCount: 0,
    packetCount: 0,
    droppedPacketCount: 0,
    handlerCount: 0,
    abortedHandlerCount: 0,
  }));
  for (let filter = 0; filter < AEGIS.FILTER_COUNT; filter++) {
    if (view.getUint32(AEGIS.EXPORT_FILTERS + filter * FILTER.size, true) === 0) continue;
    const { owner, received, dropped } = readFilter(view, filter);
    const own = counts[owner & 0xff];
    if (own === undefined) continue;
    own.filterCount++;
    own.packetCount += received;
    own.droppedPacketCount += dropped;
  }
  for (let ash = 0; ash < AEGIS.ASH_COUNT; ash++) {
    if (view.getUint32(AEGIS.EXPORT_ASHS + ash * ASH.size, true) === 0) continue;
    const { owner, aborted } = readAsh(view, ash);
    const own = counts[owner & 0xff];
    if (own === undefined) continue;
    own.handlerCount++;
    own.abortedHandlerCount += aborted;
  }
  return counts;
}

function countTranslations(view: DataView, entries: readonly TlbEntry[]): number[] {
  const counts = new Array<number>(AEGIS.ENV_COUNT).fill(0);
  for (const { entryHi, entryLo } of entries) {
    const slot = readSpaceSlot(view, entryHi);
    if ((entryLo & ENTRY_VALID) !== 0 && slot >= 0) counts[slot] = (counts[slot] ?? 0) + 1;
  }
  return counts;
}
