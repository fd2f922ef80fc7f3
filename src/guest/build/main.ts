/**
 * The guest build's command line: `build` writes rom/ and disk-images/, `verify` builds everything in a temporary
 * folder and compares with what is committed, byte for byte; it lists differences and ends with status 1. `costs`
 * keeps what the kernel that was built last costs.
 */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { costLines, type KernelCosts, kernelCosts, readCosts, writeCosts } from './costs.js';
import { DISK_FILES, writeDisk } from './disk.js';
import { BOARDS, buildImages } from './images.js';
import { withLock } from './lock.js';
import { ROM_FILES, writeRom } from './rom.js';
import type { SymbolAddresses } from './symbols.js';
import { BuildError, COMPILER_VERSION, compilerVersion } from './toolchain.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');
const COSTS = join(ROOT, 'src/guest/aegis/costs.json');

async function build(objects: string, output: string): Promise<void> {
  const compiler = await compilerVersion();
  if (compiler !== COMPILER_VERSION) {
    process.stderr.write(
      `guest build: gcc ${compiler}; the committed images come from gcc ${COMPILER_VERSION}\n`,
    );
  }
  await withLock(objects, () => buildLocked(objects, output, compiler));
}

async function buildLocked(objects: string, output: string, compiler: string): Promise<void> {
  const images = await buildImages({ root: ROOT, objects, guest: join(ROOT, 'src/guest') });
  if (images.firmware.length === BOARDS.length)
    await writeRom(join(output, 'rom'), images.firmware, compiler);
  await writeDisk(join(output, 'disk-images'), objects, images, compiler);
  if (images.failures.length > 0) throw new BuildError(images.failures.join('\n\nguest build: '));
  for (const line of costLines(builtCosts(output), readCosts(COSTS))) process.stdout.write(`${line}\n`);
}

/** What the kernel in this output folder costs. */
function builtCosts(output: string): KernelCosts {
  const symbols = JSON.parse(readFileSync(join(output, 'disk-images/symbols.json'), 'utf8')) as {
    readonly aegis: SymbolAddresses;
  };
  return kernelCosts(symbols.aegis);
}

async function verify(): Promise<void> {
  const temporary = mkdtempSync(join(tmpdir(), 'exostation-guest-'));
  try {
    await build(join(temporary, 'objects'), temporary);
    const files = [
      ...ROM_FILES.map((file) => `rom/${file}`),
      ...DISK_FILES.map((file) => `disk-images/${file}`),
    ];
    const different = files.filter((file) => !isSame(join(ROOT, file), join(temporary, file)));
    for (const file of different)
      process.stderr.write(`guest verify: ${file} differs from what its sources give\n`);
    if (different.length > 0) {
      process.stderr.write("guest verify: run 'npm run guest:build' and commit the result\n");
      process.exitCode = 1;
    } else {
      process.stdout.write(`guest verify: ${files.length} files are the same\n`);
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function isSame(committed: string, built: string): boolean {
  if (!existsSync(committed) || !existsSync(built)) return existsSync(committed) === existsSync(built);
  return content(committed).equals(content(built));
}

/** What was compressed, not how: the packing differs between versions of zlib. */
function content(path: string): Buffer {
  const bytes = readFileSync(path);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

const command = process.argv[2];
try {
  if (command === 'build') await build(join(ROOT, 'build/guest'), ROOT);
  else if (command === 'verify') await verify();
  else if (command === 'costs') writeCosts(COSTS, builtCosts(ROOT));
  else {
    process.stderr.write('usage: node dist/guest/build/main.js build|verify|costs\n');
    process.exitCode = 2;
  }
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  process.stderr.write(`guest build: ${error.message}\n`);
  process.exitCode = 1;
}
