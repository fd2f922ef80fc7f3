/**
 * A booted machine for tests of what runs on Aegis: starts programs through init's protocol, as every other part of
 * exostation does, gathers their output by line, and advances the machine until something has happened.
 */

import { MODELS, type ModelName } from '../../../src/machine/index.js';
import {
  type EndOfProgram,
  FIXED_EPOCH_SECONDS,
  FIXED_SEED,
  type InitReply,
  Workstation,
} from '../../../src/workstation/index.js';

const STEP_CYCLES = 50_000;
const PATIENCE_CYCLES = 400_000_000;

export interface Program {
  readonly line: number;
  readonly environmentId: number;
  /** Undefined while it runs. */
  end: EndOfProgram | undefined;
  /** Cycle at which its end was reported. */
  endCycle: number;
}

export class GuestSession {
  readonly workstation: Workstation;
  readonly #output: string[] = Array.from({ length: 17 }, () => '');

  constructor(
    secondDiskFile?: Uint8Array,
    model: ModelName = '5000/125',
    memoryMiB: number = MODELS[model].memory.usual,
  ) {
    this.workstation = new Workstation({
      model,
      memoryMiB,
      disks: [],
      append: [],
      seed: FIXED_SEED,
      epochSeconds: FIXED_EPOCH_SECONDS,
      ...(secondDiskFile === undefined ? {} : { secondDiskFile }),
      notice: () => undefined,
    });
    this.workstation.onOutput = (line, byte) => {
      this.#output[line] += String.fromCharCode(byte);
    };
    this.until(() => this.workstation.init.isReady);
  }

  get cycle(): number {
    return this.workstation.machine.cycle;
  }

  output(line: number): string {
    return this.#output[line] ?? '';
  }

  type(line: number, text: string): void {
    this.workstation.send(line, new TextEncoder().encode(text));
  }

  /** Advances until the condition holds; throws when it does not in a reasonable number of cycles. */
  until(condition: () => boolean): void {
    const limit = this.cycle + PATIENCE_CYCLES;
    while (!condition()) {
      if (this.cycle >= limit) throw new Error(`nothing came of it; output: ${JSON.stringify(this.#output)}`);
      this.workstation.run(this.cycle + STEP_CYCLES);
    }
  }

  /** Starts a program and waits for init's reply; throws its error. */
  start(line: number, libraryOs: string, program: string, ...words: string[]): Program {
    return this.#start(line, libraryOs, program, words, false);
  }

  /** The same; the program is given the machine owner's capability. */
  grant(line: number, libraryOs: string, program: string, ...words: string[]): Program {
    return this.#start(line, libraryOs, program, words, true);
  }

  /** The same; the program is lent the end of the disk. */
  lend(line: number, libraryOs: string, program: string, ...words: string[]): Program {
    return this.#start(line, libraryOs, program, words, false, true);
  }

  #start(
    line: number,
    libraryOs: string,
    program: string,
    words: readonly string[],
    isGranted: boolean,
    isLent = false,
  ): Program {
    let reply: { environmentId: number } | { error: string } | undefined;
    const ended: { end: EndOfProgram | undefined; endCycle: number } = { end: undefined, endCycle: 0 };
    this.workstation.init.start({
      line,
      libraryOs,
      program,
      arguments: words,
      isGranted,
      isLent,
      onStarted: (value) => {
        reply = value;
      },
      onEnded: (end) => {
        ended.end = end;
        ended.endCycle = this.cycle;
      },
    });
    this.until(() => reply !== undefined);
    if (reply === undefined || 'error' in reply) throw new Error(reply?.error);
    return Object.assign(ended, { line, environmentId: reply.environmentId });
  }

  /** Starts a program and waits for its end: its output and how it ended. */
  run(
    libraryOs: string,
    program: string,
    ...words: string[]
  ): { output: string; end: EndOfProgram | undefined } {
    const before = this.output(1).length;
    const started = this.start(1, libraryOs, program, ...words);
    this.until(() => started.end !== undefined);
    return { output: this.output(1).slice(before), end: started.end };
  }

  revoke(program: Program, count: number): void {
    this.#settle((onReply) => this.workstation.init.revokePages(program.environmentId, count, onReply));
  }

  /** Has a program told to submit itself to a swap server. */
  swap(program: Program, server: Program): void {
    this.#settle((onReply) =>
      this.workstation.init.swap(program.environmentId, server.environmentId, onReply),
    );
  }

  /** Asks a swap server for a program. */
  bringBack(program: Program, server: Program): void {
    this.#settle((onReply) =>
      this.workstation.init.bringBack(program.environmentId, server.environmentId, onReply),
    );
  }

  #settle(request: (onReply: (reply: InitReply) => void) => void): void {
    let isAnswered = false;
    request((reply) => {
      if (!reply.isOk) throw new Error(reply.error);
      isAnswered = true;
    });
    this.until(() => isAnswered);
  }

  /** Ends a program and waits until it has ended. */
  kill(program: Program): void {
    this.workstation.init.kill(program.environmentId, () => undefined);
    this.until(() => program.end !== undefined);
  }

  dispose(): void {
    this.workstation.dispose();
  }
}
