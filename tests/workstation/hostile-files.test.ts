/** Files made to hurt: kernels, disks and archives that are damaged or built by an enemy. One line, soon, or a clean read. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { placeKernel } from '../../src/workstation/boot-request.js';
import {
  InputError,
  listFolder,
  openDisk,
  parseDiskChoice,
  parseExecutable,
} from '../../src/workstation/index.js';
import { testMachine } from '../machine/snapshot/fixture.js';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const dhry = readFileSync(join(PROJECT, 'tests/workloads/bare/dhry.elf'));
const folder = mkdtempSync(join(tmpdir(), 'exostation-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What an action gives, or undefined when it refuses in one line; anything else that it throws is a bug. */
function orOneLine<Value>(action: () => Value): Value | undefined {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).toMatch(/^[^\n]+$/);
    return undefined;
  }
}

const word = fc.oneof(
  fc.integer({ min: 0, max: 0xffff_ffff }),
  fc.nat(0x200),
  fc.constantFrom(0, 0xffff_ffff, 0x7fff_ffff, 0x8000_0000, 0x8003_0000, 0xffff, 0xfff_ffff),
);
const damage = (bytes: number): fc.Arbitrary<[number, number][]> =>
  fc.array(fc.tuple(fc.nat(bytes >>> 2), word), { maxLength: 8 });

function damaged(
  original: Uint8Array,
  changes: readonly [number, number][],
  length = original.length,
): Uint8Array {
  const bytes = Uint8Array.from(original.subarray(0, length));
  const view = new DataView(bytes.buffer);
  for (const [index, value] of changes)
    if (index * 4 + 4 <= bytes.length) view.setUint32(index * 4, value, true);
  return bytes;
}

/** An ECOFF executable of one section of text and one of zeros. */
function ecoff(): Uint8Array {
  const bytes = new Uint8Array(256);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x162, true);
  view.setUint16(2, 2, true);
  view.setUint16(16, 56, true);
  view.setUint32(36, 0x8003_0000, true);
  [
    [76 + 12, 0x8003_0000, 64, 160, 0x20],
    [116 + 12, 0x8003_0040, 16, 0, 0x80],
  ].forEach(([at = 0, address = 0, size = 0, offset = 0, flags = 0]) => {
    view.setUint32(at, address, true);
    view.setUint32(at + 4, size, true);
    view.setUint32(at + 8, offset, true);
    view.setUint32(at + 24, flags, true);
  });
  return bytes;
}

describe('kernels', () => {
  it.each([
    ['ELF', dhry, 200],
    ['ECOFF', ecoff(), 200],
  ])('%s with any word changed is loaded into memory or refused in one line', (_format, original, head) => {
    const machine = testMachine(8);
    expect(orOneLine(() => parseExecutable(original, 'kernel'))?.segments.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(damage(head), fc.option(fc.nat(original.length)), (changes, length) => {
        const file = orOneLine(() =>
          parseExecutable(damaged(original, changes, length ?? undefined), 'kernel'),
        );
        if (file !== undefined) orOneLine(() => placeKernel(machine, file, 'kernel', ['one']));
      }),
      { numRuns: 1500 },
    );
  });

  it('that are all symbol tables, names without end, or thousands of segments, take no time', () => {
    const bytes = new Uint8Array(4 << 20).fill(0x41);
    bytes.set(dhry.subarray(0, 0x2000));
    const view = new DataView(bytes.buffer);
    // 60,000 section headers, all the same symbol table over the whole file, whose names are all of the file.
    view.setUint32(32, 0x10_0000, true);
    view.setUint16(46, 40, true);
    view.setUint16(48, 60_000, true);
    for (let at = 0x10_0000; at + 40 <= bytes.length; at += 40) {
      [0x41, 2, 0, 0, 0x4000, 0x3f_0000, 1, 0, 0, 16].forEach((value, index) => {
        view.setUint32(at + index * 4, value, true);
      });
    }
    const file = orOneLine(() => parseExecutable(bytes, 'symbols'));
    expect(file?.symbols.length).toBeLessThanOrEqual(1 << 18);
    for (const { name } of file?.symbols.slice(0, 100) ?? []) expect(name.length).toBeLessThanOrEqual(256);
    view.setUint16(44, 60_000, true);
    expect(() => parseExecutable(bytes, 'segments')).toThrow(
      /^segments: corrupt ELF file: 60000 program headers/,
    );
    const old = ecoff();
    new DataView(old.buffer).setUint16(2, 60_000, true);
    expect(() => parseExecutable(old, 'sections')).toThrow(/^sections: corrupt ECOFF file: 60000 sections/);
  });
});

describe('disks', () => {
  const image = new Uint8Array(gunzipSync(readFileSync(join(PROJECT, 'disk-images/exostation.img.gz'))));
  const open = (bytes: Uint8Array, name = 'disk.img'): ReturnType<typeof openDisk> | undefined => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return orOneLine(() => openDisk(parseDiskChoice(path), { folder: undefined, notice: () => {} }));
  };

  it('with a damaged superblock, group table or root are listed or not, and no more', () => {
    const small = image.slice(0, Math.min(image.length, 256 << 10));
    const whole = open(image);
    expect(whole && listFolder(whole, '/bin')).toContain('sh');
    whole?.dispose();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(fc.integer({ min: 256, max: 300 }), fc.nat(16_384)), word), {
          maxLength: 8,
        }),
        (changes) => {
          const bytes = damaged(small, changes);
          const sectors = { sectorCount: bytes.length / 512, isReadOnly: true, write: () => {} };
          const read = (sector: number, into: Uint8Array): void => {
            const at = sector * 512;
            if (!Number.isInteger(at) || at < 0 || at + into.length > bytes.length)
              throw new Error('outside of the disk');
            into.set(bytes.subarray(at, at + into.length));
          };
          for (const name of ['/', '/bin', '/lib/x']) listFolder({ ...sectors, read }, name);
        },
      ),
      { numRuns: 600 },
    );
  });

  it('with inodes of a size that fits no block list nothing: they were read past the end of one', () => {
    const bytes = image.slice();
    new DataView(bytes.buffer).setUint32(1024 + 76, 1, true);
    new DataView(bytes.buffer).setUint16(1024 + 88, 1000, true);
    const disk = open(bytes);
    expect(disk && listFolder(disk, '/bin')).toEqual([]);
    disk?.dispose();
  });

  it('of any bytes, gzipped or called so, are opened or refused in one line', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 3000 }),
        fc.nat(3000),
        fc.boolean(),
        (bytes, length, isPacked) => {
          const packed = isPacked ? gzipSync(bytes).subarray(0, length) : bytes;
          open(packed, isPacked || length & 1 ? 'disk.gz' : 'disk.img')?.dispose();
        },
      ),
      { numRuns: 200 },
    );
  });

  it('that unpack to more than memory should hold are refused', () => {
    const zeros = gzipSync(new Uint8Array(64 << 20), { level: 1 });
    // Members one behind the other are one file: nine times 64 MiB.
    const path = join(folder, 'bomb.gz');
    writeFileSync(path, Buffer.concat(new Array<Buffer>(9).fill(zeros)));
    expect(() => openDisk(parseDiskChoice(path), { folder: undefined, notice: () => {} })).toThrow(
      /bomb\.gz: unpacks to more than 512 MiB; gunzip it/,
    );
  });
});
