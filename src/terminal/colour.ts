/**
 * Colour depths and the SGR sequence of a cell. The depth is decided once, from the environment: NO_COLOR (no-color.org)
 * and TERM=dumb give no colour at all, FORCE_COLOR a depth by number, otherwise COLORTERM and TERM say. Without colour
 * bold, dim, underline and inverse remain, so nothing on the screen may depend on colour alone.
 */

import { Attribute, DEFAULT_COLOUR, RGB } from './cell-grid.js';

export type ColourDepth = 'none' | '16' | '256' | 'truecolor';

export function detectColourDepth(environment: Readonly<Record<string, string | undefined>>): ColourDepth {
  const noColour = environment.NO_COLOR;
  if (noColour !== undefined && noColour !== '') return 'none';
  const forced = environment.FORCE_COLOR;
  if (forced === '0' || forced === 'false') return 'none';
  if (forced === '1') return '16';
  if (forced === '2') return '256';
  if (forced === '3') return 'truecolor';
  const term = environment.TERM ?? '';
  if (term === 'dumb') return 'none';
  const colourTerm = environment.COLORTERM ?? '';
  if (colourTerm === 'truecolor' || colourTerm === '24bit') return 'truecolor';
  if (/256colou?r|kitty|ghostty|alacritty|direct/.test(term)) return '256';
  return '16';
}

/** xterm's first 16 colours, used only to find the nearest one. */
const BASIC_RGB = [
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000,
  0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
] as const;
const CUBE_LEVELS = [0, 95, 135, 175, 215, 255] as const;

function paletteRgb(index: number): number {
  if (index < 16) return BASIC_RGB[index] ?? 0;
  if (index >= 232) {
    const level = 8 + (index - 232) * 10;
    return (level << 16) | (level << 8) | level;
  }
  const cube = index - 16;
  const red = CUBE_LEVELS[Math.floor(cube / 36)] ?? 0;
  const green = CUBE_LEVELS[Math.floor(cube / 6) % 6] ?? 0;
  const blue = CUBE_LEVELS[cube % 6] ?? 0;
  return (red << 16) | (green << 8) | blue;
}

function distance(a: number, b: number): number {
  const red = ((a >> 16) & 255) - ((b >> 16) & 255);
  const green = ((a >> 8) & 255) - ((b >> 8) & 255);
  const blue = (a & 255) - (b & 255);
  return red * red * 2 + green * green * 4 + blue * blue * 3;
}

function nearest(rgb: number, from: number, to: number): number {
  let best = from;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let index = from; index < to; index++) {
    const far = distance(rgb, paletteRgb(index));
    if (far < bestDistance) {
      bestDistance = far;
      best = index;
    }
  }
  return best;
}

const folded = new Map<number, number>();

/** Palette index of a colour at depth 16 or 256. */
function fold(colour: number, depth: '16' | '256'): number {
  const index = colour & 0xff;
  const isRgb = colour >= RGB;
  if (!isRgb && (depth === '256' || index < 16)) return index;
  const key = depth === '16' ? colour : colour + 0x1000_0000;
  const known = folded.get(key);
  if (known !== undefined) return known;
  const rgb = isRgb ? colour & 0xff_ffff : paletteRgb(index);
  const result = depth === '16' ? nearest(rgb, 0, 16) : nearest(rgb, 16, 256);
  if (folded.size > 4096) folded.clear();
  folded.set(key, result);
  return result;
}

function colourParameters(colour: number, isBackground: boolean, depth: ColourDepth): string {
  if (colour === DEFAULT_COLOUR || depth === 'none') return '';
  if (depth === 'truecolor' && colour >= RGB) {
    return `;${isBackground ? 48 : 38};2;${(colour >> 16) & 255};${(colour >> 8) & 255};${colour & 255}`;
  }
  const index = depth === 'truecolor' ? colour & 0xff : fold(colour, depth);
  if (index < 8) return `;${(isBackground ? 40 : 30) + index}`;
  if (index < 16) return `;${(isBackground ? 100 : 90) + index - 8}`;
  return `;${isBackground ? 48 : 38};5;${index}`;
}

/** The whole rendition from reset: ESC [ 0 ; ... m. */
export function rendition(
  foreground: number,
  background: number,
  attributes: number,
  depth: ColourDepth,
): string {
  let parameters = '0';
  if ((attributes & Attribute.bold) !== 0) parameters += ';1';
  if ((attributes & Attribute.dim) !== 0) parameters += ';2';
  if ((attributes & Attribute.italic) !== 0) parameters += ';3';
  if ((attributes & Attribute.underline) !== 0) parameters += ';4';
  if ((attributes & Attribute.inverse) !== 0) parameters += ';7';
  if ((attributes & Attribute.strikethrough) !== 0) parameters += ';9';
  parameters += colourParameters(foreground, false, depth);
  parameters += colourParameters(background, true, depth);
  return `\x1b[${parameters}m`;
}
