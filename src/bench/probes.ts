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
const REFILL_VECTOR = 0x8000_0000;
/** Between these marks and the next, refills are followed. */
const REFILL_MARKS: readonly number[] = [8, 10];
const MAX_REFILL_STEPS = 400;
const STATUS_USER = 2;
/** Exceptions that the experiments look at: Mod, AdEL, CpU, Ov. */
const EXCEPTION_CODES: readonly number[] = [1, 4, 11, 12];
/** From the label to the handler there are a few instructions. */
const MAX_STEPS = 16;

/** What one operation took. */
export interface Cost {
  readonly cycles: number;
  readonly instructions: number;
}

/** What the machine had done when a program marked a place. */
export interface Mark {
  readonly cycle: number;
  readonly instructions: number;
}

export class Probes {
  /** Each mark, by its number, in the order in which they came. */
  readonly #marks: Map<number, Mark[]> = new Map();
  /** From the exception vector to the first instruction of the environment's handler, by ExcCode. */
  readonly dispatches: Map<number, Cost[]> = new Map();
  /** Every protected control transfer. */
  readonly transfers: Mark[] = [];
  /** Each from the exception vector to the first instruction of the callee. */
  readonly transferCosts: Cost[] = [];
  /** From the refill vector back to the instruction that missed: by the software TLB, and by the application. */
  readonly refills: Cost[] = [];
  readonly misses: Cost[] = [];
  readonly #workstation: Workstation;
  #vector: Mark = { cycle: 0, instructions: 0 };
  #following: 'dispatch' | 'transfer' | 'refill' | undefined;
  #isWatchingRefills = false;

  constructor(workstation: Workstation) {
    this.#workstation = workstation;
    const { machine, symbols } = workstation;
    const trace = (symbol: string, handle: Parameters<typeof machine.trace>[1]): void => {
      const address = symbols.aegis?.address(symbol);
      if (address !== undefined) machine.trace(address, handle);
    };
    trace('trace_syscall', ({ cycle, registers }) => {
      const a0 = registers[A0] as number;
      if (registers[V0] !== CALL_ENV_SELF || a0 >>> 16 !== MARK) return;
      this.#mark(a0 & 0xffff, this.#now(cycle));
      this.#isWatchingRefills = REFILL_MARKS.includes(a0 & 0xffff);
    });
    trace('trace_transfer', ({ cycle }) => {
      this.transfers.push(this.#now(cycle));
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
      // While a refill is followed, what the application calls on the way is part of it.
      if (this.#following !== 'refill') this.#vector = this.#now(cycle);
    });
    machine.trace(REFILL_VECTOR, ({ cycle }) => {
      if (!this.#isWatchingRefills || this.#following !== undefined) return;
      this.#vector = this.#now(cycle);
      this.#following = 'refill';
      machine.stop();
    });
  }

  #now(cycle: number): Mark {
    return { cycle, instructions: this.#workstation.machine.statistics().instructions.attempted };
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
      if (following === undefined) return;
      if (following === 'refill') this.#followRefill();
      else if (following === 'dispatch') this.#addDispatch((machine.cpuState().cp0.Cause >>> 2) & 31);
      else this.transferCosts.push(this.#costToUserMode());
      this.#following = undefined;
    }
  }

  /** Steps until the instruction that missed is next; one whose slice ends meanwhile is left out. */
  #followRefill(): void {
    const { machine, symbols } = this.#workstation;
    const { EPC } = machine.cpuState().cp0;
    const miss = symbols.aegis?.address('trace_stlb_miss');
    let isMiss = false;
    for (let step = 0; step < MAX_REFILL_STEPS; step++) {
      machine.step();
      const { pc, cp0 } = machine.cpuState();
      if (pc >>> 0 === miss) isMiss = true;
      if ((cp0.Status & STATUS_USER) === 0 || pc !== EPC) continue;
      (isMiss ? this.misses : this.refills).push(this.#cost());
      return;
    }
  }

  #cost(): Cost {
    const { cycle, instructions } = this.#now(this.#workstation.machine.cycle);
    return { cycles: cycle - this.#vector.cycle, instructions: instructions - this.#vector.instructions };
  }

  #addDispatch(code: number): void {
    const taken = this.#costToUserMode();
    const list = this.dispatches.get(code);
    if (list === undefined) this.dispatches.set(code, [taken]);
    else list.push(taken);
  }

  /** Steps to the first instruction in user mode; what it cost since the exception vector. */
  #costToUserMode(): Cost {
    const { machine } = this.#workstation;
    for (let step = 0; step < MAX_STEPS; step++) {
      if ((machine.cpuState().cp0.Status & STATUS_USER) !== 0) break;
      machine.step();
    }
    return this.#cost();
  }
}

export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
