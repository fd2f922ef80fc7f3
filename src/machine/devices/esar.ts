/**
 * Ethernet station address ROM: 32 bytes, one in the low byte of each word. Bytes 0-5 address, 6-7 checksum, 8-15 the
 * first eight backwards, 16-23 the first eight again, 24-31 a test pattern. Layout: Linux declance.c. Checksum: DEC's
 * rule (16-bit big-endian words, the sum rotated left by one before each addition, carries added back in).
 */

import type { AccessSize, Device } from '../memory/bus.js';
import { fromLanes } from './lanes.js';

const TEST_PATTERN = [0xff, 0x00, 0x55, 0xaa, 0xff, 0x00, 0x55, 0xaa] as const;

export class Esar implements Device {
  readonly bytes: Uint8Array = new Uint8Array(32);

  /** `address`: six bytes. */
  constructor(address: readonly number[]) {
    const head = [...address, ...checksum(address)];
    this.bytes.set(head, 0);
    this.bytes.set(head.toReversed(), 8);
    this.bytes.set(head, 16);
    this.bytes.set(TEST_PATTERN, 24);
  }

  read(offset: number, size: AccessSize): number {
    return fromLanes(this.bytes[(offset >>> 2) & 31] as number, offset, size);
  }

  write(): void {}
}

function checksum(address: readonly number[]): [number, number] {
  let sum = 0;
  for (let index = 0; index < 6; index += 2) {
    sum = (sum << 1) | (sum >>> 15);
    sum = (sum & 0xffff) + (((address[index] as number) << 8) | (address[index + 1] as number));
    if (sum > 0xffff) sum = (sum + 1) & 0xffff;
  }
  return [sum >>> 8, sum & 0xff];
}
