/**
 * One running machine with what surrounds it: disks, firmware, a kernel to boot, the wire to init, the record of inputs.
 * It advances only when told to (`run`), never looks at a clock, and calls back at the guest's cycles; who paces it
 * (`worker.ts`) or drives it to its end (the command line) is not its business.
 */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { BlockDevice, Machine } from '../machine/index.js';
import { createMachine, MODELS } from '../machine/index.js';
import { type ObserverSymbols, parseSymbolTable, type SymbolTable } from '../observe/index.js';
import { DISK_IMAGE_PATH, readFirmware, readSymbolTable } from './assets.js';
import { placeKernel } from './boot-request.js';
import type { DataFolder } from './data-folder.js';
import { fileAsDisk, type OpenDisk, openDisk } from './disk-file.js';
import { type Executable, parseExecutable } from './executable.js';
import { InitClient } from './init-client.js';
import { fileError, InputError } from './input-error.js';
import type { MachineChoice } from './machine-choice.js';
import { CONSOLE_LINE } from './messages.js';
import type { NetworkConnection } from './network.js';
import { readNvram, writeNvram } from './nvram-file.js';
import { NETWORK_INPUT, Recording } from './recording.js';

const NVRAM_FILE = 'nvram';

export interface WorkstationOptions extends MachineChoice {
  /** Where overlays and NVRAM are kept; undefined = ephemeral. */
  readonly folder?: DataFolder;
  /** A host file that the guest finds raw on its second disk. */
  readonly secondDiskFile?: Uint8Array;
  /** Takes one line for the user. */
  readonly notice: (text: string) => void;
}

/** Opens and closes again what the user named, so that bad input is told before a machine is built around it. */
export function checkChoice(choice: MachineChoice): void {
  for (const disk of choice.disks) openDisk(disk, { folder: undefined, notice: () => {} }).dispose();
  if (choice.kernelPath !== undefined) readKernel(choice.kernelPath);
}

/** Whether these bytes can be an Ethernet frame, without its check sequence. */
export function isFrame(bytes: Uint8Array): boolean {
  return bytes.length >= 14 && bytes.length <= 1514;
}

/** What can be run to a cycle: one machine, or several on one wire. */
export interface Runnable {
  readonly hertz: number;
  /** Cycle that has been reached. */
  readonly cycle: number;
  readonly isHalted: boolean;
  run(untilCycle: number): void;
  stop(): void;
}

export class Workstation implements Runnable {
  readonly machine: Machine;
  readonly init: InitClient;
  readonly recording: Recording = new Recording();
  readonly kernel: Executable | undefined;
  /** Called at the guest's cycle for every byte it sends, line 0 excepted. */
  onOutput: ((line: number, byte: number) => void) | undefined;
  /** Called at the cycle at which a frame has passed over the guest's wire; inbound is toward the guest. */
  onFrame: ((frame: Uint8Array, isInbound: boolean) => void) | undefined;
  /** Where the guest's frames go. */
  network: NetworkConnection | undefined;
  /** Called when the firmware shows its prompt: it found nothing to boot, or what it booted has returned. */
  onFirmwarePrompt: (() => void) | undefined;
  readonly #firmwareSymbols: SymbolTable;
  #symbols: ObserverSymbols | undefined;
  #isHalted = false;
  readonly #disks: OpenDisk[] = [];
  readonly #folder: DataFolder | undefined;

  constructor(options: WorkstationOptions) {
    this.#folder = options.folder;
    const { boardName } = MODELS[options.model];
    const rom = readFirmware(boardName);
    this.#firmwareSymbols = parseSymbolTable(readSymbolTable('rom'), boardName);
    this.kernel = options.kernelPath === undefined ? undefined : readKernel(options.kernelPath);
    this.machine = createMachine({
      model: options.model,
      memoryMiB: options.memoryMiB,
      rom,
      disks: this.#openDisks(options),
      seed: options.seed,
      epochSeconds: options.epochSeconds,
      ...(options.stationAddress === undefined ? {} : { stationAddress: options.stationAddress }),
      ...this.#savedNvram(),
    });
    if (this.kernel !== undefined && options.kernelPath !== undefined) {
      placeKernel(this.machine, this.kernel, basename(options.kernelPath), options.append);
    }
    this.init = new InitClient((bytes) => this.send(0, bytes));
    this.#connect();
  }

  /** Symbols for an observer; read when first asked for, since a run that nobody watches needs few. */
  get symbols(): ObserverSymbols {
    this.#symbols ??= readSymbols(this.#firmwareSymbols, this.kernel === undefined);
    return this.#symbols;
  }

  get hertz(): number {
    return this.machine.hertz;
  }

  get cycle(): number {
    return this.machine.cycle;
  }

  /** True once the guest has halted: the firmware sits in its halted loop. */
  get isHalted(): boolean {
    return this.#isHalted;
  }

  /** Queues bytes on a line (0..15 multiplexer, 16 console); the guest takes them by its own flow control. */
  send(line: number, bytes: Uint8Array): void {
    this.machine.enter(() => {
      this.recording.add(this.machine.cycle, line, bytes);
      const target = line === CONSOLE_LINE ? this.machine.console : this.machine.lines[line];
      target?.send(bytes);
    });
  }

  /** Queues a frame on the network toward the guest; what is no Ethernet frame is dropped. */
  receiveFrame(frame: Uint8Array): void {
    if (!isFrame(frame)) return;
    this.machine.enter(() => {
      this.recording.add(this.machine.cycle, NETWORK_INPUT, frame);
      this.machine.network.send(frame);
    });
  }

  /** Runs to the absolute cycle, the halt, or a `machine.stop()`. */
  run(untilCycle: number): void {
    if (!this.#isHalted) this.machine.run(untilCycle);
  }

  /** Ends the present `run` after the present instruction. */
  stop(): void {
    this.machine.stop();
  }

  /** First disk, for listing programs. */
  get rootDisk(): BlockDevice | undefined {
    return this.#disks[0];
  }

  /** Saves what is kept, closes the disks and leaves the network. */
  dispose(): void {
    this.network?.dispose();
    if (this.#folder !== undefined) writeNvram(this.#folder.file(NVRAM_FILE), this.machine.nvram);
    for (const disk of this.#disks) disk.dispose();
    this.#disks.length = 0;
  }

  #openDisks(options: WorkstationOptions): BlockDevice[] {
    const shipped = { path: DISK_IMAGE_PATH, isWrittenThrough: false };
    const needsShipped = options.disks.length === 0 && options.kernelPath === undefined;
    const choices = needsShipped ? [shipped] : options.disks;
    for (const choice of choices) {
      this.#disks.push(openDisk(choice, { folder: options.folder, notice: options.notice }));
    }
    const disks: BlockDevice[] = [...this.#disks];
    if (options.secondDiskFile !== undefined) disks.splice(1, 0, fileAsDisk(options.secondDiskFile));
    if (disks.length > 7) throw new InputError('--disk: a SCSI bus takes at most 7 disks; give fewer');
    return disks;
  }

  #savedNvram(): { nvram?: Uint8Array } {
    if (this.#folder === undefined) return {};
    const nvram = readNvram(this.#folder.file(NVRAM_FILE));
    return nvram === undefined ? {} : { nvram };
  }

  #connect(): void {
    const { machine } = this;
    machine.console.onOutput = (byte) => this.onOutput?.(CONSOLE_LINE, byte);
    machine.lines.forEach((line, index) => {
      line.onOutput =
        index === 0 ? (byte) => this.init.receive(byte) : (byte) => this.onOutput?.(index, byte);
    });
    machine.network.onFrame = (frame) => {
      this.network?.send(frame);
      this.onFrame?.(frame, false);
    };
    machine.network.onArrival = (frame) => this.onFrame?.(frame, true);
    const halted = this.#firmwareSymbols.address('prom_halted');
    if (halted === undefined) {
      throw new InputError(
        "rom/symbols.json: no 'prom_halted' in it; reinstall, or run 'npm run guest:build'",
      );
    }
    const prompt = this.#firmwareSymbols.address('prompt_loop');
    if (prompt !== undefined) machine.trace(prompt, () => this.onFirmwarePrompt?.());
    machine.trace(halted, () => {
      this.#isHalted = true;
      machine.stop();
    });
  }
}

/** Symbols of the firmware and of what the shipped disk holds; Aegis's only when it is what boots. */
function readSymbols(firmware: SymbolTable, bootsAegis: boolean): ObserverSymbols {
  const images = readSymbolTable('disk-images');
  const names = Object.keys(images as object);
  const aegis = parseSymbolTable(images, 'aegis');
  return {
    firmware,
    aegis: bootsAegis && aegis.size > 0 ? aegis : undefined,
    images: new Map(names.map((name) => [name, parseSymbolTable(images, name)])),
  };
}

function readKernel(path: string): Executable {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw fileError(error, 'kernel', path);
  }
  return parseExecutable(bytes, path);
}
