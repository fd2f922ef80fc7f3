import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AEGIS, isAegisRunning, offsetOf, PAGE, readEnvironment } from '../../../src/abi/index.js';
import { isInPlace, KernelWatch } from './invariants.js';
import { buildKernel, hasCompiler, KernelMachine, readTap } from './kernel-machine.js';
import { isServiceReady, numberedDisk } from './outside.js';

const SAMPLE_CYCLES = 500_009;
const LIMIT_CYCLES = 1_600e6;

describe.runIf(hasCompiler())('Aegis under attack', () => {
  let kernel: KernelMachine;
  let watch: KernelWatch;
  const problems: string[] = [];
  let samples = 0;

  beforeAll(() => {
    const image = buildKernel('attack');
    kernel = new KernelMachine(image, [numberedDisk()]);
    watch = new KernelWatch(kernel);
    const { machine } = kernel;
    /** As if a page had been freed so often. */
    const goRound = (page: number): void => {
      const at = AEGIS.EXPORT_PAGES + page * PAGE.size + offsetOf(PAGE, 'epoch');
      kernel.view.setUint32(at, kernel.view.getUint32(at, true) + 0xff_ffff, true);
    };
    let isTraced = false;
    while (!kernel.isHalted && !isServiceReady(kernel) && machine.cycle < LIMIT_CYCLES) {
      machine.run(machine.cycle + SAMPLE_CYCLES);
      watch.checkMode();
      if (!isAegisRunning(kernel.view) || !isInPlace(kernel)) continue;
      if (!isTraced) {
        isTraced = true;
        const { linear_base, linear_page } = readEnvironment(kernel.view, 0);
        const place = (image.initSymbols.get('epoch_goes_round') as number) - linear_base;
        machine.trace(linear_page * AEGIS.PAGE_SIZE + place, ({ registers }) =>
          goRound(registers[4] as number),
        );
      }
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
