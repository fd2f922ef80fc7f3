/**
 * One batch of random programs on every engine and under qemu; what differs, as text. The engines must also agree with
 * each other on everything at the end, cycles included.
 */
import type { TestRandom } from '../support/random.js';
import { ENGINES } from './engine.js';
import { CASE_WORDS, generateProgram } from './oracle-generator.js';
import { compileAssembly, runOnEngine, runUnderQemu } from './oracle-run.js';

export function compareRandomPrograms(random: TestRandom, caseCount: number, folder: string): string[] {
  const file = compileAssembly(generateProgram(random, caseCount), folder);
  const expected = wordsOf(runUnderQemu(file));
  if (expected.length !== caseCount * CASE_WORDS) throw new Error(`qemu left ${expected.length} words`);
  const differences: string[] = [];
  const ends = new Set<string>();
  for (const [name, createEngine] of ENGINES) {
    const engine = createEngine();
    const found = wordsOf(runOnEngine(engine, file));
    ends.add(JSON.stringify(engine.state()));
    for (let index = 0; index < expected.length; index++) {
      if (found[index] === expected[index]) continue;
      const [at, place] = [Math.floor(index / CASE_WORDS), index % CASE_WORDS];
      const what =
        place < 32 ? `$${place}` : place === 32 ? 'HI' : place === 33 ? 'LO' : `scratch word ${place - 34}`;
      differences.push(
        `${name}: case ${at}, ${what}: ${hex(found[index])}, qemu has ${hex(expected[index])}`,
      );
    }
  }
  if (ends.size > 1) differences.push(`engines end differently: ${[...ends].join(' and ')}`);
  return differences;
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.slice().buffer);
}

function hex(value: number | undefined): string {
  return value === undefined ? 'nothing' : `0x${value.toString(16)}`;
}
