/**
 * The difference of two grids as terminal output. Only changed cells are written; a short unchanged gap is written over
 * because that costs fewer bytes than moving the cursor. After a wide or combined character, and at the right margin,
 * terminals disagree about where the cursor is, so the next cell is always addressed.
 */

import { Attribute, type CellGrid, CONTINUATION, textOfCode } from './cell-grid.js';
import { type ColourDepth, rendition } from './colour.js';

const LONGEST_GAP = 4;

/** Bytes that turn `previous` into `next`; '' when they are equal. `previous` undefined paints everything. */
export function paintDifference(previous: CellGrid | undefined, next: CellGrid, depth: ColourDepth): string {
  const parts: string[] = [];
  const { width, height, codes, foregrounds, backgrounds, attributes } = next;
  let foreground = -1;
  let background = -1;
  let attribute = -1;
  let isStyleKnown = false;

  const differs = (index: number): boolean =>
    previous === undefined ||
    previous.codes[index] !== codes[index] ||
    previous.foregrounds[index] !== foregrounds[index] ||
    previous.backgrounds[index] !== backgrounds[index] ||
    previous.attributes[index] !== attributes[index];

  for (let y = 0; y < height; y++) {
    let cursor = -1;
    let x = 0;
    while (x < width) {
      const index = y * width + x;
      const isWide = ((attributes[index] ?? 0) & Attribute.wide) !== 0;
      const span = isWide ? 2 : 1;
      if (codes[index] === CONTINUATION || (!differs(index) && !(isWide && differs(index + 1)))) {
        x += span;
        continue;
      }
      // A changed cell: go back over a short gap, or address the cell.
      let start = x;
      if (cursor >= 0 && x - cursor <= LONGEST_GAP && isPlain(next, y * width + cursor, x - cursor))
        start = cursor;
      else if (cursor !== x) parts.push(`\x1b[${y + 1};${x + 1}H`);
      for (let at = start; at <= x; at++) {
        const cell = y * width + at;
        const cellForeground = foregrounds[cell] ?? 0;
        const cellBackground = backgrounds[cell] ?? 0;
        const cellAttribute = (attributes[cell] ?? 0) & ~Attribute.wide;
        if (
          !isStyleKnown ||
          cellForeground !== foreground ||
          cellBackground !== background ||
          cellAttribute !== attribute
        ) {
          parts.push(rendition(cellForeground, cellBackground, cellAttribute, depth));
          foreground = cellForeground;
          background = cellBackground;
          attribute = cellAttribute;
          isStyleKnown = true;
        }
        parts.push(textOfCode(codes[cell] ?? 0x20));
      }
      x += span;
      const isCursorSure = span === 1 && (codes[index] ?? 0) < 0x0300 && x < width;
      cursor = isCursorSure ? x : -1;
      if (isBoxDrawing(codes[index] ?? 0) && x < width) cursor = x;
    }
  }
  if (isStyleKnown) parts.push('\x1b[0m');
  return parts.join('');
}

/** Line and block characters, which every terminal draws one cell wide. */
function isBoxDrawing(code: number): boolean {
  return code >= 0x2500 && code <= 0x259f;
}

/** Whether `count` cells from `index` can be written over without doubt about the cursor. */
function isPlain(grid: CellGrid, index: number, count: number): boolean {
  for (let offset = 0; offset < count; offset++) {
    const code = grid.codes[index + offset] ?? 0;
    if (code >= 0x0300 && !isBoxDrawing(code)) return false;
  }
  return true;
}
