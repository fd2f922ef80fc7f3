/**
 * Exceptions: which cause, which EPC and BD, what becomes of Status, which vector; that nothing of the faulting
 * instruction happened (Kane & Heinrich, chapter 6).
 */
import { beforeEach, describe, expect, it } from 'vitest';
import * as asm from './encode.js';
import {
  DATA,
  ENGINES,
  type Engine,
  type FinalState,
  type InitialState,
  runProgram,
  TEXT,
} from './engine.js';

const GENERAL = 0x8000_0080;
const BD = 0x8000_0000;
const USER = 0x2;
const CU0 = 0x1000_0000;
const CU1 = 0x2000_0000;
const codeOf = (state: FinalState): number => (state.cp0.Cause >>> 2) & 31;
const unitOf = (state: FinalState): number => (state.cp0.Cause >>> 28) & 3;
const isDelayed = (state: FinalState): boolean => (state.cp0.Cause & BD) !== 0;

const Code = { Int: 0, AdEL: 4, AdES: 5, IBE: 6, DBE: 7, Sys: 8, Bp: 9, RI: 10, CpU: 11, Ov: 12 } as const;

describe.each(ENGINES)('exceptions on the %s', (_, createEngine) => {
  let engine: Engine;
  beforeEach(() => {
    engine = createEngine();
  });

  /** Runs one instruction that must fault, alone and then in the delay slot of a branch. */
  function expectFault(
    word: number,
    code: number,
    state: InitialState = {},
    check?: (final: FinalState) => void,
  ): void {
    const alone = runProgram(engine, [word], state);
    expect([alone.pc, codeOf(alone), alone.cp0.EPC, isDelayed(alone)]).toEqual([GENERAL, code, TEXT, false]);
    check?.(alone);
    const delayed = runProgram(engine, [asm.beq(0, 0, 4), word], state);
    expect([delayed.pc, codeOf(delayed), delayed.cp0.EPC, isDelayed(delayed)]).toEqual([
      GENERAL,
      code,
      TEXT,
      true,
    ]);
    check?.(delayed);
    const untaken = runProgram(engine, [asm.bne(0, 0, 4), word], state);
    expect([untaken.pc, codeOf(untaken), untaken.cp0.EPC, isDelayed(untaken)]).toEqual([
      GENERAL,
      code,
      TEXT,
      true,
    ]);
  }

  it('syscall and break', () => {
    expectFault(asm.syscall, Code.Sys);
    expectFault(asm.breakpoint, Code.Bp);
    expectFault(0x0003_ffcd, Code.Bp);
  });

  it('add, sub, addi overflow: the destination keeps its value', () => {
    const registers = { 1: 0x7fff_ffff, 2: 1, 3: 0x55, 4: 0x8000_0000 };
    const kept = (final: FinalState): void => expect(final.registers[3]).toBe(0x55);
    expectFault(asm.add(3, 1, 2), Code.Ov, { registers }, kept);
    expectFault(asm.addi(3, 1, 1), Code.Ov, { registers }, kept);
    expectFault(asm.arithmetic.sub?.(3, 4, 2) ?? 0, Code.Ov, { registers }, kept);
  });

  it('an instruction that MIPS I does not have is reserved', () => {
    const reserved = {
      'beql (branch likely)': 0x5020_0001,
      ll: 0xc022_0000,
      sc: 0xe022_0000,
      sync: 0x0000_000f,
      'teq (trap)': 0x0022_0034,
      movz: 0x0022_180a,
      rdhwr: 0x7c03_e83b,
      mul: 0x7022_1802,
      ldc1: 0xd420_0000,
      sdc1: 0xf420_0000,
      ld: 0xdc22_0000,
      daddu: 0x0022_182d,
      cache: 0xbc20_0000,
      'SPECIAL 1': 0x0000_0001,
      'SPECIAL 63': 0x0000_003f,
    };
    for (const [name, word] of Object.entries(reserved)) {
      const final = runProgram(engine, [word], { cp0: { Status: 0x3000_0000 }, registers: { 1: DATA } });
      expect([name, final.pc, codeOf(final)]).toEqual([name, GENERAL, Code.RI]);
    }
  });

  it('unaligned loads and stores set BadVAddr, and neither Context nor EntryHi', () => {
    const cp0 = { Context: 0xffe0_0000, EntryHi: 0x1234_5a80 };
    const cases = [
      [asm.lw, Code.AdEL, [1, 2, 3]],
      [asm.lh, Code.AdEL, [1, 3]],
      [asm.lhu, Code.AdEL, [1, 3]],
      [asm.sw, Code.AdES, [1, 2, 3]],
      [asm.sh, Code.AdES, [1, 3]],
    ] as const;
    for (const [access, code, offsets] of cases) {
      for (const offset of offsets) {
        expectFault(access(2, offset, 1), code, { registers: { 1: DATA, 2: 9 }, cp0 }, (final) => {
          expect([final.cp0.BadVAddr, final.cp0.Context, final.cp0.EntryHi]).toEqual([
            DATA + offset,
            0xffe0_0000,
            0x1234_5a80,
          ]);
          expect(engine.read(DATA)).toBe(0);
        });
      }
    }
  });

  it('a jump to an unaligned address faults at its target, after the delay slot', () => {
    const before = runProgram(engine, [asm.jr(1), asm.addiu(2, 0, 5)], { registers: { 1: DATA + 2 } });
    const final = engine.advanceToCycle(before.cycles + 1);
    expect([final.pc, codeOf(final), final.cp0.EPC, final.cp0.BadVAddr]).toEqual([
      GENERAL,
      Code.AdEL,
      DATA + 2,
      DATA + 2,
    ]);
    expect([final.registers[2], isDelayed(final)]).toEqual([5, false]);
  });

  it('user mode may not touch addresses with bit 31 set', () => {
    for (const address of [0x8000_4000, 0xa000_4000, 0xc000_0000, 0xffff_fffc]) {
      engine.setTlb(0, 0x0000_2000, 0x0000_2700);
      engine.write(0x8000_2000, [asm.lw(2, 0, 1), asm.sw(2, 0, 1), asm.jr(1), 0]);
      for (const [offset, code] of [
        [0, Code.AdEL],
        [4, Code.AdES],
      ] as const) {
        engine.start(0x2000 + offset, { registers: { 1: address }, cp0: { Status: USER } });
        const final = engine.advance(1);
        expect([codeOf(final), final.cp0.EPC, final.cp0.BadVAddr]).toEqual([code, 0x2000 + offset, address]);
      }
      engine.start(0x2008, { cp0: { Status: USER } });
      const jump = engine.advance(3);
      expect([codeOf(jump), jump.cp0.EPC, jump.cp0.BadVAddr]).toEqual([Code.AdEL, address, address]);
    }
  });

  it('a load that nothing answers is a data bus error, a fetch an instruction bus error; a store is neither', () => {
    const registers = { 1: 0xbd00_0000, 2: 0x77 };
    const state = { registers, cp0: { EntryHi: 0x1234_5a80 } };
    expectFault(asm.lw(2, 0, 1), Code.DBE, state, (final) => {
      expect([final.registers[2], final.cp0.EntryHi]).toEqual([0x77, 0x1234_5a80]);
    });
    const fetch = engine.advanceToCycle(runProgram(engine, [asm.jr(1), 0], state).cycles + 1);
    expect([codeOf(fetch), fetch.cp0.EPC, fetch.pc]).toEqual([Code.IBE, 0xbd00_0000, GENERAL]);
    expect(runProgram(engine, [asm.sw(2, 0, 1)], state).pc).toBe(TEXT + 4);
  });

  it('coprocessors that are not usable: CpU with the number in CE', () => {
    const cases = [
      [asm.mfc1(1, 0), 1, 0],
      [asm.lwc1(1, 0, 29), 1, 0],
      [asm.swc1(1, 0, 29), 1, 0],
      [asm.bc1t(2), 1, 0],
      [asm.addS(0, 0, 0), 1, 0],
      [asm.mfc2(1, 0), 2, CU1],
      [asm.mfc3(1, 0), 3, CU1],
      [0xc822_0000, 2, CU1],
      [0xec22_0000, 3, CU1],
    ] as const;
    for (const [word, unit, Status] of cases) {
      expectFault(word, Code.CpU, { cp0: { Status } }, (final) => expect(unitOf(final)).toBe(unit));
    }
  });

  it('CP0 is usable in kernel mode without CU0, in user mode only with it', () => {
    expect(runProgram(engine, [asm.mfc0(1, 12)]).pc).toBe(TEXT + 4);
    engine.setTlb(0, 0x0000_2000, 0x0000_2700);
    engine.write(TEXT, [asm.mfc0(1, 15), asm.rfe]);
    engine.start(0x2000, { cp0: { Status: USER } });
    const denied = engine.advance(1);
    expect([codeOf(denied), unitOf(denied), denied.cp0.EPC]).toEqual([Code.CpU, 0, 0x2000]);
    engine.start(0x2000, { cp0: { Status: USER | CU0 } });
    expect(engine.advance(1).pc).toBe(0x2004);
  });

  it('CE is zero again after an exception that is none of a coprocessor', () => {
    runProgram(engine, [asm.mfc3(1, 0)]);
    expect(unitOf(runProgram(engine, [asm.syscall]))).toBe(0);
  });

  it('an exception pushes the mode stack, rfe pops it and keeps the oldest bits', () => {
    for (const low of [0x00, 0x01, 0x03, 0x15, 0x2a, 0x3c, 0x33]) {
      const Status = 0x0040_0000 * 0 + low;
      engine.setTlb(0, 0x0000_2000, 0x0000_2700);
      engine.write(TEXT, [asm.syscall]);
      engine.start((low & USER) !== 0 ? 0x2000 : TEXT, { cp0: { Status } });
      const entered = engine.advance(1);
      expect(entered.cp0.Status & 0x3f).toBe((low << 2) & 0x3c);
      engine.write(GENERAL, [asm.rfe]);
      const popped = engine.advance(1);
      const stack = (low << 2) & 0x3c;
      expect(popped.cp0.Status & 0x3f).toBe((stack & 0x30) | (stack >>> 2));
    }
  });

  it('rfe in the delay slot of jr: the target is fetched in the restored mode', () => {
    engine.setTlb(0, 0x0000_3000, 0x0000_3700);
    engine.write(0x8000_3000, [asm.addiu(9, 0, 1)]);
    const words = [asm.jr(1), asm.rfe];
    const user = runProgram(engine, words, { registers: { 1: 0x3000 }, cp0: { Status: 0x8 } }, 3);
    expect([user.registers[9], user.cp0.Status & 0xf]).toEqual([1, USER]);
    const kernelAddress = runProgram(
      engine,
      words,
      { registers: { 1: 0x8000_3000 }, cp0: { Status: 0x8 } },
      3,
    );
    expect([codeOf(kernelAddress), kernelAddress.cp0.EPC]).toEqual([Code.AdEL, 0x8000_3000]);
  });

  it('with BEV the vectors are in ROM', () => {
    const BEV = 0x0040_0000;
    expect(runProgram(engine, [asm.syscall], { cp0: { Status: BEV } }).pc).toBe(0xbfc0_0180);
    expect(runProgram(engine, [asm.lw(1, 0, 2)], { registers: { 2: 0x5000 }, cp0: { Status: BEV } }).pc).toBe(
      0xbfc0_0100,
    );
  });

  describe('interrupts', () => {
    const start = (words: readonly number[], Status: number): void => {
      engine.write(TEXT, words);
      engine.start(TEXT, { cp0: { Status } });
    };

    it('are taken before the next instruction when enabled and unmasked', () => {
      start([asm.addiu(1, 0, 1), asm.addiu(2, 0, 1)], 0x0801);
      engine.advance(1);
      engine.setInterrupt(3, true);
      const final = engine.advance(1);
      expect([codeOf(final), final.cp0.EPC, isDelayed(final), final.registers[2]]).toEqual([
        Code.Int,
        TEXT + 4,
        false,
        0,
      ]);
      expect(final.cp0.Cause & 0xff00).toBe(0x0800);
    });

    it('in a delay slot point at the branch', () => {
      start([asm.beq(0, 0, 4), asm.addiu(2, 0, 1)], 0x0401);
      engine.advance(1);
      engine.setInterrupt(2, true);
      const final = engine.advance(1);
      expect([codeOf(final), final.cp0.EPC, isDelayed(final), final.registers[2]]).toEqual([
        Code.Int,
        TEXT,
        true,
        0,
      ]);
    });

    it('wait while masked or disabled', () => {
      for (const Status of [0x0400, 0x0801, 0x0000]) {
        start([0, 0, 0], Status);
        engine.setInterrupt(2, true);
        expect(engine.advance(3).pc).toBe(TEXT + 12);
      }
    });

    it('come through when mtc0 unmasks them, and by software', () => {
      engine.setInterrupt(2, true);
      const unmasked = runProgram(engine, [asm.mtc0(1, 12), 0, 0], { registers: { 1: 0x0401 } }, 4);
      expect(codeOf(unmasked)).toBe(Code.Int);
      engine.setInterrupt(2, false);
      const software = runProgram(
        engine,
        [asm.mtc0(1, 13), 0, 0],
        { registers: { 1: 0x0200 }, cp0: { Status: 0x0201 } },
        4,
      );
      expect([codeOf(software), software.cp0.Cause & 0xff00]).toEqual([Code.Int, 0x0200]);
    });

    it('end when the input falls: Cause shows the live inputs', () => {
      start([asm.mfc0(1, 13), asm.mfc0(2, 13), 0, 0], 0);
      engine.setInterrupt(5, true);
      engine.advance(1);
      engine.setInterrupt(5, false);
      const { registers } = engine.advance(3);
      expect([(registers[1] ?? 0) & 0xff00, (registers[2] ?? 0) & 0xff00]).toEqual([0x2000, 0]);
    });
  });
});

describe.each(ENGINES)('CP0 registers on the %s', (_, createEngine) => {
  let engine: Engine;
  beforeEach(() => {
    engine = createEngine();
  });
  const writeAndRead = (register: number, value: number): number => {
    const { registers } = runProgram(engine, [asm.mtc0(1, register), 0, asm.mfc0(2, register), 0], {
      registers: { 1: value },
    });
    return registers[2] ?? 0;
  };

  it('keep the bits that the R3000A has, and no other', () => {
    expect(writeAndRead(0, 0xffff_ffff) & 0x7fff_ffff).toBe(0x3f00);
    expect(writeAndRead(2, 0xffff_ffff)).toBe(0xffff_ff00);
    expect(writeAndRead(4, 0xffff_ffff)).toBe(0xffe0_0000);
    expect(writeAndRead(10, 0xffff_ffff)).toBe(0xffff_ffc0);
    expect(writeAndRead(13, 0xffff_ffff) & ~0x300).toBe(0);
    expect(writeAndRead(15, 0xffff_ffff)).toBe(0x0230);
  });

  it('register 3, which an R3081 has, reads zero and ignores writes without a trap', () => {
    expect(writeAndRead(3, 0xffff_ffff)).toBe(0);
  });

  it('Random runs from 63 down to 8, and starts again', () => {
    const words = Array.from({ length: 120 }, () => asm.mfc0(1, 1));
    engine.write(TEXT, words);
    engine.start(TEXT, { cp0: { Status: 0 } });
    const seen: number[] = [];
    for (let index = 0; index < 120; index++) seen.push(((engine.advance(1).registers[1] ?? 0) >>> 8) & 63);
    const values = seen.slice(1);
    expect(Math.min(...values)).toBe(8);
    expect(Math.max(...values)).toBe(63);
    for (let index = 1; index < values.length; index++) {
      const before = values[index - 1] ?? 0;
      expect(values[index]).toBe(before === 8 ? 63 : before - 1);
    }
  });

  it('the FPU control register keeps its defined bits, and asks for IP7 when a cause is enabled', () => {
    const Status = 0x2000_0000;
    const control = (value: number): FinalState =>
      runProgram(engine, [asm.ctc1(1, 31), asm.cfc1(2, 31), 0], { registers: { 1: value }, cp0: { Status } });
    expect(control(0x0080_0fff & ~0xf80).registers[2]).toBe(0x0080_007f);
    expect(control(0x0000_0f80).cp0.Cause & 0x8000).toBe(0);
    expect(control(0x0001_0800).cp0.Cause & 0x8000).toBe(0x8000);
    expect(control(0x0002_0000).cp0.Cause & 0x8000).toBe(0x8000);
    expect(control(0).cp0.Cause & 0x8000).toBe(0);
    expect(control(0xff7c_0000 & ~0x3_f000).registers[2]).toBe(0);
  });
});
