/**
 * The KN01's frame buffer, 1024x864: either eight bits a pixel in 1 MB, 1024 bytes from line to line, with a plane mask; or
 * one bit in 256 KB, 256 bytes from line to line, bit 0 on the left, for a monitor that listens to green only. The
 * cursor chip mixes its planes in at the video DAC's overlay inputs. Sources: Mach's kn01.h, NetBSD's pm.c.
 */

import type { Screen } from '../machine-types.js';
import type { AccessSize, Device } from '../memory/bus.js';
import type { Stateful } from '../snapshot/state.js';
import type { Clock } from '../time/clock.js';
import { Bt478, type Bt478State } from './bt478.js';
import { Dc503, type Dc503State } from './dc503.js';
import { drawIndexed, readMemory, writeMemory } from './screen.js';

const WIDTH = 1024;
const HEIGHT = 864;
const COLOUR_BYTES = 0x10_0000;
const MONO_BYTES = 0x4_0000;
const MONO_STRIDE = 256;

type Kn01FrameBufferState = {
  readonly memory: Uint8Array;
  readonly mask: number;
  readonly dac: Bt478State;
  readonly cursor: Dc503State;
};

export class Kn01FrameBuffer implements Device, Screen, Stateful<Kn01FrameBufferState> {
  readonly width: number = WIDTH;
  readonly height: number = HEIGHT;
  readonly isMono: boolean;
  generation = 0;
  readonly dac: Bt478;
  readonly cursor: Dc503;
  /** Window of the plane mask: which bits of a pixel are written. */
  readonly planeMask: Device;
  readonly #memory: Uint8Array;
  #mask = 0xff;

  /** `onRegion` is the cursor chip's wire to the board's video interrupt. */
  constructor(clock: Clock, isMono: boolean, onRegion: () => void) {
    this.isMono = isMono;
    this.#memory = new Uint8Array(isMono ? MONO_BYTES : COLOUR_BYTES);
    const onChange = (): void => {
      this.generation++;
    };
    this.dac = new Bt478(onChange);
    this.cursor = new Dc503(clock, onRegion, onChange);
    this.planeMask = {
      // Write-only: nothing drives the bus.
      read: () => 0,
      write: (_offset, value) => {
        this.#mask = value & 0xff;
      },
    };
  }

  get byteCount(): number {
    return this.#memory.length;
  }

  reset(): void {
    this.#memory.fill(0);
    this.#mask = 0xff;
    this.dac.reset();
    this.cursor.reset();
    this.generation++;
  }

  read(offset: number, size: AccessSize): number {
    return readMemory(this.#memory, offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.generation++;
    if (this.isMono || this.#mask === 0xff) {
      writeMemory(this.#memory, offset, value, size);
      return;
    }
    const mask = this.#mask * 0x0101_0101;
    const kept = readMemory(this.#memory, offset, size) & ~mask;
    writeMemory(this.#memory, offset, kept | (value & mask), size);
  }

  copyPixels(into: Uint8Array): void {
    const { forced } = this.cursor;
    if (forced !== 0) {
      const pixels = new Uint8Array(WIDTH);
      const palette = new Int32Array(1).fill(this.dac.overlays[forced] as number);
      drawIndexed(into, pixels, 0, WIDTH, HEIGHT, palette);
    } else if (this.isMono) this.#drawMono(into);
    else drawIndexed(into, this.#memory, WIDTH, WIDTH, HEIGHT, this.dac.palette);
    this.cursor.drawCursor(into, WIDTH, HEIGHT, this.dac.overlays);
    if (this.isMono) showGreen(into);
  }

  snapshot(): Kn01FrameBufferState {
    return {
      memory: this.#memory.slice(),
      mask: this.#mask,
      dac: this.dac.snapshot(),
      cursor: this.cursor.snapshot(),
    };
  }

  restore(state: Kn01FrameBufferState): void {
    this.#memory.set(state.memory);
    this.#mask = state.mask;
    this.dac.restore(state.dac);
    this.cursor.restore(state.cursor);
    // Whoever drew the picture before must draw it again.
    this.generation++;
  }

  /** A bit drives all inputs of the video DAC. */
  #drawMono(into: Uint8Array): void {
    const { palette } = this.dac;
    const off = palette[0x00] as number;
    const on = palette[0xff] as number;
    let at = 0;
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        const byte = this.#memory[y * MONO_STRIDE + (x >>> 3)] as number;
        into[at + 1] = ((byte >>> (x & 7)) & 1 ? on : off) >>> 8;
        at += 3;
      }
    }
  }
}

/** A monochrome monitor hangs on the green output and shows it as grey. */
function showGreen(pixels: Uint8Array): void {
  for (let at = 0; at < pixels.length; at += 3) {
    const green = pixels[at + 1] as number;
    pixels[at] = green;
    pixels[at + 2] = green;
  }
}
