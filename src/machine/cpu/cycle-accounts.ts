/**
 * Who is charged for what the machine does: 64 accounts, one of them current, and in it user mode, kernel mode and TLB
 * refills apart. An observer names the current one; the CPU says when the mode changes. What ran since the last mark is
 * charged at the next, so that nothing is counted twice or not at all.
 */

import type { CycleAccount } from '../machine-types.js';
import { ACCOUNT, COUNTER, type GuestMemory, LAYOUT } from '../memory/layout.js';
import type { Stateful } from '../snapshot/state.js';

/** Cycle accounts and what has not been charged yet: what observers made of the run, no part of the guest. */
export type AccountState = {
  readonly accounts: Float64Array;
  readonly base: number;
  readonly mode: number;
  readonly markCycles: number;
  readonly markInstructions: number;
  readonly markIcache: number;
  readonly markDcache: number;
};

export class CycleAccounts implements Stateful<AccountState> {
  readonly #accounts: Float64Array;
  readonly #counters: Float64Array;
  #base = 0;
  #mode = ACCOUNT.kernelCycles as number;
  #markCycles = 0;
  #markInstructions = 0;
  #markIcache = 0;
  #markDcache = 0;

  constructor({ buffer }: GuestMemory) {
    this.#accounts = new Float64Array(buffer, LAYOUT.accounts, ACCOUNT.length * ACCOUNT.count);
    this.#counters = new Float64Array(buffer, LAYOUT.counters, 32);
  }

  /** An exception is taken, in user mode or not; `cycle` and `instructions` are the machine's totals. */
  enter(wasUser: boolean, isRefill: boolean, cycle: number, instructions: number): void {
    const at = this.#base;
    const accounts = this.#accounts;
    accounts[at + ACCOUNT.exceptions] = (accounts[at + ACCOUNT.exceptions] as number) + 1;
    if (isRefill) accounts[at + ACCOUNT.tlbMisses] = (accounts[at + ACCOUNT.tlbMisses] as number) + 1;
    // A refill inside of a refill is one; in the kernel it is the kernel's, and so is a refill that turns into more.
    const staysRefill = isRefill && (wasUser || this.#mode === ACCOUNT.refillCycles);
    this.#charge(cycle, instructions, staysRefill ? ACCOUNT.refillCycles : ACCOUNT.kernelCycles);
  }

  /** User mode begins. */
  leave(cycle: number, instructions: number): void {
    this.#charge(cycle, instructions, ACCOUNT.userCycles);
  }

  /** Charges everything up to `cycle` to the account named so far, then names another (0..63). */
  name(index: number, cycle: number, instructions: number): void {
    this.#charge(cycle, instructions, this.#mode);
    this.#base = (index & (ACCOUNT.count - 1)) * ACCOUNT.length;
  }

  read(index: number): CycleAccount {
    const at = (index & (ACCOUNT.count - 1)) * ACCOUNT.length;
    const field = (offset: number): number => this.#accounts[at + offset] as number;
    return {
      userCycles: field(ACCOUNT.userCycles),
      kernelCycles: field(ACCOUNT.kernelCycles),
      refillCycles: field(ACCOUNT.refillCycles),
      instructions: field(ACCOUNT.instructions),
      icacheMisses: field(ACCOUNT.icacheMisses),
      dcacheMisses: field(ACCOUNT.dcacheMisses),
      tlbMisses: field(ACCOUNT.tlbMisses),
      exceptions: field(ACCOUNT.exceptions),
    };
  }

  snapshot(): AccountState {
    return {
      accounts: this.#accounts.slice(),
      base: this.#base,
      mode: this.#mode,
      markCycles: this.#markCycles,
      markInstructions: this.#markInstructions,
      markIcache: this.#markIcache,
      markDcache: this.#markDcache,
    };
  }

  restore(state: AccountState): void {
    this.#accounts.set(state.accounts);
    this.#base = state.base;
    this.#mode = state.mode;
    this.#markCycles = state.markCycles;
    this.#markInstructions = state.markInstructions;
    this.#markIcache = state.markIcache;
    this.#markDcache = state.markDcache;
  }

  /** Charges what ran since the last mark to the current account and mode, then switches the mode. */
  #charge(cycle: number, instructions: number, nextMode: number): void {
    const accounts = this.#accounts;
    const counters = this.#counters;
    const at = this.#base;
    const mode = at + this.#mode;
    accounts[mode] = (accounts[mode] as number) + (cycle - this.#markCycles);
    const icache = counters[COUNTER.icacheMisses] as number;
    const dcache = counters[COUNTER.dcacheMisses] as number;
    accounts[at + ACCOUNT.instructions] =
      (accounts[at + ACCOUNT.instructions] as number) + (instructions - this.#markInstructions);
    accounts[at + ACCOUNT.icacheMisses] =
      (accounts[at + ACCOUNT.icacheMisses] as number) + (icache - this.#markIcache);
    accounts[at + ACCOUNT.dcacheMisses] =
      (accounts[at + ACCOUNT.dcacheMisses] as number) + (dcache - this.#markDcache);
    this.#markCycles = cycle;
    this.#markInstructions = instructions;
    this.#markIcache = icache;
    this.#markDcache = dcache;
    this.#mode = nextMode;
  }
}
