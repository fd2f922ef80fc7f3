/**
 * The cycle clock: the only time there is. Chips arm timer slots; the machine runs the CPU up to the earliest armed
 * cycle and then fires what is due, in order of cycle and, within a cycle, of registration. Slots are few and fixed
 * after construction, so a snapshot is a list of numbers.
 */

import { inRange, type Stateful } from '../snapshot/state.js';

export type TimerSlot = number;

/** Five years at 25 MHz; twice as much still counts exactly. */
const MAX_CYCLE = 2 ** 52;

/** Present cycle, and what each slot is armed for (Infinity = not at all), in order of registration. */
export type ClockState = { readonly now: number; readonly due: readonly number[] };

export class Clock implements Stateful<ClockState> {
  /** Current CPU cycle; exact whenever a chip is called. */
  now = 0;
  /** Cycle of the earliest armed slot; Infinity when none is. */
  nextAt: number = Infinity;
  readonly #due: number[] = [];
  readonly #actions: ((cycle: number) => void)[] = [];

  /** CPU clock rate: cycles per second. */
  readonly hertz: number;

  constructor(hertz: number) {
    this.hertz = hertz;
  }

  /** Adds a timer slot, unarmed. Call while building the board only. */
  register(action: (cycle: number) => void): TimerSlot {
    this.#due.push(Infinity);
    this.#actions.push(action);
    return this.#due.length - 1;
  }

  /** Arms a slot for an absolute cycle (replaces what was armed before). A cycle in the past fires at once. */
  arm(slot: TimerSlot, cycle: number): void {
    this.#due[slot] = cycle;
    this.#refresh();
  }

  disarm(slot: TimerSlot): void {
    if (this.#due[slot] !== Infinity) {
      this.#due[slot] = Infinity;
      this.#refresh();
    }
  }

  /** Absolute cycle the slot is armed for, Infinity when it is not. */
  dueAt(slot: TimerSlot): number {
    return this.#due[slot] ?? Infinity;
  }

  /** Fires everything due at or before `now`. */
  fire(): void {
    while (this.nextAt <= this.now) {
      const slot = this.#due.indexOf(this.nextAt);
      const due = this.nextAt;
      this.#due[slot] = Infinity;
      this.#refresh();
      this.#actions[slot]?.(due);
    }
  }

  snapshot(): ClockState {
    return { now: this.now, due: [...this.#due] };
  }

  restore(state: ClockState): void {
    if (state.due.length !== this.#due.length) throw new RangeError('another number of timers');
    this.now = inRange(state.now, 0, MAX_CYCLE);
    state.due.forEach((cycle, slot) => {
      // What was due has been done by the time that a state is saved.
      this.#due[slot] = inRange(cycle, state.now, Infinity);
    });
    this.#refresh();
  }

  #refresh(): void {
    let next = Infinity;
    for (const due of this.#due) if (due < next) next = due;
    this.nextAt = next;
  }
}
