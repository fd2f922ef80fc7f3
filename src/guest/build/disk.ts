/**
 * The disk: ext2 of 1 KB blocks from byte 0, made empty by mke2fs with fixed identifiers, filled by a debugfs script
 * under a fixed time, then given its boot block. Same contents, same bytes.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bootBlock } from './boot-block.js';
import type { GuestImages, Image } from './images.js';
import { sha256 } from './incremental.js';
import { writeJson } from './rom.js';
import { type SymbolAddresses, symbolsOf } from './symbols.js';
import { BuildError, e2fsprogsVersion, run } from './toolchain.js';

export const DISK_FILES: readonly string[] = ['exostation.img.gz', 'symbols.json', 'manifest.json'];

const UUID = '5e05a710-0001-4000-8000-000000000125';
/** 1995-12-03 00:00 UTC: the first day of SOSP 15. */
const FILE_TIME = '817948800';
const BLOCK_BYTES = 1024;
const DISK_BLOCKS = 8192;
/** Behind the file system, for whoever is lent it: a swap server. */
const FREE_BLOCKS = 4096;
const INODES = 512;
const AEGIS_ADDRESS = 0x8002_0000;
const AEGIS_PATH = '/boot/aegis';
const SHIPPED_LIMIT_BYTES = 2_000_000;
const DEBUGFS_BANNER = /^debugfs \d/;
const READABLE = '0100644';
const EXECUTABLE = '0100755';

interface DiskFile {
  readonly path: string;
  readonly source: string;
  readonly mode: string;
}

/** Everything on the disk, in the order in which it is written. Folders are made as they come up. */
function contents(files: string, images: GuestImages): readonly DiskFile[] {
  const list: DiskFile[] = [];
  const add = (path: string, image: Image, mode: string): void => {
    list.push({ path, source: image.file, mode });
  };
  if (images.aegis !== undefined) add(AEGIS_PATH, images.aegis, READABLE);
  for (const image of images.libraries) add(`/lib/${image.name}.img`, image, READABLE);
  for (const image of images.programs) add(`/bin/${image.name}`, image, EXECUTABLE);
  for (const image of images.tests) add(`/test/${image.name}`, image, EXECUTABLE);
  for (const folder of ['etc']) {
    const source = join(files, folder);
    if (!existsSync(source)) continue;
    for (const name of readdirSync(source).sort()) {
      list.push({ path: `/${folder}/${name}`, source: join(source, name), mode: READABLE });
    }
  }
  return list;
}

export async function writeDisk(
  folder: string,
  objects: string,
  images: GuestImages,
  compiler: string,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const image = join(objects, 'exostation.img');
  const list = contents(join(import.meta.dirname, '../../../src/guest/build/disk'), images);
  await fill(image, list);
  if (images.aegis !== undefined) await writeBootBlock(image, readFileSync(images.aegis.file));
  await check(image);
  const bytes = readFileSync(image);
  const packed = pack(bytes);
  if (packed.length > SHIPPED_LIMIT_BYTES) {
    throw new BuildError(`disk image: ${packed.length} bytes packed; the limit is ${SHIPPED_LIMIT_BYTES}`);
  }
  writeFileSync(join(folder, 'exostation.img.gz'), packed);
  writeJson(join(folder, 'symbols.json'), await collectSymbols(images));
  writeJson(join(folder, 'manifest.json'), {
    compiler: `mipsel-linux-gnu-gcc ${compiler}`,
    e2fsprogs: await e2fsprogsVersion(),
    image: { bytes: bytes.length, sha256: sha256(bytes) },
    files: Object.fromEntries(
      list.map(({ path, source }) => {
        const content = readFileSync(source);
        return [path, { bytes: content.length, sha256: sha256(content) }];
      }),
    ),
  });
}

async function fill(image: string, list: readonly DiskFile[]): Promise<void> {
  const environment = { E2FSPROGS_FAKE_TIME: FILE_TIME, MKE2FS_CONFIG: '/dev/null' };
  rmSync(image, { force: true });
  writeFileSync(image, new Uint8Array((DISK_BLOCKS + FREE_BLOCKS) * BLOCK_BYTES));
  const format = [
    '-q',
    '-F',
    '-t',
    'ext2',
    '-b',
    '1024',
    '-I',
    '128',
    '-O',
    'none',
    '-N',
    `${INODES}`,
    '-m',
    '0',
  ];
  const identity = ['-r', '1', '-U', UUID, '-E', `hash_seed=${UUID},lazy_itable_init=0`, '-L', 'exostation'];
  await run('mke2fs', [...format, ...identity, image, `${DISK_BLOCKS}`], { environment });
  const script: string[] = [];
  const folders = new Set<string>();
  for (const { path, source, mode } of list) {
    const parent = path.slice(0, path.lastIndexOf('/'));
    if (!folders.has(parent)) script.push(`mkdir ${parent}`);
    folders.add(parent);
    const lastBlock = Math.ceil(readFileSync(source).length / BLOCK_BYTES) - 1;
    script.push(`write ${source} ${path}`);
    // `write` leaves out blocks of zeros; the boot block cannot map what is not there.
    if (lastBlock >= 0) script.push(`fallocate ${path} 0 ${lastBlock}`);
    script.push(`sif ${path} mode ${mode}`, `sif ${path} uid 0`, `sif ${path} gid 0`);
    for (const field of ['ctime', 'atime', 'mtime']) script.push(`sif ${path} ${field} @${FILE_TIME}`);
  }
  await run('debugfs', ['-w', '-f', '-', image], {
    input: `${script.join('\n')}\n`,
    environment,
    harmlessErrors: DEBUGFS_BANNER,
  });
}

async function check(image: string): Promise<void> {
  await run('e2fsck', ['-fn', image]).catch((error: unknown) => {
    throw new BuildError(`disk image: e2fsck finds errors\n${error instanceof Error ? error.message : ''}`);
  });
}

async function writeBootBlock(image: string, kernel: Buffer): Promise<void> {
  const listing = await run('debugfs', ['-R', `blocks ${AEGIS_PATH}`, image]);
  const blocks = listing.trim().split(/\s+/).map(Number);
  if (blocks.some((block) => !Number.isInteger(block) || block === 0)) {
    throw new BuildError(`debugfs: cannot list the blocks of ${AEGIS_PATH}: ${listing.trim()}`);
  }
  // `blocks` lists the indirect blocks as well, which are not part of the file.
  const own = await dataBlocks(image, blocks);
  const bytes = readFileSync(image);
  const mapped = Buffer.concat(
    own.map((block) => bytes.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES)),
  );
  if (!mapped.subarray(0, kernel.length).equals(kernel)) {
    throw new BuildError(`disk image: the blocks of ${AEGIS_PATH} do not hold the kernel`);
  }
  bytes.set(bootBlock(own, BLOCK_BYTES / 512, AEGIS_ADDRESS), 0);
  writeFileSync(image, bytes);
}

/** Drops the blocks that `debugfs stat` marks as indirect. */
async function dataBlocks(image: string, blocks: readonly number[]): Promise<readonly number[]> {
  const stat = await run('debugfs', ['-R', `stat ${AEGIS_PATH}`, image]);
  const indirect = new Set([...stat.matchAll(/\([TD]?IND\):(\d+)/g)].map((match) => Number(match[1])));
  return blocks.filter((block) => !indirect.has(block));
}

/** gzip -n -9: no name, no time, and the operating system byte fixed. */
function pack(bytes: Uint8Array): Uint8Array {
  const packed = gzipSync(bytes, { level: 9 });
  packed.fill(0, 4, 8);
  packed[9] = 3;
  return packed;
}

async function collectSymbols(images: GuestImages): Promise<Record<string, SymbolAddresses>> {
  const all = [images.aegis, images.init, ...images.libraries, ...images.programs, ...images.tests];
  const symbols: Record<string, SymbolAddresses> = {};
  for (const image of all) if (image !== undefined) symbols[image.name] = await symbolsOf(image.elf);
  return symbols;
}
