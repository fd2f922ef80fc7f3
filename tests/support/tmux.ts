/**
 * A real terminal for tests: a detached tmux server of its own with one window of a given size, keys sent as a person
 * would type them, the screen read back as text.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

let sessions = 0;

export class TmuxTerminal {
  readonly #socket = `exostation-test-${process.pid}-${sessions++}`;

  /** Runs `command` (for sh) in a terminal of that size. The window stays when the command has ended. */
  constructor(
    columns: number,
    rows: number,
    command: string,
    environment: Readonly<Record<string, string>> = {},
  ) {
    // The continuous build sets NO_COLOR for its own output.
    const variables = Object.entries({ NO_COLOR: '', ...environment }).flatMap(([name, value]) => [
      '-e',
      `${name}=${value}`,
    ]);
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#tmux('-f', '/dev/null', 'new-session', '-d', ...size, ...variables, `${command}; exec cat`);
    this.#tmux('set-option', '-g', 'window-size', 'manual');
    this.#tmux('set-option', '-g', 'status', 'off');
    this.resize(columns, rows);
  }

  #tmux(...words: string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, ...words], { encoding: 'utf8' });
  }

  /** Keys by tmux's names: `C-a`, `Enter`, `Escape`, `Up`. */
  press(...keys: string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  type(text: string): void {
    this.#tmux('send-keys', '-l', text);
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** The screen, a line a row, spaces at the ends taken off. */
  screen(): string {
    return this.#tmux('capture-pane', '-p');
  }

  /** Waits until the screen shows the pattern; the error shows the screen. */
  async waitFor(pattern: RegExp, seconds: number = 20): Promise<string> {
    const until = Date.now() + seconds * 1000;
    for (;;) {
      const screen = this.screen();
      if (pattern.test(screen)) return screen;
      if (Date.now() > until) throw new Error(`no ${pattern} on the screen after ${seconds} s:\n${screen}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Process id of what the terminal's shell is running (Linux). */
  childPid(): number {
    const shell = this.#tmux('list-panes', '-F', '#{pane_pid}').trim();
    return Number(readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').trim().split(' ')[0]);
  }

  dispose(): void {
    try {
      this.#tmux('kill-server');
    } catch {
      // It has ended by itself.
    }
  }
}
