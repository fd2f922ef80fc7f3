/**
 * DC503, the KN01's programmable cursor chip: a cursor of 16x16 pixels in two planes, and two region detectors, the second of
 * which gives the board its vertical interrupt at its top line. Sixteen-bit registers, four bytes apart, all write-only
 * on the metal; here they read as written. Coordinates count from the sync pulses: the screen's top left pixel is
 * (212, 34). Sources: pmreg.h and pm.c of NetBSD, after Sprite.
 */

import type { AccessSize, Device } from '../memory/bus.js';
import type { Stateful } from '../snapshot/state.js';
import type { Clock } from '../time/clock.js';
import { fromLanes, toLanes } from './lanes.js';
import { putPixel } from './screen.js';
import { type Raster, VerticalBlank } from './vertical-blank.js';

export const DC503_REGISTER = {
  command: 0x00,
  x: 0x04,
  y: 0x08,
  top2: 0x34,
  memory: 0x3c,
} as const;

export const DC503_COMMAND = {
  enableA: 0x0001,
  /** Plane A is 1 everywhere. */
  forceA: 0x0002,
  enableB: 0x0004,
  forceB: 0x0008,
  enableRegion2: 0x0400,
  load: 0x1000,
} as const;

const LEFT = 212;
const TOP = 34;
const CURSOR_SIZE = 16;
const REGISTER_COUNT = 16;
const COORDINATE_MASK = 0xfff;
/** Overlay inputs of the video DAC that the planes drive. */
const PLANE_A = 8;
const PLANE_B = 4;
/** MAME's KN01: 69.1698 MHz. */
const RASTER: Raster = { totalWidth: 1280, totalHeight: 901, pixelPicoseconds: 1e6 / 69.1698 };

export type Dc503State = {
  readonly registers: Int32Array;
  readonly planes: Int32Array;
  readonly loaded: number;
};

export class Dc503 implements Device, Stateful<Dc503State> {
  readonly #registers: Int32Array = new Int32Array(REGISTER_COUNT);
  /** Lines of plane A, then of plane B; bit 0 is the leftmost pixel. */
  readonly #planes: Int32Array = new Int32Array(2 * CURSOR_SIZE);
  readonly #blank: VerticalBlank;
  readonly #onChange: () => void;
  /** Lines loaded since the load bit was set. */
  #loaded = 0;

  /** `onRegion` is called once a frame while the second region detector is on. */
  constructor(clock: Clock, onRegion: () => void, onChange: () => void) {
    this.#onChange = onChange;
    this.#blank = new VerticalBlank(clock, RASTER, () => {
      onRegion();
      this.#await();
    });
  }

  reset(): void {
    this.#registers.fill(0);
    this.#planes.fill(0);
    this.#loaded = 0;
    this.#blank.cancel();
    this.#onChange();
  }

  read(offset: number, size: AccessSize): number {
    return fromLanes(this.#register(offset & 0x3c), offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    const register = offset & 0x3c;
    const before = this.#register(register);
    const after = toLanes(before, offset, value, size) & 0xffff;
    this.#registers[register >>> 2] = after;
    if (register === DC503_REGISTER.memory) this.#load(after);
    else if (register === DC503_REGISTER.command) {
      if (after & ~before & DC503_COMMAND.load) this.#loaded = 0;
      if ((after ^ before) & DC503_COMMAND.enableRegion2) this.#await();
    } else if (register === DC503_REGISTER.top2 && after !== before) this.#await();
    this.#onChange();
  }

  /** Overlay inputs of the video DAC outside of the cursor: those that are forced. */
  get forced(): number {
    const command = this.#register(DC503_REGISTER.command);
    return (command & DC503_COMMAND.forceA ? PLANE_A : 0) | (command & DC503_COMMAND.forceB ? PLANE_B : 0);
  }

  /** Draws the cursor in the overlay colours. */
  drawCursor(into: Uint8Array, width: number, height: number, overlays: Int32Array): void {
    const command = this.#register(DC503_REGISTER.command);
    const x0 = (this.#register(DC503_REGISTER.x) & COORDINATE_MASK) - LEFT;
    const y0 = (this.#register(DC503_REGISTER.y) & COORDINATE_MASK) - TOP;
    for (let y = 0; y < CURSOR_SIZE; y++) {
      const a = command & DC503_COMMAND.enableA ? (this.#planes[y] as number) : 0;
      const b = command & DC503_COMMAND.enableB ? (this.#planes[CURSOR_SIZE + y] as number) : 0;
      for (let x = 0; x < CURSOR_SIZE; x++) {
        const overlay = this.forced | ((a >>> x) & 1 ? PLANE_A : 0) | ((b >>> x) & 1 ? PLANE_B : 0);
        if (overlay !== 0) putPixel(into, width, height, x0 + x, y0 + y, overlays[overlay] as number);
      }
    }
  }

  snapshot(): Dc503State {
    return {
      registers: this.#registers.slice(),
      planes: this.#planes.slice(),
      loaded: this.#loaded,
    };
  }

  restore(state: Dc503State): void {
    this.#registers.set(state.registers);
    this.#planes.set(state.planes);
    this.#loaded = state.loaded;
    this.#onChange();
  }

  #register(offset: number): number {
    return this.#registers[offset >>> 2] as number;
  }

  #load(word: number): void {
    if (!(this.#register(DC503_REGISTER.command) & DC503_COMMAND.load)) return;
    this.#planes[this.#loaded % this.#planes.length] = word;
    this.#loaded++;
  }

  /** The next time that the beam comes to the second region's top line. */
  #await(): void {
    const isOn = (this.#register(DC503_REGISTER.command) & DC503_COMMAND.enableRegion2) !== 0;
    const line = this.#register(DC503_REGISTER.top2) & COORDINATE_MASK;
    if (isOn && line < RASTER.totalHeight) this.#blank.await(line / RASTER.totalHeight);
    else this.#blank.cancel();
  }
}
