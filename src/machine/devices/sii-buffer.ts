/**
 * The SII's memory: 128 KB that the CPU sees 16 bits to a word, in a window of 256 KB. The chip's DMA reaches nothing
 * else, so that it costs the CPU nothing; software copies. Sources: Linux kn01.h, NetBSD sii_ds.c.
 */

import type { AccessSize, Device } from '../memory/bus.js';
import type { Stateful } from '../snapshot/state.js';
import { fromLanes } from './lanes.js';

const BUFFER_BYTES = 0x2_0000;

export type SiiBufferState = { readonly bytes: Uint8Array };

export class SiiBuffer implements Device, Stateful<SiiBufferState> {
  /** In the chip's own order: byte n of the chip's address space. */
  readonly bytes: Uint8Array = new Uint8Array(BUFFER_BYTES);

  /** Lanes 0 and 1 of each word; the others are not driven. */
  read(offset: number, size: AccessSize): number {
    const at = halfwordAt(offset);
    return fromLanes((this.bytes[at] as number) | ((this.bytes[at + 1] as number) << 8), offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    const at = halfwordAt(offset);
    const lane = offset & 3;
    if (lane > 1) return;
    this.bytes[at + lane] = value;
    if (size > 1) this.bytes[at + 1] = value >>> 8;
  }

  snapshot(): SiiBufferState {
    return { bytes: this.bytes.slice() };
  }

  restore(state: SiiBufferState): void {
    this.bytes.set(state.bytes);
  }
}

/** The even chip address that a word of the window shows. */
function halfwordAt(offset: number): number {
  return (offset >>> 1) & (BUFFER_BYTES - 2);
}
