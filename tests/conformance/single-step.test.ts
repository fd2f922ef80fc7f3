/** A sample of the public single-step vectors for the R3000, six of each instruction, on every engine. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { ENGINES } from './engine.js';
import { differsByDesign, judge, readVectors } from './single-step.js';

const SAMPLE = new URL('single-step-sample.bin.gz', import.meta.url);

it.each(ENGINES)('%s leaves the same registers, pending loads, branches and memory', (_name, create) => {
  const vectors = readVectors(gunzipSync(readFileSync(SAMPLE)));
  expect(vectors).toHaveLength(55 * 6);
  expect(vectors.filter((vector) => differsByDesign(vector) !== undefined)).toEqual([]);
  // Some begin in a delay slot, some with a load on its way, some end in an exception.
  expect(vectors.filter(({ initial }) => initial.isTaken).length).toBeGreaterThan(5);
  expect(vectors.filter(({ initial }) => initial.loadRegister > 0).length).toBeGreaterThan(50);
  expect(vectors.filter(({ final }) => final.pc === 0x8000_0080).length).toBeGreaterThan(20);
  const engine = create();
  const differences = vectors
    .map((vector) => [vector.name, judge(engine, vector)])
    .filter(([, text]) => text !== '');
  expect(differences).toEqual([]);
});
