import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AEGIS_CALLS, isAegisRunning } from '../../../src/abi/index.js';
import { buildKernel, hasCompiler, type KernelImage, KernelMachine, readTap } from './kernel-machine.js';
import { ownershipProblems } from './ownership.js';

const SECTORS = 2048;
const SAMPLE_CYCLES = 100_003;
const LIMIT_CYCLES = 600e6;
const KERNEL_START = 0x8000_0000;

function numberedDisk(): Uint8Array {
  const words = Uint32Array.from({ length: SECTORS * 128 }, (_, index) => index);
  return new Uint8Array(words.buffer);
}

/** Median of the distances between neighbours. */
function medianStep(cycles: readonly number[]): number {
  const steps = cycles.slice(1).map((cycle, index) => cycle - (cycles[index] ?? 0)).sort((a, b) => a - b);
  return steps[steps.length >> 1] ?? 0;
}

describe.runIf(hasCompiler())('Aegis with a test environment in place of init', () => {
  let image: KernelImage;
  let kernel: KernelMachine;
  const problems: string[] = [];
  const calls = new Map<string, number[]>();
  const forwarded: number[] = [];
  let samples = 0;

  beforeAll(() => {
    image = buildKernel();
    kernel = new KernelMachine(image, [numberedDisk()]);
    const { machine } = kernel;
    const line = machine.lines[2];
    if (line !== undefined) {
      line.onOutput = (byte) => {
        if (byte === 0x3f) line.send(new TextEncoder().encode('hello'));
      };
    }
    machine.trace(kernel.symbol('trace_syscall'), ({ cycle, registers }) => {
      const name = AEGIS_CALLS.find((call) => call.number === registers[2])?.name ?? '';
      const list = calls.get(name) ?? [];
      list.push(cycle);
      calls.set(name, list);
    });
    machine.trace(kernel.symbol('trace_forward'), ({ cycle }) => forwarded.push(cycle));
    while (!kernel.isHalted && machine.cycle < LIMIT_CYCLES) {
      machine.run(machine.cycle + SAMPLE_CYCLES);
      const state = machine.cpuState();
      const isInUser = state.pc >>> 0 < KERNEL_START || state.pc >>> 0 === kernel.symbol('idle_loop');
      if (!isAegisRunning(kernel.view) || !isInUser) continue;
      samples++;
      for (const problem of ownershipProblems(kernel.view, state.tlb)) problems.push(`${machine.cycle}: ${problem}`);
    }
  }, 120_000);

  afterAll(() => {
    if (process.env.AEGIS_VERBOSE !== undefined) {
      console.log(kernel.console, kernel.output, `${samples} samples, ${kernel.machine.cycle} cycles`);
      for (const [name, cycles] of calls) console.log(name, cycles.length, medianStep(cycles.slice(-60)));
      const s = kernel.machine.cpuState();
      console.log(s.pc.toString(16), JSON.stringify(s.cp0));
    }
  });

  it('runs all its tests', () => {
    const tap = readTap(kernel.output);
    expect(tap.failed).toEqual([]);
    expect(tap.isComplete, kernel.console + kernel.output).toBe(true);
  });

  it('halts through the firmware', () => {
    expect(kernel.isHalted).toBe(true);
    expect(kernel.console).toContain("Aegis: halted by the machine's owner");
  });

  it('keeps owners, free list and bindings in agreement at every sample', () => {
    expect(problems.slice(0, 10)).toEqual([]);
    expect(samples).toBeGreaterThan(50);
  });

  it('wipes the seed', () => {
    expect([...kernel.machine.nvram.slice(0x20 - 14, 0x30 - 14)]).toEqual(new Array(16).fill(0));
  });
});
