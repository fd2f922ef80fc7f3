/** The firmware as it is shipped: image, symbols, manifest. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Image } from './images.js';
import { sha256 } from './incremental.js';
import { symbolsOf } from './symbols.js';

export const ROM_FILES: readonly string[] = ['kn02ba.bin', 'symbols.json', 'manifest.json'];

export function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 1)}\n`);
}

export async function writeRom(folder: string, prom: Image, compiler: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const image = readFileSync(prom.file);
  writeFileSync(join(folder, 'kn02ba.bin'), image);
  writeJson(join(folder, 'symbols.json'), { kn02ba: await symbolsOf(prom.elf) });
  writeJson(join(folder, 'manifest.json'), {
    compiler: `mipsel-linux-gnu-gcc ${compiler}`,
    files: { 'kn02ba.bin': { bytes: image.length, sha256: sha256(image) } },
  });
}
