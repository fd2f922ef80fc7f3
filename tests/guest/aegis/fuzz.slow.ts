/**
 * The long run of the system call fuzzer: four seeds, together about five minutes of a 2020s core. AEGIS_FUZZ_CALLS (of
 * each) and AEGIS_FUZZ_SEED (the first) in the environment change it.
 */

import { expect, it } from 'vitest';
import { AEGIS_CALLS } from '../../../src/abi/index.js';
import { fuzz } from './fuzz-run.js';
import { hasCompiler } from './kernel-machine.js';

const CALLS = Number(process.env.AEGIS_FUZZ_CALLS ?? 1_250_000);
const FIRST = Number(process.env.AEGIS_FUZZ_SEED ?? 1);
/** The machine owner's; scall, which has no answer of its own; lines on which nothing arrives. */
const EXEMPT = new Set(['revoke', 'slice_set', 'halt', 'scall', 'line_get', 'line_read']);

it.runIf(hasCompiler()).each([0, 1, 2, 3].map((index) => FIRST + index))(
  'Aegis withstands hostile system calls by the million, seed %i',
  { timeout: 3_600_000 },
  (seed) => {
    const { calls, accepted, acceptedNames } = fuzz(seed, CALLS);
    expect(calls).toBeGreaterThanOrEqual(CALLS);
    expect(accepted).toBeGreaterThan(CALLS / 6);
    const names = AEGIS_CALLS.map(({ name }) => name);
    expect(names.filter((name) => !acceptedNames.has(name) && !EXEMPT.has(name))).toEqual([]);
  },
);
