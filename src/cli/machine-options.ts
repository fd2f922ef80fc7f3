/**
 * The options that describe a machine, shared by the desktop, `run` and others, and their way into what the workstation
 * wants. Values that this machine cannot honour are refused in one line.
 */

import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { fits, MODELS, type ModelName } from '../machine/index.js';
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
  readonly disk?: readonly string[];
  readonly kernel?: string;
  readonly append?: string;
  readonly engine: string;
  readonly speed?: string;
  readonly maxCycles?: string;
  readonly stats?: string;
  readonly seed?: string;
  readonly expect?: string;
  readonly headless?: boolean;
  readonly ephemeral?: boolean;
  readonly check?: boolean;
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
    .option(
      '--disk <file>',
      'disk image, raw or .gz (repeatable, in SCSI id order; copy-on-write unless FILE,rw)',
      (file: string, files: readonly string[] | undefined) => [...(files ?? []), file],
    )
    .option('--kernel <file>', 'boot this ELF or ECOFF file instead of the disk')
    .option('--append <args>', 'arguments for the kernel')
    .option('--engine <engine>', 'interpreter', 'interpreter')
    .option('--speed <speed>', 'max, 1x, or a factor of real time')
    .option('--max-cycles <n>', 'stop at this cycle, status 3')
    .option('--stats <file>', 'write what the run cost as JSON')
    .option('--seed <hex>', "seed of the machine's capabilities, up to 32 hexadecimal digits")
    .option('--expect <regex>', 'end with status 0 as soon as the console shows it');
}

/** Checks the flags and makes a machine of them. `isRepeatable`: fixed seed and date, as all headless runs have. */
export function machineChoice(flags: MachineFlags, isRepeatable: boolean): MachineChoice {
  if (flags.engine !== 'interpreter') {
    throw new InputError(`--engine ${flags.engine}: not in this version; use --engine interpreter`);
  }
  const model = parseModel(flags.model);
  return {
    model,
    memoryMiB: parseMemory(flags.memory, model),
    disks: (flags.disk ?? []).map(parseDiskChoice),
    ...(flags.kernel === undefined ? {} : { kernelPath: flags.kernel }),
    append: (flags.append ?? '').split(/\s+/).filter((word) => word !== ''),
    seed: flags.seed !== undefined ? parseSeed(flags.seed) : isRepeatable ? FIXED_SEED : randomBytes(16),
    epochSeconds: isRepeatable ? FIXED_EPOCH_SECONDS : Math.floor(Date.now() / 1000),
  };
}

export function parseModel(text: string): ModelName {
  const model = Object.values(MODELS).find(({ name }) => name === text);
  if (model === undefined) throw new InputError(`--model ${text}: no such machine; there are ${MODEL_NAMES}`);
  return model.name;
}

/** What the model has without being told when `text` is undefined. */
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
  if (!(factor > 0) || !Number.isFinite(factor)) {
    throw new InputError(`--speed ${text}: give max, 1x, or a positive factor`);
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
