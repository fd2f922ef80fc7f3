/**
 * What ships with exostation: firmware, disk image and symbol tables, found relative to this file (the same from `src/`
 * and `dist/`). Missing ones are the user's installation being incomplete, so they give one line.
 */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fileError, InputError } from './input-error.js';

const ROOT = new URL('../../', import.meta.url);

export function assetPath(relative: string): string {
  return fileURLToPath(new URL(relative, ROOT));
}

export const DISK_IMAGE_PATH: string = assetPath('disk-images/exostation.img.gz');

/** The boot ROM of a board. */
export function readFirmware(boardName: string): Uint8Array {
  const path = assetPath(`rom/${boardName}.bin`);
  if (!existsSync(path)) {
    throw new InputError(`firmware ${path}: missing; reinstall, or run 'npm run guest:build'`);
  }
  return readFileSync(path);
}

/** Symbols of a shipped image: its file name to {symbol name: address}. Empty when the file is not there. */
export function readSymbolTable(folder: 'rom' | 'disk-images'): unknown {
  const path = assetPath(`${folder}/symbols.json`);
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError(`${path}: not JSON; run 'npm run guest:build'`);
    throw fileError(error, 'symbols', path);
  }
}
