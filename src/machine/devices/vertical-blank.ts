/**
 * The beat of a video output: one moment of every frame. Frames are counted from cycle 0; their length is not a whole
 * number of cycles, and what is left over never adds up to an error. The timer runs only while someone waits for the
 * moment, so a frame buffer whose interrupt nobody acknowledges costs the host nothing.
 */

import type { Clock, TimerSlot } from '../time/clock.js';

/** A raster, blanking included. */
export interface Raster {
  readonly totalWidth: number;
  readonly totalHeight: number;
  readonly pixelPicoseconds: number;
}

export class VerticalBlank {
  readonly #clock: Clock;
  readonly #slot: TimerSlot;
  /** CPU cycles of a frame. */
  readonly #frameCycles: number;

  constructor(clock: Clock, raster: Raster, onBlank: () => void) {
    this.#clock = clock;
    const pixels = raster.totalWidth * raster.totalHeight;
    this.#frameCycles = (pixels * raster.pixelPicoseconds * clock.hertz) / 1e12;
    this.#slot = clock.register(onBlank);
  }

  /** Fires once, the next time that a frame is `part` of its length old (0 to 1), after the present cycle. */
  await(part = 0): void {
    const { now } = this.#clock;
    let frame = Math.floor(now / this.#frameCycles);
    while (this.#cycleOf(frame + part) <= now) frame++;
    this.#clock.arm(this.#slot, this.#cycleOf(frame + part));
  }

  cancel(): void {
    this.#clock.disarm(this.#slot);
  }

  #cycleOf(frame: number): number {
    return Math.ceil(frame * this.#frameCycles);
  }
}
