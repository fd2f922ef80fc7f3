/** A short run of hostile children; `fuzz.slow.ts` is the long one. */

import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz-run.js';
import { hasCompiler } from './kernel-machine.js';

describe.runIf(hasCompiler())('Aegis and children that make system calls at random', () => {
  it('keeps what it must keep', { timeout: 120_000 }, () => {
    const { problems, samples, glances, calls, isHalted, console } = fuzz(70e6);
    expect(problems).toEqual([]);
    expect(isHalted, console).toBe(false);
    expect(samples).toBeGreaterThan(100);
    expect(glances).toBeGreaterThan(10_000);
    expect(calls).toBeGreaterThan(10_000);
  });
});
