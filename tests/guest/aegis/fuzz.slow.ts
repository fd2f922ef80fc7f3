/** Hundreds of thousands of system calls by hostile children: 80 seconds of the guest. */

import { expect, it } from 'vitest';
import { fuzz } from './fuzz-run.js';
import { hasCompiler } from './kernel-machine.js';

it.runIf(hasCompiler())('Aegis withstands hundreds of thousands of random system calls', () => {
  const { problems, calls, isHalted, console } = fuzz(2_000e6);
  expect(problems).toEqual([]);
  expect(isHalted, console).toBe(false);
  expect(calls).toBeGreaterThan(400_000);
});
