/**
 * Copies rows of an @xterm/headless buffer into a cell grid. The scratch cell is reused: xterm fills it in place, so a
 * copy allocates nothing per cell except for combined characters.
 */

import type { IBuffer, IBufferCell } from '@xterm/headless';
import {
  Attribute,
  type CellGrid,
  CONTINUATION,
  codeOfText,
  DEFAULT_COLOUR,
  PALETTE,
  RGB,
} from './cell-grid.js';

/** xterm's colour modes, as getFgColorMode() returns them. */
const MODE_DEFAULT = 0;
const MODE_RGB = 0x0300_0000;

function colourOf(mode: number, colour: number): number {
  if (mode === MODE_DEFAULT) return DEFAULT_COLOUR;
  return mode === MODE_RGB ? RGB | (colour & 0xff_ffff) : PALETTE | (colour & 0xff);
}

function attributesOf(cell: IBufferCell): number {
  return (
    (cell.isBold() ? Attribute.bold : 0) |
    (cell.isDim() ? Attribute.dim : 0) |
    (cell.isItalic() ? Attribute.italic : 0) |
    (cell.isUnderline() ? Attribute.underline : 0) |
    (cell.isInverse() ? Attribute.inverse : 0) |
    (cell.isStrikethrough() ? Attribute.strikethrough : 0)
  );
}

/** Fills `grid` from buffer line `firstLine` on; cells without text become blanks. */
export function copyBuffer(buffer: IBuffer, firstLine: number, grid: CellGrid): void {
  grid.clear();
  const scratch = buffer.getNullCell();
  for (let y = 0; y < grid.height; y++) {
    const line = buffer.getLine(firstLine + y);
    if (line === undefined) continue;
    const columns = Math.min(grid.width, line.length);
    for (let x = 0; x < columns; x++) {
      const cell = line.getCell(x, scratch);
      if (cell === undefined) break;
      const index = y * grid.width + x;
      grid.foregrounds[index] = colourOf(cell.getFgColorMode(), cell.getFgColor());
      grid.backgrounds[index] = colourOf(cell.getBgColorMode(), cell.getBgColor());
      grid.attributes[index] = cell.isAttributeDefault() ? 0 : attributesOf(cell);
      const width = cell.getWidth();
      if (width === 0) {
        grid.codes[index] = CONTINUATION;
        continue;
      }
      const text = cell.isInvisible() ? '' : cell.getChars();
      if (text !== '') grid.codes[index] = codeOfText(text);
      if (width === 2) grid.attributes[index] = (grid.attributes[index] ?? 0) | Attribute.wide;
    }
  }
}
