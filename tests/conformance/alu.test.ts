/** Single arithmetic instructions against their definitions in the manual, written out with BigInt. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as asm from './encode.js';
import { ENGINES, type Engine, runProgram } from './engine.js';

const MASK = 0xffff_ffffn;
const signed = (value: number): bigint => BigInt(value | 0);
const unsigned = (value: number): bigint => BigInt(value >>> 0);
const word = (value: bigint): number => Number(value & MASK);
const fits = (value: bigint): boolean => value >= -0x8000_0000n && value <= 0x7fff_ffffn;

/** Result, or undefined for an overflow exception. */
type Definition = (a: number, b: number) => number | undefined;

const trapping = (sum: bigint): number | undefined => (fits(sum) ? word(sum) : undefined);

const ARITHMETIC: Readonly<Record<string, Definition>> = {
  add: (a, b) => trapping(signed(a) + signed(b)),
  addu: (a, b) => word(unsigned(a) + unsigned(b)),
  sub: (a, b) => trapping(signed(a) - signed(b)),
  subu: (a, b) => word(unsigned(a) - unsigned(b)),
  and: (a, b) => word(unsigned(a) & unsigned(b)),
  or: (a, b) => word(unsigned(a) | unsigned(b)),
  xor: (a, b) => word(unsigned(a) ^ unsigned(b)),
  nor: (a, b) => word(~(unsigned(a) | unsigned(b))),
  slt: (a, b) => (signed(a) < signed(b) ? 1 : 0),
  sltu: (a, b) => (unsigned(a) < unsigned(b) ? 1 : 0),
};

const signExtended = (immediate: number): number => (immediate << 16) >> 16;
const IMMEDIATE: Readonly<Record<string, Definition>> = {
  addi: (a, imm) => trapping(signed(a) + signed(signExtended(imm))),
  addiu: (a, imm) => word(signed(a) + signed(signExtended(imm))),
  slti: (a, imm) => (signed(a) < signed(signExtended(imm)) ? 1 : 0),
  sltiu: (a, imm) => (unsigned(a) < unsigned(signExtended(imm)) ? 1 : 0),
  andi: (a, imm) => word(unsigned(a) & BigInt(imm)),
  ori: (a, imm) => word(unsigned(a) | BigInt(imm)),
  xori: (a, imm) => word(unsigned(a) ^ BigInt(imm)),
};

const SHIFT: Readonly<Record<string, (value: number, amount: number) => number>> = {
  sll: (value, amount) => word(unsigned(value) << BigInt(amount)),
  srl: (value, amount) => word(unsigned(value) >> BigInt(amount)),
  sra: (value, amount) => word(signed(value) >> BigInt(amount)),
};

/** Quotient and remainder truncate towards zero; division by zero as the R3000's divider leaves it. */
const MULTIPLY: Readonly<Record<string, (a: number, b: number) => readonly [hi: number, lo: number]>> = {
  mult: (a, b) => [word((signed(a) * signed(b)) >> 32n), word(signed(a) * signed(b))],
  multu: (a, b) => [word((unsigned(a) * unsigned(b)) >> 32n), word(unsigned(a) * unsigned(b))],
  div: (a, b) => {
    if (b === 0) return [a, (a | 0) < 0 ? 1 : 0xffff_ffff];
    return [word(signed(a) % signed(b)), word(signed(a) / signed(b))];
  },
  divu: (a, b) => {
    if (b === 0) return [a, 0xffff_ffff];
    return [word(unsigned(a) % unsigned(b)), word(unsigned(a) / unsigned(b))];
  },
};

const border = fc.constantFrom(
  0,
  1,
  2,
  0x7fff,
  0x8000,
  0xffff,
  0x7fff_ffff,
  0x8000_0000,
  0x8000_0001,
  0xffff_ffff,
);
const operand = fc.oneof(border, fc.integer({ min: 0, max: 0xffff_ffff }), fc.integer({ min: 0, max: 255 }));
const immediate = fc.oneof(
  fc.constantFrom(0, 1, 0x7fff, 0x8000, 0xffff),
  fc.integer({ min: 0, max: 0xffff }),
);
const register = fc.integer({ min: 0, max: 31 });
const RUNS = { numRuns: 150 };

describe.each(ENGINES)('arithmetic on the %s', (_, createEngine) => {
  let engine: Engine;
  beforeAll(() => {
    engine = createEngine();
  });

  it.each(Object.keys(ARITHMETIC))('%s', (name) => {
    fc.assert(
      fc.property(operand, operand, register, register, register, (first, second, rs, rt, rd) => {
        const registers = { [rs]: first, [rt]: second, 0: 0 };
        const [a = 0, b = 0] = [registers[rs], registers[rt]];
        checkResult(engine, asm.arithmetic[name]?.(rd, rs, rt) ?? 0, registers, rd, ARITHMETIC[name]?.(a, b));
      }),
      RUNS,
    );
  });

  it.each(Object.keys(IMMEDIATE))('%s', (name) => {
    fc.assert(
      fc.property(operand, immediate, register, register, (first, value, rs, rt) => {
        const registers = { [rs]: first, 0: 0 };
        const a = registers[rs] ?? 0;
        checkResult(
          engine,
          asm.immediates[name]?.(rt, rs, value) ?? 0,
          registers,
          rt,
          IMMEDIATE[name]?.(a, value),
        );
      }),
      RUNS,
    );
  });

  it('lui', () => {
    fc.assert(
      fc.property(immediate, register, (value, rt) => {
        checkResult(engine, asm.lui(rt, value), { 0: 0 }, rt, (value << 16) >>> 0);
      }),
      RUNS,
    );
  });

  it.each(Object.keys(SHIFT))('%s and its form with a register', (name) => {
    fc.assert(
      fc.property(operand, operand, fc.integer({ min: 0, max: 31 }), (value, count, amount) => {
        const definition = SHIFT[name] ?? (() => 0);
        const fixed = asm.shifts[name]?.(3, 1, amount) ?? 0;
        checkResult(engine, fixed, { 1: value, 2: count }, 3, definition(value, amount));
        const name2 = name === 'sll' ? 'sllv' : name === 'srl' ? 'srlv' : 'srav';
        const variable = asm.variableShifts[name2]?.(3, 1, 2) ?? 0;
        checkResult(engine, variable, { 1: value, 2: count }, 3, definition(value, count & 31));
      }),
      RUNS,
    );
  });

  it.each(Object.keys(MULTIPLY))('%s', (name) => {
    fc.assert(
      fc.property(operand, operand, (a, b) => {
        const words = [asm.multiplies[name]?.(1, 2) ?? 0, asm.mfhi(3), asm.mflo(4)];
        const { registers, hi, lo } = runProgram(engine, words, { registers: { 1: a, 2: b } });
        expect([hi, lo]).toEqual(MULTIPLY[name]?.(a, b));
        expect([registers[3], registers[4]]).toEqual([hi, lo]);
      }),
      { numRuns: 600 },
    );
  });

  it('mthi and mtlo', () => {
    const words = [asm.mthi(1), asm.mtlo(2), asm.mfhi(3), asm.mflo(4)];
    const { registers } = runProgram(engine, words, { registers: { 1: 0x8123_4567, 2: 0xfedc_ba98 } });
    expect([registers[3], registers[4]]).toEqual([0x8123_4567, 0xfedc_ba98]);
  });
});

/** Runs one instruction; every register but the destination must keep its value. */
function checkResult(
  engine: Engine,
  instruction: number,
  given: Readonly<Record<number, number>>,
  destination: number,
  result: number | undefined,
): void {
  const before = Array.from({ length: 32 }, (_, index) =>
    index === 0 ? 0 : (given[index] ?? 0x1000 + index),
  );
  const { registers, pc } = runProgram(engine, [instruction], { registers: { ...before } });
  const expected = [...before];
  if (result !== undefined && destination !== 0) expected[destination] = result;
  expect(registers).toEqual(expected);
  expect(pc).toBe(result === undefined ? 0x8000_0080 : 0x8000_2004);
}
