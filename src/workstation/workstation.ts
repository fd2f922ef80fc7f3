/**
 * One running machine with what surrounds it: disks, firmware, a kernel to boot, the wire to init, the way in for inputs.
 * It advances only when told to (`run`), never looks at a clock, and calls back at the guest's cycles; who paces it
 * (`worker.ts`) or drives it to its end (the command line) is not its business.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { BlockDevice, Machine, MachineState } from '../machine/index.js';
import { createMachine, MODELS } from '../machine/index.js';
import { type ObserverSymbols, parseSymbolTable, type SymbolTable } from '../observe/index.js';
import { DISK_IMAGE_PATH, readFirmware, readSymbolTable } from './assets.js';
import { placeKernel } from './boot-request.js';
import type { DataFolder } from './data-folder.js';
import { type DiskChanges, fileAsDisk, type OpenDisk, openDisk } from './disk-file.js';
import { type Executable, parseExecutable } from './executable.js';
import { type KeyStroke, keyStrokeInput, type MouseChange, mouseInput } from './human-input.js';
import { InitClient, type InitState } from './init-client.js';
import { deliver, lineChannel } from './input-channels.js';
import { fileError, InputError } from './input-error.js';
import type { MachineChoice } from './machine-choice.js';
import { CONSOLE_LINE } from './messages.js';
import type { NetworkConnection } from './network.js';
import { readNvram, writeNvram } from './nvram-file.js';
import { type RunIdentity, toHex } from './run-identity.js';

/** Chips, caches and what waits on lines and wire. */
const OTHER_STATE_BYTES = 64 << 20;

/** A run as it stands: what a snapshot file holds. */
export type WorkstationState = {
  readonly machine: MachineState;
  readonly disks: readonly DiskChanges[];
  readonly init: InitState;
  readonly isHalted: boolean;
  readonly hasShownPrompt: boolean;
};

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
  readonly kernel: Executable | undefined;
  /** Called at the guest's cycle for every byte it sends, line 0 excepted. */
  onOutput: ((line: number, byte: number) => void) | undefined;
  /** Called at the cycle at which a frame has passed over the guest's wire; inbound is toward the guest. */
  onFrame: ((frame: Uint8Array, isInbound: boolean) => void) | undefined;
  /** Where the guest's frames go. */
  network: NetworkConnection | undefined;
  /** Called when the firmware shows its prompt: it found nothing to boot, or what it booted has returned. */
  onFirmwarePrompt: (() => void) | undefined;
  /** Called with everything that enters the machine from outside, at the cycle at which it does. */
  onInput: ((cycle: number, channel: string, bytes: Uint8Array) => void) | undefined;
  /** Called whenever the machine has come to a stand, between two runs. */
  onStand: (() => void) | undefined;
  readonly #options: WorkstationOptions;
  readonly #kernelHash: string | undefined;
  readonly #nvram: Uint8Array | undefined;
  readonly #firmwareSymbols: SymbolTable;
  #symbols: ObserverSymbols | undefined;
  #identity: RunIdentity | undefined;
  #isHalted = false;
  #hasShownPrompt = false;
  readonly #disks: OpenDisk[] = [];
  readonly #folder: DataFolder | undefined;

  constructor(options: WorkstationOptions) {
    this.#options = options;
    this.#folder = options.folder;
    this.#nvram = options.nvram ?? this.#savedNvram();
    const { boardName } = MODELS[options.model];
    const rom = readFirmware(boardName);
    this.#firmwareSymbols = parseSymbolTable(readSymbolTable('rom'), boardName);
    const kernel = options.kernelPath === undefined ? undefined : readKernel(options.kernelPath);
    this.kernel = kernel?.executable;
    this.#kernelHash = kernel?.hash;
    this.machine = createMachine({
      model: options.model,
      memoryMiB: options.memoryMiB,
      rom,
      disks: this.#openDisks(options),
      seed: options.seed,
      epochSeconds: options.epochSeconds,
      ...(options.stationAddress === undefined ? {} : { stationAddress: options.stationAddress }),
      ...(options.display === undefined ? {} : { display: options.display }),
      ...(this.#nvram === undefined ? {} : { nvram: this.#nvram }),
    });
    if (this.kernel !== undefined) {
      placeKernel(this.machine, this.kernel, this.kernelName ?? '', options.append);
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

  /** Of the kernel that boots instead of the disk. */
  get kernelName(): string | undefined {
    const { kernelName, kernelPath } = this.#options;
    return kernelPath === undefined ? undefined : (kernelName ?? basename(kernelPath));
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
    this.enter(lineChannel(line), bytes);
  }

  /** Queues a frame on the network toward the guest; what is no Ethernet frame is dropped. */
  receiveFrame(frame: Uint8Array): void {
    if (isFrame(frame)) this.enter('network', frame);
  }

  /** Lets bytes in by a channel (`input-channels.ts`), the only way in: here a recording hears of them. */
  enter(channel: string, bytes: Uint8Array): void {
    this.machine.enter(() => {
      this.onInput?.(this.machine.cycle, channel, bytes);
      deliver(this.machine, channel, bytes);
    });
  }

  /** A stroke on the workstation's own keyboard. */
  strike(stroke: KeyStroke): void {
    this.enter('keyboard', keyStrokeInput(stroke));
  }

  moveMouse(change: MouseChange): void {
    this.enter('mouse', mouseInput(change));
  }

  /** Runs to the absolute cycle, the halt, or a `machine.stop()`. */
  run(untilCycle: number): void {
    if (!this.#isHalted) this.machine.run(untilCycle);
    this.onStand?.();
  }

  /** True once the firmware has shown its prompt. */
  get hasShownPrompt(): boolean {
    return this.#hasShownPrompt;
  }

  /** Throws InputError when the run cannot be kept in a file. Reads all of the disks the first time. */
  get identity(): RunIdentity {
    this.#identity ??= this.#identify();
    return this.#identity;
  }

  /** Bytes that a state of this run takes at most. */
  get maxStateBytes(): number {
    const disks = this.#disks.reduce((sum, disk) => sum + disk.sectorCount * (512 + 4), 0);
    return this.machine.ram.length + disks + OTHER_STATE_BYTES;
  }

  #identify(): RunIdentity {
    const { model, memoryMiB, display, kernelPath, append, seed, epochSeconds, stationAddress } =
      this.#options;
    if (this.#disks.some((disk) => !disk.isCopyOnWrite)) {
      throw new InputError(
        'a disk that is written through (,rw) changes under snapshots and recordings; leave out ,rw',
      );
    }
    return {
      model,
      memoryMiB,
      ...(display === undefined ? {} : { display }),
      rom: createHash('sha256').update(this.machine.options.rom).digest('hex'),
      disks: this.#disks.map((disk, index) => {
        const path = this.#options.disks[index]?.path;
        return { ...(path === undefined ? {} : { path: resolve(path) }), sha256: disk.imageHash() };
      }),
      ...(kernelPath === undefined
        ? {}
        : { kernel: { path: resolve(kernelPath), sha256: this.#kernelHash as string } }),
      append,
      seed: toHex(seed),
      epochSeconds,
      ...(stationAddress === undefined ? {} : { stationAddress }),
      ...(this.#nvram === undefined ? {} : { nvram: toHex(this.#nvram) }),
    };
  }

  /** Between two runs. */
  snapshot(): WorkstationState {
    return {
      machine: this.machine.snapshot(),
      disks: this.#disks.map((disk) => disk.changes()),
      init: this.init.snapshot(),
      isHalted: this.#isHalted,
      hasShownPrompt: this.#hasShownPrompt,
    };
  }

  /** Takes the state of a run with the same identity. Throws RangeError when it cannot be one. */
  restore(state: WorkstationState): void {
    this.restoreDisks(state.disks);
    this.machine.restore(state.machine);
    this.init.restore(state.init);
    this.#isHalted = state.isHalted;
    this.#hasShownPrompt = state.hasShownPrompt;
  }

  /** What had been written to the disks when a run began. */
  restoreDisks(changes: readonly DiskChanges[]): void {
    this.#disks.forEach((disk, index) => {
      disk.restoreChanges(changes[index] as DiskChanges);
    });
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
    if (this.#folder !== undefined) writeNvram(this.#folder.file(this.#nvramFile), this.machine.nvram);
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

  /** What the clock chip's RAM means is the firmware's affair, so each board's is kept by itself. */
  get #nvramFile(): string {
    const { boardName } = MODELS[this.#options.model];
    return boardName === 'kn02ba' ? 'nvram' : `nvram-${boardName}`;
  }

  #savedNvram(): Uint8Array | undefined {
    return this.#folder === undefined ? undefined : readNvram(this.#folder.file(this.#nvramFile));
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
    if (prompt !== undefined) {
      machine.trace(prompt, () => {
        this.#hasShownPrompt = true;
        this.onFirmwarePrompt?.();
      });
    }
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

function readKernel(path: string): { readonly executable: Executable; readonly hash: string } {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw fileError(error, 'kernel', path);
  }
  return {
    executable: parseExecutable(bytes, path),
    hash: createHash('sha256').update(bytes).digest('hex'),
  };
}
