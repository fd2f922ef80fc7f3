/**
 * Disassembler for MIPS I in the syntax of GNU objdump (`-m mips:3000`, o32 register names), so that text from here and
 * from a cross toolchain can be compared line by line. What the R3000 does not decode prints as `.word`. Mnemonic and
 * operands are separated by one space where objdump has a tab. Follows Kane & Heinrich, "MIPS RISC Architecture",
 * appendices A and B; the spelling of aliases (nop, move, li, b, bal, beqz, negu) follows objdump.
 */

/** Names an address, such as `main+0x10`; undefined when there is nothing to say. */
export type SymbolName = (address: number) => string | undefined;

const REGISTERS =
  'zero at v0 v1 a0 a1 a2 a3 t0 t1 t2 t3 t4 t5 t6 t7 s0 s1 s2 s3 s4 s5 s6 s7 t8 t9 k0 k1 gp sp s8 ra'.split(
    ' ',
  );

const CP0_NAMES: Readonly<Record<number, string>> = {
  0: 'c0_index',
  1: 'c0_random',
  2: 'c0_entrylo',
  4: 'c0_context',
  8: 'c0_badvaddr',
  10: 'c0_entryhi',
  12: 'c0_sr',
  13: 'c0_cause',
  14: 'c0_epc',
  15: 'c0_prid',
};

const FPU_CONTROL_NAMES: Readonly<Record<number, string>> = { 0: 'c1_fir', 31: 'c1_fcsr' };

const THREE_REGISTER: Readonly<Record<number, string>> = {
  32: 'add',
  33: 'addu',
  34: 'sub',
  35: 'subu',
  36: 'and',
  37: 'or',
  38: 'xor',
  39: 'nor',
  42: 'slt',
  43: 'sltu',
};

const IMMEDIATE_SHIFT: Readonly<Record<number, string>> = { 0: 'sll', 2: 'srl', 3: 'sra' };
const REGISTER_SHIFT: Readonly<Record<number, string>> = { 4: 'sllv', 6: 'srlv', 7: 'srav' };
const SIGNED_IMMEDIATE: Readonly<Record<number, string>> = { 8: 'addi', 9: 'addiu', 10: 'slti', 11: 'sltiu' };
const LOGICAL_IMMEDIATE: Readonly<Record<number, string>> = { 12: 'andi', 13: 'ori', 14: 'xori' };

const MEMORY: Readonly<Record<number, string>> = {
  32: 'lb',
  33: 'lh',
  34: 'lwl',
  35: 'lw',
  36: 'lbu',
  37: 'lhu',
  38: 'lwr',
  40: 'sb',
  41: 'sh',
  42: 'swl',
  43: 'sw',
  46: 'swr',
  48: 'lwc0',
  49: 'lwc1',
  50: 'lwc2',
  51: 'lwc3',
  56: 'swc0',
  57: 'swc1',
  58: 'swc2',
  59: 'swc3',
};

/** Key: the low 25 bits, function and unused bits together. */
const COP0_OPERATION: Readonly<Record<number, string>> = {
  1: 'tlbr',
  2: 'tlbwi',
  6: 'tlbwr',
  8: 'tlbp',
  16: 'rfe',
};

const CONDITIONS = 'f un eq ueq olt ult ole ule sf ngle seq ngl lt nge le ngt'.split(' ');
const FPU_BINARY = ['add', 'sub', 'mul', 'div'];
const FPU_UNARY: Readonly<Record<number, string>> = { 5: 'abs', 6: 'mov', 7: 'neg' };
/** Key: format << 6 | function. */
const CONVERSIONS: Readonly<Record<number, string>> = {
  [(17 << 6) | 0x20]: 'cvt.s.d',
  [(20 << 6) | 0x20]: 'cvt.s.w',
  [(16 << 6) | 0x21]: 'cvt.d.s',
  [(20 << 6) | 0x21]: 'cvt.d.w',
  [(16 << 6) | 0x24]: 'cvt.w.s',
  [(17 << 6) | 0x24]: 'cvt.w.d',
};

/** Text of the instruction `word` at virtual address `address`. */
export function disassemble(word: number, address: number, symbolName?: SymbolName): string {
  const unknown = `.word ${hex(word >>> 0)}`;
  const op = word >>> 26;
  const rs = register((word >>> 21) & 31);
  const rt = register((word >>> 16) & 31);
  const rsNumber = (word >>> 21) & 31;
  const rtNumber = (word >>> 16) & 31;
  const immediate = (word << 16) >> 16;
  const unsignedImmediate = word & 0xffff;
  const branch = (): string => location((address + 4 + immediate * 4) >>> 0, symbolName);

  switch (op) {
    case 0:
      return special(word) ?? unknown;
    case 1:
      return regimm(rsNumber, rtNumber, branch()) ?? unknown;
    case 2:
    case 3: {
      const target = (((address + 4) & 0xf000_0000) | ((word & 0x03ff_ffff) << 2)) >>> 0;
      return `${op === 2 ? 'j' : 'jal'} ${location(target, symbolName)}`;
    }
    case 4:
      if (rtNumber === 0) return rsNumber === 0 ? `b ${branch()}` : `beqz ${rs},${branch()}`;
      return `beq ${rs},${rt},${branch()}`;
    case 5:
      return rtNumber === 0 ? `bnez ${rs},${branch()}` : `bne ${rs},${rt},${branch()}`;
    case 6:
    case 7:
      return rtNumber === 0 ? `${op === 6 ? 'blez' : 'bgtz'} ${rs},${branch()}` : unknown;
    case 15:
      return rsNumber === 0 ? `lui ${rt},${hex(unsignedImmediate)}` : unknown;
    case 16:
    case 17:
    case 18:
    case 19:
      return coprocessor(word, op & 3, branch) ?? unknown;
  }
  if (rsNumber === 0 && op === 9) return `li ${rt},${immediate}`;
  if (rsNumber === 0 && op === 13) return `li ${rt},${hex(unsignedImmediate)}`;
  const signed = SIGNED_IMMEDIATE[op];
  if (signed !== undefined) return `${signed} ${rt},${rs},${immediate}`;
  const logical = LOGICAL_IMMEDIATE[op];
  if (logical !== undefined) return `${logical} ${rt},${rs},${hex(unsignedImmediate)}`;
  const memory = MEMORY[op];
  if (memory === undefined) return unknown;
  const data = op < 0x30 ? rt : coprocessorRegister(op & 3, rtNumber);
  return `${memory} ${data},${immediate}(${rs})`;
}

function special(word: number): string | undefined {
  const rs = (word >>> 21) & 31;
  const rt = (word >>> 16) & 31;
  const rd = (word >>> 11) & 31;
  const amount = (word >>> 6) & 31;
  const code = word & 63;
  const s = register(rs);
  const t = register(rt);
  const d = register(rd);

  const immediateShift = IMMEDIATE_SHIFT[code];
  if (immediateShift !== undefined) {
    if (word === 0) return 'nop';
    if (word === 0x40) return 'ssnop';
    if (word === 0xc0) return 'ehb';
    return rs === 0 ? `${immediateShift} ${d},${t},${hex(amount)}` : undefined;
  }
  if (code === 12) {
    const value = (word >>> 6) & 0xf_ffff;
    return value === 0 ? 'syscall' : `syscall ${hex(value)}`;
  }
  if (code === 13) {
    const high = (word >>> 16) & 0x3ff;
    const low = (word >>> 6) & 0x3ff;
    if (low !== 0) return `break ${hex(high)},${hex(low)}`;
    return high === 0 ? 'break' : `break ${hex(high)}`;
  }
  // Everything below leaves bits 10:6 zero.
  if (amount !== 0) return undefined;
  const registerShift = REGISTER_SHIFT[code];
  if (registerShift !== undefined) return `${registerShift} ${d},${t},${s}`;
  const arithmetic = THREE_REGISTER[code];
  if (arithmetic !== undefined) {
    if (rt === 0 && (code === 0x21 || code === 0x25)) return `move ${d},${s}`;
    if (rs === 0 && code === 0x22) return `neg ${d},${t}`;
    if (rs === 0 && code === 0x23) return `negu ${d},${t}`;
    return `${arithmetic} ${d},${s},${t}`;
  }
  switch (code) {
    case 8:
      return rt === 0 && rd === 0 ? `jr ${s}` : undefined;
    case 9:
      if (rt !== 0) return undefined;
      return rd === 31 ? `jalr ${s}` : `jalr ${d},${s}`;
    case 0x10:
    case 0x12:
      return rs === 0 && rt === 0 ? `${code === 0x10 ? 'mfhi' : 'mflo'} ${d}` : undefined;
    case 0x11:
    case 0x13:
      return rt === 0 && rd === 0 ? `${code === 0x11 ? 'mthi' : 'mtlo'} ${s}` : undefined;
    case 0x18:
    case 0x19:
      return rd === 0 ? `${code === 0x18 ? 'mult' : 'multu'} ${s},${t}` : undefined;
    case 0x1a:
    case 0x1b:
      return rd === 0 ? `${code === 0x1a ? 'div' : 'divu'} zero,${s},${t}` : undefined;
  }
  return undefined;
}

function regimm(rs: number, condition: number, target: string): string | undefined {
  const s = register(rs);
  switch (condition) {
    case 0:
      return `bltz ${s},${target}`;
    case 1:
      return rs === 0 ? `b ${target}` : `bgez ${s},${target}`;
    case 16:
      return `bltzal ${s},${target}`;
    case 17:
      return rs === 0 ? `bal ${target}` : `bgezal ${s},${target}`;
  }
  return undefined;
}

function coprocessor(word: number, unit: number, branch: () => string): string | undefined {
  const selector = (word >>> 21) & 31;
  const rt = (word >>> 16) & 31;
  const rd = (word >>> 11) & 31;
  if (selector >= 16) {
    const named =
      unit === 0 ? COP0_OPERATION[word & 0x1ff_ffff] : unit === 1 ? fpuOperation(word) : undefined;
    return named ?? `c${unit} ${hex(word & 0x1ff_ffff)}`;
  }
  if (selector === 8) return rt < 2 ? `bc${unit}${rt === 0 ? 'f' : 't'} ${branch()}` : undefined;
  if ((word & 0x7ff) !== 0) return undefined;
  const isControl = (selector & 2) !== 0;
  const control = (unit === 1 ? FPU_CONTROL_NAMES[rd] : undefined) ?? `$${rd}`;
  const other = isControl ? control : coprocessorRegister(unit, rd);
  switch (selector) {
    case 0:
      return `mfc${unit} ${register(rt)},${other}`;
    case 2:
      return `cfc${unit} ${register(rt)},${other}`;
    case 4:
      return `mtc${unit} ${register(rt)},${other}`;
    case 6:
      return `ctc${unit} ${register(rt)},${other}`;
  }
  return undefined;
}

function fpuOperation(word: number): string | undefined {
  const format = (word >>> 21) & 31;
  const ft = (word >>> 16) & 31;
  const fs = (word >>> 11) & 31;
  const fd = (word >>> 6) & 31;
  const code = word & 63;
  const conversion = CONVERSIONS[(format << 6) | code];
  if (conversion !== undefined) return ft === 0 ? `${conversion} $f${fd},$f${fs}` : undefined;
  const suffix = format === 16 ? 's' : format === 17 ? 'd' : undefined;
  if (suffix === undefined) return undefined;
  const binary = FPU_BINARY[code];
  if (binary !== undefined) return `${binary}.${suffix} $f${fd},$f${fs},$f${ft}`;
  const unary = FPU_UNARY[code];
  if (unary !== undefined) return ft === 0 ? `${unary}.${suffix} $f${fd},$f${fs}` : undefined;
  if (code >= 0x30 && fd === 0) return `c.${CONDITIONS[code - 0x30]}.${suffix} $f${fs},$f${ft}`;
  return undefined;
}

function coprocessorRegister(unit: number, number: number): string {
  if (unit === 1) return `$f${number}`;
  return (unit === 0 ? CP0_NAMES[number] : undefined) ?? `$${number}`;
}

function register(number: number): string {
  return REGISTERS[number] ?? '?';
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** Without a symbol as objdump prints raw binaries; with one as it prints linked programs. */
function location(target: number, symbolName: SymbolName | undefined): string {
  const name = symbolName?.(target);
  return name === undefined ? hex(target) : `${target.toString(16)} <${name}>`;
}
