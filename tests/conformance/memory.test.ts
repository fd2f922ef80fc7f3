/** Loads and stores of every width and alignment against a byte-array model, and lwl/lwr/swl/swr by their byte lanes. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as asm from './encode.js';
import { DATA, ENGINES, type Engine, runProgram } from './engine.js';

const MEMORY_BYTES = 32;
const memoryWords = fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { minLength: 8, maxLength: 8 });
const value = fc.oneof(
  fc.constantFrom(0, 0x80, 0xff, 0x8000, 0xffff, 0xffff_ffff),
  fc.integer({ min: 0, max: 0xffff_ffff }),
);
const RUNS = { numRuns: 200 };

const bytesOf = (words: readonly number[]): Uint8Array => new Uint8Array(Uint32Array.from(words).buffer);
const wordsOf = (bytes: Uint8Array): number[] => Array.from(new Uint32Array(bytes.slice().buffer));
const readMemory = (engine: Engine): number[] =>
  Array.from({ length: MEMORY_BYTES / 4 }, (_, index) => engine.read(DATA + index * 4));

const LOADS: Readonly<Record<string, { size: number; isSigned: boolean; encode: typeof asm.lb }>> = {
  lb: { size: 1, isSigned: true, encode: asm.lb },
  lbu: { size: 1, isSigned: false, encode: asm.lbu },
  lh: { size: 2, isSigned: true, encode: asm.lh },
  lhu: { size: 2, isSigned: false, encode: asm.lhu },
  lw: { size: 4, isSigned: false, encode: asm.lw },
};
const STORES: Readonly<Record<string, { size: number; encode: typeof asm.sb }>> = {
  sb: { size: 1, encode: asm.sb },
  sh: { size: 2, encode: asm.sh },
  sw: { size: 4, encode: asm.sw },
};

describe.each(ENGINES)('memory on the %s', (_, createEngine) => {
  let engine: Engine;
  beforeAll(() => {
    engine = createEngine();
  });

  describe.each([
    ['cached', DATA],
    ['uncached', DATA + 0x2000_0000],
  ])('%s', (_segment, base) => {
    it.each(Object.keys(LOADS))('%s', (name) => {
      const { size, isSigned, encode } = LOADS[name] ?? { size: 4, isSigned: false, encode: asm.lw };
      fc.assert(
        fc.property(
          memoryWords,
          fc.integer({ min: 0, max: MEMORY_BYTES / size - 1 }),
          fc.integer({ min: -64, max: 64 }),
          (words, index, slack) => {
            engine.write(DATA, words);
            const offset = index * size;
            let expected = 0;
            for (let i = size - 1; i >= 0; i--) expected = expected * 256 + (bytesOf(words)[offset + i] ?? 0);
            if (isSigned && expected >= 2 ** (size * 8 - 1)) expected += 2 ** 32 - 2 ** (size * 8);
            const { registers } = runProgram(engine, [encode(2, offset - slack, 1), 0], {
              registers: { 1: base + slack, 2: 0x55 },
            });
            expect(registers[2]).toBe(expected);
          },
        ),
        RUNS,
      );
    });

    it.each(Object.keys(STORES))('%s', (name) => {
      const { size, encode } = STORES[name] ?? { size: 4, encode: asm.sw };
      fc.assert(
        fc.property(
          memoryWords,
          value,
          fc.integer({ min: 0, max: MEMORY_BYTES / size - 1 }),
          (words, stored, index) => {
            engine.write(DATA, words);
            const bytes = bytesOf(words);
            for (let i = 0; i < size; i++) bytes[index * size + i] = (stored >>> (i * 8)) & 0xff;
            runProgram(engine, [encode(2, index * size, 1)], { registers: { 1: base, 2: stored } });
            expect(readMemory(engine)).toEqual(wordsOf(bytes));
          },
        ),
        RUNS,
      );
    });

    it('lwl and lwr replace the lanes that the little-endian rules name', () => {
      fc.assert(
        fc.property(
          memoryWords,
          value,
          fc.integer({ min: 0, max: MEMORY_BYTES - 1 }),
          (words, old, offset) => {
            engine.write(DATA, words);
            const bytes = bytesOf(words);
            const lane = offset & 3;
            const left = bytesOf([old]);
            const right = bytesOf([old]);
            // lwl: bytes from the word's start up to the address fill the register from the top down.
            for (let i = 0; i <= lane; i++) left[3 - i] = bytes[offset - i] ?? 0;
            // lwr: bytes from the address up to the word's end fill it from the bottom up.
            for (let i = 0; i <= 3 - lane; i++) right[i] = bytes[offset + i] ?? 0;
            const registers = { 1: base, 2: old, 3: old };
            const final = runProgram(engine, [asm.lwl(2, offset, 1), 0, asm.lwr(3, offset, 1), 0], {
              registers,
            });
            expect([final.registers[2], final.registers[3]]).toEqual([...wordsOf(left), ...wordsOf(right)]);
          },
        ),
        RUNS,
      );
    });

    it('swl and swr write the lanes that the little-endian rules name, and no other', () => {
      fc.assert(
        fc.property(
          memoryWords,
          value,
          fc.integer({ min: 0, max: MEMORY_BYTES - 1 }),
          fc.boolean(),
          (words, stored, offset, isLeft) => {
            engine.write(DATA, words);
            const bytes = bytesOf(words);
            const lane = offset & 3;
            const source = bytesOf([stored]);
            if (isLeft) for (let i = 0; i <= lane; i++) bytes[offset - i] = source[3 - i] ?? 0;
            else for (let i = 0; i <= 3 - lane; i++) bytes[offset + i] = source[i] ?? 0;
            const word = isLeft ? asm.swl(2, offset, 1) : asm.swr(2, offset, 1);
            runProgram(engine, [word], { registers: { 1: base, 2: stored } });
            expect(readMemory(engine)).toEqual(wordsOf(bytes));
          },
        ),
        RUNS,
      );
    });

    it('lwr and lwl together read, swr and swl together write an unaligned word', () => {
      fc.assert(
        fc.property(
          memoryWords,
          value,
          fc.integer({ min: 0, max: MEMORY_BYTES - 8 }),
          (words, stored, offset) => {
            engine.write(DATA, words);
            const bytes = bytesOf(words);
            const expected = wordsOf(bytes.slice(offset, offset + 4))[0];
            const load = [asm.lwr(2, offset, 1), asm.lwl(2, offset + 3, 1), 0];
            expect(runProgram(engine, load, { registers: { 1: base } }).registers[2]).toBe(expected);
            runProgram(engine, [asm.swr(3, offset, 1), asm.swl(3, offset + 3, 1)], {
              registers: { 3: stored },
            });
            bytes.set(bytesOf([stored]), offset);
            expect(readMemory(engine)).toEqual(wordsOf(bytes));
          },
        ),
        RUNS,
      );
    });
  });

  it('addresses wrap modulo 2^32', () => {
    engine.write(DATA, [0x1234_5678]);
    const { registers } = runProgram(engine, [asm.lw(2, -8, 1), 0], { registers: { 1: DATA + 8 } });
    expect(registers[2]).toBe(0x1234_5678);
  });

  it('a load to register 0 leaves it zero, but is made: an unaligned one faults', () => {
    expect(
      runProgram(engine, [asm.lw(0, 0, 1), asm.addu(2, 0, 0)], { registers: { 1: DATA } }).registers[2],
    ).toBe(0);
    expect(runProgram(engine, [asm.lw(0, 1, 1)], { registers: { 1: DATA } }).pc).toBe(0x8000_0080);
  });
});
