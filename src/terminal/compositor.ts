/**
 * Makes the picture and writes it. A frame is the chrome grid, the panes' grids in their holes, and whatever the chrome
 * draws above them (overlays: rectangles in which chrome wins). Only differences from the frame on the terminal are
 * written, as one string inside a synchronized update (mode 2026), at most 30 times a second, and never without a cause.
 * It also owns the hardware cursor.
 */

import { CellGrid } from './cell-grid.js';
import type { ColourDepth } from './colour.js';
import type { Rectangle } from './layout.js';
import { paintDifference } from './painter.js';

const FRAME_MILLISECONDS = 33;

export interface Hole {
  readonly rectangle: Rectangle;
  /** The newest cells; only what fits the rectangle is shown. */
  readonly grid: () => CellGrid;
}

export interface Scene {
  readonly chrome: () => CellGrid;
  readonly holes: readonly Hole[];
  /** Where chrome lies above the holes. */
  readonly overlays: readonly Rectangle[];
  /** Screen position of the cursor, undefined for none. */
  readonly cursor: { readonly column: number; readonly row: number } | undefined;
}

export interface CompositorOptions {
  readonly depth: ColourDepth;
  readonly write: (text: string) => void;
  /** The scene at the time of painting. */
  readonly scene: () => Scene;
}

export class Compositor {
  readonly #options: CompositorOptions;
  #shown: CellGrid | undefined;
  #next: CellGrid;
  #cursorText = '';
  #timer: NodeJS.Timeout | undefined;
  #lastFrameAt = 0;
  #isDisposed = false;
  /** Frames and bytes written so far, for tests and measurements. */
  readonly written: { frames: number; bytes: number } = { frames: 0, bytes: 0 };

  constructor(columns: number, rows: number, options: CompositorOptions) {
    this.#options = options;
    this.#next = new CellGrid(columns, rows);
  }

  /** Something changed: a frame follows, at once if the last one is old enough. */
  requestFrame(): void {
    if (this.#timer !== undefined || this.#isDisposed) return;
    const wait = Math.max(0, this.#lastFrameAt + FRAME_MILLISECONDS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.paint();
    }, wait);
  }

  /** Another size: the next frame paints everything. It waits until one is requested, when chrome has that size too. */
  resize(columns: number, rows: number): void {
    this.#next = new CellGrid(columns, rows);
    this.#shown = undefined;
    this.#cursorText = '';
  }

  /** The terminal's contents are unknown (after SIGCONT, or by the user's wish). */
  repaint(): void {
    this.#shown = undefined;
    this.#cursorText = '';
    this.requestFrame();
  }

  paint(): void {
    if (this.#isDisposed) return;
    this.#lastFrameAt = performance.now();
    const scene = this.#options.scene();
    const next = this.#next;
    compose(next, scene);
    const difference = paintDifference(this.#shown, next, this.#options.depth);
    const { cursor } = scene;
    const cursorText = cursor === undefined ? '' : `\x1b[${cursor.row + 1};${cursor.column + 1}H\x1b[?25h`;
    if (difference === '' && cursorText === this.#cursorText) return;
    const clear = this.#shown === undefined ? '\x1b[0m\x1b[2J' : '';
    const hide = this.#cursorText !== '' && (difference !== '' || cursorText === '') ? '\x1b[?25l' : '';
    const text = `\x1b[?2026h${hide}${clear}${difference}${cursorText}\x1b[?2026l`;
    this.#cursorText = cursorText;
    this.#next = this.#shown ?? new CellGrid(next.width, next.height);
    this.#shown = next;
    this.written.frames++;
    this.written.bytes += text.length;
    this.#options.write(text);
  }

  /** What is on the terminal now, for tests. */
  shown(): CellGrid | undefined {
    return this.#shown;
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
  }
}

/** Fills `target` with the scene. */
export function compose(target: CellGrid, scene: Scene): void {
  const chrome = scene.chrome();
  if (chrome.width !== target.width || chrome.height !== target.height) target.clear();
  target.copyFrom(chrome, 0, 0, chrome.width, chrome.height, 0, 0);
  for (const { rectangle, grid } of scene.holes) {
    target.copyFrom(grid(), 0, 0, rectangle.width, rectangle.height, rectangle.x, rectangle.y);
  }
  for (const { x, y, width, height } of scene.overlays) target.copyFrom(chrome, x, y, width, height, x, y);
  target.mendWideCells();
}
