/**
 * Floating-point operations with what qemu-mipsel makes of them, from a file, so that no tool is needed. Where qemu is
 * there, the file is compared with it (`npx vitest run tests/conformance/fpu-vectors.test.ts -u` writes it anew).
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exactArithmetic } from '../../src/machine/cpu/fpu-exact.js';
import { TestRandom } from '../support/random.js';
import { hasTools } from '../support/tools.js';
import { BareFpu, type FpuCase, judge, OPERATIONS, randomCase, wordOf } from './fpu-cases.js';
import { runCasesUnderQemu } from './fpu-qemu.js';
import { ORACLE_TOOLS } from './oracle-run.js';

const FILE = new URL('fpu-vectors.txt', import.meta.url);
const COUNT = 1500;

describe('floating-point vectors', () => {
  it('results and flags, or E', () => {
    const bare = new BareFpu();
    const lines = readFileSync(FILE, 'utf8').trim().split('\n');
    expect(lines.length).toBe(COUNT);
    const wrong = lines.flatMap((line) => {
      const [name, ...columns] = line.split(' ');
      const operation = OPERATIONS.findIndex((candidate) => candidate.name === name);
      const [control = 0, ...rest] = columns.map((column) => Number.parseInt(column, 16));
      const [low = 0, high = 0, after = 0] = rest.slice(6);
      const fpuCase = { operation, control, registers: rest.slice(0, 6) };
      return judge(bare, fpuCase, { result: [low, high], control: after }) || [];
    });
    expect(wrong).toEqual([]);
  });

  it.skipIf(!hasTools(...ORACLE_TOOLS))('are what qemu says', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'exostation-fpu-'));
    const random = new TestRandom(42);
    const cases = Array.from({ length: COUNT }, (): FpuCase => randomCase(random));
    const outcomes = runCasesUnderQemu(cases, folder);
    rmSync(folder, { recursive: true });
    const hex = (value: number): string => value.toString(16);
    const text = cases
      .map(({ operation, control, registers }, index) => {
        const after = outcomes[index];
        const values = [control, ...registers, ...(after?.result ?? []), after?.control ?? 0];
        return `${OPERATIONS[operation]?.name} ${values.map(hex).join(' ')}\n`;
      })
      .join('');
    await expect(text).toMatchFileSnapshot(FILE.pathname);
  });
});

describe('exact remainders', () => {
  it('give the same results and flags as whole numbers of any length', () => {
    const bare = new BareFpu();
    const random = new TestRandom(7);
    for (let round = 0; round < 20_000; round++) {
      const fpuCase = { ...randomCase(random), operation: random.below(8) };
      const [a0 = 0, a1 = 0, b0 = 0, b1 = 0] = fpuCase.registers;
      const { fn, format } = OPERATIONS[fpuCase.operation] ?? { fn: 0, format: 's' };
      const isDouble = format === 'd';
      const bits = (low: number, high: number): bigint =>
        isDouble ? (BigInt(high) << 32n) | BigInt(low) : BigInt(low);
      const exact = exactArithmetic(fn, isDouble, bits(a0, a1), bits(b0, b1), fpuCase.control & 3);
      const { result, control } = bare.run(fpuCase);
      expect((control >>> 12) & 63).toBe(exact.cause);
      if (exact.cause !== 32) expect(bits(result[0], isDouble ? result[1] : 0)).toBe(exact.bits);
    }
  });
});

describe('everything that is not MIPS I', () => {
  it('raises E', () => {
    const bare = new BareFpu();
    const known = new Set(OPERATIONS.map((operation) => wordOf(operation) & ~0x1f_07c0));
    for (let format = 16; format < 32; format++) {
      for (let fn = 0; fn < 64; fn++) {
        const word = 0x4400_0000 | (format << 21) | fn;
        bare.fpu.writeControl(0);
        // $f6 from $f2 and $f2, which hold zero.
        expect([word, bare.fpu.execute(word | 0x2_1180, 0)]).toEqual([word, known.has(word)]);
        expect(bare.isRaised).toBe(!known.has(word));
      }
    }
  });
});
