/**
 * The screen view where it cannot be drawn: what to do instead. Where it can, the picture fills a hole in the chrome
 * (`screen-window.ts`) and no rows are made of it.
 */

import type { ColourDepth } from '../../terminal/index.js';
import { type Row, row, wrapText } from '../rows.js';

/** The picture is nothing but colour. */
export function isDrawable(depth: ColourDepth): boolean {
  return depth !== 'none';
}

export function screenView(depth: ColourDepth, width: number): readonly Row[] {
  if (isDrawable(depth)) return [];
  const text =
    'The screen is a picture in colours, and this terminal is to be used without any (NO_COLOR is set, or TERM is dumb). ' +
    'Keys reach the workstation all the same. Start without NO_COLOR to see it, or take a picture with ' +
    'run --headless --screenshot FILE.png.';
  return wrapText(text, width).map((line) => row(line));
}
