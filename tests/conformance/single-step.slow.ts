/**
 * All of the public single-step vectors for the R3000, from a local copy of github.com/SingleStepTests/r3000 that
 * EXOSTATION_R3000_VECTORS names (the folder with ADD.json.bin and the others).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENGINES } from './engine.js';
import { differsByDesign, judge, readVectors } from './single-step.js';

const folder = process.env.EXOSTATION_R3000_VECTORS;
const files = folder === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith('.json.bin'));

describe.skipIf(files.length === 0).each(ENGINES)('all single-step vectors on the %s', (_name, create) => {
  it('agree, but for what differs by design', () => {
    const engine = create();
    const reasons: Record<string, number> = {};
    const differences: string[] = [];
    let agreed = 0;
    for (const vector of files.flatMap((name) => readVectors(readFileSync(join(folder as string, name))))) {
      const reason = differsByDesign(vector);
      const text = reason === undefined ? judge(engine, vector) : '';
      if (reason !== undefined) reasons[reason] = (reasons[reason] ?? 0) + 1;
      else if (text === '') agreed++;
      else differences.push(`${vector.name}: ${text}`);
    }
    expect(differences).toEqual([]);
    expect({ agreed, ...reasons }).toEqual({
      agreed: 38_776,
      'an address that is not mapped here and lies outside of memory': 15_515,
      'a reserved BCONDZ code': 677,
      'a load to the register of the load before': 32,
    });
  });
});
