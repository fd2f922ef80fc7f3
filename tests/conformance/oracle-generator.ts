/**
 * Random MIPS I programs for comparing two machines. A program is a row of cases; each loads random registers, runs a
 * random body (arithmetic, multiply and divide, every load and store, forward branches, counted loops, calls) and
 * leaves its registers, HI, LO and scratch memory in a record; at the end all records go to standard output.
 *
 * What differs between a real R3000 and later machines is avoided, not compared: no use of a register in the delay
 * slot of its load, no overflow, no division by zero, no branch in a delay slot.
 */
import type { TestRandom } from '../support/random.js';

/** $26 points at the case's scratch memory, $27 at its record, $24 counts loops; all others are fair game. */
const SCRATCH = 26;
const RECORD = 27;
const COUNTER = 24;
const FREE = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 25, 28, 29, 30, 31,
];
const SCRATCH_WORDS = 64;
const RECORD_WORDS = 34 + SCRATCH_WORDS;

/** Words that one case leaves: registers 0..31, HI, LO, scratch memory. */
export const CASE_WORDS: number = RECORD_WORDS;

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

export function generateProgram(random: TestRandom, caseCount: number): string {
  const lines = ['.set noreorder', '.set noat', '.set nomacro', '.text', '.globl __start', '__start:'];
  const writer = new CaseWriter(random, lines);
  for (let index = 0; index < caseCount; index++) writer.writeCase(index);
  const bytes = caseCount * RECORD_WORDS * 4;
  lines.push(
    '  li $4, 1',
    ...loadAddress(5, 'records'),
    `  lui $6, ${hex(bytes >>> 16)}`,
    `  ori $6, $6, ${hex(bytes & 0xffff)}`,
  );
  lines.push(
    '  li $2, 4004',
    '  syscall',
    '  li $4, 0',
    '  li $2, 4001',
    '  syscall',
    '.data',
    '.align 4',
    'records:',
  );
  for (let word = 0; word < caseCount * RECORD_WORDS; word++) lines.push(`  .word ${hex(random.operand())}`);
  return `${lines.join('\n')}\n`;
}

function loadAddress(register: number, symbol: string, offset: number = 0): string[] {
  const address = `${symbol}+${offset}`;
  return [`  lui $${register}, %hi(${address})`, `  addiu $${register}, $${register}, %lo(${address})`];
}

class CaseWriter {
  readonly #random: TestRandom;
  readonly #lines: string[];
  #labels = 0;
  /** Registers that must keep their value: the loop counter, or a load's target in its delay slot. */
  #reserved: number[] = [];

  constructor(random: TestRandom, lines: string[]) {
    this.#random = random;
    this.#lines = lines;
  }

  writeCase(index: number): void {
    const record = index * RECORD_WORDS * 4;
    for (const register of [...FREE, COUNTER]) {
      const value = this.#random.operand();
      this.#emit(
        `lui $${register}, ${hex(value >>> 16)}`,
        `ori $${register}, $${register}, ${hex(value & 0xffff)}`,
      );
    }
    this.#lines.push(
      ...loadAddress(RECORD, 'records', record),
      ...loadAddress(SCRATCH, 'records', record + 34 * 4),
    );
    this.#emit(`mthi $${this.#any()}`, `mtlo $${this.#any()}`);
    this.#reserved = [];
    this.#body(this.#random.below(40) + 20, 0);
    for (let register = 0; register < 32; register++)
      this.#emit(`sw $${register}, ${register * 4}($${RECORD})`);
    this.#emit('mfhi $1', 'mflo $2', `sw $1, 128($${RECORD})`, `sw $2, 132($${RECORD})`);
    // Pointers differ with the case only; say so instead of comparing addresses.
    this.#emit(`sw $0, ${SCRATCH * 4}($${RECORD})`, `sw $0, ${RECORD * 4}($${RECORD})`);
  }

  #emit(...instructions: string[]): void {
    for (const instruction of instructions) this.#lines.push(`  ${instruction}`);
  }

  /** Any register that may be read; now and then zero. */
  #any(): number {
    const choices = FREE.filter((register) => !this.#pending.includes(register));
    return this.#random.below(12) === 0 ? 0 : this.#random.pick(choices);
  }

  /** Any register that may be written. */
  #target(): number {
    return this.#random.pick(
      FREE.filter((register) => !this.#reserved.includes(register) && !this.#pending.includes(register)),
    );
  }

  /** Targets of a load whose delay slot comes next. */
  #pending: number[] = [];

  #body(length: number, depth: number): void {
    for (let count = 0; count < length; count++) {
      const kind = this.#random.below(20);
      if (kind < 9) this.#emit(this.#plain());
      else if (kind < 11) this.#multiply();
      else if (kind < 14) this.#load();
      else if (kind < 16) this.#emit(this.#store());
      else if (kind < 17) this.#checkedArithmetic();
      else if (kind < 19 || depth > 1) this.#forwardBranch(depth);
      else if (this.#reserved.includes(COUNTER)) this.#call(depth);
      else if (this.#random.below(2) === 0) this.#loop(depth);
      else this.#call(depth);
    }
  }

  /** One instruction that can stand anywhere, delay slots included. */
  #plain(): string {
    const { pick, below } = this.#bound();
    const [d, s, t] = [this.#target(), this.#any(), this.#any()];
    switch (below(5)) {
      case 0:
        return `${pick(['addu', 'subu', 'and', 'or', 'xor', 'nor', 'slt', 'sltu'])} $${d}, $${s}, $${t}`;
      case 1:
        return `${pick(['addiu', 'slti', 'sltiu'])} $${d}, $${s}, ${((below(0x1_0000) << 16) >> 16).toString()}`;
      case 2:
        return `${pick(['andi', 'ori', 'xori'])} $${d}, $${s}, ${hex(below(0x1_0000))}`;
      case 3:
        return `${pick(['sll', 'srl', 'sra'])} $${d}, $${t}, ${below(32)}`;
      default:
        return below(8) === 0
          ? `lui $${d}, ${hex(below(0x1_0000))}`
          : `${pick(['sllv', 'srlv', 'srav'])} $${d}, $${t}, $${s}`;
    }
  }

  #bound(): { pick: <T>(choices: readonly T[]) => T; below: (limit: number) => number } {
    const random = this.#random;
    return { pick: (choices) => random.pick(choices), below: (limit) => random.below(limit) };
  }

  #checkedArithmetic(): void {
    const [a, b] = [this.#target(), this.#target()];
    this.#emit(`sra $${a}, $${this.#any()}, 1`, `sra $${b}, $${this.#any()}, 2`);
    this.#emit(`sra $${a}, $${a}, 1`);
    this.#emit(`${this.#random.pick(['add', 'sub'])} $${this.#target()}, $${a}, $${b}`);
    this.#emit(`addi $${this.#target()}, $${b}, ${this.#random.below(0x8000)}`);
  }

  #multiply(): void {
    const { pick, below } = this.#bound();
    switch (below(4)) {
      case 0:
        this.#emit(`${pick(['mult', 'multu'])} $${this.#any()}, $${this.#any()}`);
        break;
      case 1: {
        const divisor = this.#target();
        this.#emit(`ori $${divisor}, $${this.#any()}, ${hex(1 + below(15) * 2)}`);
        this.#emit(`${pick(['div', 'divu'])} $0, $${this.#any()}, $${divisor}`);
        break;
      }
      case 2:
        this.#emit(`${pick(['mthi', 'mtlo'])} $${this.#any()}`);
        break;
    }
    // Two instructions between a read of HI or LO and the next write.
    this.#emit(`${pick(['mfhi', 'mflo'])} $${this.#target()}`, this.#plain(), this.#plain());
  }

  #offset(size: number): number {
    return this.#random.below((SCRATCH_WORDS * 4) / size) * size;
  }

  #load(): void {
    const { pick, below } = this.#bound();
    const target = this.#target();
    if (below(4) === 0) {
      const offset = below(SCRATCH_WORDS * 4 - 4);
      const [first, second] = pick([
        [`lwr $${target}, ${offset}($${SCRATCH})`, `lwl $${target}, ${offset + 3}($${SCRATCH})`],
        [`lwl $${target}, ${offset + 3}($${SCRATCH})`, `lwr $${target}, ${offset}($${SCRATCH})`],
        [`lwl $${target}, ${offset}($${SCRATCH})`, 'nop'],
        [`lwr $${target}, ${offset}($${SCRATCH})`, 'nop'],
      ] as const);
      this.#emit(first, second);
    } else {
      const [name, size] = pick([
        ['lb', 1],
        ['lbu', 1],
        ['lh', 2],
        ['lhu', 2],
        ['lw', 4],
      ] as const);
      this.#emit(`${name} $${target}, ${this.#offset(size)}($${SCRATCH})`);
    }
    this.#pending = [target];
    this.#emit(below(3) === 0 ? 'nop' : this.#plain());
    this.#pending = [];
  }

  #store(): string {
    const [name, size] = this.#random.pick([
      ['sb', 1],
      ['sh', 2],
      ['sw', 4],
      ['swl', 1],
      ['swr', 1],
    ] as const);
    return `${name} $${this.#any()}, ${this.#offset(size)}($${SCRATCH})`;
  }

  #delaySlot(): void {
    this.#emit(this.#random.below(4) === 0 ? this.#store() : this.#plain());
  }

  #condition(): string {
    const { pick, below } = this.#bound();
    const [s, t] = [this.#any(), this.#any()];
    return below(2) === 0
      ? `${pick(['beq', 'bne'])} $${s}, $${t}`
      : `${pick(['blez', 'bgtz', 'bltz', 'bgez'])} $${s}`;
  }

  #forwardBranch(depth: number): void {
    const label = this.#label();
    this.#emit(`${this.#condition()}, ${label}`);
    this.#delaySlot();
    this.#body(1 + this.#random.below(4), depth + 1);
    this.#lines.push(`${label}:`);
  }

  #loop(depth: number): void {
    const label = this.#label();
    this.#reserved.push(COUNTER);
    this.#emit(`addiu $${COUNTER}, $0, ${1 + this.#random.below(6)}`);
    this.#lines.push(`${label}:`);
    this.#body(2 + this.#random.below(6), depth + 1);
    this.#emit(`addiu $${COUNTER}, $${COUNTER}, -1`, `bgtz $${COUNTER}, ${label}`);
    this.#delaySlot();
    this.#reserved.pop();
  }

  /** A call over a jump: the routine stands in line, entered by its link and left by jr. */
  #call(depth: number): void {
    if (this.#reserved.includes(31)) return;
    const [routine, after] = [this.#label(), this.#label()];
    const how = this.#random.below(3);
    this.#reserved.push(31);
    if (how === 0) this.#emit(`jal ${routine}`);
    else if (how === 1) this.#emit(`bgezal $0, ${routine}`);
    else {
      const pointer = this.#target();
      this.#lines.push(...loadAddress(pointer, routine));
      this.#emit(`jalr $31, $${pointer}`);
    }
    this.#delaySlot();
    this.#emit(this.#plain(), `j ${after}`);
    this.#delaySlot();
    this.#lines.push(`${routine}:`);
    this.#body(2 + this.#random.below(5), depth + 1);
    this.#emit('jr $31');
    this.#delaySlot();
    this.#lines.push(`${after}:`);
    this.#reserved.pop();
  }

  #label(): string {
    return `L${this.#labels++}`;
  }
}
