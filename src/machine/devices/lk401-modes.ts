/**
 * How the divisions of an LK401 send their keys, and how fast they repeat: the state that mode commands set. Down only:
 * a code when a key goes down. Auto-repeat: the same, then the metronome while it stays down. Down/up: a code when it
 * goes down and again when it goes up. Defaults: LK201 programming information in EK-104AA-TM.
 */

import type { Stateful } from '../snapshot/state.js';
import { DIVISION_COUNT } from './lk401-keys.js';

export const KEY_MODE = { down: 0, autoRepeat: 1, downUp: 3 } as const;

/** By division, from 1 on. */
const DEFAULT_MODES = [0, 1, 1, 1, 0, 0, 3, 1, 1, 3, 3, 3, 3, 3, 3] as const;
const DEFAULT_BUFFERS = [0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0] as const;
/** Delay before the first repetition, in units of 5 ms, and repetitions per second. */
const DEFAULT_DELAYS = [100, 60, 100, 60] as const;
const DEFAULT_RATES = [30, 30, 40, 40] as const;
const DELAY_SECONDS = 0.005;
/** The manual's lowest rate. */
const MIN_RATE = 12;

export type Lk401ModesState = {
  readonly modes: Uint8Array;
  readonly buffers: Uint8Array;
  readonly delays: Uint8Array;
  readonly rates: Uint8Array;
};

export class Lk401Modes implements Stateful<Lk401ModesState> {
  readonly #modes: Uint8Array = new Uint8Array(DIVISION_COUNT + 1);
  readonly #buffers: Uint8Array = new Uint8Array(DIVISION_COUNT + 1);
  readonly #delays: Uint8Array = new Uint8Array(DEFAULT_DELAYS.length);
  readonly #rates: Uint8Array = new Uint8Array(DEFAULT_RATES.length);

  constructor() {
    this.reset();
  }

  reset(): void {
    this.#modes.set(DEFAULT_MODES);
    this.#buffers.set(DEFAULT_BUFFERS);
    this.#delays.set(DEFAULT_DELAYS);
    this.#rates.set(DEFAULT_RATES);
  }

  modeOf(division: number): number {
    return this.#modes[division] as number;
  }

  /** Seconds that a key of the division is down before it repeats, and repetitions per second from then on. */
  repeatOf(division: number): { readonly delay: number; readonly rate: number } {
    const buffer = this.#buffers[division] as number;
    return {
      delay: (this.#delays[buffer] as number) * DELAY_SECONDS,
      rate: this.#rates[buffer] as number,
    };
  }

  /** The command that changes all that repeats to down only. */
  stopAllRepeating(): void {
    for (let division = 1; division <= DIVISION_COUNT; division++) {
      if (this.#modes[division] === KEY_MODE.autoRepeat) this.#modes[division] = KEY_MODE.down;
    }
  }

  /** A mode command, bit 7 not looked at; false when there is no such division, mode or buffer. */
  set(command: number, parameters: readonly number[]): boolean {
    const division = (command >>> 3) & 15;
    const mode = (command >>> 1) & 3;
    if (division > DIVISION_COUNT) {
      const [delay, rate] = parameters;
      if (delay === undefined || rate === undefined) return false;
      this.#delays[mode] = Math.max(1, delay & 0x7f);
      this.#rates[mode] = Math.max(MIN_RATE, rate & 0x7f);
      return true;
    }
    if (division === 0 || mode === 2) return false;
    this.#modes[division] = mode;
    const [buffer] = parameters;
    if (mode === KEY_MODE.autoRepeat && buffer !== undefined) this.#buffers[division] = buffer & 3;
    return true;
  }

  snapshot(): Lk401ModesState {
    return {
      modes: this.#modes.slice(),
      buffers: this.#buffers.slice(),
      delays: this.#delays.slice(),
      rates: this.#rates.slice(),
    };
  }

  restore(state: Lk401ModesState): void {
    this.#modes.set(state.modes);
    this.#buffers.set(state.buffers);
    this.#delays.set(state.delays);
    this.#rates.set(state.rates);
  }
}
