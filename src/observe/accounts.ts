/**
 * Cycle accounts per environment. The machine has numbered accounts and charges whatever runs to the one that is set;
 * here account 0 is nobody (boot, idle) and slot n has account n + 1, switched at Aegis's own switch of environments.
 * Slots are used again, so each environment's account is counted from what its slot had when it was created.
 */

import type { CycleAccount, Machine } from '../machine/index.js';
import type { CycleAccountView } from './types.js';

const NOBODY = 0;

export class Accounts {
  readonly #machine: Machine;
  readonly #baselines = new Map<number, CycleAccount>();
  #current = NOBODY;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** From now on cycles are charged to this slot; -1 for nobody. */
  switchTo(slot: number): void {
    this.#current = slot + 1;
    this.#machine.setAccount(this.#current);
  }

  /** A new environment got this slot: its account starts at zero. */
  open(slot: number): void {
    this.flush();
    this.#baselines.set(slot, this.#machine.account(slot + 1));
  }

  of(slot: number): CycleAccountView {
    const now = this.#machine.account(slot + 1);
    const then = this.#baselines.get(slot);
    return then === undefined ? now : difference(now, then);
  }

  get unaccounted(): CycleAccountView {
    return this.#machine.account(NOBODY);
  }

  /** Charges what has run since the last switch; call before reading. */
  flush(): void {
    this.#machine.setAccount(this.#current);
  }
}

export function totalCycles(account: CycleAccountView): number {
  return account.userCycles + account.kernelCycles + account.refillCycles;
}

function difference(now: CycleAccount, then: CycleAccount): CycleAccountView {
  return {
    userCycles: now.userCycles - then.userCycles,
    kernelCycles: now.kernelCycles - then.kernelCycles,
    refillCycles: now.refillCycles - then.refillCycles,
    instructions: now.instructions - then.instructions,
    icacheMisses: now.icacheMisses - then.icacheMisses,
    dcacheMisses: now.dcacheMisses - then.dcacheMisses,
    tlbMisses: now.tlbMisses - then.tlbMisses,
    exceptions: now.exceptions - then.exceptions,
  };
}
