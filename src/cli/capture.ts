/** `--pcap`: a file that keeps frames as pcapng. Opened at once, so that a bad name is told before anything runs. */

import { closeSync, openSync, writeSync } from 'node:fs';
import { PcapngWriter } from '../export/index.js';
import { fileError } from '../workstation/index.js';

export class Capture {
  readonly #path: string;
  readonly #file: number;
  readonly #epochSeconds: number;
  #writer: PcapngWriter | undefined;

  /** `epochSeconds`: the machines' date at cycle 0. Throws InputError. */
  constructor(path: string, epochSeconds: number) {
    this.#path = path;
    this.#epochSeconds = epochSeconds;
    this.#file = this.#guarded(() => openSync(path, 'w'));
  }

  /** `isInbound`: toward the machine; undefined when several share the wire. */
  add(frame: Uint8Array, cycle: number, hertz: number, isInbound: boolean | undefined): void {
    this.#open(hertz).add(cycle, isInbound, frame);
  }

  dispose(): void {
    this.#open(1);
    closeSync(this.#file);
  }

  /** The clock rate does not matter to the file's head. */
  #open(hertz: number): PcapngWriter {
    this.#writer ??= new PcapngWriter((bytes) => this.#guarded(() => writeSync(this.#file, bytes)), {
      hertz,
      epochSeconds: this.#epochSeconds,
    });
    return this.#writer;
  }

  #guarded<Value>(action: () => Value): Value {
    try {
      return action();
    } catch (error) {
      throw fileError(error, 'pcap', this.#path);
    }
  }
}
