/**
 * Names in the folders of an ext2 file system (revision 0 or 1) that starts at byte 0 of a disk: enough for the launcher
 * to list programs and library OSes. Reads only; anything unexpected gives an empty list, since the guest is the judge.
 */

import type { BlockDevice } from '../machine/index.js';

const SECTOR_BYTES = 512;
const MAGIC = 0xef53;
const ROOT_INODE = 2;
const DIRECT_BLOCKS = 12;
const FORMAT_DIRECTORY = 0x4000;

/** Names in a folder such as '/bin', without '.' and '..', in the folder's order. */
export function listFolder(disk: BlockDevice, path: string): string[] {
  const volume = openVolume(disk);
  if (volume === undefined) return [];
  let inode = ROOT_INODE;
  for (const name of path.split('/').filter((part) => part !== '')) {
    const found = entries(volume, inode).find((entry) => entry.name === name);
    if (found === undefined) return [];
    inode = found.inode;
  }
  return entries(volume, inode)
    .map((entry) => entry.name)
    .filter((name) => name !== '.' && name !== '..' && name !== 'lost+found');
}

interface Volume {
  readonly disk: BlockDevice;
  readonly blockBytes: number;
  readonly inodeBytes: number;
  readonly inodesPerGroup: number;
  readonly groupTableBlock: number;
}

interface Entry {
  readonly name: string;
  readonly inode: number;
}

function openVolume(disk: BlockDevice): Volume | undefined {
  if (disk.sectorCount < 8) return undefined;
  const bytes = new Uint8Array(1024);
  disk.read(2, bytes);
  const view = new DataView(bytes.buffer);
  const logBlock = view.getUint32(24, true);
  if (view.getUint16(56, true) !== MAGIC || logBlock > 2) return undefined;
  const blockBytes = 1024 << logBlock;
  const inodeBytes = view.getUint32(76, true) === 0 ? 128 : view.getUint16(88, true);
  const inodesPerGroup = view.getUint32(40, true);
  // An inode lies within a block.
  if (inodeBytes < 128 || inodesPerGroup === 0 || blockBytes % inodeBytes !== 0) return undefined;
  return {
    disk,
    blockBytes,
    inodeBytes,
    inodesPerGroup,
    groupTableBlock: view.getUint32(20, true) + 1,
  };
}

function readBlock(volume: Volume, block: number): DataView {
  const bytes = new Uint8Array(volume.blockBytes);
  const sector = (block * volume.blockBytes) / SECTOR_BYTES;
  if (sector + bytes.length / SECTOR_BYTES <= volume.disk.sectorCount) volume.disk.read(sector, bytes);
  return new DataView(bytes.buffer);
}

function entries(volume: Volume, inode: number): Entry[] {
  const group = Math.floor((inode - 1) / volume.inodesPerGroup);
  const groupByte = group * 32;
  const groups = readBlock(volume, volume.groupTableBlock + Math.floor(groupByte / volume.blockBytes));
  const tableBlock = groups.getUint32((groupByte % volume.blockBytes) + 8, true);
  const inodeByte = ((inode - 1) % volume.inodesPerGroup) * volume.inodeBytes;
  const table = readBlock(volume, tableBlock + Math.floor(inodeByte / volume.blockBytes));
  const at = inodeByte % volume.blockBytes;
  if ((table.getUint16(at, true) & 0xf000) !== FORMAT_DIRECTORY) return [];
  const sizeBytes = table.getUint32(at + 4, true);
  const found: Entry[] = [];
  for (let index = 0; index < DIRECT_BLOCKS && index * volume.blockBytes < sizeBytes; index++) {
    found.push(...entriesOfBlock(readBlock(volume, table.getUint32(at + 40 + 4 * index, true))));
  }
  return found;
}

function entriesOfBlock(block: DataView): Entry[] {
  const found: Entry[] = [];
  for (let at = 0; at + 8 <= block.byteLength; ) {
    const length = block.getUint16(at + 4, true);
    if (length < 8 || at + length > block.byteLength) break;
    const inode = block.getUint32(at, true);
    const nameLength = block.getUint8(at + 6);
    if (inode !== 0) {
      const name = new Uint8Array(block.buffer, block.byteOffset + at + 8, nameLength);
      found.push({ inode, name: new TextDecoder('latin1').decode(name) });
    }
    at += length;
  }
  return found;
}
