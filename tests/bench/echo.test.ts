import { describe, expect, it } from 'vitest';
import { paperFigure, runExperiments } from '../../src/bench/index.js';
import { FIXED_EPOCH_SECONDS, FIXED_SEED } from '../../src/workstation/index.js';

describe('Table 11: UDP echo, the peer answering at once', () => {
  const { measurements, problems } = runExperiments(['udp-echo', 'udp-echo-handler'], {
    model: '5000/125',
    memoryMiB: 32,
    disks: [],
    append: [],
    seed: FIXED_SEED,
    epochSeconds: FIXED_EPOCH_SECONDS,
  });
  const cycles = (name: string): number =>
    measurements.find((one) => one.experiment === name)?.cycles ?? Number.NaN;

  it('answers all', () => {
    expect(problems).toEqual([]);
    expect(measurements.map(({ count }) => count)).toEqual([256, 256]);
  });

  // Where the loader finds pages decides which lines of the instruction cache collide: a tenth up or down.
  it('is faster by a handler than by a process, below the paper and above what the wire takes', () => {
    const paper = (name: 'udp-echo' | 'udp-echo-handler'): number =>
      (paperFigure(name, '5000/125').aegis ?? 0) * 25;
    const wire = 123 * 25;
    expect(cycles('udp-echo-handler')).toBeGreaterThan(wire);
    expect(cycles('udp-echo-handler')).toBeLessThan(paper('udp-echo-handler'));
    expect(cycles('udp-echo')).toBeGreaterThan(cycles('udp-echo-handler'));
    expect(cycles('udp-echo')).toBeLessThan(paper('udp-echo'));
  });
});
