/**
 * A pane: one line of the machine, the terminal at its end, and the run that was started on it. Its number is its line
 * number, except for the board's serial console, which is pane 0.
 */

import type { PaneTerminal } from '../terminal/index.js';
import type { Run } from './run.js';

export const CONSOLE_PANE = 0;

export class Pane {
  readonly id: number;
  readonly line: number;
  readonly terminal: PaneTerminal;
  /** undefined for the serial console. */
  readonly run: Run | undefined;
  /** Keys move through the scrollback instead of going to the guest. */
  isScrolling = false;

  constructor(id: number, line: number, terminal: PaneTerminal, run: Run | undefined) {
    this.id = id;
    this.line = line;
    this.terminal = terminal;
    this.run = run;
  }

  /** Whether there is still somebody to type to. */
  get isAlive(): boolean {
    return this.run === undefined || this.run.phase === 'starting' || this.run.phase === 'running';
  }
}
