/**
 * The KN01's network memory: 64 KB that belong to the LANCE and that the CPU sees 16 bits to a word, in a window of
 * 128 KB. The chip reaches nothing else, so its traffic costs the CPU nothing. Sources: Linux declance.c, NetBSD
 * if_le_ibus.c.
 */

import type { AccessSize, Device } from '../memory/bus.js';
import type { Stateful } from '../snapshot/state.js';
import type { LanceMemory } from './lance-registers.js';
import { fromLanes } from './lanes.js';

const BUFFER_BYTES = 0x1_0000;
const ADDRESS_MASK = BUFFER_BYTES - 1;

type BufferState = { readonly bytes: Uint8Array };

export class Kn01LanceBuffer implements Device, LanceMemory, Stateful<BufferState> {
  readonly #bytes: Uint8Array = new Uint8Array(BUFFER_BYTES);

  /** Lanes 0 and 1 of each word; the others are not driven. */
  read(offset: number, size: AccessSize): number {
    return fromLanes(this.readWord(offset >>> 1), offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    const at = (offset >>> 1) & ADDRESS_MASK & ~1;
    const lane = offset & 3;
    if (size === 1) {
      if (lane < 2) this.#bytes[at + lane] = value;
    } else if (lane === 0) this.writeWord(at, value);
  }

  readWord(address: number): number {
    const at = address & ADDRESS_MASK & ~1;
    return (this.#bytes[at] as number) | ((this.#bytes[at + 1] as number) << 8);
  }

  writeWord(address: number, value: number): boolean {
    const at = address & ADDRESS_MASK & ~1;
    this.#bytes[at] = value;
    this.#bytes[at + 1] = value >>> 8;
    return true;
  }

  readBurst(address: number, into: Uint8Array, offset: number, count: number): boolean {
    for (let index = 0; index < count; index++) {
      into[offset + index] = this.#bytes[(address + index) & ADDRESS_MASK] as number;
    }
    return true;
  }

  writeBurst(address: number, from: Uint8Array, offset: number, count: number): boolean {
    for (let index = 0; index < count; index++) {
      this.#bytes[(address + index) & ADDRESS_MASK] = from[offset + index] as number;
    }
    return true;
  }

  snapshot(): BufferState {
    return { bytes: this.#bytes.slice() };
  }

  restore(state: BufferState): void {
    this.#bytes.set(state.bytes);
  }
}
