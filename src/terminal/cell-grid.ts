/**
 * A screen as flat typed arrays: one code, two colours and one attribute byte per cell. A wide character occupies its
 * cell and marks the next one CONTINUATION; a cell with combining characters holds a number from a shared table.
 * Colours are 0 for the terminal's default, PALETTE | index, or RGB | 0xrrggbb.
 */

/** Code of the right half of a wide character. */
export const CONTINUATION = 0xffff_ffff;
/** Codes from here on are strings in the table of combined characters. */
const COMBINED = 0x0020_0000;

export const DEFAULT_COLOUR = 0;
export const PALETTE = 0x0100_0000;
export const RGB = 0x0200_0000;

export const Attribute = {
  bold: 1,
  dim: 2,
  italic: 4,
  underline: 8,
  inverse: 16,
  strikethrough: 32,
  /** Not a rendition: marks the left half of a wide character, whose right half is CONTINUATION. */
  wide: 64,
} as const;

const SPACE = 0x20;
const combinedTexts: string[] = [];
const combinedCodes = new Map<string, number>();

/** The code of a cell's text; text of several code points gets a number of its own. */
export function codeOfText(text: string): number {
  const first = text.codePointAt(0);
  if (first === undefined) return SPACE;
  if (text.length === (first > 0xffff ? 2 : 1)) return first;
  const known = combinedCodes.get(text);
  if (known !== undefined) return known;
  // A guest may print any number of combinations; the table stays small and later ones lose their marks.
  if (combinedTexts.length >= 4096) return first;
  const code = COMBINED + combinedTexts.length;
  combinedTexts.push(text);
  combinedCodes.set(text, code);
  return code;
}

export function textOfCode(code: number): string {
  if (code === CONTINUATION) return '';
  if (code >= COMBINED) return combinedTexts[code - COMBINED] ?? ' ';
  return String.fromCodePoint(code);
}

export class CellGrid {
  readonly width: number;
  readonly height: number;
  readonly codes: Uint32Array;
  readonly foregrounds: Uint32Array;
  readonly backgrounds: Uint32Array;
  readonly attributes: Uint8Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    const count = width * height;
    this.codes = new Uint32Array(count).fill(SPACE);
    this.foregrounds = new Uint32Array(count);
    this.backgrounds = new Uint32Array(count);
    this.attributes = new Uint8Array(count);
  }

  clear(): void {
    this.codes.fill(SPACE);
    this.foregrounds.fill(DEFAULT_COLOUR);
    this.backgrounds.fill(DEFAULT_COLOUR);
    this.attributes.fill(0);
  }

  /** Copies the cells of a rectangle from another grid to (x, y) here; what falls outside either is left out. */
  copyFrom(
    source: CellGrid,
    sourceX: number,
    sourceY: number,
    width: number,
    height: number,
    x: number,
    y: number,
  ): void {
    const count = Math.min(width, source.width - sourceX, this.width - x);
    if (count <= 0) return;
    for (let row = 0; row < height; row++) {
      if (sourceY + row >= source.height || y + row >= this.height) return;
      const from = (sourceY + row) * source.width + sourceX;
      const to = (y + row) * this.width + x;
      this.codes.set(source.codes.subarray(from, from + count), to);
      this.foregrounds.set(source.foregrounds.subarray(from, from + count), to);
      this.backgrounds.set(source.backgrounds.subarray(from, from + count), to);
      this.attributes.set(source.attributes.subarray(from, from + count), to);
    }
  }

  /** Replaces halves of wide characters that lost their other half (at a hole's or overlay's edge) by blanks. */
  mendWideCells(): void {
    const { codes, attributes, width } = this;
    for (let index = 0; index < codes.length; index++) {
      if (codes[index] === CONTINUATION) {
        const isOrphan = index % width === 0 || ((attributes[index - 1] ?? 0) & Attribute.wide) === 0;
        if (isOrphan) codes[index] = SPACE;
      } else if (((attributes[index] ?? 0) & Attribute.wide) !== 0) {
        if ((index + 1) % width === 0 || codes[index + 1] !== CONTINUATION) {
          codes[index] = SPACE;
          attributes[index] = (attributes[index] ?? 0) & ~Attribute.wide;
        }
      }
    }
  }

  /** The text of one row, for tests and messages. */
  rowText(row: number): string {
    let text = '';
    for (let x = 0; x < this.width; x++) text += textOfCode(this.codes[row * this.width + x] ?? SPACE);
    return text;
  }

  /** All rows, right ends trimmed. */
  text(): string {
    const rows: string[] = [];
    for (let y = 0; y < this.height; y++) rows.push(this.rowText(y).trimEnd());
    return rows.join('\n');
  }
}
