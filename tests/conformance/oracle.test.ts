/** Random programs and compiled C: the same registers, memory and output as under qemu-mipsel. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestRandom } from '../support/random.js';
import { hasTools } from '../support/tools.js';
import { ENGINES } from './engine.js';
import { compareRandomPrograms } from './oracle-compare.js';
import { compile, ORACLE_TOOLS, runOnEngine, runUnderQemu } from './oracle-run.js';

const PROGRAMS = new URL('programs/', import.meta.url).pathname;
const programNames = readdirSync(PROGRAMS).filter((name) => name.endsWith('.c') && name !== 'runtime.c');

describe.skipIf(!hasTools(...ORACLE_TOOLS))('against qemu', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'exostation-oracle-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([11, 12, 13])('random programs, seed %i', (seed) => {
    expect(compareRandomPrograms(new TestRandom(seed), 100, folder)).toEqual([]);
  });

  describe.each(programNames)('%s', (name) => {
    it.each(['-O0', '-O1', '-O2', '-O3', '-Os'])('compiled with %s', (optimisation) => {
      const file = join(folder, `${name}${optimisation}.elf`);
      compile([join(PROGRAMS, 'runtime.c'), join(PROGRAMS, name)], file, optimisation);
      const expected = Buffer.from(runUnderQemu(file)).toString();
      expect(expected).toMatch(/end\n$/);
      for (const [, createEngine] of ENGINES) {
        expect(Buffer.from(runOnEngine(createEngine(), file)).toString()).toBe(expected);
      }
    });
  });
});
