/**
 * Measuring from outside. A guest program calls `bench_begin` and `bench_end` around its loops; at the first instruction
 * of each the machine is stopped, and cycles and instructions are read off it. Between two marks, entries into Aegis are
 * followed from their vector to the next instruction in user mode. The guest is not changed and pays nothing.
 *
 * User addresses are virtual and programs share them: a mark counts when the environment that has the processor, by
 * Aegis's exported tables, runs the program that the symbols are of.
 */

import { currentProgram } from '../observe/index.js';
import type { Workstation } from '../workstation/index.js';
import { MARK } from './marks.js';

const A0 = 4;
const CAUSE = 13;
const STATUS_USER = 2;
const GENERAL_VECTOR = 0x8000_0080;
const REFILL_VECTOR = 0x8000_0000;
/** Entries that are followed, of each loop. */
const MAX_ENTRIES = 64;
/** The longest way is a refill by the library OS. */
const MAX_STEPS = 1000;

/** What was done between two places. */
export interface Cost {
  readonly cycles: number;
  readonly instructions: number;
}

/** What lay between a begin and an end. */
export interface Loop extends Cost {
  /** What an entry into Aegis cost, as a rule, from the vector to user mode; undefined when few or none were made. */
  readonly entry: Cost | undefined;
}

interface OpenLoop {
  readonly mark: number;
  readonly start: Cost;
  readonly entries: Cost[];
}

export class Probes {
  readonly #workstation: Workstation;
  readonly #program: string;
  readonly #beginAddress: number | undefined;
  readonly #endAddress: number | undefined;
  readonly #loops: Map<number, Loop[]> = new Map();
  #open: OpenLoop | undefined;
  /** Where an entry that is to be followed began. */
  #entry: Cost | undefined;

  /** `program`: whose marks are meant. */
  constructor(workstation: Workstation, program: string) {
    this.#workstation = workstation;
    this.#program = program;
    const { machine, symbols } = workstation;
    const image = symbols.images.get(program);
    this.#beginAddress = image?.address('bench_begin');
    this.#endAddress = image?.address('bench_end');
    for (const address of [this.#beginAddress, this.#endAddress])
      if (address !== undefined) machine.debugPort.addBreakpoint(address);
    machine.trace(GENERAL_VECTOR, ({ cycle }) => {
      const isInterrupt = (machine.debugPort.readRegister('cp0', CAUSE) & 0x7c) === 0;
      if (!isInterrupt) this.#enter(false, cycle);
    });
    machine.trace(REFILL_VECTOR, ({ cycle }) => this.#enter(true, cycle));
  }

  /** The fastest of a mark's loops: the one with warm caches that no tick of the clock fell into. */
  fastest(mark: number): Loop | undefined {
    return [...(this.#loops.get(mark) ?? [])].sort((a, b) => a.cycles - b.cycles)[0];
  }

  /** Runs to the limit; stops at marks and entries on the way. */
  run(untilCycle: number): void {
    const { machine } = this.#workstation;
    const isDone = (): boolean => machine.cycle >= untilCycle || this.#workstation.isHalted;
    while (!isDone()) {
      this.#workstation.run(untilCycle);
      const { stop } = machine.debugPort;
      if (stop !== undefined) this.#pass(stop.address);
      else if (this.#entry !== undefined) this.#follow(this.#entry);
      else return;
    }
  }

  #done(cycle: number = this.#workstation.machine.cycle): Cost {
    return {
      cycles: cycle,
      instructions: this.#workstation.machine.statistics().instructions.attempted,
    };
  }

  #pass(address: number): void {
    const { machine } = this.#workstation;
    if (currentProgram(machine.ram) !== this.#program) return;
    const mark = machine.debugPort.readRegister('general', A0);
    if (address === this.#beginAddress) this.#open = { mark, start: this.#done(), entries: [] };
    else if (address === this.#endAddress && this.#open?.mark === mark) {
      const { start, entries } = this.#open;
      const loop = {
        ...difference(start, this.#done()),
        entry: entries.length < MAX_ENTRIES ? undefined : medianCost(entries),
      };
      this.#loops.set(mark, [...(this.#loops.get(mark) ?? []), loop]);
      this.#open = undefined;
    }
  }

  /**
   * The processor is at a vector: to be followed when this is between two marks, and few were. Refills are what some
   * loops are about, and elsewhere chance.
   */
  #enter(isRefill: boolean, cycle: number): void {
    if (this.#open === undefined || this.#entry !== undefined) return;
    if (isRefill !== isAboutRefills(this.#open.mark) || this.#open.entries.length >= MAX_ENTRIES) return;
    const { machine } = this.#workstation;
    if (currentProgram(machine.ram) !== this.#program) return;
    this.#entry = this.#done(cycle);
    machine.stop();
  }

  /** Steps to user mode; after a refill, to the instruction that missed. One whose slice ends meanwhile is left out. */
  #follow(start: Cost): void {
    const { machine, symbols } = this.#workstation;
    const missAddress = symbols.aegis?.address('trace_stlb_miss');
    const mark = this.#open?.mark ?? 0;
    const isRefill = isAboutRefills(mark);
    const missed = machine.cpuState().cp0.EPC;
    let isMiss = false;
    for (let step = 0; step < MAX_STEPS; step++) {
      const { pc, cp0 } = machine.cpuState();
      if (pc >>> 0 === missAddress) isMiss = true;
      if ((cp0.Status & STATUS_USER) !== 0 && (!isRefill || pc === missed)) {
        if (!isRefill || isMiss === (mark === MARK.stlbMiss))
          this.#open?.entries.push(difference(start, this.#done()));
        break;
      }
      machine.step();
    }
    this.#entry = undefined;
  }
}

function isAboutRefills(mark: number): boolean {
  return mark === MARK.stlbHit || mark === MARK.stlbMiss;
}

export function difference(from: Cost, to: Cost): Cost {
  return { cycles: to.cycles - from.cycles, instructions: to.instructions - from.instructions };
}

function medianCost(costs: readonly Cost[]): Cost | undefined {
  const cycles = median(costs.map((one) => one.cycles));
  const instructions = median(costs.map((one) => one.instructions));
  return cycles === undefined || instructions === undefined ? undefined : { cycles, instructions };
}

export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
