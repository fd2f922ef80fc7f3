/** A short run of the system call fuzzer; `fuzz.slow.ts` is the long one. */

import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz-run.js';
import { hasCompiler } from './kernel-machine.js';

describe.runIf(hasCompiler())('Aegis and hostile system calls drawn from a seed', () => {
  it('keeps what it must keep', { timeout: 300_000 }, () => {
    const result = fuzz(Number(process.env.AEGIS_FUZZ_SEED ?? 1995), 100_000);
    if (process.env.AEGIS_VERBOSE !== undefined) console.log(result);
    expect(result.calls).toBeGreaterThanOrEqual(100_000);
    expect(result.revokedAsids).toBeGreaterThan(100);
    expect(result.accepted).toBeGreaterThan(20_000);
    expect(result.stopped).toBeGreaterThan(0);
  });
});
