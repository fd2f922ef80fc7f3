/** The sounder of an LK401: the bell and the clicks of keys, counted instead of heard, and their volumes. */

import type { Stateful } from '../snapshot/state.js';
import { LK_COMMAND } from './lk401-protocol.js';

/** 0 is the loudest, 7 the softest. */
const DEFAULT_VOLUME = 2;

export type Lk401SoundState = {
  readonly bellCount: number;
  readonly clickCount: number;
  readonly bellVolume: number;
  readonly clickVolume: number;
  readonly hasBell: boolean;
  readonly hasClicks: boolean;
  readonly hasControlClicks: boolean;
};

export class Lk401Sound implements Stateful<Lk401SoundState> {
  bellCount = 0;
  clickCount = 0;
  #bellVolume = DEFAULT_VOLUME;
  #clickVolume = DEFAULT_VOLUME;
  #hasBell = true;
  #hasClicks = true;
  /** Whether Ctrl clicks as well. */
  #hasControlClicks = false;

  reset(): void {
    this.#bellVolume = DEFAULT_VOLUME;
    this.#clickVolume = DEFAULT_VOLUME;
    this.#hasBell = true;
    this.#hasClicks = true;
    this.#hasControlClicks = false;
  }

  /** 0 (loudest) to 7; undefined while it is off. */
  get bellVolume(): number | undefined {
    return this.#hasBell ? this.#bellVolume : undefined;
  }

  get clickVolume(): number | undefined {
    return this.#hasClicks ? this.#clickVolume : undefined;
  }

  /** A key goes down; shift keys make no sound. */
  keyDown(key: string): void {
    if (!this.#hasClicks || key.endsWith('shift')) return;
    if (key !== 'control' || this.#hasControlClicks) this.clickCount++;
  }

  /** False when the command is none of the sounder's. */
  execute(command: number, parameter: number | undefined): boolean {
    const volume = parameter === undefined ? undefined : parameter & 7;
    switch (command) {
      case LK_COMMAND.bellOff:
      case LK_COMMAND.bellOn:
        this.#hasBell = command === LK_COMMAND.bellOn;
        this.#bellVolume = volume ?? this.#bellVolume;
        return true;
      case LK_COMMAND.bell:
        if (this.#hasBell) this.bellCount++;
        return true;
      case LK_COMMAND.clickOff:
      case LK_COMMAND.clickOn:
        this.#hasClicks = command === LK_COMMAND.clickOn;
        this.#clickVolume = volume ?? this.#clickVolume;
        return true;
      case LK_COMMAND.click:
        this.clickCount++;
        return true;
      case LK_COMMAND.controlClickOff:
      case LK_COMMAND.controlClickOn:
        this.#hasControlClicks = command === LK_COMMAND.controlClickOn;
        return true;
      default:
        return false;
    }
  }

  snapshot(): Lk401SoundState {
    return {
      bellCount: this.bellCount,
      clickCount: this.clickCount,
      bellVolume: this.#bellVolume,
      clickVolume: this.#clickVolume,
      hasBell: this.#hasBell,
      hasClicks: this.#hasClicks,
      hasControlClicks: this.#hasControlClicks,
    };
  }

  restore(state: Lk401SoundState): void {
    this.bellCount = state.bellCount;
    this.clickCount = state.clickCount;
    this.#bellVolume = state.bellVolume;
    this.#clickVolume = state.clickVolume;
    this.#hasBell = state.hasBell;
    this.#hasClicks = state.hasClicks;
    this.#hasControlClicks = state.hasControlClicks;
  }
}
