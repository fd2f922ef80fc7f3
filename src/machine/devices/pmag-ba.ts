/**
 * PMAG-BA, the CX colour frame buffer: 1024x864 pixels of 8 bits on a TURBOchannel card, a Bt459 for the colours and the
 * cursor, and an interrupt at each vertical blanking, which holds until it is acknowledged. A plain frame buffer:
 * everything is drawn by the CPU. Addresses and video timing: Linux pmag-ba-fb.c; cursor offsets: NetBSD cfb.c.
 *
 *   0x00_0000  1 MB of video memory, 1024 bytes from line to line
 *   0x20_0000  Bt459: address low, address high, data, colour map, in the low byte of a word each
 *   0x30_0000  a write acknowledges the interrupt
 *   0x38_0000  read: option ROM, with its header at 0x3c_03e0; write: resets the Bt438 clock chip
 */

import type { Screen } from '../machine-types.js';
import type { AccessSize, Device } from '../memory/bus.js';
import type { Stateful } from '../snapshot/state.js';
import type { Clock } from '../time/clock.js';
import { Bt459, type Bt459State } from './bt459.js';
import { coversLane, fromLanes } from './lanes.js';
import { OPTION_HEADER, optionHeader } from './option-rom.js';
import { drawIndexed, readMemory, writeMemory } from './screen.js';
import { type Raster, VerticalBlank } from './vertical-blank.js';

export const PMAG_BA = {
  width: 1024,
  height: 864,
  bt459: 0x20_0000,
  acknowledge: 0x30_0000,
  bt438: 0x38_0000,
  /** Position in the cursor's coordinates of the top left pixel. */
  cursorLeft: 220,
  cursorTop: 35,
} as const;

const MEMORY_BYTES = 0x10_0000;
/** 1024 + 12 + 128 + 116 pixels, 864 + 0 + 3 + 34 lines: 60.0 frames a second. */
const RASTER: Raster = { totalWidth: 1280, totalHeight: 901, pixelPicoseconds: 14_452 };
/** The card's address lines: it answers everywhere in its slot, every 4 MB anew. */
const ADDRESS_MASK = 0x3f_ffff;
const IDENTITY = { firmware: 'V1.0', vendor: 'DEC', module: 'PMAG-BA', romSize: 1, slotSize: 1 } as const;

export type PmagBaState = {
  readonly memory: Uint8Array;
  readonly bt459: Bt459State;
  readonly isInterrupting: boolean;
};

export class PmagBa implements Device, Screen, Stateful<PmagBaState> {
  readonly width: number = PMAG_BA.width;
  readonly height: number = PMAG_BA.height;
  generation = 0;
  readonly #memory: Uint8Array = new Uint8Array(MEMORY_BYTES);
  readonly #bt459: Bt459;
  readonly #rom: Uint32Array = optionHeader(IDENTITY);
  readonly #blank: VerticalBlank;
  readonly #setInterrupt: (isRaised: boolean) => void;
  #isInterrupting = false;

  constructor(clock: Clock, setInterrupt: (isRaised: boolean) => void) {
    this.#setInterrupt = setInterrupt;
    this.#bt459 = new Bt459(() => {
      this.generation++;
    });
    this.#blank = new VerticalBlank(clock, RASTER, () => {
      this.#isInterrupting = true;
      this.#setInterrupt(true);
    });
  }

  reset(): void {
    this.#memory.fill(0);
    this.#bt459.reset();
    this.#acknowledge();
  }

  read(offset: number, size: AccessSize): number {
    const address = offset & ADDRESS_MASK;
    if (address < MEMORY_BYTES) return readMemory(this.#memory, address, size);
    if (address >= PMAG_BA.bt438) {
      return fromLanes(this.#rom[(address - OPTION_HEADER.oldOffset) >> 2] ?? 0, address, size);
    }
    if (address >= PMAG_BA.bt459 && address < PMAG_BA.acknowledge) {
      return coversLane(address, size, 0) ? this.#bt459.read((address >>> 2) & 3) : 0;
    }
    return 0;
  }

  write(offset: number, value: number, size: AccessSize): void {
    const address = offset & ADDRESS_MASK;
    if (address < MEMORY_BYTES) {
      this.generation++;
      writeMemory(this.#memory, address, value, size);
    } else if (address >= PMAG_BA.bt438) {
      // The Bt438 starts its clocks again; the picture is as before a few pixels later.
    } else if (address >= PMAG_BA.acknowledge) {
      this.#acknowledge();
    } else if (address >= PMAG_BA.bt459 && coversLane(address, size, 0)) {
      this.#bt459.write((address >>> 2) & 3, value & 0xff);
    }
  }

  copyPixels(into: Uint8Array): void {
    const { width, height } = this;
    drawIndexed(into, this.#memory, width, width, height, this.#bt459.palette);
    this.#bt459.drawCursor(into, width, height, PMAG_BA.cursorLeft, PMAG_BA.cursorTop);
  }

  snapshot(): PmagBaState {
    return {
      memory: this.#memory.slice(),
      bt459: this.#bt459.snapshot(),
      isInterrupting: this.#isInterrupting,
    };
  }

  restore(state: PmagBaState): void {
    this.#memory.set(state.memory);
    this.#bt459.restore(state.bt459);
    this.#isInterrupting = state.isInterrupting;
    // Whoever drew the picture before must draw it again.
    this.generation++;
  }

  #acknowledge(): void {
    this.#isInterrupting = false;
    this.#setInterrupt(false);
    this.#blank.await();
  }
}
