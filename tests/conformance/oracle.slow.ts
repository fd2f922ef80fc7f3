/** Many more random programs than `oracle.test.ts` runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestRandom } from '../support/random.js';
import { hasTools } from '../support/tools.js';
import { compareRandomPrograms } from './oracle-compare.js';
import { ORACLE_TOOLS } from './oracle-run.js';

describe.skipIf(!hasTools(...ORACLE_TOOLS))('against qemu, at length', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'exostation-oracle-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(Array.from({ length: 40 }, (_, index) => 1000 + index))('random programs, seed %i', (seed) => {
    expect(compareRandomPrograms(new TestRandom(seed), 140, folder)).toEqual([]);
  });
});
