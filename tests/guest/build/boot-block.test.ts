/** The boot block that the disk build writes: runs of neighbouring blocks become one map entry, and the map is limited. */

import { describe, expect, it } from 'vitest';
import { bootBlock } from '../../../src/guest/build/boot-block.js';

describe('bootBlock', () => {
  it('joins neighbours and ends the map with a zero count', () => {
    const block = bootBlock([83, 84, 85, 90, 92], 2, 0x8002_0000);
    const words = new Uint32Array(block.buffer);
    expect(block.length).toBe(512);
    expect([...words.subarray(0, 14)]).toEqual([
      0, 0, 0x2757a, 1, 0x8002_0000, 0x8002_0000, 6, 166, 2, 180, 2, 184, 0, 0,
    ]);
  });

  it('holds 61 pieces and refuses more', () => {
    const scattered = (count: number): number[] =>
      Array.from({ length: count }, (_, index) => 100 + 2 * index);
    expect(bootBlock(scattered(61), 2, 0)).toHaveLength(512);
    expect(() => bootBlock(scattered(62), 2, 0)).toThrow('62 pieces');
  });
});
