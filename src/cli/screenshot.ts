/**
 * `--screenshot FILE`: the machine's screen as a picture file. The name's ending says which kind; a name that cannot be
 * written is told before the run, not after it.
 */

import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { pngFile, ppmFile } from '../export/index.js';
import type { Machine } from '../machine/index.js';
import { fileError, InputError, tryFile } from '../workstation/index.js';

const WRITERS = { '.png': pngFile, '.ppm': ppmFile } as const;

/** Tries the file and returns what writes the picture at the end; undefined when none is wanted. */
export function openScreenshot(path: string | undefined): ((machine: Machine) => void) | undefined {
  if (path === undefined) return undefined;
  const kind = extname(path).toLowerCase();
  if (kind !== '.png' && kind !== '.ppm') {
    throw new InputError(`--screenshot ${path}: give a name that ends in .png or .ppm`);
  }
  tryFile('--screenshot', path);
  return ({ screen }) => {
    const { width, height } = screen;
    const pixels = new Uint8Array(3 * width * height);
    screen.copyPixels(pixels);
    try {
      writeFileSync(path, WRITERS[kind]({ width, height, pixels }));
    } catch (error) {
      throw fileError(error, '--screenshot', path);
    }
  };
}
