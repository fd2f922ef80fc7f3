import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AEGIS, EVENTS, isAegisRunning, MEASURED_COSTS, PAGE, readHeader } from '../../../src/abi/index.js';
import { readCosts } from '../../../src/guest/build/costs.js';
import {
  buildKernel,
  hasCompiler,
  isNetworkEvent,
  type KernelImage,
  KernelMachine,
  readTap,
  watchEvents,
} from './kernel-machine.js';
import { greet, numberedDisk } from './outside.js';
import { ownershipProblems } from './ownership.js';

const kept = readCosts(
  fileURLToPath(new URL('../../../src/guest/aegis/costs.json', import.meta.url)),
).instructions;
const SAMPLE_CYCLES = 500_009;
const LIMIT_CYCLES = 320e6;
const KERNEL_START = 0x8000_0000;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.POSITIVE_INFINITY;
}

/** Physical page that the loops of child.S run in. */
const COST_PAGE = 1000;

/** Distances in cycles from one place in user code to another, collected by name. */
function watchCosts(
  kernel: KernelMachine,
  image: KernelImage,
  costs: Map<string, number[]>,
  executed: Map<string, number[]>,
): void {
  const count = (): number => kernel.machine.statistics().instructions.attempted;
  const page = image.initSymbols.get('child_page') ?? 0;
  const at = (name: string): number =>
    0x8000_0000 + COST_PAGE * 4096 + ((image.initSymbols.get(name) ?? 0) - page);
  const watch = (name: string, from: number, to: number): void => {
    const list: number[] = [];
    costs.set(name, list);
    const counts: number[] = [];
    executed.set(name, counts);
    let start = -1;
    let before = 0;
    kernel.machine.trace(to, ({ cycle }) => {
      if (start >= 0) {
        list.push(cycle - start);
        counts.push(count() - before - 1);
      }
      start = -1;
    });
    kernel.machine.trace(from, ({ cycle }) => {
      start = cycle;
      before = count();
    });
  };
  const callAt = (name: string): number => at(name) + 8;
  watch('null call', callAt('cost_null'), callAt('cost_null') + 4);
  watch('null call with stack', at('cost_null_stack_at'), at('cost_null_stack_at') + 4);
  watch('tlb_write', callAt('cost_tlb_write'), callAt('cost_tlb_write') + 4);
  watch('exception dispatch', at('cost_overflow_at'), at('cost_overflow_handler'));
  // The load that misses is fetched again after the refill, with the same address in t2.
  const refills: number[] = [];
  costs.set('refill from the STLB', refills);
  const refillCounts: number[] = [];
  executed.set('refill from the STLB', refillCounts);
  let last = { cycle: 0, address: 0, instructions: 0 };
  kernel.machine.trace(at('cost_refill_at'), ({ cycle, registers }) => {
    const address = registers[10] ?? 0;
    if (address === last.address) {
      refills.push(cycle - last.cycle);
      refillCounts.push(count() - last.instructions - 1);
    }
    last = { cycle, address, instructions: count() };
  });
  watch('cid_switch', at('cost_cid_at'), at('cost_cid_at') + 4);
  watch('transfer out', at('cost_transfer_at'), at('child_serve'));
  watch('transfer back', at('child_serve') + 12, at('cost_transfer_reply'));
}

describe.runIf(hasCompiler())('Aegis with a test environment in place of init', () => {
  let image: KernelImage;
  let kernel: KernelMachine;
  const problems: string[] = [];
  const costs = new Map<string, number[]>();
  const executed = new Map<string, number[]>();
  let samples = 0;
  let events: Set<string>;

  beforeAll(() => {
    image = buildKernel();
    kernel = new KernelMachine(image, [numberedDisk()]);
    const { machine } = kernel;
    greet(kernel);
    watchCosts(kernel, image, costs, executed);
    events = watchEvents(kernel);
    while (!kernel.isHalted && machine.cycle < LIMIT_CYCLES) {
      machine.run(machine.cycle + SAMPLE_CYCLES);
      const state = machine.cpuState();
      const isInUser = state.pc >>> 0 < KERNEL_START || state.pc >>> 0 === kernel.symbol('idle_loop');
      if (!isAegisRunning(kernel.view) || !isInUser) continue;
      samples++;
      for (const problem of ownershipProblems(kernel.view, state.tlb))
        problems.push(`${machine.cycle}: ${problem}`);
    }
  }, 120_000);

  afterAll(() => {
    if (process.env.AEGIS_VERBOSE !== undefined) {
      console.log(kernel.console, kernel.output, `${samples} samples, ${kernel.machine.cycle} cycles`);
      for (const [name, cycles] of costs) console.log(name, cycles.length, median(cycles));
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
    expect(samples).toBeGreaterThan(100);
  });

  it('costs what it did, in cycles (the paper: null call 40 and 57, exception 38, transfer 35)', () => {
    const medians = Object.fromEntries([...costs].map(([name, cycles]) => [name, median(cycles)]));
    expect(medians).toEqual(Object.fromEntries(MEASURED_COSTS.map(({ path, cycles }) => [path, cycles])));
    for (const cycles of costs.values()) expect(cycles.length).toBeGreaterThan(50);
  });

  it('executes as many instructions as costs.json says', () => {
    const medians = Object.fromEntries([...executed].map(([name, counts]) => [name, median(counts)]));
    expect(medians).toEqual({
      'null call': kept['null system call, without stack'],
      'null call with stack': (kept['system call with stack, besides its function'] ?? 0) + 2,
      tlb_write: 66,
      cid_switch: kept.CIDswitch,
      'exception dispatch': kept['exception dispatch'],
      'refill from the STLB': kept['refill from the STLB'],
      'transfer out': kept['synchronous transfer'],
      'transfer back': kept['synchronous transfer'],
    });
    expect(medians).toEqual(
      Object.fromEntries(MEASURED_COSTS.map(({ path, instructions }) => [path, instructions])),
    );
  });

  it('passes the trace point of each kind of event but those of the network', () => {
    const kinds = EVENTS.map(({ name }) => name).filter((name) => !isNetworkEvent(name));
    expect(kinds.filter((name) => !events.has(name))).toEqual(['kernel-panic']);
  });

  it('halts with a message, and says so to the observer, when its records contradict each other', () => {
    const broken = new KernelMachine(image);
    const { machine, view } = broken;
    const seen = watchEvents(broken);
    while (!isAegisRunning(view) || readHeader(view).tick_count === 0) machine.run(machine.cycle + 1000);
    view.setUint32(AEGIS.EXPORT_PAGES + readHeader(view).free_head * PAGE.size, 7, true);
    broken.runToHalt(LIMIT_CYCLES);
    expect(broken.isHalted).toBe(true);
    expect(seen).toContain('kernel-panic');
    expect(broken.console).toMatch(/Aegis: panic: .*page\.c/);
  });

  it('wipes the seed', () => {
    expect([...kernel.machine.nvram.slice(0x20 - 14, 0x30 - 14)]).toEqual(new Array(16).fill(0));
  });
});
