/** Disks on host files: copy-on-write, overlays that outlive a run, and one clear line for what is not a disk. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolder, InputError, openDisk, parseDiskChoice } from '../../src/workstation/index.js';

const SECTORS = 16;
let folder = '';
let notices: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exostation-test-'));
  notices = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function image(fill: number, name = 'disk.img'): string {
  const path = join(folder, name);
  const bytes = new Uint8Array(SECTORS * 512).fill(fill);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(bytes) : bytes);
  return path;
}

function open(path: string, data?: DataFolder): ReturnType<typeof openDisk> {
  return openDisk(parseDiskChoice(path), { folder: data, notice: (text) => notices.push(text) });
}

function sector(disk: ReturnType<typeof openDisk>, number: number): number[] {
  const into = new Uint8Array(512);
  disk.read(number, into);
  return [into[0] as number, into[511] as number];
}

describe('a disk on a host file', () => {
  it('keeps guest writes away from the base image, raw or gzipped', () => {
    for (const name of ['disk.img', 'disk.img.gz']) {
      const path = image(7, name);
      const before = readFileSync(path);
      const disk = open(path);
      disk.write(3, new Uint8Array(1024).fill(9));
      expect([sector(disk, 2), sector(disk, 3), sector(disk, 4), sector(disk, 5)]).toEqual([
        [7, 7],
        [9, 9],
        [9, 9],
        [7, 7],
      ]);
      const across = new Uint8Array(4 * 512);
      disk.read(2, across);
      expect([across[0], across[512], across[1024], across[1536]]).toEqual([7, 9, 9, 7]);
      disk.dispose();
      expect(readFileSync(path).equals(before)).toBe(true);
      expect(sector(open(path), 3)).toEqual([7, 7]);
    }
  });

  it('is written through with ,rw', () => {
    const path = image(1);
    const disk = open(`${path},rw`);
    disk.write(1, new Uint8Array(512).fill(2));
    disk.dispose();
    expect(readFileSync(path)[512]).toBe(2);
  });

  it('keeps an overlay in the data folder, and ignores a record that a crash cut short', () => {
    const path = image(1);
    const data = DataFolder.acquire(join(folder, 'data')) as DataFolder;
    const first = open(path, data);
    first.write(5, new Uint8Array(512).fill(3));
    first.write(5, new Uint8Array(512).fill(4));
    first.write(6, new Uint8Array(512).fill(5));
    first.dispose();
    const overlay = data.file('disk.img.overlay');
    const bytes = readFileSync(overlay);
    writeFileSync(overlay, bytes.subarray(0, bytes.length - 10));
    const second = open(path, data);
    expect([sector(second, 5), sector(second, 6)]).toEqual([
      [4, 4],
      [1, 1],
    ]);
    second.write(6, new Uint8Array(512).fill(8));
    second.dispose();
    expect(sector(open(path, data), 6)).toEqual([8, 8]);
    expect(notices).toEqual([]);
  });

  it('sets the overlay aside, with one line, when the base image has changed', () => {
    const path = image(1);
    const data = DataFolder.acquire(join(folder, 'data')) as DataFolder;
    const first = open(path, data);
    first.write(5, new Uint8Array(512).fill(3));
    first.dispose();
    image(2);
    const second = open(path, data);
    expect(sector(second, 5)).toEqual([2, 2]);
    second.dispose();
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/^The disk image has changed[^\n]*$/);
    expect(readdirSync(data.path).sort()).toEqual(['disk.img.overlay', 'disk.img.overlay.old', 'lock']);
  });

  it.each([
    ['a missing file', () => join(folder, 'none.img'), /no such file/],
    ['a folder', () => folder, /is a folder/],
    ['an empty file', () => write('empty', new Uint8Array(0)), /is empty/],
    ['half a sector', () => write('odd', new Uint8Array(700)), /not a disk image, or truncated/],
    ['a truncated gzip', () => write('cut.gz', gzipSync(new Uint8Array(9999)).subarray(0, 20)), /truncated/],
    [
      'a truncated file system',
      () => write('cut.img', truncatedExt2()),
      /truncated: its file system has 1048576/,
    ],
    ['gzip with ,rw', () => `${image(1, 'a.gz')},rw`, /gunzip it first/],
  ])('is refused in one line for %s', (_what, path, message) => {
    expect(() => open(path())).toThrow(InputError);
    expect(() => open(path())).toThrow(message);
  });
});

describe('the data folder', () => {
  it('has one owner, and a lock whose process is gone is taken over', () => {
    const path = join(folder, 'data');
    const owner = DataFolder.acquire(path) as DataFolder;
    expect(owner.isNew).toBe(true);
    expect(DataFolder.acquire(path)).toBeUndefined();
    owner.dispose();
    writeFileSync(join(path, 'lock'), '999999999\n');
    expect(DataFolder.acquire(path)?.isNew).toBe(false);
  });
});

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function truncatedExt2(): Uint8Array {
  const bytes = new Uint8Array(64 * 512);
  const view = new DataView(bytes.buffer);
  view.setUint32(1024 + 4, 1024, true);
  view.setUint16(1024 + 56, 0xef53, true);
  return bytes;
}
