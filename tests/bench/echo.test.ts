import { describe, expect, it } from 'vitest';
import { runExperiments } from '../../src/bench/index.js';
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

  it('takes 242 us by a process and 200 us by a handler, of which the wire takes 123', () => {
    expect(cycles('udp-echo')).toBeLessThan(6200);
    expect(cycles('udp-echo-handler')).toBeLessThan(5100);
  });
});
