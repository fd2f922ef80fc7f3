/**
 * The DEC boot block: sector 0 of a boot disk. Little-endian words: 8 magic, 12 mode (1 = scattered), 16 load address,
 * 20 entry, 24 map of {sector count, first sector}, at most 61, ended by a count of 0. It fits into the first 512
 * bytes of ext2's unused first kilobyte.
 */

import { BuildError } from './toolchain.js';

const SECTOR_BYTES = 512;
const MAGIC = 0x0002_757a;
const SCATTERED = 1;
const MAP_OFFSET = 24;
const MAP_LIMIT = (SECTOR_BYTES - MAP_OFFSET) / 8;

/** `blocks`: the file's blocks in order; `sectorsPerBlock` as the file system has it. */
export function bootBlock(
  blocks: readonly number[],
  sectorsPerBlock: number,
  loadAddress: number,
): Uint8Array {
  const runs: { count: number; sector: number }[] = [];
  for (const block of blocks) {
    const sector = block * sectorsPerBlock;
    const last = runs.at(-1);
    if (last !== undefined && last.sector + last.count === sector) last.count += sectorsPerBlock;
    else runs.push({ count: sectorsPerBlock, sector });
  }
  if (runs.length > MAP_LIMIT)
    throw new BuildError(`/boot/aegis lies in ${runs.length} pieces; ${MAP_LIMIT} fit`);
  const words = new DataView(new ArrayBuffer(SECTOR_BYTES));
  words.setUint32(8, MAGIC, true);
  words.setUint32(12, SCATTERED, true);
  words.setUint32(16, loadAddress, true);
  words.setUint32(20, loadAddress, true);
  runs.forEach((run, index) => {
    words.setUint32(MAP_OFFSET + 8 * index, run.count, true);
    words.setUint32(MAP_OFFSET + 8 * index + 4, run.sector, true);
  });
  return new Uint8Array(words.buffer);
}
