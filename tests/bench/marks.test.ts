/** Marks of guest programs: what they are called on both sides, and whose they are. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MARK } from '../../src/bench/marks.js';
import { Probes } from '../../src/bench/probes.js';
import { FIXED_EPOCH_SECONDS, FIXED_SEED, Workstation } from '../../src/workstation/index.js';

/** Runs `touch`, watched by probes that look for marks of `program`. */
function watchTouch(program: string): Probes {
  const workstation = new Workstation({
    model: '5000/125',
    memoryMiB: 32,
    disks: [],
    append: [],
    seed: FIXED_SEED,
    epochSeconds: FIXED_EPOCH_SECONDS,
    notice: () => {},
  });
  const { machine, init, symbols } = workstation;
  const address = symbols.images.get(program)?.address('bench_begin');
  expect(address).toBe(symbols.images.get('touch')?.address('bench_begin'));
  const probes = new Probes(workstation, program);
  let hasEnded = false;
  init.onReady = () =>
    init.start({
      line: 1,
      libraryOs: 'exos',
      program: 'touch',
      arguments: ['dense', '1'],
      onStarted: () => {},
      onEnded: () => {
        hasEnded = true;
        machine.stop();
      },
    });
  while (!hasEnded && machine.cycle < 200_000_000) probes.run(machine.cycle + 1_000_000);
  expect(hasEnded).toBe(true);
  workstation.dispose();
  return probes;
}

describe('marks', () => {
  it('have the numbers of guest/lib/include/bench.h', () => {
    const header = readFileSync(new URL('../../src/guest/lib/include/bench.h', import.meta.url), 'utf8');
    const numbers = [...header.matchAll(/^#define BENCH_\w+ +(\d+)$/gm)].map((match) => Number(match[1]));
    expect(Object.values(MARK)).toEqual(numbers);
  });

  it('are seen when the program runs that has them', () => {
    expect(watchTouch('touch').fastest(MARK.touch)?.instructions).toBeGreaterThan(512 * 100);
  });

  it('of another program at the same address are not taken for marks', () => {
    expect(watchTouch('matmul').fastest(MARK.touch)).toBeUndefined();
  });
});
