/**
 * The options that describe a machine, shared by the desktop, `run` and others, and their way into what the workstation
 * wants. Values that this machine cannot honour are refused in one line.
 */

import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
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
  readonly memory: string;
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

export const DEFAULT_MEMORY_MIB = '32';

export function addMachineOptions(command: Command): Command {
  return command
    .option('--model <model>', 'machine: 5000/125', '5000/125')
    .option('--memory <MiB>', 'memory, 8 to 128', DEFAULT_MEMORY_MIB)
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
  return {
    model: parseModel(flags.model),
    memoryMiB: parseMemory(flags.memory),
    disks: (flags.disk ?? []).map(parseDiskChoice),
    ...(flags.kernel === undefined ? {} : { kernelPath: flags.kernel }),
    append: (flags.append ?? '').split(/\s+/).filter((word) => word !== ''),
    seed: flags.seed !== undefined ? parseSeed(flags.seed) : isRepeatable ? FIXED_SEED : randomBytes(16),
    epochSeconds: isRepeatable ? FIXED_EPOCH_SECONDS : Math.floor(Date.now() / 1000),
  };
}

export function parseModel(text: string): '5000/125' {
  if (text === '5000/125') return text;
  if (text === '3100' || text === '2100') {
    throw new InputError(`--model ${text}: not in this version; use --model 5000/125`);
  }
  throw new InputError(`--model ${text}: no such machine; use --model 5000/125`);
}

export function parseMemory(text: string): number {
  const memory = Number(text);
  if (!Number.isInteger(memory) || memory < 8 || memory > 128 || memory % 8 !== 0) {
    throw new InputError(`--memory ${text}: give 8 to 128 MiB, a multiple of 8`);
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
