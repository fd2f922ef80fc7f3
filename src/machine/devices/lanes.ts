/**
 * Byte lanes of the 32-bit bus. Chips are accessed a word at a time whatever the access size: a read takes the lanes
 * it asked for out of the word, a write puts its value on its lanes. Little-endian, as DECstations are.
 */

import type { AccessSize } from '../memory/bus.js';

/** The lanes of `word` that an access of `size` bytes at `offset` sees, right-aligned. */
export function fromLanes(word: number, offset: number, size: AccessSize): number {
  const shifted = word >>> ((offset & 3) << 3);
  return size === 4 ? shifted : size === 2 ? shifted & 0xffff : shifted & 0xff;
}

/** `value` of `size` bytes on the lanes that `offset` selects, other lanes from `background`. */
export function toLanes(background: number, offset: number, value: number, size: AccessSize): number {
  if (size === 4) return value >>> 0;
  const shift = (offset & 3) << 3;
  const mask = (size === 2 ? 0xffff : 0xff) << shift;
  return ((background & ~mask) | ((value << shift) & mask)) >>> 0;
}

/** Whether an access of `size` bytes at `offset` touches byte lane `lane`. */
export function coversLane(offset: number, size: AccessSize, lane: number): boolean {
  const first = offset & 3;
  return lane >= first && lane < first + size;
}
