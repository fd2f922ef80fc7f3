/**
 * The real terminal: its modes, its bytes, its size. blessed's Program writes the sequences (from terminfo where that
 * matters); stdin is read here alone. Whatever ends the process, restore() has run first: mouse reports off before raw
 * mode off, bracketed paste off, cursor on, main screen back. Ctrl-Z from outside (SIGTSTP) restores, and SIGCONT redoes.
 */

import { PassThrough } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import Program from 'blessed/lib/program.js';

export interface TtyOptions {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly isMouseWanted: boolean;
  readonly onInput: (bytes: Uint8Array) => void;
  /** Also called after SIGCONT: the whole picture must be painted again. */
  readonly onResize: (columns: number, rows: number) => void;
  /** SIGTERM, SIGHUP or SIGINT arrived; the terminal is restored already. */
  readonly onSignal: (signal: NodeJS.Signals) => void;
}

const ENDING_SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

export class Tty {
  readonly #options: TtyOptions;
  readonly #program: Program;
  #isEntered = false;
  readonly #onData = (bytes: Buffer): void => this.#options.onInput(bytes);
  readonly #onOutputResize = (): void => this.#options.onResize(this.columns, this.rows);
  readonly #onExit = (): void => this.#leave();
  readonly #onStop = (): void => {
    this.#leave();
    process.kill(process.pid, 'SIGSTOP');
  };
  readonly #onContinue = (): void => {
    this.#enter();
    this.#options.onResize(this.columns, this.rows);
  };
  readonly #onCrash = (error: unknown): void => {
    this.restore();
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(70);
  };
  readonly #signalHandlers = new Map<NodeJS.Signals, () => void>();

  constructor(options: TtyOptions) {
    this.#options = options;
    // Program decodes whatever its input carries; ours carries nothing, because the router reads stdin.
    this.#program = new Program({ input: new PassThrough(), output: options.output, tput: true });
    for (const signal of ENDING_SIGNALS) {
      this.#signalHandlers.set(signal, () => {
        this.restore();
        this.#options.onSignal(signal);
      });
    }
  }

  get columns(): number {
    return this.#options.output.columns || 80;
  }

  get rows(): number {
    return this.#options.output.rows || 24;
  }

  /** Takes the terminal and starts reading. */
  open(): void {
    process.on('exit', this.#onExit);
    process.on('uncaughtException', this.#onCrash);
    process.on('unhandledRejection', this.#onCrash);
    for (const [signal, handler] of this.#signalHandlers) process.on(signal, handler);
    process.on('SIGTSTP', this.#onStop);
    process.on('SIGCONT', this.#onContinue);
    this.#options.output.on('resize', this.#onOutputResize);
    this.#options.input.on('data', this.#onData);
    this.#enter();
  }

  write(text: string): void {
    if (this.#isEntered) this.#options.output.write(text);
  }

  /** Gives the terminal back, for good. Safe to call twice. */
  restore(): void {
    this.#leave();
    process.off('exit', this.#onExit);
    process.off('uncaughtException', this.#onCrash);
    process.off('unhandledRejection', this.#onCrash);
    process.off('SIGTSTP', this.#onStop);
    process.off('SIGCONT', this.#onContinue);
    // Not at once: Ink's signal-exit ends the process by force when it finds itself the only listener of a signal that
    // is being handled, and then nothing would be saved. The next signal ends it.
    setImmediate(() => {
      for (const [signal, handler] of this.#signalHandlers) process.off(signal, handler);
    });
    this.#options.output.off('resize', this.#onOutputResize);
    this.#options.input.off('data', this.#onData);
    this.#options.input.pause();
    this.#program.destroy();
  }

  #enter(): void {
    if (this.#isEntered) return;
    this.#isEntered = true;
    const { input, isMouseWanted } = this.#options;
    if (input.isTTY) input.setRawMode(true);
    input.resume();
    this.#program.alternateBuffer();
    this.#program.hideCursor();
    this.#program.setMode('?2004');
    if (isMouseWanted) {
      this.#program.setMode('?1002');
      this.#program.setMode('?1006');
    }
    this.#options.output.write('\x1b[2J');
  }

  #leave(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    const { input, isMouseWanted } = this.#options;
    try {
      if (isMouseWanted) {
        // Whoever wanted to hear of the mouse's every move has gone.
        this.#program.resetMode('?1003');
        this.#program.resetMode('?1006');
        this.#program.resetMode('?1002');
      }
      this.#program.resetMode('?2004');
      this.#options.output.write('\x1b[?2026l\x1b[0m');
      this.#program.showCursor();
      this.#program.normalBuffer();
      if (input.isTTY) input.setRawMode(false);
    } catch {
      // The terminal is gone (SIGHUP): nothing is left to restore.
    }
  }
}
