/**
 * Pacing: how far the machine may run by now, and how long to sleep when it is there. The only place where emulated
 * cycles meet the wall clock; the machine itself never learns of it. A machine that cannot keep up is not chased: what
 * is more than a quarter of a second late is forgotten.
 */

import type { Speed } from './messages.js';

const MAX_LAG_MILLISECONDS = 250;
/** Without a pace: cycles between two looks at messages and signals. */
const FREE_SLICE_CYCLES = 2_000_000;
const PACED_SLICE_MILLISECONDS = 15;
/** At any speed: signals and messages are looked at that often. */
const MAX_SLICE_CYCLES = 10_000_000;

export class Pacer {
  readonly #hertz: number;
  readonly #now: () => number;
  #speed: Speed = 'max';
  #startCycle = 0;
  #startMilliseconds = 0;
  /** More is due than fits into one slice. */
  #isBehind = false;

  /** `now` gives milliseconds and never goes back. */
  constructor(hertz: number, now: () => number = () => performance.now()) {
    this.#hertz = hertz;
    this.#now = now;
  }

  get speed(): Speed {
    return this.#speed;
  }

  /** Sets the speed, and starts counting from this cycle; call it again when a pause ends. */
  restart(speed: Speed, cycle: number): void {
    this.#speed = speed;
    this.#startCycle = cycle;
    this.#startMilliseconds = this.#now();
  }

  /** The cycle to run to next, at least `cycle`. */
  target(cycle: number): number {
    if (this.#speed === 'max') return cycle + FREE_SLICE_CYCLES;
    const wanted = this.#pacedTarget(cycle, this.#speed);
    this.#isBehind = wanted - cycle > MAX_SLICE_CYCLES;
    return this.#isBehind ? cycle + MAX_SLICE_CYCLES : wanted;
  }

  #pacedTarget(cycle: number, speed: number): number {
    const elapsed = this.#now() - this.#startMilliseconds;
    const cyclesPerMillisecond = (this.#hertz * speed) / 1000;
    const target = Math.floor(this.#startCycle + elapsed * cyclesPerMillisecond);
    if (target - cycle > MAX_LAG_MILLISECONDS * cyclesPerMillisecond) {
      this.restart(speed, cycle);
      return cycle + Math.floor(PACED_SLICE_MILLISECONDS * cyclesPerMillisecond);
    }
    return Math.max(cycle, target);
  }

  /** Milliseconds to sleep before the next slice; 0 = only look at messages. */
  get sleepMilliseconds(): number {
    return this.#speed === 'max' || this.#isBehind ? 0 : PACED_SLICE_MILLISECONDS;
  }
}
