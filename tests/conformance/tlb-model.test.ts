/**
 * Long random histories of TLB writes, ASID changes, mode changes, loads, stores and fetches, against a model that looks
 * the 64 entries up one by one every time. Finds what a translation cache forgets to forget.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { TestRandom } from '../support/random.js';
import * as asm from './encode.js';
import { ENGINES, type Engine, type FinalState, TEXT } from './engine.js';

const [D, V, G] = [0x400, 0x200, 0x100];
const USER = 2;
/** Frame n lies at physical FRAMES + n * 4096; its first word tells which it is. */
const FRAMES = 0x2_0000;
const FRAME_COUNT = 16;
const PAGES = [
  0x0040_0000, 0x0040_1000, 0x0080_0000, 0x1000_0000, 0x7fff_f000, 0xc000_0000, 0xc000_1000, 0xffff_e000,
];
const Code = { Mod: 1, TLBL: 2, TLBS: 3, AdEL: 4, AdES: 5 } as const;

interface Entry {
  hi: number;
  lo: number;
}

type Expected = { fault: number; isRefill: boolean } | { frame: number };

class Model {
  readonly entries: Entry[] = Array.from({ length: 64 }, () => ({ hi: 0, lo: 0 }));

  /** What an access must do: the frame it reaches, or its exception. The lowest matching entry wins. */
  access(address: number, asid: number, isStore: boolean, isUser: boolean): Expected {
    if (isUser && address >= 0x8000_0000) return { fault: isStore ? Code.AdES : Code.AdEL, isRefill: false };
    const code = isStore ? Code.TLBS : Code.TLBL;
    const entry = this.entries.find(
      ({ hi, lo }) => hi >>> 12 === address >>> 12 && ((lo & G) !== 0 || ((hi >>> 6) & 63) === asid),
    );
    if (entry === undefined) return { fault: code, isRefill: address < 0x8000_0000 };
    if ((entry.lo & V) === 0) return { fault: code, isRefill: false };
    if (isStore && (entry.lo & D) === 0) return { fault: Code.Mod, isRefill: false };
    return { frame: (entry.lo >>> 12) - (FRAMES >>> 12) };
  }
}

function outcomeOf(state: FinalState): Expected | undefined {
  const isRefill = state.pc === 0x8000_0000;
  if (!isRefill && state.pc !== 0x8000_0080) return undefined;
  return { fault: (state.cp0.Cause >>> 2) & 31, isRefill };
}

describe.each(ENGINES)('random TLB histories on the %s', (_, createEngine) => {
  let engine: Engine;
  beforeEach(() => {
    engine = createEngine();
    for (let frame = 0; frame < FRAME_COUNT; frame++) {
      // A word to load, one to store to, and code that says where it runs.
      engine.write(0x8000_0000 + FRAMES + frame * 4096, [0xf000 + frame, 0, asm.addiu(5, 0, frame), 0]);
    }
    // Entries 0 to 3 map the text for user mode, global; random writes use the others.
    engine.setTlb(0, 0x0000_2000, 0x2000 | V | G);
  });

  it.each([1, 2, 3, 4])('seed %i', (seed) => {
    const random = new TestRandom(seed);
    const model = new Model();
    model.entries[0] = { hi: 0x0000_2000, lo: 0x2000 | V | G };
    let asid = 0;
    for (let turn = 0; turn < 4000; turn++) {
      const page = random.pick(PAGES);
      switch (random.below(6)) {
        case 0: {
          const index = 4 + random.below(60);
          const hi = (page | (random.below(4) << 6)) >>> 0;
          const lo =
            (FRAMES + random.below(FRAME_COUNT) * 4096) |
            random.pick([0, V, V | D, V | D, V | D | G, V | G, D]);
          engine.write(TEXT, [
            asm.mtc0(1, 10),
            asm.mtc0(2, 2),
            asm.mtc0(3, 0),
            asm.tlbwi,
            asm.mtc0(4, 10),
            0,
          ]);
          const registers = { 1: hi, 2: lo, 3: index << 8, 4: asid << 6 };
          engine.start(TEXT, { registers, cp0: { Status: 0 } });
          engine.advance(6);
          model.entries[index] = { hi, lo };
          break;
        }
        case 1:
          asid = random.below(4);
          engine.write(TEXT, [asm.mtc0(1, 10), 0]);
          engine.start(TEXT, { registers: { 1: asid << 6 }, cp0: { Status: 0 } });
          engine.advance(2);
          break;
        default: {
          const isUser = random.below(2) === 0;
          const kind = random.pick(['load', 'store', 'fetch'] as const);
          const expected = model.access(page, asid, kind === 'store', isUser);
          expect([turn, kind, page.toString(16), access(kind, page, isUser, asid)]).toEqual([
            turn,
            kind,
            page.toString(16),
            expected,
          ]);
        }
      }
    }
  });

  function access(
    kind: 'load' | 'store' | 'fetch',
    page: number,
    isUser: boolean,
    asid: number,
  ): Expected | undefined {
    const cp0 = { Status: isUser ? USER : 0, EntryHi: asid << 6 };
    if (kind === 'fetch') {
      engine.start(page + 8, { registers: { 5: 0xff }, cp0 });
      const start = engine.state();
      const state = engine.advanceToCycle(start.cycles + 1);
      return outcomeOf(state) ?? { frame: state.registers[5] ?? 0 };
    }
    const text = isUser ? 0x2000 : TEXT;
    engine.write(TEXT, kind === 'load' ? [asm.lw(3, 0, 1), 0] : [asm.sw(2, 4, 1), 0]);
    engine.start(text, { registers: { 1: page, 2: 0x1234_5678 }, cp0 });
    const fault = outcomeOf(engine.advance(1));
    if (fault !== undefined) return fault;
    if (kind === 'load') return { frame: (engine.advance(1).registers[3] ?? 0) - 0xf000 };
    for (let frame = 0; frame < FRAME_COUNT; frame++) {
      const at = 0x8000_0000 + FRAMES + frame * 4096 + 4;
      if (engine.read(at) !== 0x1234_5678) continue;
      engine.write(at, [0]);
      return { frame };
    }
    return undefined;
  }
});
