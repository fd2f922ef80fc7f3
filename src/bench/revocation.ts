/**
 * What the paper never measured: visible revocation and the abort protocol (sections 3.3, 3.4), by kind of resource and
 * by number. A program that gives is timed from its first instruction with a slice after it was asked to the kernel's
 * word that the demand is met; one that keeps, from the expiry of its deadline to the end of the abort, which is all
 * in the kernel.
 */

import { type MachineChoice, Workstation } from '../workstation/index.js';
import type { Measurement } from './experiments.js';
import type { ExperimentName } from './paper.js';

const SLICE_CYCLES = 500_000;
/** For one demand: a few rounds of the slice vector. */
const GIVE_UP_CYCLES = 100_000_000;
const BOOT_CYCLES = 200_000_000;
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

/** In this order, on one machine each: what `hoard` still has allows it. */
type Mode = 'give' | 'keep' | 'twice';

const DEMANDS: Readonly<Record<Mode, readonly Demand[]>> = {
  give: [
    ...PAGE_COUNTS.map((count): Demand => ({ experiment: `revoke-page-${count}`, resource: 'pages', count })),
    { experiment: 'revoke-slice-1', resource: 'slices', count: 1 },
  ],
  keep: [
    ...PAGE_COUNTS.map((count): Demand => ({ experiment: `abort-page-${count}`, resource: 'pages', count })),
    { experiment: 'abort-slice-1', resource: 'slices', count: 1 },
    { experiment: 'abort-extent-1', resource: 'extents', count: 1 },
    { experiment: 'abort-line-1', resource: 'lines', count: 1 },
  ],
  twice: PAGE_COUNTS.map(
    (count): Demand => ({ experiment: `abort-twice-${count}`, resource: 'pages', count }),
  ),
};

export const REVOCATIONS: readonly ExperimentName[] = Object.values(DEMANDS)
  .flat()
  .map(({ experiment }) => experiment);

/** Runs the experiments of these that are among REVOCATIONS. */
export function runRevocations(
  wanted: readonly ExperimentName[],
  choice: MachineChoice,
): { readonly measurements: readonly Measurement[]; readonly problems: readonly string[] } {
  const measurements: Measurement[] = [];
  const problems: string[] = [];
  for (const mode of ['give', 'keep', 'twice'] as const) {
    if (!DEMANDS[mode].some(({ experiment }) => wanted.includes(experiment))) continue;
    const run = new RevocationRun(mode, choice);
    measurements.push(...run.measurements.filter(({ experiment }) => wanted.includes(experiment)));
    problems.push(...run.problems);
  }
  return { measurements, problems };
}

class RevocationRun {
  readonly measurements: Measurement[] = [];
  readonly problems: string[] = [];
  readonly #workstation: Workstation;
  #environmentId = 0;
  #isReady = false;
  #isOpen = false;
  #start: { readonly cycle: number; readonly instructions: number } | undefined;
  #cost: { readonly cycles: number; readonly instructions: number } | undefined;

  constructor(mode: Mode, choice: MachineChoice) {
    this.#workstation = new Workstation({ ...choice, notice: () => {} });
    this.#attach(mode);
    this.#startProgram(mode);
    this.#runUntil(() => this.#isReady, BOOT_CYCLES);
    if (!this.#isReady) this.problems.push(`hoard ${mode} did not start`);
    else for (const demand of DEMANDS[mode]) this.#measure(demand);
    this.#workstation.dispose();
  }

  #startProgram(mode: string): void {
    const { init } = this.#workstation;
    this.#workstation.onOutput = (line, byte) => {
      if (line === LINE && byte === NEWLINE) this.#isReady = true;
    };
    init.onReady = () =>
      init.start({
        line: LINE,
        libraryOs: 'exos',
        program: 'hoard',
        arguments: [mode],
        onStarted: (reply) => {
          if ('error' in reply) this.problems.push(`hoard: ${reply.error}`);
          else this.#environmentId = reply.environmentId;
        },
        onEnded: () => this.problems.push(`hoard ${mode} ended`),
      });
  }

  #attach(mode: Mode): void {
    const { machine, symbols } = this.#workstation;
    const trace = (symbol: string, handle: (cycle: number, a0: number) => void): void => {
      const address = symbols.aegis?.address(symbol);
      if (address !== undefined)
        machine.trace(address, ({ cycle, registers }) => handle(cycle, registers[A0] as number));
    };
    const now = (cycle: number): { readonly cycle: number; readonly instructions: number } => ({
      cycle,
      instructions: machine.statistics().instructions.attempted,
    });
    const finish = (cycle: number): void => {
      if (this.#start === undefined) return;
      const end = now(cycle);
      this.#cost = {
        cycles: end.cycle - this.#start.cycle,
        instructions: end.instructions - this.#start.instructions,
      };
    };
    trace('trace_revoke_ask', () => {
      this.#isOpen = true;
    });
    if (mode === 'give') {
      trace('env_enter', (cycle, record) => {
        const slot = (record / PHYSICAL_SLOT_SIZE) & (ENV_SLOTS - 1);
        if (this.#isOpen && this.#start === undefined && slot === (this.#environmentId & (ENV_SLOTS - 1)))
          this.#start = now(cycle);
      });
      trace('trace_revoke_answer', finish);
    } else {
      trace('trace_repossess_begin', (cycle) => {
        this.#start = now(cycle);
      });
      trace('trace_repossess_end', finish);
    }
  }

  #measure({ experiment, resource, count }: Demand): void {
    const { machine, init } = this.#workstation;
    this.#isOpen = false;
    this.#start = undefined;
    this.#cost = undefined;
    let refusal: string | undefined;
    init.revoke(this.#environmentId, resource, count, (reply) => {
      if ('error' in reply) refusal = reply.error;
    });
    this.#runUntil(() => this.#cost !== undefined || refusal !== undefined, GIVE_UP_CYCLES);
    if (refusal !== undefined) this.problems.push(`${experiment}: ${refusal}`);
    const cost = this.#cost as { readonly cycles: number; readonly instructions: number } | undefined;
    this.measurements.push({
      experiment,
      cycles: cost?.cycles,
      instructions: cost?.instructions,
      count: cost === undefined ? 0 : 1,
      hertz: machine.hertz,
    });
  }

  #runUntil(isDone: () => boolean, cycles: number): void {
    const { machine } = this.#workstation;
    const end = machine.cycle + cycles;
    while (!isDone() && this.problems.length === 0 && machine.cycle < end && !this.#workstation.isHalted)
      this.#workstation.run(machine.cycle + SLICE_CYCLES);
  }
}
