/** One interrupt wire with several chips on it: raised while any of them pulls. */

import type { Stateful } from '../snapshot/state.js';

type SharedWireState = { readonly pulling: number };

export class SharedWire implements Stateful<SharedWireState> {
  readonly #drive: (isRaised: boolean) => void;
  /** A bit for each chip. */
  #pulling = 0;

  constructor(drive: (isRaised: boolean) => void) {
    this.#drive = drive;
  }

  set(chip: number, isRaised: boolean): void {
    this.#pulling = isRaised ? this.#pulling | (1 << chip) : this.#pulling & ~(1 << chip);
    this.#drive(this.#pulling !== 0);
  }

  snapshot(): SharedWireState {
    return { pulling: this.#pulling };
  }

  restore(state: SharedWireState): void {
    this.#pulling = state.pulling;
  }
}
