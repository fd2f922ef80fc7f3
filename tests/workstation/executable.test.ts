/** Executable files: what is loaded from good ones, and one clear line for each kind of bad one. */

import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError, parseExecutable } from '../../src/workstation/index.js';

const dhry = readFileSync(new URL('../workloads/bare/dhry.elf', import.meta.url));

/** A minimal ECOFF executable: one text section of 8 bytes, one .bss of 16. */
function ecoff(): Uint8Array {
  const bytes = new Uint8Array(20 + 56 + 2 * 40 + 8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x162, true);
  view.setUint16(2, 2, true);
  view.setUint16(16, 56, true);
  view.setUint16(20, 0x107, true);
  view.setUint32(20 + 16, 0x8003_0000, true);
  const section = (at: number, address: number, size: number, offset: number, flags: number): void => {
    view.setUint32(at + 12, address, true);
    view.setUint32(at + 16, size, true);
    view.setUint32(at + 20, offset, true);
    view.setUint32(at + 36, flags, true);
  };
  section(76, 0x8003_0000, 8, 156, 0x20);
  section(116, 0x8003_0008, 16, 0, 0x80);
  bytes.set([1, 2, 3, 4, 5, 6, 7, 8], 156);
  return bytes;
}

describe('ELF', () => {
  it('gives segments, entry and symbols', () => {
    const file = parseExecutable(dhry, 'dhry.elf');
    expect(file.format).toBe('elf');
    expect(file.entry).toBe(0x8003_0000);
    expect(file.segments.map((s) => [s.address, s.data.length, s.memoryBytes])).toEqual([
      [0x8003_0000, 0x100c, 0x100c],
      [0x8003_2000, 0, 0xc230],
    ]);
    expect(file.symbols.some((symbol) => symbol.address === 0x8003_0000)).toBe(true);
  });

  it('is refused in one line when truncated anywhere before the end of its segments', () => {
    for (const length of [5, 51, 100, 4096, 0x1000 + 0x1000]) {
      expect(() => parseExecutable(dhry.subarray(0, length), 'cut.elf')).toThrow(InputError);
      expect(() => parseExecutable(dhry.subarray(0, length), 'cut.elf')).toThrow(
        /^cut\.elf: truncated or corrupt[^\n]*$/,
      );
    }
  });

  it('is refused when it is for another processor, or has no program headers', () => {
    const other = Uint8Array.from(dhry);
    other[18] = 62;
    expect(() => parseExecutable(other, 'x')).toThrow(/another processor/);
    const none = Uint8Array.from(dhry);
    none[44] = 0;
    expect(() => parseExecutable(none, 'x')).toThrow(/no program headers/);
    const odd = Uint8Array.from(dhry);
    odd[24] = (odd[24] as number) | 2;
    expect(() => parseExecutable(odd, 'x')).toThrow(/its entry 0x[0-9a-f]+ is not aligned to a word/);
  });

  it('never throws anything but InputError, whatever is damaged', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 160 }), fc.integer({ min: 0, max: 255 })), {
          maxLength: 12,
        }),
        fc.integer({ min: 0, max: dhry.length }),
        (changes, length) => {
          const bytes = Uint8Array.from(dhry.subarray(0, length));
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          try {
            parseExecutable(bytes, 'damaged');
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('ECOFF', () => {
  it('gives sections as segments', () => {
    const file = parseExecutable(ecoff(), 'old');
    expect(file.format).toBe('ecoff');
    expect(file.entry).toBe(0x8003_0000);
    expect(file.segments.map((s) => [s.address, s.data.length, s.memoryBytes])).toEqual([
      [0x8003_0000, 8, 8],
      [0x8003_0008, 0, 16],
    ]);
  });

  it('is refused when truncated', () => {
    expect(() => parseExecutable(ecoff().subarray(0, 160), 'old')).toThrow(/truncated or corrupt/);
    expect(() => parseExecutable(ecoff().subarray(0, 40), 'old')).toThrow(/truncated or corrupt/);
  });
});

describe('other files', () => {
  it('are named for what they are', () => {
    expect(() => parseExecutable(new Uint8Array(0), 'f')).toThrow(/f: the file is empty/);
    expect(() => parseExecutable(new TextEncoder().encode('#!/bin/sh\n'), 'f')).toThrow(
      /not an ELF or ECOFF/,
    );
    expect(() => parseExecutable(Uint8Array.of(0x01, 0x60, 0, 0), 'f')).toThrow(/big-endian/);
  });
});
