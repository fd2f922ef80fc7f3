import { describe, expect, it } from 'vitest';
import { runExperiments } from '../../src/bench/index.js';
import { FIXED_EPOCH_SECONDS, FIXED_SEED } from '../../src/workstation/index.js';

describe('Table 7: ten TCP/IP filters', () => {
  const { measurements, problems } = runExperiments(['classify-warm', 'classify-cold', 'classify-empty'], {
    model: '5000/125',
    memoryMiB: 32,
    disks: [],
    append: [],
    seed: FIXED_SEED,
    epochSeconds: FIXED_EPOCH_SECONDS,
  });
  const of = (name: string): { cycles: number; instructions: number } => {
    const found = measurements.find((one) => one.experiment === name);
    return { cycles: found?.cycles ?? Number.NaN, instructions: found?.instructions ?? Number.NaN };
  };

  it('sends every frame to its filter', () => {
    expect(problems).toEqual([]);
  });

  it('takes 33 instructions a frame, and as many cycles with a warm cache (the paper: 1.5 us = 37.5)', () => {
    const loop = of('classify-empty');
    expect(of('classify-warm').instructions - loop.instructions).toBeCloseTo(33.1, 1);
    expect(of('classify-warm').cycles - loop.cycles).toBeLessThan(33.5);
  });

  it('fetches each instruction from memory with a cold one', () => {
    const { cycles, instructions } = of('classify-cold');
    expect(cycles / instructions).toBeGreaterThan(7);
    expect(cycles).toBeLessThan(550);
  });
});
