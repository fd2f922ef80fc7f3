/** Runs floating-point cases under qemu-mipsel: a small program that reads records, does each operation, writes outcomes. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FCR31_BITS, type FpuCase, type FpuOutcome, OPERATIONS, wordOf } from './fpu-cases.js';
import { compileAssembly } from './oracle-run.js';

const CASE_BYTES = 32;
const OUTCOME_BYTES = 16;
const BLOCK = 1024;

/** read, operate, write; at `stubs` four words an operation. */
function programText(): string {
  const stubs = OPERATIONS.map((operation) => `.word ${wordOf(operation)}, 0, 0x03e00008, 0`);
  return `
.set noreorder
.set nomacro
.text
.globl __start
__start:
block:
  li $4, 0
  lui $5, %hi(input)
  addiu $5, $5, %lo(input)
  li $6, ${BLOCK * CASE_BYTES}
  li $2, 4003
  syscall
  blez $2, done
  nop
  lui $16, %hi(input)
  addiu $16, $16, %lo(input)
  addu $17, $16, $2
  lui $18, %hi(output)
  addiu $18, $18, %lo(output)
  lui $19, %hi(stubs)
  addiu $19, $19, %lo(stubs)
each:
  lw $8, 0($16)
  lw $9, 4($16)
${[0, 1, 2, 3, 4, 5].map((register) => `  lwc1 $f${register}, ${8 + 4 * register}($16)`).join('\n')}
  sll $8, $8, 4
  addu $8, $8, $19
  ctc1 $9, $31
  nop
  jalr $8
  nop
  cfc1 $10, $31
  swc1 $f4, 0($18)
  swc1 $f5, 4($18)
  sw $10, 8($18)
  addiu $16, $16, ${CASE_BYTES}
  bne $16, $17, each
  addiu $18, $18, ${OUTCOME_BYTES}
  li $4, 1
  lui $5, %hi(output)
  addiu $5, $5, %lo(output)
  subu $6, $18, $5
  li $2, 4004
  syscall
  b block
  nop
done:
  li $4, 0
  li $2, 4001
  syscall
  nop
stubs:
${stubs.join('\n')}
.bss
.balign 8
input: .space ${BLOCK * CASE_BYTES}
output: .space ${BLOCK * OUTCOME_BYTES}
`;
}

/** Outcomes of all cases, in order. `folder` takes the program and its input. */
export function runCasesUnderQemu(cases: readonly FpuCase[], folder: string): FpuOutcome[] {
  const program = compileAssembly(programText(), folder);
  const input = new Uint32Array(
    cases.flatMap(({ operation, control, registers }) => [operation, control, ...registers]),
  );
  const file = join(folder, 'cases.bin');
  writeFileSync(file, input);
  const descriptor = openSync(file, 'r');
  try {
    const output = execFileSync('qemu-mipsel', [program], {
      stdio: [descriptor, 'pipe', 'inherit'],
      maxBuffer: cases.length * OUTCOME_BYTES + 1024,
    });
    return cases.map((_, index) => {
      const word = (n: number): number => output.readUInt32LE(index * OUTCOME_BYTES + 4 * n);
      return { result: [word(0), word(1)], control: (word(2) & FCR31_BITS) >>> 0 };
    });
  } finally {
    closeSync(descriptor);
  }
}
