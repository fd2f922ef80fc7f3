/** The TLB: match, permission, vectors, fault registers, its instructions (Kane & Heinrich, chapter 4). */
import { beforeEach, describe, expect, it } from 'vitest';
import * as asm from './encode.js';
import { ENGINES, type Engine, type FinalState, runProgram, TEXT } from './engine.js';

const REFILL = 0x8000_0000;
const GENERAL = 0x8000_0080;
const USER = 0x2;
const [N, D, V, G] = [0x800, 0x400, 0x200, 0x100];
const Code = { Mod: 1, TLBL: 2, TLBS: 3, DBE: 7 } as const;
const codeOf = (state: FinalState): number => (state.cp0.Cause >>> 2) & 31;
const asid = (value: number): number => value << 6;

describe.each(ENGINES)('TLB on the %s', (_, createEngine) => {
  let engine: Engine;
  beforeEach(() => {
    engine = createEngine();
    engine.write(0x8000_5000, [0x5555_0000, 0x5555_0004]);
    engine.write(0x8000_6000, [0x6666_0000, 0x6666_0004]);
  });

  /** One load or store at `address`, with EntryHi's ASID and Status as given. */
  function access(instruction: number, address: number, EntryHi = 0, Status = 0): FinalState {
    const cp0 = { EntryHi, Status, Context: 0x8040_0000 };
    return runProgram(engine, [instruction, 0], { registers: { 1: address, 2: 0x77 }, cp0 }, 1);
  }
  const load = (address: number, EntryHi = 0): FinalState => {
    access(asm.lw(3, 0, 1), address, EntryHi);
    return engine.advance(1);
  };

  it('translates: page frame from the entry, offset from the address', () => {
    engine.setTlb(9, 0x0040_0000, 0x5000 | V);
    expect(load(0x0040_0004).registers[3]).toBe(0x5555_0004);
    engine.setTlb(63, 0x7fff_f000, 0x6000 | V);
    expect(load(0x7fff_f000).registers[3]).toBe(0x6666_0000);
  });

  it.each([
    ['load', asm.lw(3, 0, 1), Code.TLBL],
    ['store', asm.sw(2, 0, 1), Code.TLBS],
    ['lwl', asm.lwl(3, 3, 1), Code.TLBL],
    ['swl', asm.swl(2, 3, 1), Code.TLBS],
    ['sb', asm.sb(2, 1, 1), Code.TLBS],
  ])('kuseg without a match: %s goes to the refill vector', (_name, instruction, code) => {
    const final = access(instruction, 0x1234_5678, asid(5) | 0x7777_7000);
    const address = 0x1234_5678 + (instruction & 3);
    expect([final.pc, codeOf(final), final.cp0.EPC]).toEqual([REFILL, code, TEXT]);
    expect(final.cp0.BadVAddr).toBe(address);
    expect(final.cp0.Context).toBe((0x8040_0000 | ((0x1234_5678 >>> 12) << 2)) >>> 0);
    expect(final.cp0.EntryHi).toBe(0x1234_5000 | asid(5));
  });

  it('kuseg without a match, in a delay slot: EPC and BD as always', () => {
    const final = runProgram(engine, [asm.beq(0, 0, 3), asm.lw(3, 0, 1)], { registers: { 1: 0x5000 } });
    expect([final.pc, final.cp0.EPC, final.cp0.Cause >>> 31]).toEqual([REFILL, TEXT, 1]);
  });

  it('kseg2 without a match goes to the general vector', () => {
    for (const [word, code] of [
      [asm.lw(3, 0, 1), Code.TLBL],
      [asm.sw(2, 0, 1), Code.TLBS],
    ] as const) {
      const final = access(word, 0xc123_4000);
      expect([final.pc, codeOf(final), final.cp0.BadVAddr]).toEqual([GENERAL, code, 0xc123_4000]);
      expect(final.cp0.EntryHi).toBe(0xc123_4000);
      expect(final.cp0.Context).toBe((0x8040_0000 | ((0x4123_4000 >>> 12) << 2)) >>> 0);
    }
  });

  it('kseg2 with a match works like kuseg, for the kernel', () => {
    engine.setTlb(3, 0xc000_0000, 0x5000 | V);
    expect(load(0xc000_0004).registers[3]).toBe(0x5555_0004);
  });

  it('a matching entry that is not valid goes to the general vector', () => {
    engine.setTlb(3, 0x0040_0000, 0x5000 | D);
    const read = access(asm.lw(3, 0, 1), 0x0040_0000);
    expect([read.pc, codeOf(read)]).toEqual([GENERAL, Code.TLBL]);
    const write = access(asm.sw(2, 0, 1), 0x0040_0000);
    expect([write.pc, codeOf(write)]).toEqual([GENERAL, Code.TLBS]);
  });

  it('a store to a valid page that is not dirty is Mod; loads are let through', () => {
    engine.setTlb(3, 0x0040_0000, 0x5000 | V);
    const write = access(asm.sw(2, 0, 1), 0x0040_0004, asid(0));
    expect([write.pc, codeOf(write), write.cp0.BadVAddr]).toEqual([GENERAL, Code.Mod, 0x0040_0004]);
    expect(write.cp0.EntryHi).toBe(0x0040_0000);
    expect(engine.read(0x8000_5004)).toBe(0x5555_0004);
    expect(load(0x0040_0004).registers[3]).toBe(0x5555_0004);
    const again = access(asm.sw(2, 0, 1), 0x0040_0004);
    expect(codeOf(again)).toBe(Code.Mod);
    engine.setTlb(3, 0x0040_0000, 0x5000 | V | D);
    expect(access(asm.sw(2, 0, 1), 0x0040_0004).pc).toBe(TEXT + 4);
    expect(engine.read(0x8000_5004)).toBe(0x77);
  });

  it('an entry matches its own ASID only, unless it is global', () => {
    engine.setTlb(3, 0x0040_0000 | asid(7), 0x5000 | V);
    engine.setTlb(4, 0x0040_0000 | asid(8), 0x6000 | V);
    expect(load(0x0040_0000, asid(7)).registers[3]).toBe(0x5555_0000);
    expect(load(0x0040_0000, asid(8)).registers[3]).toBe(0x6666_0000);
    expect(load(0x0040_0000, asid(7)).registers[3]).toBe(0x5555_0000);
    expect(access(asm.lw(3, 0, 1), 0x0040_0000, asid(9)).pc).toBe(REFILL);
    engine.setTlb(5, 0x0041_0000 | asid(1), 0x6000 | V | G);
    expect(load(0x0041_0004, asid(33)).registers[3]).toBe(0x6666_0004);
  });

  it('a translation is gone with the entry that made it', () => {
    engine.setTlb(3, 0x0040_0000, 0x5000 | V);
    expect(load(0x0040_0000).registers[3]).toBe(0x5555_0000);
    engine.setTlb(3, 0x0041_0000, 0x6000 | V);
    expect(access(asm.lw(3, 0, 1), 0x0040_0000).pc).toBe(REFILL);
    expect(load(0x0041_0000).registers[3]).toBe(0x6666_0000);
  });

  it('a translation is gone for good after more pages than any host table keeps', () => {
    for (let page = 0; page < 600; page++) {
      engine.setTlb(page & 63, 0x0100_0000 + page * 0x1000, 0x5000 | V);
      expect(load(0x0100_0000 + page * 0x1000).registers[3]).toBe(0x5555_0000);
    }
    for (let page = 0; page < 600 - 64; page += 7) {
      expect(access(asm.lw(3, 0, 1), 0x0100_0000 + page * 0x1000).pc).toBe(REFILL);
    }
  });

  it('identical entries do no harm, and entries for kseg0 pages are never looked up', () => {
    for (let index = 8; index < 64; index++) engine.setTlb(index, 0x8000_0000, 0);
    expect(load(0x8000_5000).registers[3]).toBe(0x5555_0000);
    expect(load(0x8000_0000).pc).toBe(TEXT + 8);
  });

  it('the N bit goes around the cache, and reaches devices', () => {
    engine.setTlb(3, 0x0040_0000, 0x1e00_0000 | V | D | N);
    access(asm.sw(2, 4, 1), 0x0040_0000);
    expect(engine.bus.log).toEqual(['write 1e000004 4 77']);
    engine.setTlb(4, 0x0040_1000, 0x5000 | V | N);
    const first = access(asm.lw(3, 0, 1), 0x0040_1000).cycles;
    const again = engine.advanceToCycle(first + 1).cycles;
    engine.start(TEXT);
    expect(engine.advance(1).cycles - again).toBe(1 + engine.timing.readMiss);
  });

  it('user mode uses kuseg entries', () => {
    engine.setTlb(0, 0x0000_2000, 0x2000 | V);
    engine.setTlb(1, 0x0040_0000, 0x5000 | V | D);
    engine.write(0x8000_2000, [asm.lw(3, 0, 1), 0, asm.sw(3, 8, 1), asm.lw(4, 8, 1), 0]);
    engine.start(0x2000, { registers: { 1: 0x0040_0000 }, cp0: { Status: USER } });
    expect(engine.advance(5).registers[4]).toBe(0x5555_0000);
  });

  it('a fetch faults like a load: refill, then invalid, with the address that was fetched', () => {
    const words = [asm.jr(1), 0];
    const state = { registers: { 1: 0x0040_0ff8 }, cp0: { Status: 0 } };
    const refill = engine.advanceToCycle(runProgram(engine, words, state).cycles + 1);
    expect([refill.pc, codeOf(refill), refill.cp0.EPC, refill.cp0.BadVAddr]).toEqual([
      REFILL,
      Code.TLBL,
      0x0040_0ff8,
      0x0040_0ff8,
    ]);
    engine.setTlb(0, 0x0040_0000, 0x5000);
    const invalid = engine.advanceToCycle(runProgram(engine, words, state).cycles + 1);
    expect([invalid.pc, codeOf(invalid)]).toEqual([GENERAL, Code.TLBL]);
  });

  it('a delay slot on the next page that misses points at the branch', () => {
    engine.setTlb(0, 0x0040_0000, 0x5000 | V);
    engine.write(0x8000_5ffc, [asm.beq(0, 0, -8)]);
    engine.start(0x0040_0ffc, { cp0: { Status: 0 } });
    const final = engine.advanceToCycle(engine.advance(1).cycles + 1);
    expect([final.pc, final.cp0.EPC, final.cp0.BadVAddr, final.cp0.Cause >>> 31]).toEqual([
      REFILL,
      0x0040_0ffc,
      0x0040_1000,
      1,
    ]);
  });

  it('code changes under a running program when its page is mapped elsewhere', () => {
    engine.setTlb(0, 0x0040_0000, 0x5000 | V);
    engine.write(0x8000_5000, [asm.addiu(3, 0, 5), asm.mtc0(1, 2), asm.tlbwi, 0, 0]);
    engine.write(0x8000_6000, [0, 0, 0, asm.addiu(4, 0, 6), 0]);
    engine.start(0x0040_0000, {
      registers: { 1: 0x6000 | V },
      cp0: { Status: 0, EntryHi: 0x0040_0000, Index: 0 },
    });
    const { registers } = engine.advance(4);
    expect([registers[3], registers[4]]).toEqual([5, 6]);
  });

  describe('instructions', () => {
    const run = (words: readonly number[], cp0: Readonly<Record<string, number>>): FinalState =>
      runProgram(engine, words, { cp0 });

    it('tlbwi and tlbr move EntryHi and EntryLo through the entry that Index names', () => {
      const words = [asm.tlbwi, asm.mtc0(0, 10), asm.mtc0(0, 2), asm.tlbr];
      const { cp0 } = run(words, { Index: 17 << 8, EntryHi: 0xdead_b7c0, EntryLo: 0xbeef_ff00 });
      expect([cp0.EntryHi, cp0.EntryLo]).toEqual([0xdead_b7c0, 0xbeef_ff00]);
    });

    it('tlbp finds the entry whether or not it is valid, and sets P when there is none', () => {
      engine.setTlb(42, 0x0040_0000 | asid(3), 0x5000);
      expect(run([asm.tlbp], { EntryHi: 0x0040_0000 | asid(3) }).cp0.Index).toBe(42 << 8);
      expect(run([asm.tlbp], { EntryHi: 0x0040_0000 | asid(4) }).cp0.Index >>> 31).toBe(1);
      engine.setTlb(43, 0x0050_0000 | asid(3), 0x5000 | G);
      expect(run([asm.tlbp], { EntryHi: 0x0050_0000 | asid(4) }).cp0.Index).toBe(43 << 8);
    });

    it('tlbwr writes the entry that Random named, never one of the first eight', () => {
      for (let count = 0; count < 130; count++) {
        const page = 0x0200_0000 + count * 0x1000;
        run([asm.tlbwr], { EntryHi: page, EntryLo: 0x5000 | V });
        const { cp0 } = run([asm.tlbp], { EntryHi: page });
        expect(cp0.Index >>> 8).toBeGreaterThanOrEqual(8);
        expect(cp0.Index >>> 8).toBeLessThan(64);
      }
    });

    it('tlbwr uses the value that mfc0 would have read', () => {
      const { registers } = run([asm.mfc0(1, 1), asm.tlbwr, asm.tlbp, asm.mfc0(2, 0), 0], {
        EntryHi: 0x0040_0000,
      });
      const random = ((registers[1] ?? 0) >>> 8) & 63;
      expect((registers[2] ?? 0) >>> 8).toBe(random === 8 ? 63 : random - 1);
    });
  });

  it('order: address error before refill, refill before invalid before Mod before bus error', () => {
    expect(access(asm.lw(3, 1, 1), 0x1234_5000).cp0.EntryHi).toBe(0);
    engine.setTlb(3, 0x0040_0000, 0x1d00_0000);
    expect(codeOf(access(asm.sw(2, 0, 1), 0x0040_0000))).toBe(Code.TLBS);
    engine.setTlb(3, 0x0040_0000, 0x1d00_0000 | V);
    expect(codeOf(access(asm.sw(2, 0, 1), 0x0040_0000))).toBe(Code.Mod);
    expect(codeOf(access(asm.lw(2, 0, 1), 0x0040_0000))).toBe(Code.DBE);
  });
});
