/**
 * The file format of snapshots and recordings: a line of text that says what it is, a line of JSON that says of what, then
 * a compressed state, then the SHA-256 of all that. The first two lines can be read with `head`. Whatever is wrong with
 * a file gives one line for the user.
 */

import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { deflateSync, inflateSync } from 'node:zlib';
import type { StateValue } from '../machine/index.js';
import { fileError, InputError } from './input-error.js';
import { decodeState, encodeState } from './state-codec.js';

/** Raised whenever files of before cannot be read any more, or would give another run. */
const FORMAT_VERSION = 1;
const HASH_BYTES = 32;
const MAX_HEADER_BYTES = 1 << 20;
const COMPRESSION_LEVEL = 3;
const NEWLINE = 0x0a;

export type FileKind = 'snapshot' | 'recording';

export interface SealedFile {
  /** As parsed from JSON; whoever reads it checks its fields. */
  readonly header: unknown;
  /** Throws InputError. `maxBytes` bounds what a hostile file may unpack to. */
  unpack(maxBytes: number): StateValue;
}

/** Throws InputError when the file could not be written: better told before a run than after it. Leaves all as it is. */
export function tryFile(kind: string, path: string): void {
  const isNew = !existsSync(path);
  try {
    closeSync(openSync(path, 'a'));
    if (isNew) rmSync(path);
  } catch (error) {
    throw fileError(error, kind, path);
  }
}

export function writeSealedFile(kind: FileKind, path: string, header: object, state: StateValue): void {
  const head = `exostation ${kind} ${FORMAT_VERSION}\n${JSON.stringify(header)}\n`;
  const body = deflateSync(encodeState(state), { level: COMPRESSION_LEVEL });
  const content = Buffer.concat([Buffer.from(head), body]);
  try {
    writeFileSync(path, Buffer.concat([content, createHash('sha256').update(content).digest()]));
  } catch (error) {
    throw fileError(error, kind, path);
  }
}

export function readSealedFile(kind: FileKind, path: string): SealedFile {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch (error) {
    throw fileError(error, kind, path);
  }
  const wrong = (what: string): InputError => new InputError(`${kind} ${path}: ${what}`);
  const firstEnd = file.subarray(0, 64).indexOf(NEWLINE);
  const [, found, version] =
    /^exostation (snapshot|recording) (\d{1,9})$/.exec(file.toString('latin1', 0, Math.max(firstEnd, 0))) ??
    [];
  if (found === undefined) {
    throw wrong(file.length === 0 ? 'the file is empty' : `not a ${kind} of exostation, or truncated`);
  }
  if (found !== kind) {
    throw wrong(`is a ${found}; use ${found === 'snapshot' ? "'run --restore'" : "'exostation replay'"}`);
  }
  if (Number(version) !== FORMAT_VERSION) {
    throw wrong(`format ${version}, this exostation reads ${FORMAT_VERSION}; use the version that wrote it`);
  }
  const end = file.length - HASH_BYTES;
  const secondEnd = file
    .subarray(0, Math.min(MAX_HEADER_BYTES, Math.max(end, 0)))
    .indexOf(NEWLINE, firstEnd + 1);
  const hash = createHash('sha256')
    .update(file.subarray(0, Math.max(end, 0)))
    .digest();
  if (secondEnd < 0 || !hash.equals(file.subarray(end)))
    throw wrong('truncated or damaged; copy or make it again');
  let header: unknown;
  try {
    header = JSON.parse(file.toString('utf8', firstEnd + 1, secondEnd));
  } catch {
    throw wrong('its header is not JSON; make it again');
  }
  return {
    header,
    unpack(maxBytes) {
      try {
        return decodeState(inflateSync(file.subarray(secondEnd + 1, end), { maxOutputLength: maxBytes }));
      } catch {
        throw wrong('its state cannot be unpacked; make it again');
      }
    },
  };
}
