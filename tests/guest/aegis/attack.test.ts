import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAegisRunning } from '../../../src/abi/index.js';
import { isInPlace, KernelWatch } from './invariants.js';
import { buildKernel, hasCompiler, KernelMachine, readTap } from './kernel-machine.js';
import { isServiceReady, numberedDisk } from './outside.js';

const SAMPLE_CYCLES = 500_009;
const LIMIT_CYCLES = 1_200e6;

describe.runIf(hasCompiler())('Aegis under attack', () => {
  let kernel: KernelMachine;
  let watch: KernelWatch;
  const problems: string[] = [];
  let samples = 0;

  beforeAll(() => {
    kernel = new KernelMachine(buildKernel('attack'), [numberedDisk()]);
    watch = new KernelWatch(kernel);
    const { machine } = kernel;
    while (!kernel.isHalted && !isServiceReady(kernel) && machine.cycle < LIMIT_CYCLES) {
      machine.run(machine.cycle + SAMPLE_CYCLES);
      watch.checkMode();
      if (!isAegisRunning(kernel.view) || !isInPlace(kernel)) continue;
      samples++;
      for (const problem of watch.problems()) problems.push(`${machine.cycle}: ${problem}`);
    }
  }, 300_000);

  afterAll(() => {
    if (process.env.AEGIS_VERBOSE !== undefined)
      console.log(kernel.console, kernel.output, samples, kernel.machine.cycle, watch.longestTick);
  });

  it('refuses or contains each of them, and the bystander is unharmed', () => {
    const tap = readTap(kernel.output);
    expect(tap.failed).toEqual([]);
    expect(tap.passed, kernel.console + kernel.output).toBeGreaterThan(90);
  });

  it('keeps owners and bindings in agreement, its own memory as it was, and every tick', () => {
    expect(problems.slice(0, 10)).toEqual([]);
    expect(samples).toBeGreaterThan(100);
    expect(watch.modeProblems).toEqual([]);
  });
});
