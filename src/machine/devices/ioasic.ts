/**
 * DEC IOCTL ASIC: the register block behind TURBOchannel slot 3. Collects the on-board chips' interrupts, holds the DMA
 * pointers, resets the chips. SIR: bits 15:0 follow their lines and ignore writes; bits 31:16 are latched events that
 * are cleared by writing 0 and kept by writing 1. Follows DEC's IOCTL ASIC specification as Linux (ioasic-irq.c) and
 * NetBSD (tc_ioasicreg.h) quote it.
 */

import type { AccessSize, Device } from '../memory/bus.js';
import type { Stateful } from '../snapshot/state.js';
import type { Clock } from '../time/clock.js';
import { fromLanes, toLanes } from './lanes.js';

export const IOASIC_REGISTER = {
  scsiDmaPointer: 0x000,
  scsiNextPointer: 0x010,
  lanceDmaPointer: 0x020,
  scc0TransmitPointer: 0x030,
  scc0ReceivePointer: 0x040,
  scc1TransmitPointer: 0x050,
  scc1ReceivePointer: 0x060,
  status: 0x100,
  interrupt: 0x110,
  interruptMask: 0x120,
  scsiControl: 0x1b0,
  scsiData0: 0x1c0,
  scsiData1: 0x1d0,
  counter: 0x1e0,
} as const;

/** System support register, SSR. A reset bit of 0 holds its chip in reset. */
export const SSR = {
  scc0TransmitEnable: 0x8000_0000,
  scc0ReceiveEnable: 0x4000_0000,
  scc1TransmitEnable: 0x2000_0000,
  scc1ReceiveEnable: 0x1000_0000,
  scsiDirection: 0x0004_0000,
  scsiDmaEnable: 0x0002_0000,
  lanceDmaEnable: 0x0001_0000,
  sccRun: 0x0800,
  rtcRun: 0x0400,
  scsiRun: 0x0200,
  lanceRun: 0x0100,
  leds: 0x00ff,
} as const;

/** Bits of SIR and SIMR on the KN02-BA. */
export const SIR = {
  scc0TransmitPageEnd: 0x8000_0000,
  scc0TransmitReadError: 0x4000_0000,
  scc0ReceiveHalfPage: 0x2000_0000,
  scc0ReceiveOverrun: 0x1000_0000,
  scc1TransmitPageEnd: 0x0800_0000,
  scc1TransmitReadError: 0x0400_0000,
  scc1ReceiveHalfPage: 0x0200_0000,
  scc1ReceiveOverrun: 0x0100_0000,
  scsiPointerLoaded: 0x0008_0000,
  scsiOverrun: 0x0004_0000,
  scsiMemoryError: 0x0002_0000,
  lanceMemoryError: 0x0001_0000,
  nvramClearOff: 0x4000,
  bus: 0x1000,
  normalModeOff: 0x400,
  scsi: 0x200,
  lance: 0x100,
  scc1: 0x80,
  scc0: 0x40,
  rtc: 0x20,
  powerSupply: 0x10,
  scsiRequest: 0x4,
  haltOff: 0x2,
  haltOn: 0x1,
} as const;

const LATCHED = 0xffff_0000;
/** Lines at rest: both jumpers open (active low), halt button up. */
const LINES_AT_REST = SIR.nvramClearOff | SIR.normalModeOff | SIR.haltOff;
/** Bits of a DMA pointer register that exist. */
const POINTER_MASK = 0xffff_ffff;
const REGISTER_COUNT = 32;

/** Physical address that a DMA pointer register stands for: bits 28:2. */
export function decodeDmaPointer(register: number): number {
  return (register >>> 3) & 0x1fff_fffc;
}

export function encodeDmaPointer(physical: number): number {
  return (((physical << 3) & ~0x1f) | ((physical >>> 29) & 0x1f)) >>> 0;
}

/** Told when software writes a register that a DMA engine or the board cares about. */
export interface IoasicListener {
  supportChanged(value: number, changed: number): void;
  /** The pointer itself was set: it holds from now on, whatever the engine was waiting for. */
  scsiPointerWritten(): void;
  /** Something else that a waiting engine waits for: a next page's pointer, or events acknowledged. */
  dmaChanged(): void;
}

type IoasicState = {
  readonly registers: Int32Array;
  readonly latched: number;
  readonly lines: number;
  readonly mask: number;
  readonly isRaised: boolean;
};

export class Ioasic implements Device, Stateful<IoasicState> {
  listener: IoasicListener | undefined = undefined;
  readonly #clock: Clock;
  readonly #setInterrupt: (isRaised: boolean) => void;
  readonly #registers: Uint32Array = new Uint32Array(REGISTER_COUNT);
  #latched = 0;
  #lines: number = LINES_AT_REST;
  #mask = 0;
  #isRaised = false;

  constructor(clock: Clock, setInterrupt: (isRaised: boolean) => void) {
    this.#clock = clock;
    this.#setInterrupt = setInterrupt;
  }

  reset(): void {
    this.#registers.fill(0);
    this.#registers[IOASIC_REGISTER.scsiDmaPointer >>> 4] = POINTER_MASK;
    this.#registers[IOASIC_REGISTER.scsiNextPointer >>> 4] = POINTER_MASK;
    this.#latched = 0;
    this.#mask = 0;
    this.#update();
  }

  snapshot(): IoasicState {
    return {
      registers: Int32Array.from(this.#registers),
      latched: this.#latched,
      lines: this.#lines,
      mask: this.#mask,
      isRaised: this.#isRaised,
    };
  }

  restore(state: IoasicState): void {
    this.#registers.set(state.registers);
    this.#latched = state.latched;
    this.#lines = state.lines;
    this.#mask = state.mask;
    this.#isRaised = state.isRaised;
  }

  /** A register's stored value, for the engines inside of the ASIC. */
  get(offset: number): number {
    return this.#registers[offset >>> 4] as number;
  }

  set(offset: number, value: number): void {
    this.#registers[offset >>> 4] = value;
  }

  get pending(): number {
    return (this.#latched | this.#lines) >>> 0;
  }

  /** Drives one of the level inputs, SIR bits 15:0. */
  setLine(bit: number, isRaised: boolean): void {
    const lines = isRaised ? this.#lines | bit : this.#lines & ~bit;
    if (lines === this.#lines) return;
    this.#lines = lines;
    this.#update();
  }

  /** Latches one of the events, SIR bits 31:16. */
  latch(bit: number): void {
    this.#latched |= bit;
    this.#update();
  }

  read(offset: number, size: AccessSize): number {
    return fromLanes(this.#readWord(offset & 0x1f0), offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    const register = offset & 0x1f0;
    switch (register) {
      case IOASIC_REGISTER.status: {
        const before = this.get(register);
        const after = toLanes(before, offset, value, size);
        this.set(register, after);
        this.listener?.supportChanged(after, (before ^ after) >>> 0);
        return;
      }
      case IOASIC_REGISTER.interrupt:
        this.#latched &= toLanes(LATCHED, offset, value, size) & LATCHED;
        this.#update();
        this.listener?.dmaChanged();
        return;
      case IOASIC_REGISTER.interruptMask:
        this.#mask = toLanes(this.#mask, offset, value, size);
        this.#update();
        return;
      case IOASIC_REGISTER.counter:
        return;
      default:
        this.set(register, toLanes(this.get(register), offset, value, size));
        if (register === IOASIC_REGISTER.scsiDmaPointer) this.listener?.scsiPointerWritten();
        if (register === IOASIC_REGISTER.scsiNextPointer) this.listener?.dmaChanged();
    }
  }

  #readWord(register: number): number {
    switch (register) {
      case IOASIC_REGISTER.interrupt:
        return this.pending;
      case IOASIC_REGISTER.interruptMask:
        return this.#mask;
      case IOASIC_REGISTER.counter:
        // Counts TURBOchannel cycles, two CPU cycles each, and wraps at 32 bits.
        return Math.floor(this.#clock.now / 2) % 0x1_0000_0000;
      default:
        return this.get(register);
    }
  }

  #update(): void {
    const isRaised = (this.pending & this.#mask) !== 0;
    if (isRaised === this.#isRaised) return;
    this.#isRaised = isRaised;
    this.#setInterrupt(isRaised);
  }
}
