/**
 * Measuring from outside: trace points that note cycles while a guest program runs a loop. The guest is not changed and
 * pays nothing; what is measured is what the loop costs it, loop overhead included, as in the paper.
 */

import type { Workstation } from '../workstation/index.js';

/** A program marks its phases by the call `env_self` with this in the upper half of a0, a number in the lower. */
const MARK = 0xbe7c;
const CALL_ENV_SELF = 3;
const V0 = 2;
const A0 = 4;
const GENERAL_VECTOR = 0x8000_0080;
const STATUS_USER = 2;
/** Exceptions that the experiments look at: Mod, AdEL, CpU, Ov. */
const EXCEPTION_CODES: readonly number[] = [1, 4, 11, 12];
/** From the label to the handler there are a few instructions. */
const MAX_STEPS = 16;

/** What the machine had done when a program marked a place. */
export interface Mark {
  readonly cycle: number;
  readonly instructions: number;
}

export class Probes {
  /** Each mark, by its number, in the order in which they came. */
  readonly #marks: Map<number, Mark[]> = new Map();
  /** Cycles from the exception vector to the first instruction of the environment's handler, by ExcCode. */
  readonly dispatches: Map<number, number[]> = new Map();
  /** Cycle of every protected control transfer. */
  readonly transfers: number[] = [];
  /** Cycles of each from the exception vector to the first instruction of the callee. */
  readonly transferCosts: number[] = [];
  readonly #workstation: Workstation;
  #vectorCycle = 0;
  #following: 'dispatch' | 'transfer' | undefined;

  constructor(workstation: Workstation) {
    this.#workstation = workstation;
    const { machine, symbols } = workstation;
    const trace = (symbol: string, handle: Parameters<typeof machine.trace>[1]): void => {
      const address = symbols.aegis?.address(symbol);
      if (address !== undefined) machine.trace(address, handle);
    };
    trace('trace_syscall', ({ cycle, registers }) => {
      const a0 = registers[A0] as number;
      if (registers[V0] === CALL_ENV_SELF && a0 >>> 16 === MARK)
        this.#mark(a0 & 0xffff, { cycle, instructions: machine.statistics().instructions.attempted });
    });
    trace('trace_transfer', ({ cycle }) => {
      this.transfers.push(cycle);
      this.#following = 'transfer';
      machine.stop();
    });
    for (const code of EXCEPTION_CODES) {
      trace(`forward_${code}`, () => {
        this.#following = 'dispatch';
        machine.stop();
      });
    }
    machine.trace(GENERAL_VECTOR, ({ cycle }) => {
      this.#vectorCycle = cycle;
    });
  }

  #mark(number: number, mark: Mark): void {
    const list = this.#marks.get(number);
    if (list === undefined) this.#marks.set(number, [mark]);
    else list.push(mark);
  }

  /**
   * What was done between a mark and the next number's, in the fastest of the rounds: the one with warm caches that no
   * tick of the clock fell into.
   */
  fastest(number: number): Mark | undefined {
    const ends = this.#marks.get(number + 1) ?? [];
    const rounds = (this.#marks.get(number) ?? []).flatMap((start, round) => {
      const end = ends[round];
      return end === undefined
        ? []
        : [{ cycle: end.cycle - start.cycle, instructions: end.instructions - start.instructions }];
    });
    return rounds.sort((a, b) => a.cycle - b.cycle)[0];
  }

  /** Runs on; stops at nothing but the limit, though what enters user mode is followed there on the way. */
  run(untilCycle: number): void {
    const { machine } = this.#workstation;
    while (machine.cycle < untilCycle && !this.#workstation.isHalted) {
      this.#workstation.run(untilCycle);
      const following = this.#following;
      this.#following = undefined;
      if (following === undefined) return;
      if (following === 'dispatch') this.#addDispatch((machine.cpuState().cp0.Cause >>> 2) & 31);
      else this.transferCosts.push(this.#cyclesToUserMode());
    }
  }

  #addDispatch(code: number): void {
    const taken = this.#cyclesToUserMode();
    const list = this.dispatches.get(code);
    if (list === undefined) this.dispatches.set(code, [taken]);
    else list.push(taken);
  }

  /** Steps to the first instruction in user mode; cycles since the exception vector. */
  #cyclesToUserMode(): number {
    const { machine } = this.#workstation;
    for (let step = 0; step < MAX_STEPS; step++) {
      if ((machine.cpuState().cp0.Status & STATUS_USER) !== 0) break;
      machine.step();
    }
    return machine.cycle - this.#vectorCycle;
  }
}

export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
