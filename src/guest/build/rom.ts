/** The firmware as it is shipped: an image for each board, symbols, manifest. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BOARDS, type Image } from './images.js';
import { sha256 } from './incremental.js';
import { type SymbolAddresses, symbolsOf } from './symbols.js';

export const ROM_FILES: readonly string[] = [
  ...BOARDS.map((board) => `${board}.bin`),
  'symbols.json',
  'manifest.json',
];

export function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 1)}\n`);
}

export async function writeRom(folder: string, firmware: readonly Image[], compiler: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const symbols: Record<string, SymbolAddresses> = {};
  const files: Record<string, { bytes: number; sha256: string }> = {};
  for (const { name, elf, file } of firmware) {
    const image = readFileSync(file);
    writeFileSync(join(folder, `${name}.bin`), image);
    symbols[name] = await symbolsOf(elf);
    files[`${name}.bin`] = { bytes: image.length, sha256: sha256(image) };
  }
  writeJson(join(folder, 'symbols.json'), symbols);
  writeJson(join(folder, 'manifest.json'), { compiler: `mipsel-linux-gnu-gcc ${compiler}`, files });
}
