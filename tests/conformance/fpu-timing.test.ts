/** Latencies of the R3010's operations: who waits for whom, and who does not. */
import { beforeEach, describe, expect, it } from 'vitest';
import * as asm from './encode.js';
import { DATA, ENGINES, type Engine, TEXT } from './engine.js';

const CU1 = 0x2000_0000;
const ONE = { s: 0x3f80_0000, d: 0x3ff0_0000 } as const;
const op = (fn: number, format: 's' | 'd' | 'w', fd: number, fs: number, ft = 0): number =>
  ((17 << 26) | ({ s: 16, d: 17, w: 20 }[format] << 21) | (ft << 16) | (fs << 11) | (fd << 6) | fn) >>> 0;
const [ADD, MUL, DIV, MOV, TO_S, TO_D, TO_W, LT] = [0, 2, 3, 6, 32, 33, 36, 60] as const;

describe.each(ENGINES)('FPU cycles on the %s', (_, createEngine) => {
  let engine: Engine;
  beforeEach(() => {
    engine = createEngine();
  });

  /** Cycles of the sequence, text and data in the caches; all registers used are 1.0 in the given format. */
  function cycles(words: readonly number[], format: 's' | 'd' = 'd'): number {
    const setUp = Array.from({ length: 24 }, (_unused, register) =>
      asm.mtc1(format === 's' || register % 2 === 1 ? 2 : 0, register),
    );
    engine.write(TEXT, [...setUp, asm.lw(3, 0, 1), 0, ...words, ...Array.from({ length: 40 }, () => 0)]);
    let result = 0;
    for (let round = 0; round < 2; round++) {
      engine.start(TEXT, { registers: { 1: DATA, 2: ONE[format] }, cp0: { Status: CU1 } });
      const before = engine.advance(setUp.length + 2).cycles;
      result = engine.advance(words.length).cycles - before;
      engine.advance(40);
    }
    return result;
  }

  it.each([
    ['add', ADD, 2, 2],
    ['mul', MUL, 4, 5],
    ['div', DIV, 12, 19],
    ['mov', MOV, 1, 1],
  ] as const)('%s: its result can be used after its latency', (_name, fn, single, double) => {
    expect(cycles([op(fn, 's', 4, 6, 8), op(ADD, 's', 10, 4, 12)], 's')).toBe(single + 1);
    expect(cycles([op(fn, 'd', 4, 6, 8), op(ADD, 'd', 10, 12, 4)])).toBe(double + 1);
    expect(cycles([op(fn, 'd', 4, 6, 8), asm.mfc1(5, 5)])).toBe(double + 1);
    expect(cycles([op(fn, 'd', 4, 6, 8), asm.swc1(4, 0, 1)])).toBe(double + 1);
    expect(cycles([op(fn, 'd', 4, 6, 8), asm.cfc1(5, 31)])).toBe(double + 1);
  });

  it('conversions: 2 to a single, 1 to a double, 3 from a word, 2 or 3 to one', () => {
    const waits = (word: number, format: 's' | 'd'): number => cycles([word, asm.mfc1(5, 4)], format) - 1;
    expect(waits(op(TO_S, 'd', 4, 6), 'd')).toBe(2);
    expect(waits(op(TO_D, 's', 4, 6), 's')).toBe(1);
    expect([waits(op(TO_S, 'w', 4, 6), 's'), waits(op(TO_D, 'w', 4, 6), 's')]).toEqual([3, 3]);
    expect([waits(op(TO_W, 's', 4, 6), 's'), waits(op(TO_W, 'd', 4, 6), 'd')]).toEqual([2, 3]);
  });

  it('a condition branch waits for its compare; with one instruction between it does not', () => {
    const compare = op(LT, 'd', 0, 6, 8);
    expect(cycles([compare, asm.bc1t(1), 0])).toBe(4);
    expect(cycles([compare, 0, asm.bc1t(1), 0])).toBe(4);
  });

  it('adder, multiplier, divider and the CPU work side by side', () => {
    const three = [op(DIV, 'd', 4, 6, 8), op(MUL, 'd', 10, 6, 8), op(ADD, 'd', 12, 6, 8)];
    expect(cycles(three)).toBe(3);
    expect(cycles([...three, asm.addu(5, 5, 5), asm.lw(5, 0, 1), asm.mult(1, 1)])).toBe(6);
    expect(cycles([op(DIV, 'd', 4, 6, 8), ...Array.from({ length: 18 }, () => 0), asm.mfc1(5, 4)])).toBe(20);
  });

  it('a unit takes one operation after the other', () => {
    expect(cycles([op(MUL, 'd', 4, 6, 8), op(MUL, 'd', 10, 6, 8)])).toBe(6);
    expect(cycles([op(DIV, 's', 4, 6, 8), op(DIV, 's', 10, 6, 8)], 's')).toBe(13);
  });

  it('a newer value of a register waits for the older one', () => {
    expect(cycles([op(DIV, 'd', 4, 6, 8), op(ADD, 'd', 4, 6, 8)])).toBe(20);
    expect(cycles([op(DIV, 'd', 4, 6, 8), asm.lwc1(5, 0, 1)])).toBe(20);
    expect(cycles([op(DIV, 'd', 4, 6, 8), asm.mtc1(0, 4)])).toBe(20);
    expect(cycles([op(DIV, 'd', 4, 6, 8), asm.lwc1(6, 0, 1), asm.swc1(8, 0, 1)])).toBe(3);
  });
});
