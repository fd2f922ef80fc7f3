/**
 * The check that a shipped image runs on an R3000: disassembles its code for the R3000 and refuses every word that is
 * not an instruction of MIPS I. Code and constants must therefore lie in different sections.
 */

import { BuildError, PREFIX, run } from './toolchain.js';

const INTEGER =
  'add addi addiu addu and andi or ori nor xor xori sll sllv sra srav srl srlv slt slti sltiu sltu sub subu lui ' +
  'lb lbu lh lhu lw lwl lwr sb sh sw swl swr mult multu div divu mfhi mflo mthi mtlo ' +
  'j jal jr jalr beq bne bgez bgezal bgtz blez bltz bltzal syscall break';
const ALIASES = 'nop move li b bal beqz bnez neg negu not';
const SYSTEM = 'mfc0 mtc0 tlbp tlbr tlbwi tlbwr rfe bc0f bc0t';
const FLOATING =
  'lwc1 swc1 mfc1 mtc1 cfc1 ctc1 bc1f bc1t add.s add.d sub.s sub.d mul.s mul.d div.s div.d abs.s abs.d neg.s neg.d ' +
  'mov.s mov.d cvt.s.d cvt.s.w cvt.d.s cvt.d.w cvt.w.s cvt.w.d ' +
  ['f', 'un', 'eq', 'ueq', 'olt', 'ult', 'ole', 'ule', 'sf', 'ngle', 'seq', 'ngl', 'lt', 'nge', 'le', 'ngt']
    .flatMap((condition) => [`c.${condition}.s`, `c.${condition}.d`])
    .join(' ');

const FLOATING_OPCODES: ReadonlySet<string> = new Set(FLOATING.split(' '));
const ALLOWED: ReadonlySet<string> = new Set(`${INTEGER} ${ALIASES} ${SYSTEM} ${FLOATING}`.split(' '));

const FUNCTION = /^[0-9a-f]{8} <(\w+)>:/;
const INSTRUCTION = /^\s*([0-9a-f]+):\s+[0-9a-f]{8}\s+(\S+)/;

/** Lines of a disassembly that are not MIPS I, at most ten. */
export function foreignInstructions(disassembly: string): readonly string[] {
  const found: string[] = [];
  for (const line of disassembly.split('\n')) {
    const match = INSTRUCTION.exec(line);
    if (match?.[2] !== undefined && !ALLOWED.has(match[2])) found.push(line.trim());
    if (found.length === 10) break;
  }
  return found;
}

/** Floating-point instructions of a disassembly outside of some functions. */
export function floatingInstructions(disassembly: string, except: ReadonlySet<string>): readonly string[] {
  let name = '';
  return disassembly.split('\n').filter((line) => {
    name = FUNCTION.exec(line)?.[1] ?? name;
    const opcode = INSTRUCTION.exec(line)?.[2];
    return opcode !== undefined && FLOATING_OPCODES.has(opcode) && !except.has(name);
  });
}

function disassemble(elf: string): Promise<string> {
  return run(`${PREFIX}objdump`, ['-d', '-m', 'mips:3000', elf]);
}

/** Throws when `elf` uses the FPU elsewhere than in some functions. */
export async function checkNoFloating(elf: string, except: ReadonlySet<string>): Promise<void> {
  const [found] = floatingInstructions(await disassemble(elf), except);
  if (found !== undefined) throw new BuildError(`${elf}: uses the FPU: ${found.trim()}`);
}

/** Throws when `elf` holds an instruction outside MIPS I. */
export async function checkOpcodes(elf: string): Promise<void> {
  const found = foreignInstructions(await disassemble(elf));
  if (found.length > 0) throw new BuildError(`${elf}: not MIPS I:\n  ${found.join('\n  ')}`);
}
