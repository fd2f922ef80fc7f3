/**
 * Who owns the machine, checked three ways that must agree: (1) the owner in every page record against the free list and
 * the per-environment counts, (2) every valid TLB and STLB entry traced to an environment that owns the page or holds a
 * binding of it (tiles of the frame buffer likewise), (3) every queued disk transfer likewise. Follows SOSP 1995, section 3.2: a use is legitimate because a
 * secure binding exists. Pure: bytes and TLB entries in, findings out.
 */

import {
  AEGIS,
  ASH,
  type ColourRecord,
  type DmaRecord,
  ENV_STATE,
  ENVIRONMENT,
  type EnvironmentRecord,
  FILTER,
  offsetOf,
  PAGE,
  readAsh,
  readColour,
  readDma,
  readExtent,
  readFilter,
  readFreeList,
  readHeader,
  readSpaceSlot,
  readStlb,
  readTile,
  type TileRecord,
  viewOf,
} from '../abi/index.js';
import type { OwnershipCheck, OwnershipProblem } from './types.js';

const ENTRY_VALID = 0x200;
const ENTRY_UNCACHED = 0x800;
const ENTRY_WRITABLE = 0x400;
const ENTRY_GLOBAL = 0x100;
const KERNEL_SEGMENTS = 0x8000_0000;
const SINK_STATE = 3;
/** More findings than this say nothing new. */
const MAX_PROBLEMS = 32;

/** The few fields of an environment's record that matter here, read apart: this runs many times a second. */
const ID = offsetOf(ENVIRONMENT, 'id');
const STATE = offsetOf(ENVIRONMENT, 'state');
const EPOCH = offsetOf(PAGE, 'epoch');
const OWNED_PAGES = offsetOf(ENVIRONMENT, 'page_count');

type EnvironmentState = Pick<EnvironmentRecord, 'id' | 'state' | 'page_count'>;

export interface TlbEntry {
  readonly entryHi: number;
  readonly entryLo: number;
}

/** Checks a copy (or the live RAM, between two runs) taken while the guest was outside the kernel. */
export function checkOwnership(ram: Uint8Array, tlb: readonly TlbEntry[], cycle: number): OwnershipCheck {
  return new OwnershipChecker(ram).check(tlb, cycle);
}

class OwnershipChecker {
  readonly #view: DataView;
  readonly #pageCount: number;
  readonly #tileCount: number;
  readonly #tilePage: number;
  readonly #environments: readonly EnvironmentState[];
  readonly #problems: OwnershipProblem[] = [];

  constructor(ram: Uint8Array) {
    this.#view = viewOf(ram);
    const header = readHeader(this.#view);
    this.#pageCount = header.page_count;
    this.#tileCount = header.tile_count;
    this.#tilePage = header.tile_page;
    this.#environments = Array.from({ length: AEGIS.ENV_COUNT }, (_, slot) => {
      const at = AEGIS.EXPORT_ENVIRONMENTS + slot * ENVIRONMENT.size;
      const field = (offset: number): number => this.#view.getUint32(at + offset, true);
      return { id: field(ID), state: field(STATE), page_count: field(OWNED_PAGES) };
    });
  }

  check(tlb: readonly TlbEntry[], cycle: number): OwnershipCheck {
    const freePages = this.#checkOwners();
    this.#checkScreen();
    let tlbBindings = 0;
    tlb.forEach((entry, index) => {
      if (this.#checkTranslation('tlb', index, entry)) tlbBindings++;
    });
    let stlbBindings = 0;
    for (const entry of readStlb(this.#view)) {
      if (this.#checkTranslation('stlb', entry.index, entry)) stlbBindings++;
    }
    const dmaBindings = this.#checkDma() + this.#checkNetwork();
    return {
      cycle,
      pagesChecked: this.#pageCount,
      freePages,
      tlbBindings,
      stlbBindings,
      dmaBindings,
      problems: this.#problems.slice(0, MAX_PROBLEMS),
    };
  }

  #report(check: OwnershipProblem['check'], text: string): void {
    this.#problems.push({ check, text });
  }

  #page(page: number): { owner: number; readers: number; writers: number } {
    const at = AEGIS.EXPORT_PAGES + page * PAGE.size;
    return {
      owner: this.#view.getUint32(at, true),
      readers: this.#view.getUint32(at + 4, true),
      writers: this.#view.getUint32(at + 8, true),
    };
  }

  /** Owners against the free list and the counts; returns the number of free pages. */
  #checkOwners(): number {
    const header = readHeader(this.#view);
    const listed = new Uint8Array(this.#pageCount);
    const freeList = readFreeList(this.#view);
    for (const page of freeList) {
      if (page >= this.#pageCount)
        this.#report('owner-and-free-list', `free list names page ${page}, which is not there`);
      else if (listed[page] === 1) {
        this.#report('owner-and-free-list', `page ${page} is on the free list twice`);
        break;
      } else listed[page] = 1;
    }
    let free = 0;
    const owned = new Map<number, number>();
    for (let page = 0; page < this.#pageCount; page++) {
      const { owner, readers, writers } = this.#page(page);
      if (owner === AEGIS.OWNER_KERNEL) {
        if (listed[page] === 1)
          this.#report('owner-and-free-list', `page ${page} is the kernel's and on the free list`);
        if (writers !== 0) this.#report('records', `page ${page} is the kernel's, but has writers`);
        continue;
      }
      if (owner === AEGIS.OWNER_FREE) {
        free++;
        if (listed[page] !== 1)
          this.#report('owner-and-free-list', `page ${page} has no owner and is not on the free list`);
        if ((readers | writers) !== 0) this.#report('records', `page ${page} is free, but bound`);
        continue;
      }
      if (listed[page] === 1)
        this.#report('owner-and-free-list', `page ${page} has an owner and is on the free list`);
      owned.set(owner, (owned.get(owner) ?? 0) + 1);
      if (!this.#isLive(owner))
        this.#report('records', `page ${page} belongs to ${hex(owner)}, which is not alive`);
    }
    if (free !== header.free_count) {
      this.#report('owner-and-free-list', `${free} pages are free, the header says ${header.free_count}`);
    }
    for (const record of this.#environments) {
      if (record.id === 0 || record.state === ENV_STATE.DEAD) continue;
      const count = owned.get(record.id) ?? 0;
      if (count !== record.page_count) {
        this.#report(
          'records',
          `${hex(record.id)} owns ${count} pages, its record says ${record.page_count}`,
        );
      }
    }
    return free;
  }

  #checkScreen(): void {
    for (let tile = 0; tile < this.#tileCount; tile++)
      this.#checkHolders(`tile ${tile}`, readTile(this.#view, tile));
    for (let entry = 0; this.#tileCount > 0 && entry < AEGIS.COLOUR_COUNT; entry++)
      this.#checkHolders(`colour ${entry}`, readColour(this.#view, entry));
  }

  #checkHolders(what: string, { owner, readers, writers }: TileRecord | ColourRecord): void {
    if (owner === AEGIS.OWNER_FREE) {
      if ((readers | writers) !== 0) this.#report('records', `${what} is free, but bound`);
    } else if (!this.#isLive(owner))
      this.#report('records', `${what} belongs to ${hex(owner)}, which is not alive`);
  }

  /** True when the entry is a valid binding of a user address (right or wrong). */
  #checkTranslation(check: 'tlb' | 'stlb', index: number, { entryHi, entryLo }: TlbEntry): boolean {
    if ((entryLo & ENTRY_VALID) === 0 || entryHi >>> 0 >= KERNEL_SEGMENTS) return false;
    const where = `${check.toUpperCase()} entry ${index} (${hex((entryHi & 0xffff_f000) >>> 0)})`;
    if ((entryLo & ENTRY_GLOBAL) !== 0) {
      this.#report(check, `${where} is global: it would bind every environment`);
      return true;
    }
    const slot = readSpaceSlot(this.#view, entryHi);
    const record = this.#environments[slot];
    if (record === undefined || record.id === 0 || record.state === ENV_STATE.DEAD) {
      this.#report(check, `${where} has ASID ${(entryHi >>> 6) & 63}, which nobody has`);
      return true;
    }
    const page = entryLo >>> 12;
    const tile = page - this.#tilePage;
    const isTile = tile >= 0 && tile < this.#tileCount;
    if (page >= this.#pageCount && !isTile) {
      this.#report(check, `${where} maps physical page ${page}, which is not memory, nor a tile`);
      return true;
    }
    const { owner, readers, writers } = isTile ? readTile(this.#view, tile) : this.#page(page);
    const what = isTile ? `tile ${tile}` : `page ${page}`;
    if (isTile && (entryLo & ENTRY_UNCACHED) === 0)
      this.#report(check, `${where} lets ${hex(record.id)} use ${what} through the cache`);
    const isWritable = (entryLo & ENTRY_WRITABLE) !== 0;
    const mask = isWritable ? writers : readers;
    if (((mask >>> slot) & 1) === 0) {
      const right = isWritable ? 'writing' : 'reading';
      this.#report(
        check,
        `${where} lets ${hex(record.id)} use ${what} of ${hex(owner)} for ${right}, unbound`,
      );
    }
    return true;
  }

  #checkDma(): number {
    let bindings = 0;
    for (let index = 0; index < AEGIS.DMA_COUNT; index++) {
      const record = readDma(this.#view, index);
      if (record.envid === 0 || record.state === 0) continue;
      bindings++;
      this.#checkTransfer(index, record);
    }
    return bindings;
  }

  #checkTransfer(index: number, record: DmaRecord): void {
    const where = `disk transfer ${index} of ${hex(record.envid)}`;
    // A transfer whose page was repossessed or whose owner died goes on into the kernel's own page; one that
    // saves a repossessed page is the kernel's.
    if (record.state === SINK_STATE || record.saves === 1) return;
    const slot = record.envid & 0xff;
    if (!this.#isLive(record.envid)) {
      this.#report('dma', `${where}: its environment is not alive`);
      return;
    }
    const page = this.#page(record.address >>> 12);
    const extent = readExtent(this.#view, record.extent);
    const isToMemory = record.is_write === 0;
    const pageMask = isToMemory ? page.writers : page.readers;
    const extentMask = isToMemory ? extent.readers : extent.writers;
    if (((pageMask >>> slot) & 1) === 0)
      this.#report('dma', `${where} uses page ${record.address >>> 12}, unbound`);
    if (((extentMask >>> slot) & 1) === 0)
      this.#report('dma', `${where} uses extent ${record.extent}, unbound`);
  }

  /**
   * Filters and handlers belong to live environments. Their pages bind while the epoch is the one they were bound in:
   * then the owner must be able to write them.
   */
  #checkNetwork(): number {
    let bindings = 0;
    const check = (
      what: string,
      owner: number,
      pages: readonly number[],
      epochs: readonly number[],
    ): void => {
      if (!this.#isLive(owner)) {
        this.#report('records', `${what} belongs to ${hex(owner)}, which is not alive`);
        return;
      }
      pages.forEach((page, index) => {
        const epoch = this.#view.getUint32(AEGIS.EXPORT_PAGES + page * PAGE.size + EPOCH, true);
        if (epoch !== epochs[index]) return;
        if (this.#page(page).owner === AEGIS.OWNER_KERNEL)
          this.#report('dma', `${what} has page ${page} of the kernel`);
        bindings++;
      });
    };
    for (let filter = 0; filter < AEGIS.FILTER_COUNT; filter++) {
      if (this.#view.getUint32(AEGIS.EXPORT_FILTERS + filter * FILTER.size, true) === 0) continue;
      const { owner, ring_count, ring_page, ring_epoch } = readFilter(this.#view, filter);
      check(`packet filter ${filter}`, owner, ring_page.slice(0, ring_count), ring_epoch);
    }
    for (let ash = 0; ash < AEGIS.ASH_COUNT; ash++) {
      if (this.#view.getUint32(AEGIS.EXPORT_ASHS + ash * ASH.size, true) === 0) continue;
      const { owner, page_count, page, page_epoch } = readAsh(this.#view, ash);
      check(`handler ${ash}`, owner, page.slice(0, page_count), page_epoch);
    }
    return bindings;
  }

  #isLive(environmentId: number): boolean {
    const record = this.#environments[environmentId & 0xff];
    return record !== undefined && record.id === environmentId && record.state !== ENV_STATE.DEAD;
  }
}

function hex(value: number): string {
  const digits = (value >>> 0).toString(16).padStart(8, '0');
  return `0x${digits.slice(0, 4)}_${digits.slice(4)}`;
}
