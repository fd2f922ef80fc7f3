/**
 * Exact cycle counts of small sequences, computed here from the constants of the timing table. One cycle an
 * instruction; what stalls: cache misses, a full write buffer, partial stores, the multiplier, exception entry.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { TIMING_3100 } from '../../src/machine/time/kn01-timing.js';
import * as asm from './encode.js';
import { DATA, ENGINES, type Engine, type InitialState, InterpreterEngine, TEXT } from './engine.js';

/** The rules are the same whatever the constants are. */
const TIMED = [
  ...ENGINES,
  ['interpreter, timed as a 3100', () => new InterpreterEngine(false, TIMING_3100)],
] as const;

describe.each(TIMED)('cycles on the %s', (_, createEngine) => {
  let engine: Engine;
  beforeEach(() => {
    engine = createEngine();
  });

  /** Cycles of the sequence with its text in the instruction cache and the write buffer empty. */
  function warmCycles(
    words: readonly number[],
    state: InitialState = {},
    instructions: number = words.length,
  ): number {
    const all = { ...state, cp0: { Status: 0, ...state.cp0 } };
    engine.write(TEXT, words);
    engine.start(TEXT, all);
    engine.advance(instructions);
    engine.write(
      0x8000_1000,
      Array.from({ length: 100 }, () => 0),
    );
    engine.start(0x8000_1000);
    const { cycles } = engine.advance(100);
    engine.start(TEXT, all);
    return engine.advance(instructions).cycles - cycles;
  }

  it('one a word for arithmetic, branches and jumps, taken or not', () => {
    expect(warmCycles(Array.from({ length: 50 }, (_, index) => asm.addiu(3, 3, index)))).toBe(50);
    expect(warmCycles([asm.beq(0, 0, 1), 0, asm.bne(0, 0, 5), 0])).toBe(4);
    expect(warmCycles([asm.jal(TEXT + 8), 0, asm.jr(31), 0], {}, 2)).toBe(2);
  });

  it('a fetch that misses waits for one word', () => {
    const { readMiss } = engine.timing;
    engine.write(TEXT, [0, 0, 0, 0]);
    engine.start(TEXT, { cp0: { Status: 0 } });
    expect(engine.advance(4).cycles).toBe(4 * (1 + readMiss));
    engine.start(TEXT);
    expect(engine.advance(4).cycles).toBe(4 * (1 + readMiss) + 4);
  });

  it('an uncached fetch always waits', () => {
    const { readMiss } = engine.timing;
    engine.write(TEXT, [0, 0, 0]);
    for (let round = 1; round <= 2; round++) {
      engine.start(TEXT + 0x2000_0000, { cp0: { Status: 0 } });
      expect(engine.advance(3).cycles).toBe(round * 3 * (1 + readMiss));
    }
  });

  it('a load that hits takes one cycle, one that misses waits for a word, an uncached one always', () => {
    const { readMiss } = engine.timing;
    const registers = { 1: DATA, 2: DATA + 0x1_0000, 4: DATA + 0x2000_0000 };
    expect(
      warmCycles([asm.lw(3, 0, 1), asm.lw(3, 4, 1), asm.lbu(3, 5, 1), asm.lh(3, 2, 1)], { registers }),
    ).toBe(4);
    // Two words 64 KB apart share a line of the direct-mapped cache.
    expect(warmCycles([asm.lw(3, 0, 1), asm.lw(3, 0, 2)], { registers })).toBe(2 + 2 * readMiss);
    expect(warmCycles([asm.lw(3, 0, 4), asm.lw(3, 0, 4)], { registers })).toBe(2 + 2 * readMiss);
  });

  it('a stored word hits from then on; a stored byte brings nothing into the cache', () => {
    const { readMiss, writeDrain } = engine.timing;
    const registers = { 1: DATA, 2: DATA + 0x1_0000 };
    expect(warmCycles([asm.sw(3, 0, 1), asm.lw(4, 0, 1)], { registers })).toBe(2);
    // The other word takes the line; then the byte store misses, and the load waits for the buffer and for the word.
    const words = [asm.sw(3, 0, 2), ...Array.from({ length: 20 }, () => 0), asm.sb(3, 0, 1), asm.lw(4, 0, 1)];
    expect(warmCycles(words, { registers })).toBe(words.length + (writeDrain - 1) + readMiss);
  });

  it('a byte or halfword store that hits costs its extra cycle', () => {
    const { partialStore } = engine.timing;
    const load = asm.lw(4, 0, 1);
    const registers = { 1: DATA };
    expect(warmCycles([load, asm.sb(3, 1, 1)], { registers })).toBe(2 + partialStore);
    expect(warmCycles([load, asm.sh(3, 2, 1)], { registers })).toBe(2 + partialStore);
    expect(warmCycles([load, asm.swl(3, 2, 1)], { registers })).toBe(2 + partialStore);
  });

  it('stores run at full speed until the write buffer is full, then at the speed of memory', () => {
    const { writeDrain, writeBufferDepth } = engine.timing;
    const stores = (count: number): number[] =>
      Array.from({ length: count }, (_, index) => asm.sw(3, index * 4, 1));
    const registers = { 1: DATA };
    expect(warmCycles(stores(writeBufferDepth), { registers })).toBe(writeBufferDepth);
    const long = warmCycles(stores(40), { registers });
    const longer = warmCycles(stores(41), { registers });
    expect(longer - long).toBe(writeDrain);
    // After the last store the buffer holds its depth of words: all others have drained.
    expect(long).toBe((40 - writeBufferDepth) * writeDrain + 1);
  });

  it('a read miss waits until the write buffer is empty', () => {
    const { readMiss, writeDrain } = engine.timing;
    const registers = { 1: DATA, 2: DATA + 0x1_0000 };
    // The store at cycle 1 is in memory at 1 + writeDrain; the load issues at 2.
    expect(warmCycles([asm.sw(3, 64, 1), asm.lw(4, 0, 1)], { registers })).toBe(2);
    const words = [asm.lw(4, 0, 2), asm.sw(3, 64, 1), asm.lw(4, 0, 1)];
    expect(warmCycles(words, { registers })).toBe(3 + readMiss + (writeDrain - 1) + readMiss);
  });

  it('mfhi and mflo wait for the multiplier and divider, and only they do', () => {
    const { multiply, divide } = engine.timing;
    const registers = { 1: 7, 2: 3 };
    expect(warmCycles([asm.mult(1, 2), asm.mflo(3)], { registers })).toBe(1 + multiply);
    expect(warmCycles([asm.div(1, 2), asm.mfhi(3)], { registers })).toBe(1 + divide);
    expect(warmCycles([asm.div(1, 2), asm.mfhi(3), asm.mflo(4)], { registers })).toBe(2 + divide);
    expect(warmCycles([asm.mult(1, 2), 0, 0, 0, asm.addu(5, 1, 2)], { registers })).toBe(5);
    const covered = [asm.mult(1, 2), ...Array.from({ length: multiply }, () => 0), asm.mflo(3)];
    expect(warmCycles(covered, { registers })).toBe(multiply + 2);
  });

  it('an exception loses its entry cycles once', () => {
    const { exceptionEntry } = engine.timing;
    engine.write(0x8000_0080, [0, 0]);
    expect(warmCycles([asm.syscall], {}, 3)).toBe(3 + exceptionEntry);
  });
});

describe('skipping the iterations of a branch to itself', () => {
  it.each([
    ['beq to itself', asm.beq(0, 0, -1)],
    ['j to itself', asm.j(TEXT)],
  ])('%s leaves the same state at every cycle as stepping through it', (_name, loop) => {
    for (const goal of [100, 101, 102, 103, 5000, 123_457]) {
      const states = ENGINES.map(([, createEngine]) => {
        const engine = createEngine();
        engine.write(TEXT, [asm.addiu(3, 0, 1), loop, 0]);
        if (loop === asm.j(TEXT)) engine.write(TEXT, [loop, 0]);
        engine.start(TEXT, { cp0: { Status: 0 } });
        return engine.advanceToCycle(goal);
      });
      expect(states[0]).toEqual(states[1]);
    }
  });

  it('ends with an interrupt at the same cycle as stepping', () => {
    const states = ENGINES.map(([, createEngine]) => {
      const engine = createEngine();
      engine.write(TEXT, [asm.beq(0, 0, -1), 0]);
      engine.start(TEXT, { cp0: { Status: 0x0401 } });
      engine.advanceToCycle(7777);
      engine.setInterrupt(2, true);
      return engine.advanceToCycle(7778);
    });
    expect(states[0]).toEqual(states[1]);
    expect(states[0]?.cp0.EPC).toBe(TEXT);
  });
});
