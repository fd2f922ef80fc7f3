/**
 * What the machines of a run say, on one standard output: the first machine's console byte for byte, the others' by whole
 * lines behind their number, or raw in the files that `--console` names. Looks for what `--expect` asks for on every
 * console.
 */

import { closeSync, openSync, writeSync } from 'node:fs';
import { fileError } from '../workstation/index.js';
import type { HeadlessRun } from './headless.js';
import { LineText } from './line-text.js';

const EXPECT_TAIL_CHARACTERS = 8192;
const NEWLINE = 0x0a;

export class Consoles {
  readonly #run: HeadlessRun;
  readonly #expect: RegExp | undefined;
  /** By machine; undefined = standard output. */
  readonly #files: (number | undefined)[] = [undefined];
  readonly #paths: readonly string[];
  readonly #tails: string[] = [];
  readonly #lines: LineText = new LineText((machine, text) => this.#printLine(machine, text));
  /** The first machine has not ended its line. */
  #isLineOpen = false;

  /** `paths`: files for the consoles of the second machine and those that follow. Throws InputError. */
  constructor(run: HeadlessRun, paths: readonly string[], expect: RegExp | undefined) {
    this.#run = run;
    this.#expect = expect;
    this.#paths = paths;
    for (const path of paths) this.#files.push(this.#guarded(path, () => openSync(path, 'w')));
  }

  /** A byte that machine `index` (from 0) has put on its console. */
  take(index: number, byte: number): void {
    const file = this.#files[index];
    if (index === 0) {
      this.#run.print(byte);
      this.#isLineOpen = byte !== NEWLINE;
    } else if (file === undefined) this.#lines.take(index, byte);
    else this.#guarded(this.#paths[index - 1] as string, () => writeSync(file, Uint8Array.of(byte)));
    this.#look(index, byte);
  }

  /** Prints the lines that nobody has ended. */
  async dispose(): Promise<void> {
    this.#lines.flush();
    await this.#run.flush();
    for (const file of this.#files) if (file !== undefined) closeSync(file);
  }

  #printLine(machine: number, text: string): void {
    this.#run.printText(`${this.#isLineOpen ? '\n' : ''}${machine + 1}| ${text}\n`);
    this.#isLineOpen = false;
  }

  #look(index: number, byte: number): void {
    if (this.#expect === undefined) return;
    const tail = ((this.#tails[index] ?? '') + String.fromCharCode(byte)).slice(-EXPECT_TAIL_CHARACTERS);
    this.#tails[index] = tail;
    if (this.#expect.test(tail)) this.#run.end({ reason: 'expected', status: 0 });
  }

  #guarded<Value>(path: string, action: () => Value): Value {
    try {
      return action();
    } catch (error) {
      throw fileError(error, 'console', path);
    }
  }
}
