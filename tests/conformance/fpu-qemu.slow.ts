/** A large random set of floating-point operations: results and flags equal qemu's, or E where the R3010 says so. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestRandom } from '../support/random.js';
import { hasTools } from '../support/tools.js';
import { BareFpu, type FpuCase, judge, randomCase } from './fpu-cases.js';
import { runCasesUnderQemu } from './fpu-qemu.js';
import { ORACLE_TOOLS } from './oracle-run.js';

const COUNT = 100_000;

describe.skipIf(!hasTools(...ORACLE_TOOLS))('floating point against qemu, at length', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'exostation-fpu-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(Array.from({ length: 10 }, (_, index) => 500 + index))('seed %i', (seed) => {
    const random = new TestRandom(seed);
    const cases = Array.from({ length: COUNT }, (): FpuCase => randomCase(random));
    const outcomes = runCasesUnderQemu(cases, folder);
    const bare = new BareFpu();
    const wrong = cases.flatMap((fpuCase, index) => {
      const outcome = outcomes[index];
      return (outcome === undefined ? 'no outcome' : judge(bare, fpuCase, outcome)) || [];
    });
    expect(wrong.slice(0, 20)).toEqual([]);
  });
});
