/** Branches and jumps: taken or not by the manual's conditions, delay slots, links. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as asm from './encode.js';
import { ENGINES, type Engine, runProgram, TEXT } from './engine.js';

const operand = fc.oneof(
  fc.constantFrom(0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff),
  fc.integer({ min: 0, max: 0xffff_ffff }),
);
const offset = fc.integer({ min: -0x400, max: 0x400 });
const mark = asm.addiu(9, 9, 1);

type Branch = (rs: number, rt: number, offset: number) => number;
const BRANCHES: Readonly<
  Record<string, { encode: Branch; isTaken: (a: number, b: number) => boolean; links?: boolean }>
> = {
  beq: { encode: asm.beq, isTaken: (a, b) => a === b },
  bne: { encode: asm.bne, isTaken: (a, b) => a !== b },
  blez: { encode: (rs, _, to) => asm.blez(rs, to), isTaken: (a) => (a | 0) <= 0 },
  bgtz: { encode: (rs, _, to) => asm.bgtz(rs, to), isTaken: (a) => (a | 0) > 0 },
  bltz: { encode: (rs, _, to) => asm.bltz(rs, to), isTaken: (a) => (a | 0) < 0 },
  bgez: { encode: (rs, _, to) => asm.bgez(rs, to), isTaken: (a) => (a | 0) >= 0 },
  bltzal: { encode: (rs, _, to) => asm.bltzal(rs, to), isTaken: (a) => (a | 0) < 0, links: true },
  bgezal: { encode: (rs, _, to) => asm.bgezal(rs, to), isTaken: (a) => (a | 0) >= 0, links: true },
};

describe.each(ENGINES)('branches on the %s', (_, createEngine) => {
  let engine: Engine;
  beforeAll(() => {
    engine = createEngine();
  });

  it.each(Object.keys(BRANCHES))('%s', (name) => {
    const branch = BRANCHES[name];
    if (branch === undefined) return;
    fc.assert(
      fc.property(operand, operand, fc.boolean(), offset, (a, other, isSame, to) => {
        const b = isSame ? a : other;
        const words = [branch.encode(1, 2, to), mark];
        const { registers, pc } = runProgram(engine, words, { registers: { 1: a, 2: b, 9: 0, 31: 7 } });
        expect(registers[9]).toBe(1);
        expect(pc).toBe(branch.isTaken(a, b) ? TEXT + 4 + to * 4 : TEXT + 8);
        expect(registers[31]).toBe(branch.links === true ? TEXT + 8 : 7);
      }),
      { numRuns: 200 },
    );
  });

  it('j and jal replace the low 28 bits', () => {
    const plain = runProgram(engine, [asm.j(0x8765_4320), mark], { registers: { 9: 0, 31: 7 } });
    expect([plain.pc, plain.registers[9], plain.registers[31]]).toEqual([0x8765_4320, 1, 7]);
    const link = runProgram(engine, [asm.jal(0x8001_0000), mark], { registers: { 9: 0 } });
    expect([link.pc, link.registers[9], link.registers[31]]).toEqual([0x8001_0000, 1, TEXT + 8]);
  });

  it('a jump in the last word of a 256 MB region takes the region of its delay slot', () => {
    engine.setTlb(0, 0x0fff_f000, 0x0000_2700);
    engine.setTlb(1, 0x1000_0000, 0x0000_3700);
    engine.write(0x8000_2ffc, [asm.j(0x0000_0100)]);
    engine.write(0x8000_3000, [0]);
    engine.start(0x0fff_fffc, { cp0: { Status: 0 } });
    expect(engine.advance(2).pc).toBe(0x1000_0100);
  });

  it('jr and jalr go anywhere; jalr links in the register that it names', () => {
    expect(runProgram(engine, [asm.jr(4), mark], { registers: { 4: 0x8000_3004 } }).pc).toBe(0x8000_3004);
    const { registers, pc } = runProgram(engine, [asm.jalr(5, 4), mark], {
      registers: { 4: 0x8000_3004, 31: 7 },
    });
    expect([pc, registers[5], registers[31]]).toEqual([0x8000_3004, TEXT + 8, 7]);
  });

  it('the link is there in the delay slot', () => {
    const { registers } = runProgram(engine, [asm.jal(0x8001_0000), asm.addu(8, 31, 0)], {
      registers: { 31: 7 },
    });
    expect(registers[8]).toBe(TEXT + 8);
  });

  it('the delay slot may change the register that was compared or jumped through', () => {
    const words = [asm.beq(1, 0, 2), asm.addiu(1, 0, 5), 0, 0];
    expect(runProgram(engine, words, { registers: { 1: 0 } }, 2).pc).toBe(TEXT + 12);
    const jump = [asm.jr(4), asm.addiu(4, 0, 0)];
    expect(runProgram(engine, jump, { registers: { 4: 0x8000_3004 } }).pc).toBe(0x8000_3004);
  });

  it('REGIMM decodes bits 16 and 20 only', () => {
    const likely = ((1 << 26) | (1 << 21) | (0b00010 << 16) | 3) >>> 0;
    expect(runProgram(engine, [likely, 0], { registers: { 1: 0x8000_0000 } }).pc).toBe(TEXT + 16);
    const linked = ((1 << 26) | (1 << 21) | (0b11111 << 16) | 3) >>> 0;
    const { pc, registers } = runProgram(engine, [linked, 0], { registers: { 1: 1, 31: 7 } });
    expect([pc, registers[31]]).toEqual([TEXT + 16, TEXT + 8]);
  });

  it('bc0: CpCond0 is wired true', () => {
    expect(runProgram(engine, [asm.bc0t(3), 0]).pc).toBe(TEXT + 16);
    expect(runProgram(engine, [asm.bc0f(3), 0]).pc).toBe(TEXT + 8);
  });

  it('a branch to itself goes on attempting instructions', () => {
    const { pc, instructions } = runProgram(engine, [asm.beq(0, 0, -1), 0], {}, 1001);
    expect(pc).toBe(TEXT + 4);
    const later = engine.advance(1000);
    expect([later.pc, later.instructions - instructions]).toEqual([TEXT + 4, 1000]);
  });
});
