/**
 * The clock chip's battery-backed RAM (registers 14..63) between two runs of the desktop. The seed cells (0x20..0x2f) are
 * not part of it: the workstation sets them afresh each time.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export const NVRAM_BYTES = 50;

/** undefined when there is none, or when it is not one. */
export function readNvram(path: string): Uint8Array | undefined {
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  return bytes.length === NVRAM_BYTES ? bytes : undefined;
}

export function writeNvram(path: string, nvram: Uint8Array): void {
  const saved = nvram.slice(0, NVRAM_BYTES);
  saved.fill(0, 0x20 - 14, 0x30 - 14);
  writeFileSync(path, saved);
}
