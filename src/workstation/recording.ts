/**
 * The record of everything that entered the machine from outside: which bytes were queued on which line, and which
 * frames on the network, at which cycle, and the options that the machine was built from. The same options and inputs give the same run, to the cycle.
 */

export const NETWORK_INPUT = 17;

export interface InputRecord {
  readonly cycle: number;
  /** 0..15 multiplexer, 16 console, 17 the network: `bytes` is one frame. */
  readonly line: number;
  readonly bytes: Uint8Array;
}

export class Recording {
  readonly #inputs: InputRecord[] = [];

  add(cycle: number, line: number, bytes: Uint8Array): void {
    this.#inputs.push({ cycle, line, bytes: bytes.slice() });
  }

  get inputs(): readonly InputRecord[] {
    return this.#inputs;
  }
}
