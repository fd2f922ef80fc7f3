/**
 * The options that describe a machine, shared by the desktop, `run` and others, and their way into what the workstation
 * wants. Values that this machine cannot honour are refused in one line.
 */

import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { type DisplayKind, fits, MODELS, type ModelName } from '../machine/index.js';
import {
  FIXED_EPOCH_SECONDS,
  FIXED_SEED,
  InputError,
  type MachineChoice,
  parseDiskChoice,
  type Speed,
} from '../workstation/index.js';

/** What commander hands over. */
export interface MachineFlags {
  readonly model: string;
  readonly memory?: string;
  readonly display?: string;
  readonly disk?: readonly string[];
  /** One for each machine on the wire; the last is also that of the others. */
  readonly kernel?: readonly string[];
  readonly append?: readonly string[];
  readonly engine: string;
  readonly speed?: string;
  readonly maxCycles?: string;
  readonly stats?: string;
  readonly seed?: string;
  readonly expect?: string;
  readonly headless?: boolean;
  readonly ephemeral?: boolean;
  readonly check?: boolean;
  /** One file for each machine. */
  readonly record?: readonly string[];
}

const MODEL_LIST = Object.values(MODELS).toSorted((a, b) => (a.name < b.name ? 1 : -1));

export const DEFAULT_MODEL: ModelName = '5000/125';
export const MODEL_NAMES: string = MODEL_LIST.map(({ name }) => name).join(', ');
const MEMORY_HELP: string = MODEL_LIST.map(
  ({ name, memory }) => `${name} ${memory.minimum} to ${memory.maximum} (default ${memory.usual})`,
).join(', ');

export function addMachineOptions(command: Command): Command {
  return command
    .option('--model <model>', `machine: ${MODEL_NAMES}`, DEFAULT_MODEL)
    .option('--memory <MiB>', `memory: ${MEMORY_HELP}`)
    .option('--display <kind>', 'frame buffer: colour, or (3100, 2100) mono', 'colour')
    .option(
      '--disk <file>',
      'disk image, raw or .gz (repeatable, in SCSI id order; copy-on-write unless FILE,rw)',
      collect,
    )
    .option('--kernel <file>', 'boot this ELF or ECOFF file instead of the disk', collect)
    .option('--append <args>', 'arguments for the kernel', collect)
    .option('--engine <engine>', 'interpreter', 'interpreter')
    .option('--speed <speed>', 'max, 1x, or a factor of real time')
    .option('--max-cycles <n>', 'stop at this cycle, status 3')
    .option('--stats <file>', 'write what the run cost as JSON')
    .option('--seed <hex>', "seed of the machine's capabilities, up to 32 hexadecimal digits")
    .option('--expect <regex>', 'end with status 0 as soon as the console shows it')
    .option(
      '--record <file>',
      "record the run for 'exostation replay' (of several machines: once for each)",
      collect,
    );
}

/** What commander calls for each value of an option that can be repeated. */
export function collect(value: string, values: readonly string[] | undefined): readonly string[] {
  return [...(values ?? []), value];
}

/** Of a repeated option the value for one of `count` machines; the last is also that of the others. */
export function valueFor(
  option: string,
  values: readonly string[] | undefined,
  index: number,
  count: number,
): string | undefined {
  if (values !== undefined && values.length > count) {
    const machines = count === 1 ? 'one machine' : `${count} machines`;
    throw new InputError(`${option}: given ${values.length} times for ${machines}; see --machines`);
  }
  return values?.[Math.min(index, values.length - 1)];
}

/** `--record` once for each machine that is to be recorded, in order. */
export function recordPaths(paths: readonly string[] | undefined, count: number): readonly string[] {
  if ((paths?.length ?? 0) > count) {
    throw new InputError(
      `--record: given ${paths?.length} times for ${count === 1 ? 'one machine' : `${count} machines`}; see --machines`,
    );
  }
  return paths ?? [];
}

/**
 * Checks the flags and makes a machine of them, the one at `index` of `count`. `isRepeatable`: fixed seed and date, as all
 * headless runs have.
 */
export function machineChoice(
  flags: MachineFlags,
  isRepeatable: boolean,
  index: number = 0,
  count: number = 1,
): MachineChoice {
  if (flags.engine !== 'interpreter') {
    throw new InputError(`--engine ${flags.engine}: not in this version; use --engine interpreter`);
  }
  const kernel = valueFor('--kernel', flags.kernel, index, count);
  const append = valueFor('--append', flags.append, index, count) ?? '';
  const disks = (flags.disk ?? []).map(parseDiskChoice);
  const written = disks.find((disk) => disk.isWrittenThrough);
  if (count > 1 && written !== undefined) {
    throw new InputError(
      `--disk ${written.path},rw: ${count} machines cannot write one image; leave ,rw out`,
    );
  }
  const seed = flags.seed !== undefined ? parseSeed(flags.seed) : isRepeatable ? FIXED_SEED : randomBytes(16);
  const model = parseModel(flags.model);
  return {
    model,
    memoryMiB: parseMemory(flags.memory, model),
    ...parseDisplay(flags.display, model),
    disks,
    ...(kernel === undefined ? {} : { kernelPath: kernel }),
    append: append.split(/\s+/).filter((word) => word !== ''),
    // Machines on one wire have keys of their own.
    seed: seed.map((byte, at) => (at === 15 ? (byte + index) & 0xff : byte)),
    epochSeconds: isRepeatable ? FIXED_EPOCH_SECONDS : Math.floor(Date.now() / 1000),
  };
}

export function parseModel(text: string): ModelName {
  const model = Object.values(MODELS).find(({ name }) => name === text);
  if (model === undefined) throw new InputError(`--model ${text}: no such machine; there are ${MODEL_NAMES}`);
  return model.name;
}

/** What the model has without being told when `text` is undefined. */
/** Colour is what goes without saying. */
export function parseDisplay(text: string | undefined, model: ModelName): { display?: DisplayKind } {
  if (text === undefined || text === 'colour') return {};
  if (text !== 'mono') throw new InputError(`--display ${text}: give colour or mono`);
  if (model === '5000/125') {
    throw new InputError(`--display mono: the ${model} has a colour frame buffer; use --model 3100 or 2100`);
  }
  return { display: text };
}

export function parseMemory(text: string | undefined, model: ModelName): number {
  const sizes = MODELS[model].memory;
  const memory = text === undefined ? sizes.usual : Number(text);
  if (!Number.isInteger(memory) || !fits(memory, sizes)) {
    const { minimum, maximum, step } = sizes;
    throw new InputError(
      `--memory ${text}: give ${minimum} to ${maximum} MiB, a multiple of ${step}, for a ${model}`,
    );
  }
  return memory;
}

export function parseSeed(text: string): Uint8Array {
  const digits = text.replace(/^0x/i, '');
  if (!/^[0-9a-f]{1,32}$/i.test(digits)) {
    throw new InputError(`--seed ${text}: give 1 to 32 hexadecimal digits`);
  }
  return Uint8Array.from(Buffer.from(digits.padStart(32, '0'), 'hex'));
}

export function parseMaxCycles(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const cycles = Number(text.replaceAll('_', ''));
  if (!Number.isSafeInteger(cycles) || cycles <= 0) {
    throw new InputError(`--max-cycles ${text}: give a positive whole number`);
  }
  return cycles;
}

export function parseSpeed(text: string | undefined): Speed | undefined {
  if (text === undefined || text === 'max') return text;
  const factor = Number(text.replace(/x$/, ''));
  if (!/^[\d.]+x?$/.test(text) || !(factor >= 0.001 && factor <= 1000)) {
    throw new InputError(`--speed ${text}: give max, 1x, or a positive factor, 0.001 to 1000`);
  }
  return factor;
}

export function parseExpect(text: string | undefined): RegExp | undefined {
  if (text === undefined) return undefined;
  try {
    return new RegExp(text, 'm');
  } catch {
    throw new InputError(`--expect ${text}: not a regular expression`);
  }
}
