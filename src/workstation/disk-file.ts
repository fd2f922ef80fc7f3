/**
 * Host files as disks. A base image, raw or gzipped, is never written; what the guest writes goes to an overlay, in
 * memory or kept in the data folder. With `,rw` after the name a raw image is written through. Sizes and what an ext2
 * superblock says of them are checked when opening, so that a truncated image is one clear error, not a guest's panic.
 */

import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { BlockDevice } from '../machine/index.js';
import type { DataFolder } from './data-folder.js';
import { fileError, InputError } from './input-error.js';
import { OverlayFile } from './overlay-file.js';

const SECTOR_BYTES = 512;
/** A gzipped image is unpacked into memory. */
const MAX_UNPACKED_BYTES = 1 << 29;
const EXT2_SUPERBLOCK = 1024;
const EXT2_MAGIC = 0xef53;

/** A disk as named on the command line. */
export interface DiskChoice {
  readonly path: string;
  readonly isWrittenThrough: boolean;
}

/** Sectors that the guest has written, ascending, and what they hold now, 512 bytes each. */
export type DiskChanges = { readonly sectors: Int32Array; readonly bytes: Uint8Array };

export interface OpenDisk extends BlockDevice {
  /** False when guest writes go to the image itself. */
  readonly isCopyOnWrite: boolean;
  /** SHA-256 of the image without the guest's writes, in hexadecimal. Reads all of it. */
  imageHash(): string;
  changes(): DiskChanges;
  /** Replaces the guest's writes. Not for disks whose overlay is kept, or written through. Throws RangeError. */
  restoreChanges(changes: DiskChanges): void;
  dispose(): void;
}

/** Where guest writes go: nowhere but memory, or an overlay in a data folder that this process has locked. */
export interface DiskKeeping {
  readonly folder: DataFolder | undefined;
  readonly notice: (text: string) => void;
}

/** Parses `FILE` or `FILE,rw`. */
export function parseDiskChoice(text: string): DiskChoice {
  const isWrittenThrough = text.endsWith(',rw');
  const path = isWrittenThrough ? text.slice(0, -3) : text;
  if (path === '') throw new InputError(`--disk '${text}': no file name; give --disk FILE or --disk FILE,rw`);
  return { path, isWrittenThrough };
}

export function openDisk(choice: DiskChoice, keeping: DiskKeeping): OpenDisk {
  const { path } = choice;
  const isGzipped = path.endsWith('.gz');
  if (choice.isWrittenThrough) {
    if (isGzipped) throw new InputError(`disk ${path}: a gzipped image cannot be written; gunzip it first`);
    return new WrittenThroughDisk(openRaw(path, 'r+'), path);
  }
  const base: BaseImage = isGzipped ? new MemoryImage(gunzip(path)) : new FileImage(openRaw(path, 'r'));
  checkImage(base, path);
  if (keeping.folder === undefined) return new OverlaidDisk(base, undefined);
  const hash = createHash('sha256').update(readFileSync(path)).digest();
  const overlay = OverlayFile.open(keeping.folder.file(`${basename(path)}.overlay`), hash, (aside) =>
    keeping.notice(`The disk image has changed: your changes to the old one are kept in ${aside}.`),
  );
  return new OverlaidDisk(base, overlay);
}

/** A disk that holds one host file raw from sector 0, padded to whole sectors: how `exec FILE` brings a program. */
export function fileAsDisk(bytes: Uint8Array): OpenDisk {
  const padded = new Uint8Array(Math.max(1, Math.ceil(bytes.length / SECTOR_BYTES)) * SECTOR_BYTES);
  padded.set(bytes);
  return new OverlaidDisk(new MemoryImage(padded), undefined);
}

const HASH_CHUNK_BYTES = 1 << 20;

function hashOf(image: BaseImage): string {
  const hash = createHash('sha256');
  for (let at = 0; at < image.sizeBytes; at += HASH_CHUNK_BYTES) {
    const chunk = new Uint8Array(Math.min(HASH_CHUNK_BYTES, image.sizeBytes - at));
    image.read(at, chunk);
    hash.update(chunk);
  }
  return hash.digest('hex');
}

interface BaseImage {
  readonly sizeBytes: number;
  read(offset: number, into: Uint8Array): void;
  dispose(): void;
}

class MemoryImage implements BaseImage {
  readonly sizeBytes: number;
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.sizeBytes = bytes.length;
  }
  read(offset: number, into: Uint8Array): void {
    into.set(this.bytes.subarray(offset, offset + into.length));
  }
  dispose(): void {}
}

class FileImage implements BaseImage {
  readonly sizeBytes: number;
  readonly file: number;
  constructor(file: number) {
    this.file = file;
    this.sizeBytes = fstatSync(file).size;
  }
  read(offset: number, into: Uint8Array): void {
    for (let done = 0; done < into.length; ) {
      const count = readSync(this.file, into, done, into.length - done, offset + done);
      if (count === 0) throw new Error('disk image became shorter while in use');
      done += count;
    }
  }
  dispose(): void {
    closeSync(this.file);
  }
}

class OverlaidDisk implements OpenDisk {
  readonly sectorCount: number;
  readonly isReadOnly = false;
  readonly isCopyOnWrite = true;
  readonly #base: BaseImage;
  readonly #kept: OverlayFile | undefined;
  readonly #changed = new Map<number, Uint8Array>();

  constructor(base: BaseImage, kept: OverlayFile | undefined) {
    this.#base = base;
    this.#kept = kept;
    this.sectorCount = base.sizeBytes / SECTOR_BYTES;
  }

  read(sector: number, into: Uint8Array): void {
    this.#base.read(sector * SECTOR_BYTES, into);
    for (let at = 0; at < into.length; at += SECTOR_BYTES, sector++) {
      const changed = this.#kept === undefined ? this.#changed.get(sector) : this.#kept.get(sector);
      if (changed !== undefined) into.set(changed, at);
    }
  }

  write(sector: number, data: Uint8Array): void {
    for (let at = 0; at < data.length; at += SECTOR_BYTES, sector++) {
      const bytes = data.slice(at, at + SECTOR_BYTES);
      if (this.#kept === undefined) this.#changed.set(sector, bytes);
      else this.#kept.write(sector, bytes);
    }
  }

  imageHash(): string {
    return hashOf(this.#base);
  }

  changes(): DiskChanges {
    const written = this.#kept?.sectors ?? this.#changed;
    const sectors = Int32Array.from(written.keys()).sort();
    const bytes = new Uint8Array(sectors.length * SECTOR_BYTES);
    sectors.forEach((sector, index) => {
      bytes.set(written.get(sector) as Uint8Array, index * SECTOR_BYTES);
    });
    return { sectors, bytes };
  }

  restoreChanges({ sectors, bytes }: DiskChanges): void {
    if (this.#kept !== undefined) throw new Error('a kept overlay is not restored');
    if (bytes.length !== sectors.length * SECTOR_BYTES) throw new RangeError('sectors are missing');
    this.#changed.clear();
    sectors.forEach((sector, index) => {
      if (sector < 0 || sector >= this.sectorCount)
        throw new RangeError(`sector ${sector} is not on the disk`);
      this.#changed.set(sector, bytes.slice(index * SECTOR_BYTES, (index + 1) * SECTOR_BYTES));
    });
  }

  dispose(): void {
    this.#base.dispose();
    this.#kept?.dispose();
  }
}

class WrittenThroughDisk implements OpenDisk {
  readonly sectorCount: number;
  readonly isReadOnly = false;
  readonly isCopyOnWrite = false;
  readonly #image: FileImage;

  constructor(file: number, path: string) {
    this.#image = new FileImage(file);
    checkImage(this.#image, path);
    this.sectorCount = this.#image.sizeBytes / SECTOR_BYTES;
  }

  read(sector: number, into: Uint8Array): void {
    this.#image.read(sector * SECTOR_BYTES, into);
  }

  write(sector: number, data: Uint8Array): void {
    writeSync(this.#image.file, data, 0, data.length, sector * SECTOR_BYTES);
  }

  imageHash(): string {
    return hashOf(this.#image);
  }

  changes(): DiskChanges {
    return { sectors: new Int32Array(), bytes: new Uint8Array() };
  }

  restoreChanges(): void {
    throw new Error('a disk that is written through is not restored');
  }

  dispose(): void {
    this.#image.dispose();
  }
}

function openRaw(path: string, flags: 'r' | 'r+'): number {
  try {
    const file = openSync(path, flags);
    if (fstatSync(file).isDirectory()) {
      closeSync(file);
      throw new InputError(`disk ${path}: is a folder, not a disk image`);
    }
    return file;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw fileError(error, 'disk', path);
  }
}

function gunzip(path: string): Uint8Array {
  let packed: Buffer;
  try {
    packed = readFileSync(path);
  } catch (error) {
    throw fileError(error, 'disk', path);
  }
  try {
    return gunzipSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new InputError(`disk ${path}: unpacks to more than 512 MiB; gunzip it, and give the raw image`);
    }
    throw new InputError(
      `disk ${path}: truncated or not a gzip file; copy it again, or run 'npm run guest:build'`,
    );
  }
}

/** A disk is whole sectors; when it holds an ext2 file system from byte 0, all of its blocks must be there. */
function checkImage(image: BaseImage, path: string): void {
  if (image.sizeBytes === 0) throw new InputError(`disk ${path}: the file is empty; give a disk image`);
  if (image.sizeBytes >= EXT2_SUPERBLOCK + 64) {
    const superblock = new Uint8Array(64);
    image.read(EXT2_SUPERBLOCK, superblock);
    const words = new DataView(superblock.buffer);
    if (words.getUint16(56, true) === EXT2_MAGIC) {
      const needed = words.getUint32(4, true) * (1024 << (words.getUint32(24, true) & 7));
      if (needed > image.sizeBytes) {
        throw new InputError(
          `disk ${path}: truncated: its file system has ${needed} bytes, the file ${image.sizeBytes}; copy it again`,
        );
      }
    }
  }
  if (image.sizeBytes % SECTOR_BYTES !== 0) {
    throw new InputError(
      `disk ${path}: ${image.sizeBytes} bytes is no whole number of 512-byte sectors: not a disk image, or truncated`,
    );
  }
}
