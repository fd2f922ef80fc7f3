/**
 * What packet filters mean, written to be obviously right: the atoms one after the other, on one frame. The compiler in
 * Aegis is tested against it. Also draws filters and frames whose fields are few and narrow, so that they meet.
 */

import fc from 'fast-check';
import { ATOM, offsetOf } from '../../../src/abi/index.js';

export interface Atom {
  readonly op: 'equal' | 'shift';
  readonly size: 1 | 2 | 4;
  readonly offset: number;
  readonly mask: number;
  readonly value: number;
  readonly right: number;
  readonly left: number;
}

/** Whether a frame satisfies a filter. A field that counts and is not in the frame satisfies nothing. */
export function matches(atoms: readonly Atom[], frame: Uint8Array): boolean {
  let base = 0;
  for (const atom of atoms) {
    const at = base + atom.offset;
    if (atom.op === 'shift') {
      const field = frame[at];
      if (field === undefined) return false;
      base += atom.value + (((field & atom.mask) >> atom.right) << atom.left);
      continue;
    }
    for (let index = 0; index < atom.size; index++) {
      const down = 8 * (atom.size - 1 - index);
      const mask = (atom.mask >>> down) & 0xff;
      if (mask === 0) continue;
      const byte = frame[at + index];
      if (byte === undefined || (byte & mask) !== ((atom.value >>> down) & 0xff)) return false;
    }
  }
  return true;
}

/** Writes into a frame what a filter asks for, as far as that can be done going forward. */
export function satisfy(atoms: readonly Atom[], frame: Uint8Array): void {
  let base = 0;
  for (const atom of atoms) {
    const at = base + atom.offset;
    if (atom.op === 'shift') {
      base += atom.value + ((((frame[at] ?? 0) & atom.mask) >> atom.right) << atom.left);
      continue;
    }
    for (let index = 0; index < atom.size; index++) {
      const down = 8 * (atom.size - 1 - index);
      const mask = (atom.mask >>> down) & 0xff;
      if (at + index < frame.length)
        frame[at + index] = ((frame[at + index] as number) & ~mask) | ((atom.value >>> down) & 0xff);
    }
  }
}

/** Bytes of an atom as the guest reads it. */
export function encode(atom: Atom): Uint8Array {
  const bytes = new Uint8Array(ATOM.size);
  const view = new DataView(bytes.buffer);
  bytes[offsetOf(ATOM, 'op')] = atom.op === 'equal' ? 1 : 2;
  bytes[offsetOf(ATOM, 'size')] = atom.size;
  view.setUint16(offsetOf(ATOM, 'offset'), atom.offset, true);
  view.setUint32(offsetOf(ATOM, 'mask'), atom.mask, true);
  view.setUint32(offsetOf(ATOM, 'value'), atom.value, true);
  bytes[offsetOf(ATOM, 'right')] = atom.right;
  bytes[offsetOf(ATOM, 'left')] = atom.left;
  return bytes;
}

const SIZES = [1, 2, 4] as const;
const OFFSETS = [0, 12, 13, 14, 20, 23, 26, 30, 31, 34, 36, 37, 38, 45, 46, 58, 59, 60, 61, 70, 97] as const;

const equal: fc.Arbitrary<Atom> = fc
  .record({
    size: fc.constantFrom(...SIZES),
    offset: fc.constantFrom(...OFFSETS),
    mask: fc.constantFrom(0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0x0303_0303, 0x00ff_ff00, 0xff00_0001),
    value: fc.constantFrom(0, 1, 0x0102_0001, 0x0001_0203, 0x0200_0002, 0x4500_0045),
  })
  .map(({ size, offset, mask, value }) => {
    const bits = size === 4 ? 0xffff_ffff : 2 ** (8 * size) - 1;
    const kept = (mask & bits) >>> 0 || 1;
    return { op: 'equal', size, offset, mask: kept, value: (value & kept) >>> 0, right: 0, left: 0 };
  });

const shift: fc.Arbitrary<Atom> = fc
  .constantFrom([0x0f, 0, 2, 14], [0xf0, 2, 0, 0], [0x03, 0, 0, 1], [0x01, 0, 5, 6], [0x03, 0, 1, 0])
  .chain(([mask = 0, right = 0, left = 0, value = 0]) =>
    fc.constantFrom(12, 14, 14, 14, 23).map((offset) => ({
      op: 'shift' as const,
      size: 1 as const,
      offset,
      mask,
      value,
      right,
      left,
    })),
  );

/** A filter of one to six conditions, some behind shifts. */
export const filterArbitrary: fc.Arbitrary<Atom[]> = fc.oneof(
  { arbitrary: fc.array(equal, { minLength: 1, maxLength: 4 }), weight: 3 },
  {
    arbitrary: fc
      .tuple(
        fc.array(equal, { maxLength: 2 }),
        shift,
        fc.array(equal, { maxLength: 2 }),
        fc.option(shift, { nil: undefined, freq: 3 }),
        fc.array(equal, { maxLength: 1 }),
      )
      .map(([first, one, second, two, third]) => [
        ...first,
        one,
        ...second,
        ...(two === undefined ? [] : [two, ...third]),
      ]),
    weight: 2,
  },
);

/** A frame of 60 to 130 bytes, of few different values. */
export const frameArbitrary: fc.Arbitrary<Uint8Array> = fc
  .integer({ min: 60, max: 130 })
  .chain((length) =>
    fc.array(fc.constantFrom(0, 0, 0, 1, 1, 2, 3, 0x45, 0x46), { minLength: length, maxLength: length }),
  )
  .map((bytes) => Uint8Array.from(bytes));
