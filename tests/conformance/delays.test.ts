/** Load delay slots (Kane & Heinrich, chapter 3): when a loaded value is seen, merged, or overtaken. */
import { beforeEach, describe, expect, it } from 'vitest';
import * as asm from './encode.js';
import { DATA, ENGINES, type Engine, runProgram, TEXT } from './engine.js';

const OLD = 0x1111_1111;
const NEW = 0x2222_2222;

describe.each(ENGINES)('load delay on the %s', (_, createEngine) => {
  let engine: Engine;
  beforeEach(() => {
    engine = createEngine();
    engine.write(DATA, [NEW, 0xa1b2_c3d4, 0x0506_0708]);
  });
  const run = (words: readonly number[]): readonly number[] =>
    runProgram(engine, words, { registers: { 1: DATA, 2: OLD } }).registers;

  it('the next instruction sees the old value, the one after it the new one', () => {
    const registers = run([asm.lw(2, 0, 1), asm.addu(3, 2, 0), asm.addu(4, 2, 0)]);
    expect([registers[3], registers[4]]).toEqual([OLD, NEW]);
  });

  it('holds for lb, lbu, lh, lhu, lwl and lwr as well', () => {
    for (const load of [asm.lb, asm.lbu, asm.lh, asm.lhu, asm.lwl, asm.lwr]) {
      const registers = run([load(2, 0, 1), asm.addu(3, 2, 0), 0]);
      expect(registers[3]).toBe(OLD);
      expect(registers[2]).not.toBe(OLD);
      engine.start(TEXT, { registers: { 2: OLD } });
    }
  });

  it('a store in the delay slot stores the old value, and uses the old base', () => {
    run([asm.lw(2, 0, 1), asm.sw(2, 16, 1)]);
    expect(engine.read(DATA + 16)).toBe(OLD);
    const words = [asm.lw(1, 0, 1), asm.sw(2, 20, 1), 0];
    runProgram(engine, words, { registers: { 1: DATA, 2: OLD } });
    expect(engine.read(DATA + 20)).toBe(OLD);
  });

  it('an instruction in the delay slot that writes the same register wins', () => {
    expect(run([asm.lw(2, 0, 1), asm.addiu(2, 0, 7), 0])[2]).toBe(7);
  });

  it('a branch in the delay slot compares the old value', () => {
    const words = [asm.lw(2, 0, 1), asm.beq(2, 3, 4), 0];
    expect(runProgram(engine, words, { registers: { 1: DATA, 2: OLD, 3: OLD } }).pc).toBe(TEXT + 24);
    const jump = [asm.lw(2, 0, 1), asm.jr(2), 0];
    expect(runProgram(engine, jump, { registers: { 1: DATA, 2: 0x8000_3000 } }).pc).toBe(0x8000_3000);
  });

  it('a load in the delay slot of a branch is seen by the second instruction at the target', () => {
    engine.write(TEXT + 16, [asm.addu(3, 2, 0), asm.addu(4, 2, 0)]);
    const words = [asm.beq(0, 0, 3), asm.lw(2, 0, 1)];
    const { registers } = runProgram(engine, words, { registers: { 1: DATA, 2: OLD } }, 4);
    expect([registers[3], registers[4]]).toEqual([OLD, NEW]);
  });

  it('lwl and lwr merge into a load of the same register that is still pending', () => {
    expect(run([asm.lwr(2, 5, 1), asm.lwl(2, 8, 1), 0])[2]).toBe(0x08a1_b2c3);
    expect(run([asm.lw(2, 0, 1), asm.lwl(2, 5, 1), 0])[2]).toBe(0xc3d4_2222);
    expect(run([asm.lw(2, 0, 1), asm.lwr(2, 6, 1), 0])[2]).toBe(0x2222_a1b2);
  });

  it('lwl with nothing pending merges into the register', () => {
    expect(run([asm.lw(2, 0, 1), 0, asm.lwl(2, 5, 1), 0])[2]).toBe(0xc3d4_2222);
  });

  it('mfc0 has a delay slot, like a load', () => {
    const { registers } = runProgram(engine, [asm.mfc0(2, 15), asm.addu(3, 2, 0), asm.addu(4, 2, 0)], {
      registers: { 2: OLD },
    });
    expect([registers[3], registers[4]]).toEqual([OLD, 0x0230]);
  });

  it('mfc1 and cfc1 have a delay slot, like a load', () => {
    const usable = { cp0: { Status: 0x2000_0000 }, registers: { 2: OLD, 5: OLD, 6: NEW } };
    const words = [
      asm.mtc1(6, 7),
      asm.mfc1(2, 7),
      asm.addu(3, 2, 0),
      asm.cfc1(5, 0),
      asm.addu(4, 5, 0),
      asm.addu(8, 5, 0),
    ];
    const { registers } = runProgram(engine, words, usable);
    expect([registers[2], registers[3], registers[4], registers[8]]).toEqual([NEW, OLD, OLD, 0x0330]);
  });

  it('a load whose delay slot faults has arrived when the handler starts', () => {
    engine.write(0x8000_0080, [asm.addu(3, 2, 0)]);
    const words = [asm.lw(2, 0, 1), asm.syscall];
    const { registers, pc } = runProgram(engine, words, { registers: { 1: DATA, 2: OLD } }, 3);
    expect([registers[3], pc]).toEqual([NEW, 0x8000_0084]);
  });

  it('a load that faults leaves its register alone', () => {
    expect(run([asm.lw(2, 1, 1), 0])[2]).toBe(OLD);
  });

  it('a load before an interrupt has arrived when the handler starts', () => {
    engine.write(0x8000_0080, [asm.addu(3, 2, 0)]);
    engine.write(TEXT, [asm.lw(2, 0, 1), asm.addu(4, 2, 0)]);
    engine.start(TEXT, { registers: { 1: DATA, 2: OLD, 4: 0 }, cp0: { Status: 0x0401 } });
    engine.advance(1);
    engine.setInterrupt(2, true);
    const { registers, cp0 } = engine.advance(1);
    expect([registers[3], registers[4], cp0.EPC]).toEqual([NEW, 0, TEXT + 4]);
  });
});
