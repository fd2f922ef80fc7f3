/**
 * What the paper never measured: visible revocation and the abort protocol (sections 3.3, 3.4), by kind of resource and
 * by number. A program that gives is timed from its first instruction with a slice after it was asked to the kernel's
 * word that the demand is met; one that keeps, from the expiry of its deadline to the end of the abort, which is all
 * in the kernel.
 */

import { type MachineChoice, Workstation } from '../workstation/index.js';
import type { Measurement } from './experiments.js';
import type { ExperimentName } from './paper.js';
import { type Cost, difference } from './probes.js';

const SLICE_CYCLES = 500_000;
/** For one step: the boot, the start of a program, a few rounds of the slice vector. */
const GIVE_UP_CYCLES = 200_000_000;
/** How often each demand is made. The first finds cold caches; the fastest, what is left in them by the others. */
const ROUNDS = 5;
const LINE = 1;
const NEWLINE = 10;
const A0 = 4;
const PHYSICAL_SLOT_SIZE = 1024;
const ENV_SLOTS = 32;

interface Demand {
  readonly experiment: ExperimentName;
  readonly resource: string;
  readonly count: number;
}

const PAGE_COUNTS: readonly (1 | 8 | 64)[] = [1, 8, 64];

type Mode = 'give' | 'keep' | 'twice';

/**
 * By what the program `hoard` does: lists of what is demanded of one such program, in this order. One that keeps may
 * lose pages that it needs to go on, so nothing comes after pages.
 */
const DEMANDS: Readonly<Record<Mode, readonly (readonly Demand[])[]>> = {
  give: [
    [
      ...PAGE_COUNTS.map(
        (count): Demand => ({ experiment: `revoke-page-${count}`, resource: 'pages', count }),
      ),
      { experiment: 'revoke-slice-1', resource: 'slices', count: 1 },
    ],
  ],
  keep: [
    [
      { experiment: 'abort-slice-1', resource: 'slices', count: 1 },
      { experiment: 'abort-extent-1', resource: 'extents', count: 1 },
      { experiment: 'abort-line-1', resource: 'lines', count: 1 },
      { experiment: 'abort-filter-1', resource: 'filters', count: 1 },
      { experiment: 'abort-tile-1', resource: 'tiles', count: 1 },
      { experiment: 'abort-page-1', resource: 'pages', count: 1 },
    ],
    [{ experiment: 'abort-page-8', resource: 'pages', count: 8 }],
    [{ experiment: 'abort-page-64', resource: 'pages', count: 64 }],
  ],
  twice: PAGE_COUNTS.map((count): readonly Demand[] => [
    { experiment: `abort-twice-${count}`, resource: 'pages', count },
  ]),
};

/** Runs those of the experiments that are about revocation. */
export function runRevocations(
  wanted: readonly ExperimentName[],
  choice: MachineChoice,
): { readonly measurements: readonly Measurement[]; readonly problems: readonly string[] } {
  const measurements: Measurement[] = [];
  const problems: string[] = [];
  for (const mode of ['give', 'keep', 'twice'] as const) {
    if (!DEMANDS[mode].flat().some(({ experiment }) => wanted.includes(experiment))) continue;
    const run = new RevocationRun(mode, choice);
    measurements.push(...run.measurements.filter(({ experiment }) => wanted.includes(experiment)));
    problems.push(...run.problems);
  }
  return { measurements, problems };
}

/** One machine, on which program after program is started, asked, and killed. */
class RevocationRun {
  readonly problems: string[] = [];
  readonly #mode: Mode;
  readonly #workstation: Workstation;
  readonly #costs: Map<ExperimentName, Cost[]> = new Map();
  #environmentId = 0;
  #isReady = false;
  #hasEnded = false;
  #isOpen = false;
  #start: Cost | undefined;
  #cost: Cost | undefined;

  constructor(mode: Mode, choice: MachineChoice) {
    this.#mode = mode;
    this.#workstation = new Workstation({ ...choice, notice: () => {} });
    const { init } = this.#workstation;
    this.#attach();
    this.#workstation.onOutput = (line, byte) => {
      if (line === LINE && byte === NEWLINE) this.#isReady = true;
    };
    let isBooted = false;
    init.onReady = () => {
      isBooted = true;
    };
    if (!this.#runUntil(() => isBooted)) this.problems.push('the machine did not boot');
    for (let round = 0; round < ROUNDS; round++)
      for (const demands of DEMANDS[mode]) {
        this.#startProgram();
        for (const demand of demands) this.#measure(demand);
        this.#endProgram();
      }
    this.#workstation.dispose();
  }

  get measurements(): readonly Measurement[] {
    const { hertz } = this.#workstation.machine;
    return DEMANDS[this.#mode].flat().map(({ experiment }) => {
      const costs = this.#costs.get(experiment) ?? [];
      const fastest = [...costs].sort((a, b) => a.cycles - b.cycles)[0];
      return {
        experiment,
        cycles: fastest?.cycles,
        instructions: fastest?.instructions,
        first: costs[0],
        count: costs.length,
        hertz,
      };
    });
  }

  #attach(): void {
    const { machine, symbols } = this.#workstation;
    const trace = (symbol: string, handle: (cycle: number, a0: number) => void): void => {
      const address = symbols.aegis?.address(symbol);
      if (address !== undefined)
        machine.trace(address, ({ cycle, registers }) => handle(cycle, registers[A0] as number));
    };
    const done = (cycle: number): Cost => ({
      cycles: cycle,
      instructions: machine.statistics().instructions.attempted,
    });
    const finish = (cycle: number): void => {
      if (this.#start !== undefined) this.#cost ??= difference(this.#start, done(cycle));
    };
    trace('trace_revoke_ask', () => {
      this.#isOpen = true;
    });
    if (this.#mode === 'give') {
      trace('env_enter', (cycle, record) => {
        const slot = (record / PHYSICAL_SLOT_SIZE) & (ENV_SLOTS - 1);
        if (this.#isOpen && this.#start === undefined && slot === (this.#environmentId & (ENV_SLOTS - 1)))
          this.#start = done(cycle);
      });
      trace('trace_revoke_answer', finish);
    } else {
      trace('trace_repossess_begin', (cycle) => {
        if (this.#isOpen) this.#start ??= done(cycle);
      });
      trace('trace_repossess_end', finish);
    }
  }

  #measure({ experiment, resource, count }: Demand): void {
    const { init } = this.#workstation;
    this.#isOpen = false;
    this.#start = undefined;
    this.#cost = undefined;
    let refusal: string | undefined;
    init.revoke(this.#environmentId, resource, count, (reply) => {
      if ('error' in reply) refusal = reply.error;
    });
    this.#runUntil(() => this.#cost !== undefined || refusal !== undefined);
    if (this.#cost === undefined) this.problems.push(`${experiment}: ${refusal ?? 'nothing came of it'}`);
    else this.#costs.set(experiment, [...(this.#costs.get(experiment) ?? []), this.#cost]);
  }

  #startProgram(): void {
    this.#isReady = false;
    this.#hasEnded = false;
    this.#workstation.init.start({
      line: LINE,
      libraryOs: 'exos',
      program: 'hoard',
      arguments: [this.#mode],
      onStarted: (reply) => {
        if ('error' in reply) this.problems.push(`hoard: ${reply.error}`);
        else this.#environmentId = reply.environmentId;
      },
      onEnded: () => {
        this.#hasEnded = true;
      },
    });
    this.#runUntil(() => this.#isReady || this.#hasEnded);
    if (!this.#isReady) this.problems.push(`hoard ${this.#mode} did not start`);
  }

  /** What it lost may have ended it already. */
  #endProgram(): void {
    if (!this.#hasEnded) this.#workstation.init.kill(this.#environmentId, () => {});
    if (!this.#runUntil(() => this.#hasEnded)) this.problems.push(`hoard ${this.#mode} did not end`);
  }

  /** False when it did not come to be. */
  #runUntil(isDone: () => boolean): boolean {
    const { machine } = this.#workstation;
    const end = machine.cycle + GIVE_UP_CYCLES;
    while (!isDone() && this.problems.length === 0 && machine.cycle < end && !this.#workstation.isHalted)
      this.#workstation.run(machine.cycle + SLICE_CYCLES);
    return isDone();
  }
}
