/**
 * One channel of the Z85C30: registers, a three-byte receive FIFO, a transmit buffer and shift register, the baud rate
 * generator. TxIP sets only when the transmit buffer goes from full to empty. Characters take the time that the
 * programmed rate and frame give; without a running baud rate generator nothing moves.
 */

import type { Stateful } from '../snapshot/state.js';
import type { Clock, TimerSlot } from '../time/clock.js';
import { HostLine, type HostLineState } from './host-line.js';

const PCLK_HERTZ = 7_372_800;
const FIFO_BYTES = 3;

const RR0 = {
  receiveAvailable: 0x01,
  transmitEmpty: 0x04,
  dcd: 0x08,
  sync: 0x10,
  cts: 0x20,
  underrun: 0x40,
} as const;
const RR1 = { allSent: 0x01, residue: 0x06, overrun: 0x20 } as const;
const WR0_COMMAND = { pointHigh: 1, enableNextReceive: 4, resetTransmit: 5, errorReset: 6 } as const;
const WR1 = { transmitInterrupt: 0x02, receiveModeMask: 0x18, receiveFirst: 0x08, receiveAll: 0x10 } as const;
const WR3_RECEIVER_ENABLE = 0x01;
const WR5_TRANSMITTER_ENABLE = 0x08;
const WR14 = { generatorEnable: 0x01, loopback: 0x10 } as const;

export const WR9 = {
  resetMask: 0xc0,
  resetB: 0x40,
  resetA: 0x80,
  hardwareReset: 0xc0,
  statusHigh: 0x10,
  masterEnable: 0x08,
} as const;

/** Interrupt pending bits, as RR3 shows them for channel B. */
const PENDING = { transmit: 0x02, receive: 0x04 } as const;
/** Source codes of the modified vector. */
const SOURCE = { transmit: 0, receive: 2, special: 3 } as const;

const DATA_BITS = [5, 7, 6, 8] as const;
const STOP_BITS = [1, 1, 1.5, 2] as const;
const CLOCK_FACTOR = [1, 16, 32, 64] as const;

export type SccChannelState = {
  readonly host: HostLineState;
  readonly pending: number;
  readonly write: Uint8Array;
  readonly fifo: Uint8Array;
  readonly fifoCount: number;
  readonly hasOverrun: boolean;
  readonly pointer: number;
  readonly isFirstReceiveArmed: boolean;
  readonly isReceiving: boolean;
  readonly buffer: number;
  readonly shifting: number;
};

export class SccChannel implements Stateful<SccChannelState> {
  readonly host: HostLine = new HostLine();
  /** Interrupt pending bits: 1 external/status, 2 transmit, 4 receive. */
  pending = 0;
  readonly #clock: Clock;
  readonly #onChange: () => void;
  readonly #receiveSlot: TimerSlot;
  readonly #transmitSlot: TimerSlot;
  readonly #write: Uint8Array = new Uint8Array(16);
  readonly #fifo: Uint8Array = new Uint8Array(FIFO_BYTES);
  #fifoCount = 0;
  #hasOverrun = false;
  #pointer = 0;
  #isFirstReceiveArmed = false;
  #isReceiving = false;
  #buffer = -1;
  #shifting = -1;

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#receiveSlot = clock.register((cycle) => this.#receive(cycle));
    this.#transmitSlot = clock.register((cycle) => this.#transmitted(cycle));
    this.host.onInput = () => this.#listen(this.#clock.now);
  }

  reset(): void {
    this.#clock.disarm(this.#receiveSlot);
    this.#clock.disarm(this.#transmitSlot);
    this.#write.fill(0);
    // Technical manual, channel reset: WR4 bit 2, WR11 bit 3, WR15 0xf8 set; the rest of interest is zero.
    this.#write[4] = 0x04;
    this.#write[11] = 0x08;
    this.#write[15] = 0xf8;
    this.#fifoCount = 0;
    this.#hasOverrun = false;
    this.#pointer = 0;
    this.#isFirstReceiveArmed = false;
    this.#isReceiving = false;
    this.#buffer = -1;
    this.#shifting = -1;
    this.pending = 0;
  }

  snapshot(): SccChannelState {
    return {
      host: this.host.snapshot(),
      pending: this.pending,
      write: this.#write.slice(),
      fifo: this.#fifo.slice(),
      fifoCount: this.#fifoCount,
      hasOverrun: this.#hasOverrun,
      pointer: this.#pointer,
      isFirstReceiveArmed: this.#isFirstReceiveArmed,
      isReceiving: this.#isReceiving,
      buffer: this.#buffer,
      shifting: this.#shifting,
    };
  }

  restore(state: SccChannelState): void {
    this.host.restore(state.host);
    this.pending = state.pending;
    this.#write.set(state.write);
    this.#fifo.set(state.fifo);
    this.#fifoCount = state.fifoCount;
    this.#hasOverrun = state.hasOverrun;
    this.#pointer = state.pointer;
    this.#isFirstReceiveArmed = state.isFirstReceiveArmed;
    this.#isReceiving = state.isReceiving;
    this.#buffer = state.buffer;
    this.#shifting = state.shifting;
  }

  /** The register that this control access goes to; the next one goes to register 0 again. */
  takePointer(): number {
    const pointer = this.#pointer;
    this.#pointer = 0;
    return pointer;
  }

  /** Two-bit source code of the highest pending interrupt, in the order receive, transmit. */
  highestSource(): number {
    if (this.pending & PENDING.receive) return this.#hasOverrun ? SOURCE.special : SOURCE.receive;
    return SOURCE.transmit;
  }

  readRegister(register: number): number {
    switch (register) {
      case 0:
      case 4:
        return (
          RR0.dcd |
          RR0.sync |
          RR0.cts |
          RR0.underrun |
          (this.#fifoCount > 0 ? RR0.receiveAvailable : 0) |
          (this.#buffer < 0 ? RR0.transmitEmpty : 0)
        );
      case 1:
      case 5:
        return (
          RR1.residue |
          (this.#buffer < 0 && this.#shifting < 0 ? RR1.allSent : 0) |
          (this.#hasOverrun ? RR1.overrun : 0)
        );
      case 8:
        return this.readData();
      case 12:
        return this.#write[12] as number;
      case 9:
      case 13:
        return this.#write[13] as number;
      case 11:
      case 15:
        return this.#write[15] as number;
      default:
        return 0;
    }
  }

  writeRegister(register: number, value: number): void {
    if (register === 0) {
      this.#command(value);
      return;
    }
    if (register === 8) {
      this.writeData(value);
      return;
    }
    this.#write[register] = value;
    if (register === 1) {
      this.#isFirstReceiveArmed = (value & WR1.receiveModeMask) === WR1.receiveFirst;
      if (!(value & WR1.transmitInterrupt)) this.pending &= ~PENDING.transmit;
      this.#updateReceive();
    } else if (register === 3 || register === 5 || register === 14) {
      this.#transmit(this.#clock.now);
      this.#listen(this.#clock.now);
    }
  }

  readData(): number {
    if (this.#fifoCount === 0) return 0;
    const byte = this.#fifo[0] as number;
    this.#fifo.copyWithin(0, 1);
    this.#fifoCount--;
    this.#listen(this.#clock.now);
    this.#isFirstReceiveArmed = false;
    this.#updateReceive();
    return byte;
  }

  writeData(byte: number): void {
    this.#buffer = byte;
    this.pending &= ~PENDING.transmit;
    this.#transmit(this.#clock.now);
    this.#onChange();
  }

  #command(value: number): void {
    this.#pointer = value & 7;
    switch ((value >>> 3) & 7) {
      case WR0_COMMAND.pointHigh:
        this.#pointer |= 8;
        return;
      case WR0_COMMAND.enableNextReceive:
        this.#isFirstReceiveArmed = (this.#writeRegisterOne & WR1.receiveModeMask) === WR1.receiveFirst;
        this.#updateReceive();
        return;
      case WR0_COMMAND.resetTransmit:
        this.pending &= ~PENDING.transmit;
        this.#onChange();
        return;
      case WR0_COMMAND.errorReset:
        this.#hasOverrun = false;
        this.#updateReceive();
    }
  }

  get #writeRegisterOne(): number {
    return this.#write[1] as number;
  }

  get #isGeneratorOn(): boolean {
    return ((this.#write[14] as number) & WR14.generatorEnable) !== 0;
  }

  get #isLooped(): boolean {
    return ((this.#write[14] as number) & WR14.loopback) !== 0;
  }

  /** Length of one character in CPU cycles. */
  #characterCycles(dataBitsCode: number): number {
    const mode = this.#write[4] as number;
    const constant = (this.#write[12] as number) | ((this.#write[13] as number) << 8);
    const bits =
      1 + (DATA_BITS[dataBitsCode & 3] as number) + (mode & 1) + (STOP_BITS[(mode >>> 2) & 3] as number);
    const pclks = bits * 2 * (constant + 2) * (CLOCK_FACTOR[mode >>> 6] as number);
    return Math.round((pclks * this.#clock.hertz) / PCLK_HERTZ);
  }

  /** Moves the transmit buffer into the shift register when both sides are ready. */
  #transmit(cycle: number): void {
    if (this.#shifting >= 0 || this.#buffer < 0 || !this.#isGeneratorOn) return;
    const control = this.#write[5] as number;
    if (!(control & WR5_TRANSMITTER_ENABLE)) return;
    this.#shifting = this.#buffer;
    this.#buffer = -1;
    if (this.#writeRegisterOne & WR1.transmitInterrupt) this.pending |= PENDING.transmit;
    this.#clock.arm(this.#transmitSlot, cycle + this.#characterCycles(control >>> 5));
  }

  #transmitted(cycle: number): void {
    const control = this.#write[5] as number;
    const byte = this.#shifting & ((1 << (DATA_BITS[(control >>> 5) & 3] as number)) - 1);
    this.#shifting = -1;
    this.#transmit(cycle);
    if (this.#isLooped) this.#store(byte);
    this.#onChange();
    this.host.onOutput?.(byte);
  }

  /** Lets the next byte start over the line, if there is one and it would be taken. */
  #listen(cycle: number): void {
    if (this.#isReceiving || this.host.pendingCount === 0 || !this.#canReceive()) return;
    this.#isReceiving = true;
    this.#clock.arm(this.#receiveSlot, cycle + this.#characterCycles((this.#write[3] as number) >>> 6));
  }

  #canReceive(): boolean {
    const isEnabled = ((this.#write[3] as number) & WR3_RECEIVER_ENABLE) !== 0;
    return isEnabled && this.#isGeneratorOn && !this.#isLooped && this.#fifoCount < FIFO_BYTES;
  }

  #receive(cycle: number): void {
    this.#isReceiving = false;
    if (!this.#canReceive()) return;
    this.#store(this.host.take());
    this.#listen(cycle);
    this.#onChange();
  }

  #store(byte: number): void {
    if (!((this.#write[3] as number) & WR3_RECEIVER_ENABLE)) return;
    const dataBits = DATA_BITS[(this.#write[3] as number) >>> 6] as number;
    if (this.#fifoCount === FIFO_BYTES) {
      this.#hasOverrun = true;
      this.#fifo[FIFO_BYTES - 1] = byte;
    } else {
      this.#fifo[this.#fifoCount++] = byte & ((1 << dataBits) - 1);
    }
    this.#updateReceive();
  }

  #updateReceive(): void {
    const mode = this.#writeRegisterOne & WR1.receiveModeMask;
    const isWanted =
      mode === WR1.receiveAll
        ? true
        : mode === WR1.receiveFirst
          ? this.#isFirstReceiveArmed || this.#hasOverrun
          : false;
    const isPending = isWanted && this.#fifoCount > 0;
    this.pending = isPending ? this.pending | PENDING.receive : this.pending & ~PENDING.receive;
    this.#onChange();
  }
}
