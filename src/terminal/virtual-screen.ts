/**
 * The stdout that Ink gets: an in-memory terminal of the real one's size. Ink runs in its unthrottled mode, in which each
 * write is one whole frame without cursor movement, so a write here replaces the screen. One row more than the real
 * terminal keeps a frame's trailing newline from scrolling and Ink from believing that it fills the screen.
 */

import { EventEmitter } from 'node:events';
import headless from '@xterm/headless';
import { CellGrid } from './cell-grid.js';
import { copyBuffer } from './xterm-cells.js';

export class VirtualScreen extends EventEmitter {
  readonly isTTY = true;
  readonly #terminal: headless.Terminal;
  readonly #onFrame: () => void;
  #grid: CellGrid;
  #isStale = true;
  #pendingWrites = 0;

  /** `onFrame` is called when a written frame is ready to be copied. */
  constructor(columns: number, rows: number, onFrame: () => void) {
    super();
    this.#onFrame = onFrame;
    this.#grid = new CellGrid(columns, rows);
    this.#terminal = new headless.Terminal({
      cols: columns,
      rows: rows + 1,
      scrollback: 0,
      convertEol: true,
      allowProposedApi: true,
    });
    // The alternate screen is never reflowed by a resize; the next frame draws it anew.
    this.#terminal.write('\x1b[?1049h');
  }

  /** What Ink reads to lay out; its name is Node's. */
  get columns(): number {
    return this.#grid.width;
  }

  get rows(): number {
    return this.#grid.height + 1;
  }

  /** True while a frame has been written that is not parsed yet. */
  get isBusy(): boolean {
    return this.#pendingWrites > 0;
  }

  write(frame: string | Uint8Array, ...rest: unknown[]): boolean {
    const text = typeof frame === 'string' ? frame : Buffer.from(frame).toString('utf8');
    this.#pendingWrites++;
    this.#terminal.write(`\x1b[0m\x1b[H\x1b[2J${text}`, () => {
      this.#pendingWrites--;
      this.#isStale = true;
      this.#onFrame();
    });
    const callback = rest.at(-1);
    if (typeof callback === 'function') callback();
    return true;
  }

  /** Resolves when all that has been written is parsed. */
  flush(): Promise<void> {
    return new Promise((resolve) => this.#terminal.write('', resolve));
  }

  /** Ink is not told: it would draw the old frame once more. The next frame is laid out for the new size. */
  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows + 1);
    this.#grid = new CellGrid(columns, rows);
    this.#isStale = true;
  }

  /** The newest complete frame. The grid is reused by the next call. */
  grid(): CellGrid {
    if (this.#isStale) {
      copyBuffer(this.#terminal.buffer.active, 0, this.#grid);
      this.#isStale = false;
    }
    return this.#grid;
  }

  dispose(): void {
    this.removeAllListeners();
    this.#terminal.dispose();
  }
}
