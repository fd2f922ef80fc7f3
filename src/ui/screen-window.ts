/**
 * The machine's screen in its window: asks the workstation for a picture of the window's size, draws it with half blocks,
 * two pixels a cell, and sends keys and mouse on. The mouse's place in the window becomes a place on the screen, and what
 * is sent is how far that is from the last one, as a mouse says it.
 */

import { CellGrid, contains, type Key, type MouseReport, type Rectangle, RGB } from '../terminal/index.js';
import type { ScreenReport, WorkstationCommand } from '../workstation/index.js';
import { arrange, contentOf } from './arrangement.js';
import type { DesktopState } from './desktop-state.js';
import { strokesOf, strokesOfText } from './screen-keys.js';
import { isDrawable } from './views/screen.js';

const UPPER_HALF = 0x2580;
const BLANK_TEXT = [
  'Nothing has been drawn on this screen.',
  'The program paint draws on it; so does Linux with --append console=tty0.',
] as const;
const BLANK_TEXT_COLOUR = RGB | 0xaaaaaa;
const ALL_MOTION_ON = '\x1b[?1003h';
const ALL_MOTION_OFF = '\x1b[?1003l\x1b[?1002h';

export interface ScreenWindowOptions {
  readonly post: (command: WorkstationCommand) => void;
  /** To the terminal, as it is. */
  readonly write: (text: string) => void;
}

export class ScreenWindow {
  readonly #state: DesktopState;
  readonly #options: ScreenWindowOptions;
  #wanted = '';
  #hasMotion = false;
  #bellCount: number | undefined;
  #drawn: { readonly screen: ScreenReport | undefined; readonly grid: CellGrid } | undefined;
  /** Where on the screen the mouse was last; undefined before it came. */
  #last: { readonly x: number; readonly y: number } | undefined;
  readonly #held = new Set<number>();

  constructor(state: DesktopState, options: ScreenWindowOptions) {
    this.#state = state;
    this.#options = options;
  }

  get isFocused(): boolean {
    const { focus, topOverlay } = this.#state;
    return focus.kind === 'view' && focus.view === 'screen' && topOverlay === undefined;
  }

  /** The window may have come, gone, got another size or the focus. */
  follow(): void {
    const content = this.#content();
    const isWanted = content !== undefined && isDrawable(this.#state.depth);
    const size = isWanted ? { width: content.width, height: content.height * 2 } : { width: 0, height: 0 };
    const wanted = `${size.width}x${size.height}`;
    if (wanted !== (this.#wanted === '' ? '0x0' : this.#wanted)) {
      this.#wanted = wanted;
      if (!isWanted) this.#state.screen = undefined;
      this.#options.post({ kind: 'screen', isWanted, ...size });
    }
    if (this.isFocused === this.#hasMotion) return;
    this.#hasMotion = this.isFocused;
    this.#options.write(this.#hasMotion ? ALL_MOTION_ON : ALL_MOTION_OFF);
    if (!this.#hasMotion) this.#letGo();
  }

  /** After a report: the bell rings in the terminal. */
  heard(): void {
    const { screen } = this.#state;
    if (screen === undefined) return;
    if (this.#bellCount !== undefined && screen.bellCount > this.#bellCount) this.#options.write('\x07');
    this.#bellCount = screen.bellCount;
  }

  type(key: Key): void {
    const strokes = strokesOf(key);
    if (strokes.length > 0) this.#options.post({ kind: 'keys', strokes });
    else
      this.#state.tell(`The workstation's keyboard has no key for ${key.text === '' ? key.name : key.text}.`);
  }

  paste(text: string): void {
    const strokes = strokesOfText(text);
    if (strokes.length > 0) this.#options.post({ kind: 'keys', strokes });
  }

  /** True when the report was for the workstation's mouse. */
  handleMouse({ action, button, column, row }: MouseReport): boolean {
    const content = this.#content();
    if (!this.isFocused || content === undefined) return false;
    if (!contains(content, column, row) && this.#held.size === 0) return false;
    this.#moveTo(column - content.x, row - content.y, content);
    if ((action === 'press' || action === 'release') && button < 3) this.#press(button, action === 'press');
    return true;
  }

  /** The picture's cells, the rest of the window blank. */
  grid({ width, height }: Rectangle): CellGrid {
    const { screen } = this.#state;
    const drawn = this.#drawn;
    if (drawn?.screen === screen && drawn?.grid.width === width && drawn.grid.height === height) {
      return drawn.grid;
    }
    const grid = new CellGrid(width, height);
    if (screen !== undefined) {
      draw(grid, screen);
      if (screen.picture.pixels.every((part) => part === 0)) write(grid, BLANK_TEXT);
    }
    this.#drawn = { screen, grid };
    return grid;
  }

  #content(): Rectangle | undefined {
    const window = arrange(this.#state).windows.find(
      ({ focus }) => focus.kind === 'view' && focus.view === 'screen',
    );
    return window === undefined ? undefined : contentOf(window.rectangle);
  }

  #moveTo(column: number, row: number, content: Rectangle): void {
    const { screen } = this.#state;
    if (screen === undefined) return;
    const { picture, frameWidth, frameHeight } = screen;
    const { left, top } = placeOf(screen, content.width, content.height);
    const along = (cell: number, first: number, cells: number, pixels: number): number =>
      Math.max(0, Math.min(pixels - 1, Math.floor(((cell - first + 0.5) * pixels) / cells)));
    const next = {
      x: along(column, left, picture.width, frameWidth),
      y: along(row, top, picture.height / 2, frameHeight),
    };
    const last = this.#last;
    this.#last = next;
    if (last === undefined || (last.x === next.x && last.y === next.y)) return;
    const change = { kind: 'move', right: next.x - last.x, down: next.y - last.y } as const;
    this.#options.post({ kind: 'mouse', change });
  }

  #press(button: number, isDown: boolean): void {
    if (this.#held.has(button) === isDown) return;
    if (isDown) this.#held.add(button);
    else this.#held.delete(button);
    this.#options.post({ kind: 'mouse', change: { kind: 'button', button, isDown } });
  }

  #letGo(): void {
    for (const button of [...this.#held]) this.#press(button, false);
    this.#last = undefined;
  }
}

/** Cells left of and above the picture, which stands in the middle. */
function placeOf({ picture }: ScreenReport, width: number, height: number): { left: number; top: number } {
  return {
    left: Math.max(0, Math.floor((width - picture.width) / 2)),
    top: Math.max(0, Math.floor((height - Math.ceil(picture.height / 2)) / 2)),
  };
}

/** Lines of text in the middle. */
function write(grid: CellGrid, lines: readonly string[]): void {
  const top = Math.max(0, Math.floor((grid.height - lines.length) / 2));
  lines.slice(0, grid.height - top).forEach((line, index) => {
    const left = Math.max(0, Math.floor((grid.width - line.length) / 2));
    for (let at = 0; at < line.length && left + at < grid.width; at++) {
      const cell = (top + index) * grid.width + left + at;
      grid.codes[cell] = line.charCodeAt(at);
      grid.foregrounds[cell] = BLANK_TEXT_COLOUR;
      grid.backgrounds[cell] = RGB;
    }
  });
}

function draw(grid: CellGrid, screen: ScreenReport): void {
  const { width, height, pixels } = screen.picture;
  const { left, top } = placeOf(screen, grid.width, grid.height);
  const colour = (x: number, y: number): number => {
    const at = (y * width + x) * 3;
    return (
      RGB | ((pixels[at] as number) << 16) | ((pixels[at + 1] as number) << 8) | (pixels[at + 2] as number)
    );
  };
  for (let y = 0; y < height && top + y / 2 < grid.height; y += 2) {
    for (let x = 0; x < width && left + x < grid.width; x++) {
      const cell = (top + y / 2) * grid.width + left + x;
      const upper = colour(x, y);
      // An odd last line has nothing below it.
      const lower = y + 1 < height ? colour(x, y + 1) : RGB;
      grid.backgrounds[cell] = lower;
      if (upper === lower) continue;
      grid.codes[cell] = UPPER_HALF;
      grid.foregrounds[cell] = upper;
    }
  }
}
