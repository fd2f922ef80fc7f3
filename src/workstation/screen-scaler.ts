/**
 * Makes a screen small enough for a terminal: each pixel of the result is the mean of the pixels that it stands for. The
 * worker scales, so that a few kilobytes travel to the desktop and not the whole frame.
 */

import type { Screen } from '../machine/index.js';

const CHANNELS = 3;

export interface ScaledPicture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel, top left first. */
  readonly pixels: Uint8Array;
}

export class ScreenScaler {
  #frame: Uint8Array = new Uint8Array(0);

  /** The picture in at most `width` by `height` square pixels, its proportions kept; never larger than it is. */
  scale(screen: Screen, width: number, height: number): ScaledPicture {
    const frame = this.#read(screen);
    const factor = Math.min(1, width / screen.width, height / screen.height);
    const columns = Math.max(1, Math.floor(screen.width * factor));
    const rows = Math.max(1, Math.floor(screen.height * factor));
    const pixels = new Uint8Array(columns * rows * CHANNELS);
    const sums = new Float64Array(columns * CHANNELS);
    for (let row = 0; row < rows; row++) {
      const top = Math.floor((row * screen.height) / rows);
      const bottom = Math.max(top + 1, Math.floor(((row + 1) * screen.height) / rows));
      sums.fill(0);
      for (let y = top; y < bottom; y++)
        addLine(sums, frame, y * screen.width * CHANNELS, screen.width, columns);
      writeMeans(pixels, row * columns * CHANNELS, sums, screen.width, columns, bottom - top);
    }
    return { width: columns, height: rows, pixels };
  }

  #read(screen: Screen): Uint8Array {
    const length = screen.width * screen.height * CHANNELS;
    if (this.#frame.length !== length) this.#frame = new Uint8Array(length);
    screen.copyPixels(this.#frame);
    return this.#frame;
  }
}

function firstColumn(column: number, width: number, columns: number): number {
  return Math.floor((column * width) / columns);
}

function addLine(sums: Float64Array, frame: Uint8Array, from: number, width: number, columns: number): void {
  let at = from;
  for (let column = 0; column < columns; column++) {
    const end = from + firstColumn(column + 1, width, columns) * CHANNELS;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (; at < end; at += CHANNELS) {
      red += frame[at] as number;
      green += frame[at + 1] as number;
      blue += frame[at + 2] as number;
    }
    const sum = column * CHANNELS;
    sums[sum] = (sums[sum] as number) + red;
    sums[sum + 1] = (sums[sum + 1] as number) + green;
    sums[sum + 2] = (sums[sum + 2] as number) + blue;
  }
}

function writeMeans(
  pixels: Uint8Array,
  from: number,
  sums: Float64Array,
  width: number,
  columns: number,
  lines: number,
): void {
  for (let column = 0; column < columns; column++) {
    const count = lines * (firstColumn(column + 1, width, columns) - firstColumn(column, width, columns));
    for (let channel = 0; channel < CHANNELS; channel++) {
      const index = column * CHANNELS + channel;
      pixels[from + index] = Math.round((sums[index] as number) / count);
    }
  }
}
