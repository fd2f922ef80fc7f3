/**
 * A machine with the shipped firmware, driven through its serial console: what a test types and what it reads.
 */

import { readFileSync } from 'node:fs';
import {
  type BlockDevice,
  createMachine,
  type Machine,
  type MachineOptions,
  MODELS,
  type Model,
  type ModelName,
} from '../../../src/machine/index.js';

const ROM = new URL('../../../rom/', import.meta.url);
const NETBOOT_REQUEST = 0xfe00;
const NETBOOT_MAGIC = 0x544f_424e;

const symbols = JSON.parse(readFileSync(new URL('symbols.json', ROM), 'utf8')) as Record<
  string,
  Record<string, string>
>;

export function romSymbol(name: string, boardName: string = 'kn02ba'): number {
  const address = symbols[boardName]?.[name];
  if (address === undefined) throw new Error(`no symbol ${name} in the firmware`);
  return Number.parseInt(address, 16);
}

export function memoryDisk(bytes: Uint8Array): BlockDevice {
  return {
    sectorCount: bytes.length / 512,
    isReadOnly: false,
    read: (sector, into) => into.set(bytes.subarray(sector * 512, sector * 512 + into.length)),
    write: (sector, data) => bytes.set(data, sector * 512),
  };
}

export interface PromMachineOptions {
  readonly model?: ModelName;
  readonly memoryMiB?: number;
  readonly disks?: readonly Uint8Array[];
  readonly nvram?: Uint8Array;
  /** What the machine is built from, in the place of its model: with a part that is broken. */
  readonly built?: (model: Model) => Model;
}

export class PromMachine {
  readonly machine: Machine;
  output = '';
  isHalted = false;

  constructor(options: PromMachineOptions = {}) {
    const model = options.model ?? '5000/125';
    const { boardName } = MODELS[model];
    const machineOptions: MachineOptions = {
      model,
      memoryMiB: options.memoryMiB ?? 8,
      rom: readFileSync(new URL(`${boardName}.bin`, ROM)),
      disks: (options.disks ?? []).map(memoryDisk),
      seed: new Uint8Array(16),
      epochSeconds: 817_948_800,
      ...(options.nvram === undefined ? {} : { nvram: options.nvram }),
    };
    this.machine = createMachine(machineOptions, options.built?.(MODELS[model]));
    this.machine.console.onOutput = (byte) => {
      this.output += String.fromCharCode(byte);
      if (this.#expected !== '' && this.output.endsWith(this.#expected)) this.machine.stop();
    };
    this.machine.trace(romSymbol('prom_halted', boardName), () => {
      this.isHalted = true;
      this.machine.stop();
    });
  }

  #expected = '';

  /** Runs until the console's output ends with `text`, or the machine halts; at most so many more cycles. */
  runUntil(text: string, cycles = 60e6): void {
    this.#expected = text;
    const end = this.machine.cycle + cycles;
    while (!this.isHalted && !this.output.endsWith(text) && this.machine.cycle < end) this.machine.run(end);
    this.#expected = '';
  }

  /** Types a line at the prompt and returns what came back before the next prompt. */
  command(line: string): string {
    this.output = '';
    this.machine.console.send(new TextEncoder().encode(`${line}\r`));
    this.runUntil('\n>>');
    return this.output;
  }

  /** Places machine words at a physical address and asks the firmware to enter them, as a network boot does. */
  placeKernel(
    physical: number,
    words: readonly number[],
    argv: readonly string[] = ['boot', '3/tftp/test'],
  ): void {
    const view = new DataView(this.machine.ram.buffer, this.machine.ram.byteOffset);
    for (const [index, word] of words.entries()) view.setUint32(physical + 4 * index, word, true);
    view.setUint32(NETBOOT_REQUEST, NETBOOT_MAGIC, true);
    view.setUint32(NETBOOT_REQUEST + 4, 0x8000_0000 + physical, true);
    view.setUint32(NETBOOT_REQUEST + 8, argv.length, true);
    let at = NETBOOT_REQUEST + 12 + 4 * argv.length;
    for (const [index, text] of argv.entries()) {
      view.setUint32(NETBOOT_REQUEST + 12 + 4 * index, 0x8000_0000 + at, true);
      this.machine.ram.set(new TextEncoder().encode(`${text}\0`), at);
      at += text.length + 1;
    }
  }
}
