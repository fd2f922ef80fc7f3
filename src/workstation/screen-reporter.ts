/**
 * Reports the machine's screen while somebody looks: scaled to the size that was asked for, at most ten times a second, and
 * only when picture, lamps or bell have changed.
 */

import type { Machine } from '../machine/index.js';
import type { ScreenReport } from './messages.js';
import { ScreenScaler } from './screen-scaler.js';

const PERIOD_MILLISECONDS = 100;

/** The most square pixels that a picture may have. */
interface Size {
  readonly width: number;
  readonly height: number;
}

export class ScreenReporter {
  readonly #machine: Machine;
  readonly #report: (screen: ScreenReport) => void;
  readonly #scaler = new ScreenScaler();
  #size: Size | undefined;
  #lastAt = 0;
  #last = '';

  constructor(machine: Machine, report: (screen: ScreenReport) => void) {
    this.#machine = machine;
    this.#report = report;
  }

  /** Another size, or undefined when nobody looks any more. The picture follows at once. */
  follow(size: Size | undefined): void {
    this.#size = size;
    this.#last = '';
    this.look(true);
  }

  look(isForced: boolean): void {
    const now = performance.now();
    if (this.#size === undefined || (!isForced && now - this.#lastAt < PERIOD_MILLISECONDS)) return;
    this.#lastAt = now;
    const { screen, keyboard } = this.#machine;
    const { leds, bellCount } = keyboard;
    const shown = `${screen.generation} ${leds} ${bellCount}`;
    if (shown === this.#last) return;
    this.#last = shown;
    this.#report({
      frameWidth: screen.width,
      frameHeight: screen.height,
      picture: this.#scaler.scale(screen, this.#size.width, this.#size.height),
      leds,
      bellCount,
    });
  }
}
