/** The ledger and the three-way ownership check on guest memory made by hand. */

import { describe, expect, it } from 'vitest';
import { AEGIS, ENV_STATE } from '../../src/abi/index.js';
import { checkOwnership, KERNEL_OWNER, NO_OWNER } from '../../src/observe/index.js';
import { readLedger } from '../../src/observe/ledger.js';
import { ALICE, BOB, entry, FIRST_FREE_PAGE, GuestMemory, PAGE_COUNT } from './guest-memory.js';

const ZERO = {
  userCycles: 0,
  kernelCycles: 0,
  refillCycles: 0,
  instructions: 0,
  icacheMisses: 0,
  dcacheMisses: 0,
  tlbMisses: 0,
  exceptions: 0,
};
/** Bob's only page. */
const BOBS = FIRST_FREE_PAGE + 2;

function problems(memory: GuestMemory, tlb: readonly { entryHi: number; entryLo: number }[] = []): string[] {
  return checkOwnership(memory.ram, tlb, 0).problems.map(({ check, text }) => `${check}: ${text}`);
}

describe('ledger', () => {
  it('tells who owns what', () => {
    const memory = new GuestMemory();
    memory.slice(0, ALICE);
    memory.slice(8, BOB);
    memory.line(2, { owner: ALICE, readers: (1 << 0) | (1 << 3) });
    memory.line(4, { owner: ALICE });
    memory.page(FIRST_FREE_PAGE, { readers: (1 << 0) | (1 << 3) });
    memory.filter(9, { owner: BOB, received: 5, dropped: 2 });
    memory.filter(10, { owner: BOB, received: 1 });
    memory.ash(1, { owner: BOB, aborted: 3 });
    const translation = entry(3, 0x400, BOBS, true);
    memory.stlb(77, translation.entryHi, translation.entryLo);
    const ledger = readLedger({
      ram: memory.ram,
      tlb: [entry(0, 0x400, FIRST_FREE_PAGE, true), { entryHi: 0, entryLo: 0 }],
      cycle: 123,
      account: (slot) => ({ ...ZERO, userCycles: slot * 10 }),
    });
    expect(ledger.currentSlot).toBe(0);
    expect(ledger.environments.map((view) => view.environmentId)).toEqual([ALICE, BOB]);
    expect(ledger.environments[0]?.lines).toEqual([4]);
    expect(ledger.environments[1]).toMatchObject({
      slot: 3,
      parentSlot: 0,
      name: 'matmul',
      libraryOs: 'exos',
      state: 'waiting',
      asid: 4,
      pageCount: 1,
      boundPageCount: 1,
      tlbEntryCount: 0,
      stlbEntryCount: 1,
      lines: [2],
      filterCount: 2,
      packetCount: 6,
      droppedPacketCount: 2,
      handlerCount: 1,
      abortedHandlerCount: 3,
      cycles: { userCycles: 30 },
    });
    expect(ledger.pageOwners[0]).toBe(KERNEL_OWNER);
    expect(ledger.pageOwners[BOBS]).toBe(3);
    expect(ledger.pageOwners[PAGE_COUNT - 1]).toBe(NO_OWNER);
    expect(ledger.freePageCount).toBe(PAGE_COUNT - FIRST_FREE_PAGE - 3);
    expect([ledger.slices[0], ledger.slices[8], ledger.slices[9]]).toEqual([0, 3, NO_OWNER]);
    expect(ledger.ownership.problems).toEqual([]);
  });
});

describe('ownership, checked three ways', () => {
  it('agrees when everything is as it should be', () => {
    const memory = new GuestMemory();
    const own = entry(3, 0x400, BOBS, true);
    memory.stlb(5, own.entryHi, own.entryLo);
    memory.extent(2, { owner: ALICE, readers: 1 << 3 });
    memory.dma(0, { envid: BOB, extent: 2, state: 1, address: BOBS << 12 });
    const check = checkOwnership(memory.ram, [own, entry(0, 0x10, 3, false)], 9);
    expect(check).toMatchObject({ cycle: 9, problems: [], tlbBindings: 2, stlbBindings: 1, dmaBindings: 1 });
    expect(check.freePages).toBe(PAGE_COUNT - FIRST_FREE_PAGE - 3);
  });

  it('finds an owned page on the free list, a free page off it, and wrong counts', () => {
    const stolen = new GuestMemory();
    stolen.page(FIRST_FREE_PAGE + 10, { owner: BOB, readers: 8, writers: 8 });
    expect(problems(stolen).join('\n')).toMatch(/page 610 has an owner and is on the free list/);
    expect(problems(stolen).join('\n')).toMatch(/owns 2 pages, its record says 1/);
    const lost = new GuestMemory();
    lost.page(BOBS, { owner: AEGIS.OWNER_FREE, readers: 0, writers: 0 });
    expect(problems(lost).join('\n')).toMatch(/page 602 has no owner and is not on the free list/);
    const looped = new GuestMemory();
    looped.page(PAGE_COUNT - 1, { next: PAGE_COUNT - 5 });
    expect(problems(looped).join('\n')).toMatch(/on the free list twice/);
  });

  it('finds a page whose owner is gone', () => {
    const memory = new GuestMemory();
    memory.environment(3, { state: ENV_STATE.DEAD });
    expect(problems(memory)).toEqual(['records: page 602 belongs to 0x0000_0203, which is not alive']);
  });

  it('finds a TLB or STLB entry for a page that is not bound, or not for writing', () => {
    const memory = new GuestMemory();
    expect(problems(memory, [entry(3, 0x400, FIRST_FREE_PAGE, false)])[0]).toMatch(
      /^tlb: .*for reading, unbound/,
    );
    expect(problems(memory, [entry(3, 0x400, 5, true)])[0]).toMatch(/^tlb: .*for writing, unbound/);
    const freed = entry(3, 0x400, FIRST_FREE_PAGE + 50, false);
    memory.stlb(9, freed.entryHi, freed.entryLo);
    expect(problems(memory)[0]).toMatch(/^stlb: STLB entry 9 .*unbound/);
  });

  it('finds an entry of an address space that nobody has, a global one, and one outside of memory', () => {
    const memory = new GuestMemory();
    const tlb = [
      entry(7, 1, BOBS, false),
      { ...entry(3, 1, BOBS, false), entryLo: 0x300 },
      entry(3, 2, 0xfffff, false),
    ];
    expect(problems(memory, tlb)).toEqual([
      expect.stringMatching(/has ASID 8, which nobody has/),
      expect.stringMatching(/is global/),
      expect.stringMatching(/not memory/),
    ]);
  });

  it('finds a packet filter or handler whose owner is gone, and a ring in the kernel', () => {
    const memory = new GuestMemory();
    memory.filter(3, { owner: 0x905 });
    memory.ash(2, { owner: 0x906 });
    expect(problems(memory)).toEqual([
      expect.stringMatching(/packet filter 3 belongs to 0x0000_0905/),
      expect.stringMatching(/handler 2 belongs to 0x0000_0906/),
    ]);
    const ring = new GuestMemory();
    ring.filter(3, { owner: BOB, ring_count: 1, ring_page: 5 });
    expect(problems(ring)).toEqual([expect.stringMatching(/^dma: packet filter 3 has page 5 of the kernel/)]);
    ring.filter(3, { ring_page: BOBS });
    expect(checkOwnership(ring.ram, [], 0)).toMatchObject({ problems: [], dmaBindings: 1 });
  });

  it('finds a disk transfer into a page or from an extent that is not bound', () => {
    const memory = new GuestMemory();
    memory.extent(2, { owner: ALICE, readers: 1 << 0 });
    memory.dma(1, { envid: BOB, extent: 2, state: 2, address: FIRST_FREE_PAGE << 12 });
    expect(problems(memory)).toEqual([
      expect.stringMatching(/^dma: .*uses page 600, unbound/),
      expect.stringMatching(/^dma: .*uses extent 2, unbound/),
    ]);
    memory.dma(1, { state: 3 });
    expect(problems(memory)).toEqual([]);
  });
});
