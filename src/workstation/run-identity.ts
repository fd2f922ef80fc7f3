/**
 * Which run a file belongs to: the options that the machine was built from, and the hashes of what they name. It travels as
 * the JSON header of snapshots and recordings; read back, every field is checked. A machine is built from it again
 * (`choiceOf`) and held against it (`checkIdentity`).
 */

import { basename } from 'node:path';
import { type DisplayKind, fits, MODELS, type ModelName } from '../machine/index.js';
import { InputError } from './input-error.js';
import type { MachineChoice } from './machine-choice.js';

export interface DiskIdentity {
  /** undefined = the disk that ships with exostation. */
  readonly path?: string;
  /** SHA-256 of the image, uncompressed, in hexadecimal; so for the others. */
  readonly sha256: string;
}

export interface RunIdentity {
  readonly model: ModelName;
  readonly memoryMiB: number;
  /** Undefined = colour. */
  readonly display?: DisplayKind;
  readonly rom: string;
  readonly disks: readonly DiskIdentity[];
  readonly kernel?: { readonly path: string; readonly sha256: string };
  readonly append: readonly string[];
  readonly seed: string;
  readonly epochSeconds: number;
  readonly stationAddress?: readonly number[];
  /** Clock chip RAM that was kept from an earlier run, in hexadecimal. */
  readonly nvram?: string;
}

const isHex = (value: unknown, bytes: number): boolean =>
  typeof value === 'string' && value.length === 2 * bytes && /^[0-9a-f]*$/.test(value);
const isText = (value: unknown): boolean => typeof value === 'string' && !value.includes('\0');
const isWhole = (value: unknown): boolean => Number.isSafeInteger(value);
const isFile = (value: unknown, mayLackPath: boolean): boolean => {
  if (!isRecord(value)) return false;
  return isHex(value.sha256, 32) && (isText(value.path) || (mayLackPath && value.path === undefined));
};

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What each field of an identity must be like. */
const FIELDS: Readonly<Record<keyof RunIdentity, (value: unknown) => boolean>> = {
  model: (value) => typeof value === 'string' && Object.hasOwn(MODELS, value),
  memoryMiB: isWhole,
  display: (value) => value === undefined || value === 'colour' || value === 'mono',
  rom: (value) => isHex(value, 32),
  disks: (value) => Array.isArray(value) && value.length <= 7 && value.every((disk) => isFile(disk, true)),
  kernel: (value) => value === undefined || isFile(value, false),
  append: (value) => Array.isArray(value) && value.every(isText),
  seed: (value) => isHex(value, 16),
  epochSeconds: (value) => isWhole(value) && (value as number) >= 0 && (value as number) < 2 ** 33,
  stationAddress: (value) =>
    value === undefined ||
    (Array.isArray(value) &&
      value.length === 6 &&
      value.every((byte) => isWhole(byte) && byte >= 0 && byte < 256)),
  nvram: (value) => value === undefined || isHex(value, 50),
};

/** Checks what was read from a file. `file` names it in errors. */
export function parseIdentity(value: unknown, file: string): RunIdentity {
  if (!isRecord(value)) throw new InputError(`${file}: its header names no machine; make it again`);
  for (const [name, isGood] of Object.entries(FIELDS)) {
    if (!isGood(value[name]))
      throw new InputError(`${file}: its header is wrong at '${name}'; make it again`);
  }
  const identity = value as unknown as RunIdentity;
  if (!fits(identity.memoryMiB, MODELS[identity.model].memory)) {
    throw new InputError(`${file}: its header is wrong at 'memoryMiB'; make it again`);
  }
  return identity;
}

/** Where the user says that things are now, when they are not where they were. */
export interface Places {
  readonly disks?: readonly string[];
  readonly kernelPath?: string;
}

/** The machine to build for a file's run. Paths in it are those of the run, unless `places` says otherwise. */
export function choiceOf(identity: RunIdentity, places: Places = {}): MachineChoice {
  const { disks, kernel, stationAddress } = identity;
  const isShipped = places.disks === undefined && disks.every(({ path }) => path === undefined);
  const kernelPath = kernel === undefined ? undefined : (places.kernelPath ?? kernel.path);
  return {
    model: identity.model,
    memoryMiB: identity.memoryMiB,
    ...(identity.display === undefined ? {} : { display: identity.display }),
    disks: isShipped
      ? []
      : disks.map(({ path }, index) => ({
          path: places.disks?.[index] ?? path ?? '',
          isWrittenThrough: false,
        })),
    ...(kernel === undefined || kernelPath === undefined
      ? {}
      : { kernelPath, kernelName: basename(kernel.path) }),
    append: identity.append,
    seed: fromHex(identity.seed),
    epochSeconds: identity.epochSeconds,
    ...(stationAddress === undefined ? {} : { stationAddress }),
    ...(identity.nvram === undefined ? {} : { nvram: fromHex(identity.nvram) }),
  };
}

/** Throws InputError when the machine that was built is not the one of the file. */
export function checkIdentity(actual: RunIdentity, wanted: RunIdentity, file: string): void {
  const refuse = (what: string): never => {
    throw new InputError(`${file}: ${what}`);
  };
  if (actual.rom !== wanted.rom) refuse('made with another firmware (rom/); use the exostation that made it');
  if (actual.disks.length !== wanted.disks.length) {
    refuse(`made with ${wanted.disks.length} disks, not ${actual.disks.length}`);
  }
  wanted.disks.forEach((disk, index) => {
    const now = actual.disks[index] as DiskIdentity;
    if (now.sha256 === disk.sha256) return;
    const which = now.path ?? 'the shipped disk';
    refuse(`${which} is not the disk it was made with; use --disk to say where that one is`);
  });
  if (actual.kernel?.sha256 !== wanted.kernel?.sha256) {
    refuse(
      `${actual.kernel?.path ?? 'no kernel'} is not the kernel it was made with; use --kernel to name that one`,
    );
  }
  for (const name of Object.keys(FIELDS) as (keyof RunIdentity)[]) {
    if (name === 'disks' || name === 'kernel') continue;
    if (JSON.stringify(actual[name]) !== JSON.stringify(wanted[name])) refuse(`made with another ${name}`);
  }
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}
