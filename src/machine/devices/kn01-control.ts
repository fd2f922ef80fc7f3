/**
 * The KN01's system registers: control and status (CSR), and the address of the write that failed (ERRADDR). A write
 * that nothing answers sets MEMERR, the frame buffer's cursor chip sets VINT; either raises the CPU's IP6 until software
 * writes 1 to it. The first failed write's address stays until it is acknowledged. Sources: Mach's kn01.h after the
 * DECstation 3100 functional specification, Linux kn01.h and kn01-berr.c.
 */

import type { AccessSize, Device } from '../memory/bus.js';
import type { Stateful } from '../snapshot/state.js';
import { fromLanes, toLanes } from './lanes.js';

export const KN01_CSR = {
  /** Self-test result output. */
  status: 0x4000,
  parityOff: 0x2000,
  cursorTest: 0x1000,
  /** Monochrome frame buffer, or none. */
  mono: 0x0800,
  memoryError: 0x0400,
  videoInterrupt: 0x0200,
  /** The DZ's line drivers are off. */
  transmitOff: 0x0100,
  /** Written: diagnostic lights, 0 = on. Read: comparators of the colour outputs in 2:0. */
  leds: 0x00ff,
} as const;

const WRITABLE = KN01_CSR.status | KN01_CSR.parityOff | KN01_CSR.transmitOff;
const LATCHES = KN01_CSR.memoryError | KN01_CSR.videoInterrupt;
const ERROR_ADDRESS_MASK = 0x1fff_ffff;

export interface Kn01Wires {
  interrupt(isRaised: boolean): void;
  /** The transmitOff bit. */
  transmitOff(isOff: boolean): void;
}

type ControlState = {
  readonly control: number;
  readonly latches: number;
  readonly leds: number;
  readonly errorAddress: number;
  readonly video: number;
};

export class Kn01Control implements Stateful<ControlState> {
  /** Window of CSR. */
  readonly statusRegister: Device;
  /** Window of ERRADDR. */
  readonly errorAddressRegister: Device;
  /** Inputs from the frame buffer: cursorTest, mono and the comparators. */
  video: number = KN01_CSR.mono;
  readonly #wires: Kn01Wires;
  #control = 0;
  #latches = 0;
  #leds = 0;
  #errorAddress = 0;

  constructor(wires: Kn01Wires) {
    this.#wires = wires;
    this.statusRegister = {
      read: (offset, size) => fromLanes(this.#control | this.#latches | this.video, offset, size),
      write: (offset, value, size) => this.#write(offset, value, size),
    };
    this.errorAddressRegister = {
      read: (offset, size) => fromLanes(this.#errorAddress, offset, size),
      write: () => {},
    };
  }

  reset(): void {
    this.#control = 0;
    this.#latches = 0;
    this.#leds = 0;
    this.#errorAddress = 0;
    this.#wires.interrupt(false);
    this.#wires.transmitOff(false);
  }

  /** The lights as they burn: bit n = light n. */
  get lights(): number {
    return ~this.#leds & KN01_CSR.leds;
  }

  writeTimedOut(physical: number): void {
    if (this.#latches & KN01_CSR.memoryError) return;
    this.#errorAddress = physical & ERROR_ADDRESS_MASK;
    this.#latch(KN01_CSR.memoryError);
  }

  /** The cursor chip's second area detector fired. */
  raiseVideo(): void {
    this.#latch(KN01_CSR.videoInterrupt);
  }

  snapshot(): ControlState {
    return {
      control: this.#control,
      latches: this.#latches,
      leds: this.#leds,
      errorAddress: this.#errorAddress,
      video: this.video,
    };
  }

  restore(state: ControlState): void {
    this.#control = state.control;
    this.#latches = state.latches;
    this.#leds = state.leds;
    this.#errorAddress = state.errorAddress;
    this.video = state.video;
  }

  #latch(bit: number): void {
    this.#latches |= bit;
    this.#wires.interrupt(true);
  }

  #write(offset: number, value: number, size: AccessSize): void {
    const word = toLanes(this.#control | this.#leds, offset, value, size);
    this.#control = word & WRITABLE;
    this.#leds = word & KN01_CSR.leds;
    this.#latches &= ~(word & LATCHES);
    this.#wires.interrupt(this.#latches !== 0);
    this.#wires.transmitOff((word & KN01_CSR.transmitOff) !== 0);
  }
}
