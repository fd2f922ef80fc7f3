/**
 * External and status conditions of a Z85C30 channel: modem inputs, transmit underrun, break. RR0 shows them as they are
 * until one whose interrupt WR15 enables changes; then all are held as they were at that moment, until the reset command
 * lets them go. A change in between makes itself known by another interrupt right after.
 */

import type { Stateful } from '../snapshot/state.js';
import { RR0 } from './scc-registers.js';

const CONDITIONS = RR0.dcd | RR0.sync | RR0.cts | RR0.underrun | RR0.break;
/** The board ties the modem inputs active. */
const AT_REST = RR0.dcd | RR0.sync | RR0.cts | RR0.underrun;
const WR15_AT_RESET = 0xf8;

export type SccStatusState = {
  readonly inputs: number;
  readonly latched: number;
  readonly shown: number;
  readonly enables: number;
};

export class SccStatus implements Stateful<SccStatusState> {
  /** WR15. */
  enables: number = WR15_AT_RESET;
  #inputs = AT_REST;
  /** What RR0 is held at; -1 while it is not held. */
  #latched = -1;
  /** What software knows: a difference from it in an enabled condition is news. */
  #shown = AT_REST;

  /** Resets the registers; the wires are as they are. */
  reset(): void {
    this.enables = WR15_AT_RESET;
    this.#latched = -1;
    this.#shown = this.#inputs;
  }

  /** These bits of RR0, now. */
  get bits(): number {
    return this.#latched < 0 ? this.#inputs : this.#latched;
  }

  /** Drives a condition; returns whether an enabled one has changed and none was waiting already. */
  set(condition: number, isOn: boolean): boolean {
    this.#inputs = (isOn ? this.#inputs | condition : this.#inputs & ~condition) & CONDITIONS;
    return this.#latch();
  }

  /** The reset external/status interrupts command; returns whether there is more news. */
  release(): boolean {
    if (this.#latched >= 0) this.#shown = this.#latched;
    this.#latched = -1;
    return this.#latch();
  }

  snapshot(): SccStatusState {
    return {
      inputs: this.#inputs,
      latched: this.#latched,
      shown: this.#shown,
      enables: this.enables,
    };
  }

  restore(state: SccStatusState): void {
    this.#inputs = state.inputs;
    this.#latched = state.latched;
    this.#shown = state.shown;
    this.enables = state.enables;
  }

  #latch(): boolean {
    if (this.#latched >= 0) return false;
    const changed = this.#inputs ^ this.#shown;
    this.#shown = (this.#shown & this.enables) | (this.#inputs & ~this.enables);
    if ((changed & this.enables) === 0) return false;
    this.#latched = this.#inputs;
    return true;
  }
}
