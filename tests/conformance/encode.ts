/**
 * MIPS I instruction words, as small functions in the assembler's operand order: `addu(8, 4, 5)` is `addu $8,$4,$5`.
 * Branches take the offset in instructions, counted from the delay slot. For tests only: no checks of ranges.
 */

const r = (code: number, rs: number, rt: number, rd: number, amount = 0): number =>
  ((rs << 21) | (rt << 16) | (rd << 11) | (amount << 6) | code) >>> 0;
const i = (op: number, rs: number, rt: number, immediate: number): number =>
  ((op << 26) | (rs << 21) | (rt << 16) | (immediate & 0xffff)) >>> 0;

type ThreeRegister = (rd: number, rs: number, rt: number) => number;
type TwoRegister = (rs: number, rt: number) => number;
type Immediate = (rt: number, rs: number, immediate: number) => number;
type Memory = (rt: number, offset: number, base: number) => number;

const three =
  (code: number): ThreeRegister =>
  (rd, rs, rt) =>
    r(code, rs, rt, rd);
const two =
  (code: number): TwoRegister =>
  (rs, rt) =>
    r(code, rs, rt, 0);
const immediate =
  (op: number): Immediate =>
  (rt, rs, value) =>
    i(op, rs, rt, value);
const memory =
  (op: number): Memory =>
  (rt, offset, base) =>
    i(op, base, rt, offset);

export const nop = 0;

export const arithmetic: Readonly<Record<string, ThreeRegister>> = {
  add: three(0x20),
  addu: three(0x21),
  sub: three(0x22),
  subu: three(0x23),
  and: three(0x24),
  or: three(0x25),
  xor: three(0x26),
  nor: three(0x27),
  slt: three(0x2a),
  sltu: three(0x2b),
};

export const immediates: Readonly<Record<string, Immediate>> = {
  addi: immediate(8),
  addiu: immediate(9),
  slti: immediate(10),
  sltiu: immediate(11),
  andi: immediate(12),
  ori: immediate(13),
  xori: immediate(14),
};

/** Shift by an amount: rd, rt, amount. By a register: rd, rt, rs. */
export const shifts: Readonly<Record<string, ThreeRegister>> = {
  sll: (rd, rt, amount) => r(0, 0, rt, rd, amount),
  srl: (rd, rt, amount) => r(2, 0, rt, rd, amount),
  sra: (rd, rt, amount) => r(3, 0, rt, rd, amount),
};
export const variableShifts: Readonly<Record<string, ThreeRegister>> = {
  sllv: (rd, rt, rs) => r(4, rs, rt, rd),
  srlv: (rd, rt, rs) => r(6, rs, rt, rd),
  srav: (rd, rt, rs) => r(7, rs, rt, rd),
};

export const multiplies: Readonly<Record<string, TwoRegister>> = {
  mult: two(0x18),
  multu: two(0x19),
  div: two(0x1a),
  divu: two(0x1b),
};

export const add: ThreeRegister = three(0x20);
export const addu: ThreeRegister = three(0x21);
export const or: ThreeRegister = three(0x25);
export const addi: Immediate = immediate(8);
export const addiu: Immediate = immediate(9);
export const ori: Immediate = immediate(13);
export const mult: TwoRegister = two(0x18);
export const div: TwoRegister = two(0x1a);
export const lui = (rt: number, value: number): number => i(15, 0, rt, value);
export const mfhi = (rd: number): number => r(0x10, 0, 0, rd);
export const mthi = (rs: number): number => r(0x11, rs, 0, 0);
export const mflo = (rd: number): number => r(0x12, 0, 0, rd);
export const mtlo = (rs: number): number => r(0x13, rs, 0, 0);
export const syscall = 12;
export const breakpoint = 13;

export const jr = (rs: number): number => r(8, rs, 0, 0);
export const jalr = (rd: number, rs: number): number => r(9, rs, 0, rd);
export const j = (target: number): number => ((2 << 26) | ((target >>> 2) & 0x3ff_ffff)) >>> 0;
export const jal = (target: number): number => ((3 << 26) | ((target >>> 2) & 0x3ff_ffff)) >>> 0;
export const beq = (rs: number, rt: number, offset: number): number => i(4, rs, rt, offset);
export const bne = (rs: number, rt: number, offset: number): number => i(5, rs, rt, offset);
export const blez = (rs: number, offset: number): number => i(6, rs, 0, offset);
export const bgtz = (rs: number, offset: number): number => i(7, rs, 0, offset);
export const bltz = (rs: number, offset: number): number => i(1, rs, 0, offset);
export const bgez = (rs: number, offset: number): number => i(1, rs, 1, offset);
export const bltzal = (rs: number, offset: number): number => i(1, rs, 16, offset);
export const bgezal = (rs: number, offset: number): number => i(1, rs, 17, offset);

export const lb: Memory = memory(0x20);
export const lh: Memory = memory(0x21);
export const lwl: Memory = memory(0x22);
export const lw: Memory = memory(0x23);
export const lbu: Memory = memory(0x24);
export const lhu: Memory = memory(0x25);
export const lwr: Memory = memory(0x26);
export const sb: Memory = memory(0x28);
export const sh: Memory = memory(0x29);
export const swl: Memory = memory(0x2a);
export const sw: Memory = memory(0x2b);
export const swr: Memory = memory(0x2e);
export const lwc1: Memory = memory(0x31);
export const swc1: Memory = memory(0x39);

const cop = (unit: number, selector: number, rt: number, rd: number): number =>
  (((16 + unit) << 26) | (selector << 21) | (rt << 16) | (rd << 11)) >>> 0;
export const mfc0 = (rt: number, rd: number): number => cop(0, 0, rt, rd);
export const mtc0 = (rt: number, rd: number): number => cop(0, 4, rt, rd);
export const mfc1 = (rt: number, fs: number): number => cop(1, 0, rt, fs);
export const cfc1 = (rt: number, fs: number): number => cop(1, 2, rt, fs);
export const mtc1 = (rt: number, fs: number): number => cop(1, 4, rt, fs);
export const ctc1 = (rt: number, fs: number): number => cop(1, 6, rt, fs);
export const bc0t = (offset: number): number => i(16, 8, 1, offset);
export const bc0f = (offset: number): number => i(16, 8, 0, offset);
export const bc1t = (offset: number): number => i(17, 8, 1, offset);
export const mfc2 = (rt: number, rd: number): number => cop(2, 0, rt, rd);
export const mfc3 = (rt: number, rd: number): number => cop(3, 0, rt, rd);
export const addS = (fd: number, fs: number, ft: number): number => (cop(1, 16, ft, fs) | (fd << 6)) >>> 0;
export const divD = (fd: number, fs: number, ft: number): number =>
  (cop(1, 17, ft, fs) | (fd << 6) | 3) >>> 0;
/** MIPS II: the R3010 does not have it. */
export const sqrtS = (fd: number, fs: number): number => (cop(1, 16, 0, fs) | (fd << 6) | 4) >>> 0;
const cop0Operation = (code: number): number => (cop(0, 16, 0, 0) | code) >>> 0;
export const tlbr: number = cop0Operation(1);
export const tlbwi: number = cop0Operation(2);
export const tlbwr: number = cop0Operation(6);
export const tlbp: number = cop0Operation(8);
export const rfe: number = cop0Operation(16);
