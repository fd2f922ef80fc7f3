/** The FPU's side that is not arithmetic: moves, loads, stores, control register, branches, operations it lacks. */
import { beforeEach, describe, expect, it } from 'vitest';
import * as asm from './encode.js';
import { DATA, ENGINES, type Engine, runProgram, TEXT } from './engine.js';

const CU1 = 0x2000_0000;
const IM7_AND_IEC = 0x8001;
const E = 0x0002_0000;
const C = 0x0080_0000;
const GENERAL = 0x8000_0080;

describe.each(ENGINES)('FPU registers on the %s', (_, createEngine) => {
  let engine: Engine;
  beforeEach(() => {
    engine = createEngine();
  });
  const usable = { cp0: { Status: CU1 } };

  it('mtc1 and mfc1 move all 32 registers, apart from each other', () => {
    const moves = Array.from({ length: 32 }, (_unused, index) => [
      asm.addiu(1, 0, index + 100),
      asm.mtc1(1, index),
    ]).flat();
    runProgram(engine, moves, usable);
    for (let index = 0; index < 32; index++) {
      expect(runProgram(engine, [asm.mfc1(2, index), 0], usable).registers[2]).toBe(index + 100);
    }
  });

  it('lwc1 and swc1 move a word; an unaligned one faults', () => {
    engine.write(DATA, [0x4049_0fdb, 0]);
    const registers = { 1: DATA };
    const { registers: after } = runProgram(
      engine,
      [asm.lwc1(7, 0, 1), 0, asm.swc1(7, 4, 1), asm.mfc1(2, 7), 0],
      { ...usable, registers },
    );
    expect([engine.read(DATA + 4), after[2]]).toEqual([0x4049_0fdb, 0x4049_0fdb]);
    for (const word of [asm.lwc1(7, 2, 1), asm.swc1(7, 2, 1)]) {
      const { pc, cp0 } = runProgram(engine, [word], { ...usable, registers });
      expect([pc, cp0.BadVAddr]).toEqual([GENERAL, DATA + 2]);
    }
  });

  it('FCR0 says R3010', () => {
    expect(runProgram(engine, [asm.cfc1(2, 0), 0], usable).registers[2]).toBe(0x0330);
  });

  it('bc1t and bc1f look at the condition', () => {
    const run = (control: number, branch: number): number =>
      runProgram(engine, [asm.ctc1(1, 31), 0, branch, 0], { ...usable, registers: { 1: control } }).pc;
    const bc1f = (asm.bc1t(4) & ~0x1_0000) >>> 0;
    expect(run(C, asm.bc1t(4))).toBe(TEXT + 12 + 16);
    expect(run(0, asm.bc1t(4))).toBe(TEXT + 16);
    expect(run(0, bc1f)).toBe(TEXT + 12 + 16);
    expect(run(C, bc1f)).toBe(TEXT + 16);
  });

  it('an operation that the R3010 lacks sets E and interrupts, EPC at the operation', () => {
    const Status = CU1 | IM7_AND_IEC;
    const { pc, cp0 } = runProgram(engine, [0, asm.sqrtS(2, 4)], { cp0: { Status } });
    expect([pc, cp0.EPC, (cp0.Cause >>> 2) & 31, cp0.Cause & 0x8000]).toEqual([GENERAL, TEXT + 4, 0, 0x8000]);
    expect(runProgram(engine, [asm.cfc1(2, 31), 0], usable).registers[2]).toBe(E);
  });

  it('in a delay slot that interrupt points at the branch', () => {
    const { cp0 } = runProgram(engine, [asm.beq(0, 0, 3), asm.sqrtS(2, 4)], {
      cp0: { Status: CU1 | IM7_AND_IEC },
    });
    expect([cp0.EPC, cp0.Cause >>> 31]).toEqual([TEXT, 1]);
  });

  it('masked, it stays pending until it is unmasked or cleared', () => {
    const masked = runProgram(engine, [asm.sqrtS(2, 4), 0, 0], { cp0: { Status: CU1 } });
    expect([masked.pc, masked.cp0.Cause & 0x8000]).toEqual([TEXT + 12, 0x8000]);
    const cleared = runProgram(engine, [asm.ctc1(0, 31), 0], usable);
    expect(cleared.cp0.Cause & 0x8000).toBe(0);
  });

  it('an enabled exception interrupts at the operation and leaves the destination', () => {
    const divide = [0, asm.divD(4, 2, 0)];
    engine.write(TEXT, divide);
    const registers = { 1: 0x400, 3: 0x3ff0_0000 };
    const setUp = [asm.mtc1(3, 3), asm.mtc1(3, 5), asm.ctc1(1, 31), ...divide];
    const { pc, cp0 } = runProgram(engine, setUp, { registers, cp0: { Status: CU1 | IM7_AND_IEC } });
    expect([pc, cp0.EPC, (cp0.Cause >>> 2) & 31, cp0.Cause & 0x8000]).toEqual([
      GENERAL,
      TEXT + 16,
      0,
      0x8000,
    ]);
    const after = runProgram(engine, [asm.cfc1(2, 31), 0, asm.mfc1(3, 5), 0], usable);
    expect([after.registers[2], after.registers[3]]).toEqual([0x8400, 0x3ff0_0000]);
    // Cleared, it goes on; disabled, the same operation completes with its flag.
    const again = runProgram(
      engine,
      [asm.ctc1(0, 31), ...divide, asm.cfc1(2, 31), asm.mfc1(3, 5), 0],
      usable,
    );
    expect([again.registers[2], again.registers[3], again.cp0.Cause & 0x8000]).toEqual([
      0x8020, 0x7ff0_0000, 0,
    ]);
  });

  it('a denormal operand is left to software, in a delay slot too', () => {
    const Status = CU1 | IM7_AND_IEC;
    const registers = { 1: 1 };
    const { cp0 } = runProgram(engine, [asm.mtc1(1, 2), asm.beq(0, 0, 3), asm.addS(4, 2, 0)], {
      registers,
      cp0: { Status },
    });
    expect([cp0.EPC, cp0.Cause >>> 31, (cp0.Cause >>> 2) & 31]).toEqual([TEXT + 4, 1, 0]);
  });

  it('without CU1 arithmetic is a coprocessor 1 exception', () => {
    const { cp0 } = runProgram(engine, [asm.addS(4, 2, 0)]);
    expect([(cp0.Cause >>> 2) & 31, (cp0.Cause >>> 28) & 3]).toEqual([11, 1]);
  });

  it('a later operation that completes takes a masked interrupt back', () => {
    const words = [asm.sqrtS(2, 4), asm.addS(2, 4, 6)];
    const { cp0 } = runProgram(engine, words, usable);
    expect(cp0.Cause & 0x8000).toBe(0);
  });
});
