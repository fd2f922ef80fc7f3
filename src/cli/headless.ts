/**
 * Drives a machine, or several on one wire, without a desktop: slice after slice until the guest halts, something asks to
 * end, the cycle limit is reached or Ctrl-C comes; it waits while a debugger holds the machine. Output is collected during
 * a slice and written after it, and so are notices, on a line of their own.
 */

import { fstatSync } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { Pacer, type RunExit, type Runnable, type Speed } from '../workstation/index.js';
import { outputLossStatus, STATUS_HANGUP, whenOutputIsLost } from './standard-output.js';

const STATUS_MAX_CYCLES = 3;
const NEWLINE = 0x0a;

/** Something to be done at a cycle, or as soon after it as the machine stands between two instructions. */
export interface Milestone {
  /** Infinity when there is nothing more. */
  readonly nextCycle: number;
  reach(): void;
}

export interface HeadlessOptions {
  readonly maxCycles: number;
  readonly speed: Speed;
  /** Reached in this order when several are due. */
  readonly milestones?: readonly Milestone[];
}

export class HeadlessRun {
  readonly #machine: Runnable;
  readonly #options: HeadlessOptions;
  readonly #output: number[] = [];
  readonly #notices: string[] = [];
  #lastByte = NEWLINE;
  readonly #startMilliseconds: number = performance.now();
  #exit: RunExit | undefined;
  #later: { readonly cycle: number; readonly exit: RunExit } | undefined;
  /** Called after each slice, between two runs of the machine. */
  onSlice: (() => void) | undefined;
  /** While somebody holds the machine: a promise to wait for before asking again. */
  hold: (() => Promise<void> | undefined) | undefined;
  #endHold: () => void = () => {};
  #endFlush: () => void = () => {};

  constructor(machine: Runnable, options: HeadlessOptions) {
    this.#machine = machine;
    this.#options = options;
  }

  get wallSeconds(): number {
    return (performance.now() - this.#startMilliseconds) / 1000;
  }

  /** Adds a byte to the output that is written to stdout. */
  print(byte: number): void {
    this.#output.push(byte);
  }

  printText(text: string): void {
    for (const byte of new TextEncoder().encode(text)) this.#output.push(byte);
  }

  /** One line for the user on stderr, behind what has been printed. */
  notice(text: string): void {
    this.#notices.push(`exostation: ${text}\n`);
  }

  /** Ends the run after the present instruction; the first call counts. */
  end(exit: RunExit): void {
    this.#exit ??= exit;
    this.#machine.stop();
    this.#endHold();
  }

  /** Ends the run some cycles from now: output that is still on its way at the line's speed gets through. */
  endLater(cycles: number, exit: RunExit): void {
    this.#later ??= { cycle: this.#machine.cycle + cycles, exit };
  }

  async toEnd(): Promise<RunExit> {
    const interrupt = (): void => this.end({ reason: 'interrupted', status: 130 });
    const terminate = (): void => this.end({ reason: 'interrupted', status: 143 });
    const hangUp = (): void => this.end({ reason: 'interrupted', status: STATUS_HANGUP });
    process.once('SIGINT', interrupt);
    process.once('SIGTERM', terminate);
    process.once('SIGHUP', hangUp);
    whenOutputIsLost((status) => this.#loseOutput(status));
    try {
      return await this.#loop();
    } finally {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', terminate);
      process.off('SIGHUP', hangUp);
      whenOutputIsLost(undefined);
    }
  }

  /** The run ends, and keeps what it was to keep: statistics, a recording. */
  #loseOutput(status: number): void {
    this.end({ reason: 'interrupted', status });
    this.#endFlush();
  }

  async #loop(): Promise<RunExit> {
    const machine = this.#machine;
    const { milestones = [] } = this.#options;
    const pacer = new Pacer(machine.hertz);
    pacer.restart(this.#options.speed, machine.cycle);
    for (;;) {
      if (await this.#waitWhileHeld()) pacer.restart(this.#options.speed, machine.cycle);
      if (this.#exit !== undefined) return this.#exit;
      const limit = Math.min(
        this.#options.maxCycles,
        this.#later?.cycle ?? Number.POSITIVE_INFINITY,
        ...milestones.map(({ nextCycle }) => nextCycle),
      );
      machine.run(Math.min(pacer.target(machine.cycle), limit));
      for (const milestone of milestones) if (milestone.nextCycle <= machine.cycle) milestone.reach();
      await this.flush();
      this.onSlice?.();
      if (this.#exit !== undefined) return this.#exit;
      if (this.#later !== undefined && machine.cycle >= this.#later.cycle) return this.#later.exit;
      if (machine.isHalted) return { reason: 'halt', status: 0 };
      if (machine.cycle >= this.#options.maxCycles) {
        return { reason: 'max-cycles', status: STATUS_MAX_CYCLES };
      }
      if (pacer.sleepMilliseconds > 0) await setTimeout(pacer.sleepMilliseconds);
      else await setImmediate();
    }
  }

  /** False when nobody holds the machine. */
  async #waitWhileHeld(): Promise<boolean> {
    let isHeld = false;
    for (;;) {
      const held = this.#exit === undefined ? this.hold?.() : undefined;
      if (held === undefined) return isHeld;
      isHeld = true;
      const ended = new Promise<void>((resolve) => {
        this.#endHold = resolve;
      });
      await Promise.race([held, ended]);
    }
  }

  /** Writes what was printed; `toEnd` does it after each slice. */
  async flush(): Promise<void> {
    const bytes = Uint8Array.from(this.#output);
    this.#output.length = 0;
    if (bytes.length > 0 && outputLossStatus() === undefined) {
      this.#lastByte = bytes.at(-1) as number;
      if (!process.stdout.write(bytes)) {
        await new Promise<void>((resolve) => {
          this.#endFlush = resolve;
          process.stdout.once('drain', resolve);
        });
      }
    }
    for (const notice of this.#notices.splice(0)) {
      const isLineOpen = this.#lastByte !== NEWLINE && isOneStream();
      process.stderr.write(isLineOpen ? `\n${notice}` : notice);
      if (isLineOpen) this.#lastByte = NEWLINE;
    }
  }
}

/** Whether standard output and standard error go to the same place. */
function isOneStream(): boolean {
  try {
    const [output, errors] = [fstatSync(1), fstatSync(2)];
    return output.dev === errors.dev && output.ino === errors.ino;
  } catch {
    return false;
  }
}
