/**
 * The panes and their tree: opens one for a run, shows and drops the serial console, closes, and keeps every pane on the
 * screen at the size of its hole. The console pane is never thrown away: off the screen it still listens.
 */

import { leafIds, PaneTerminal, removeLeaf, splitLeaf } from '../terminal/index.js';
import { CONSOLE_LINE } from '../workstation/index.js';
import { arrange, contentOf, isSameFocus } from './arrangement.js';
import type { DesktopState } from './desktop-state.js';
import { CONSOLE_PANE, Pane } from './pane.js';
import type { Run } from './run.js';

export interface PaneSetOptions {
  /** A pane's picture may have changed. */
  readonly onChange: () => void;
  /** A pane's terminal answers the guest. */
  readonly onReply: (line: number, bytes: Uint8Array) => void;
}

export class PaneSet {
  readonly #state: DesktopState;
  readonly #options: PaneSetOptions;

  constructor(state: DesktopState, options: PaneSetOptions) {
    this.#state = state;
    this.#options = options;
  }

  ofLine(line: number): Pane | undefined {
    return this.#state.panes.get(line === CONSOLE_LINE ? CONSOLE_PANE : line);
  }

  /**
   * A pane for a run: that of the run before it on its line, below whose text it goes on; else in the console's place if
   * nothing else is open, else a half of the focused pane.
   */
  open(run: Run, isBeside: boolean): number {
    const { panes, focus } = this.#state;
    const ended = panes.get(run.line);
    if (ended !== undefined) {
      panes.set(run.line, new Pane(run.line, run.line, ended.terminal, run));
      return run.line;
    }
    const pane = new Pane(run.line, run.line, this.#newTerminal(run.line), run);
    const focused = focus.kind === 'pane' ? focus.id : leafIds(this.#state.tree).at(-1);
    const isFirst = panes.size === 1 && panes.has(CONSOLE_PANE);
    panes.set(pane.id, pane);
    this.#state.isZoomed = false;
    if (isFirst || this.#state.tree === undefined || focused === undefined) {
      this.#state.tree = { kind: 'leaf', id: pane.id };
    } else {
      const direction = this.#splitDirection(focused, isBeside);
      this.#state.tree = splitLeaf(this.#state.tree, focused, direction, pane.id);
    }
    return pane.id;
  }

  /** Side by side if asked for or if it is wide enough for two; else one above the other. */
  #splitDirection(focused: number, isBeside: boolean): 'row' | 'column' {
    const { columns, rows } = this.#state;
    const { windows } = arrange(this.#state);
    const place = windows.find(({ focus }) => isSameFocus(focus, { kind: 'pane', id: focused }));
    const { width, height } = place?.rectangle ?? { width: columns, height: rows };
    const isRow = isBeside ? width >= 50 : width >= 100 || (height < 12 && width >= 60);
    return isRow ? 'row' : 'column';
  }

  openConsole(): void {
    const { panes } = this.#state;
    const shown = leafIds(this.#state.tree);
    if (panes.has(CONSOLE_PANE) && shown.includes(CONSOLE_PANE)) return;
    if (!panes.has(CONSOLE_PANE)) {
      panes.set(
        CONSOLE_PANE,
        new Pane(CONSOLE_PANE, CONSOLE_LINE, this.#newTerminal(CONSOLE_LINE), undefined),
      );
    }
    const [first] = shown;
    this.#state.tree =
      this.#state.tree === undefined || first === undefined
        ? { kind: 'leaf', id: CONSOLE_PANE }
        : splitLeaf(this.#state.tree, first, 'column', CONSOLE_PANE);
  }

  remove(id: number): void {
    if (this.#state.tree !== undefined) this.#state.tree = removeLeaf(this.#state.tree, id);
    if (id !== CONSOLE_PANE) {
      this.#state.panes.get(id)?.terminal.dispose();
      this.#state.panes.delete(id);
    }
    if (this.#state.tree === undefined) this.openConsole();
    this.#state.isZoomed = false;
  }

  /** Gives every pane on the screen the size of its hole. */
  fit(): void {
    for (const { focus, rectangle } of arrange(this.#state).windows) {
      if (focus.kind !== 'pane') continue;
      const { width, height } = contentOf(rectangle);
      this.#state.panes.get(focus.id)?.terminal.resize(width, height);
    }
  }

  /** Resolves when all output is parsed. */
  async flush(): Promise<void> {
    await Promise.all([...this.#state.panes.values()].map(({ terminal }) => terminal.flush()));
  }

  dispose(): void {
    for (const { terminal } of this.#state.panes.values()) terminal.dispose();
  }

  #newTerminal(line: number): PaneTerminal {
    return new PaneTerminal({
      columns: 80,
      rows: 24,
      onChange: this.#options.onChange,
      onReply: (bytes) => this.#options.onReply(line, bytes),
    });
  }
}
