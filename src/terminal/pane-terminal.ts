/**
 * The terminal at the end of a guest's line: an in-memory xterm with scrollback. Bytes from the guest go in, cells come
 * out; keys and pastes are encoded the way the guest asked for (application cursor keys, bracketed paste). Replies to
 * terminal queries go back to the guest like typed bytes.
 */

import headless from '@xterm/headless';
import { CellGrid } from './cell-grid.js';
import type { Key } from './input-router.js';
import { copyBuffer } from './xterm-cells.js';

const SCROLLBACK_LINES = 5000;
const CURSOR_KEYS: Readonly<Record<string, string>> = {
  up: 'A',
  down: 'B',
  right: 'C',
  left: 'D',
  home: 'H',
  end: 'F',
};

export interface PaneTerminalOptions {
  readonly columns: number;
  readonly rows: number;
  /** Called when the picture may have changed. */
  readonly onChange: () => void;
  /** Bytes for the guest that nobody typed: answers to terminal queries. */
  readonly onReply: (bytes: Uint8Array) => void;
}

export interface CursorPosition {
  readonly column: number;
  readonly row: number;
}

export class PaneTerminal {
  readonly #terminal: headless.Terminal;
  readonly #options: PaneTerminalOptions;
  #grid: CellGrid;
  #isStale = true;
  #isCursorHidden = false;
  /** Lines above the newest screen that the view stands at; 0 follows the output. */
  #scrollOffset = 0;

  constructor(options: PaneTerminalOptions) {
    this.#options = options;
    this.#grid = new CellGrid(options.columns, options.rows);
    this.#terminal = new headless.Terminal({
      cols: options.columns,
      rows: options.rows,
      scrollback: SCROLLBACK_LINES,
      // The guest's programs write bare newlines; a terminal driver that adds carriage returns costs nothing here.
      convertEol: true,
      allowProposedApi: true,
    });
    this.#terminal.onData((text) => options.onReply(Buffer.from(text, 'utf8')));
    for (const final of ['h', 'l']) {
      this.#terminal.parser.registerCsiHandler({ prefix: '?', final }, (parameters) => {
        if (parameters.includes(25)) this.#isCursorHidden = final === 'l';
        return false;
      });
    }
  }

  /** Bytes from the guest. While scrolled back the view stays where it is. */
  write(bytes: Uint8Array): void {
    const before = this.#terminal.buffer.active.baseY;
    this.#terminal.write(bytes, () => {
      if (this.#scrollOffset > 0) {
        const grown = this.#terminal.buffer.active.baseY - before;
        this.#scrollOffset = Math.min(this.scrollbackLines, this.#scrollOffset + Math.max(0, grown));
      }
      this.#changed();
    });
  }

  /** Resolves when all that has been written is parsed. */
  flush(): Promise<void> {
    return new Promise((resolve) => this.#terminal.write('', resolve));
  }

  resize(columns: number, rows: number): void {
    if (columns === this.#grid.width && rows === this.#grid.height) return;
    this.#terminal.resize(Math.max(2, columns), Math.max(1, rows));
    this.#grid = new CellGrid(Math.max(2, columns), Math.max(1, rows));
    this.#scrollOffset = Math.min(this.#scrollOffset, this.scrollbackLines);
    this.#changed();
  }

  get scrollbackLines(): number {
    return this.#terminal.buffer.active.baseY;
  }

  get scrollOffset(): number {
    return this.#scrollOffset;
  }

  /** Moves the view up (positive) or down; stays within the scrollback. */
  scroll(lines: number): void {
    const next = Math.max(0, Math.min(this.scrollbackLines, this.#scrollOffset + lines));
    if (next === this.#scrollOffset) return;
    this.#scrollOffset = next;
    this.#changed();
  }

  /** The visible cells. The grid is reused by the next call. */
  grid(): CellGrid {
    if (this.#isStale) {
      const buffer = this.#terminal.buffer.active;
      copyBuffer(buffer, buffer.baseY - this.#scrollOffset, this.#grid);
      this.#isStale = false;
    }
    return this.#grid;
  }

  /** Where the guest's cursor is, undefined while hidden or scrolled back. */
  cursor(): CursorPosition | undefined {
    if (this.#isCursorHidden || this.#scrollOffset > 0) return undefined;
    const buffer = this.#terminal.buffer.active;
    return { column: Math.min(buffer.cursorX, this.#grid.width - 1), row: buffer.cursorY };
  }

  /** What a key sends to the guest. */
  encodeKey(key: Key): Uint8Array {
    const final = CURSOR_KEYS[key.name];
    if (final !== undefined && this.#terminal.modes.applicationCursorKeysMode)
      return Buffer.from(`\x1bO${final}`);
    return Buffer.from(key.sequence, 'utf8');
  }

  /** What a paste sends: line ends as the Return key, in brackets if the guest asked for them. */
  encodePaste(text: string): Uint8Array {
    const body = text.replace(/\r?\n/g, '\r');
    return Buffer.from(this.#terminal.modes.bracketedPasteMode ? `\x1b[200~${body}\x1b[201~` : body, 'utf8');
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  #changed(): void {
    this.#isStale = true;
    this.#options.onChange();
  }
}
