/**
 * EXMUX-AA: sixteen asynchronous terminal lines on a TURBOchannel option card, a design of this project. Lines run at
 * 1 Mbit/s, 8N1, with 64-byte FIFOs each way. Everything is a 32-bit register from 0x10_0000 on; a proper option ROM
 * header at 0x3e0 lets any kernel name the card. Unassigned offsets read 0.
 *
 *   line n at 0x10_0000 + n * 0x20:
 *     +0x00 DATA     read: pop the receive FIFO, bit 31 = valid, 7:0 byte; write: push the transmit FIFO
 *     +0x04 STATUS   6:0 receive FIFO count, 14:8 transmit FIFO room (a byte leaves the FIFO when it is sent)
 *     +0x08 CONTROL  0 receiver enable, 1 receive interrupt enable, 2 transmit interrupt enable
 *   0x10_0400 RXPEND: bit n = line n has received data and its receive interrupt enabled
 *   0x10_0404 TXPEND: bit n = line n's transmit FIFO is empty and its transmit interrupt enabled
 */

import type { AccessSize, Device } from '../memory/bus.js';
import type { Stateful } from '../snapshot/state.js';
import type { Clock, TimerSlot } from '../time/clock.js';
import { HostLine, type HostLineState } from './host-line.js';
import { coversLane, fromLanes } from './lanes.js';
import { OPTION_HEADER, optionHeader } from './option-rom.js';

export const MUX_LINE_COUNT = 16;
export const MUX_FIFO_BYTES = 64;
/** Bits per second, and bit times per byte. */
const BIT_RATE = 1_000_000;
const BITS_PER_BYTE = 10;

export const MUX_REGISTER = {
  lines: 0x10_0000,
  lineStride: 0x20,
  data: 0x00,
  status: 0x04,
  control: 0x08,
  receivePending: 0x10_0400,
  transmitPending: 0x10_0404,
} as const;

export const MUX_CONTROL = { receiverEnable: 1, receiveInterrupt: 2, transmitInterrupt: 4 } as const;

const DATA_VALID = 0x8000_0000;
const IDENTITY = {
  firmware: 'V1.0',
  vendor: 'EXOSTATN',
  module: 'EXMUX-AA',
  romSize: 1,
  slotSize: 1,
} as const;

type MuxLineState = {
  readonly host: HostLineState;
  readonly control: number;
  readonly receiveFifo: Uint8Array;
  readonly receiveHead: number;
  readonly receiveCount: number;
  readonly transmitFifo: Uint8Array;
  readonly transmitHead: number;
  readonly transmitCount: number;
  readonly isReceiving: boolean;
};

type SerialMuxState = {
  readonly lines: readonly MuxLineState[];
  readonly receivePending: number;
  readonly transmitPending: number;
  readonly isRaised: boolean;
};

/** One line: two FIFOs, a control register, a timer slot each way. */
class MuxLine implements Stateful<MuxLineState> {
  readonly host: HostLine = new HostLine();
  control = 0;
  receiveCount = 0;
  transmitCount = 0;
  readonly #clock: Clock;
  readonly #byteCycles: number;
  readonly #onChange: () => void;
  readonly #receiveSlot: TimerSlot;
  readonly #transmitSlot: TimerSlot;
  readonly #receiveFifo: Uint8Array = new Uint8Array(MUX_FIFO_BYTES);
  readonly #transmitFifo: Uint8Array = new Uint8Array(MUX_FIFO_BYTES);
  #receiveHead = 0;
  #transmitHead = 0;
  #isReceiving = false;

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#byteCycles = Math.round((clock.hertz * BITS_PER_BYTE) / BIT_RATE);
    this.#onChange = onChange;
    this.#receiveSlot = clock.register((cycle) => this.#receive(cycle));
    this.#transmitSlot = clock.register((cycle) => this.#transmitted(cycle));
    this.host.onInput = () => this.#listen(this.#clock.now);
  }

  reset(): void {
    this.control = 0;
    this.receiveCount = 0;
    this.transmitCount = 0;
    this.#receiveHead = 0;
    this.#transmitHead = 0;
    this.#isReceiving = false;
    this.#clock.disarm(this.#receiveSlot);
    this.#clock.disarm(this.#transmitSlot);
  }

  snapshot(): MuxLineState {
    return {
      host: this.host.snapshot(),
      control: this.control,
      receiveFifo: this.#receiveFifo.slice(),
      receiveHead: this.#receiveHead,
      receiveCount: this.receiveCount,
      transmitFifo: this.#transmitFifo.slice(),
      transmitHead: this.#transmitHead,
      transmitCount: this.transmitCount,
      isReceiving: this.#isReceiving,
    };
  }

  restore(state: MuxLineState): void {
    this.host.restore(state.host);
    this.control = state.control;
    this.#receiveFifo.set(state.receiveFifo);
    this.#receiveHead = state.receiveHead;
    this.receiveCount = state.receiveCount;
    this.#transmitFifo.set(state.transmitFifo);
    this.#transmitHead = state.transmitHead;
    this.transmitCount = state.transmitCount;
    this.#isReceiving = state.isReceiving;
  }

  setControl(value: number): void {
    this.control = value & 7;
    this.#listen(this.#clock.now);
  }

  pop(): number {
    if (this.receiveCount === 0) return 0;
    const byte = this.#receiveFifo[this.#receiveHead] as number;
    this.#receiveHead = (this.#receiveHead + 1) % MUX_FIFO_BYTES;
    this.receiveCount--;
    this.#listen(this.#clock.now);
    return (byte | DATA_VALID) >>> 0;
  }

  push(byte: number): void {
    if (this.transmitCount === MUX_FIFO_BYTES) return;
    this.#transmitFifo[(this.#transmitHead + this.transmitCount) % MUX_FIFO_BYTES] = byte;
    this.transmitCount++;
    if (this.transmitCount === 1) this.#clock.arm(this.#transmitSlot, this.#clock.now + this.#byteCycles);
  }

  get status(): number {
    return this.receiveCount | ((MUX_FIFO_BYTES - this.transmitCount) << 8);
  }

  /** Lets the next byte start over the line, if there is one and it would be taken. */
  #listen(cycle: number): void {
    if (this.#isReceiving || this.host.pendingCount === 0 || !this.#hasRoom()) return;
    this.#isReceiving = true;
    this.#clock.arm(this.#receiveSlot, cycle + this.#byteCycles);
  }

  #hasRoom(): boolean {
    return (this.control & MUX_CONTROL.receiverEnable) !== 0 && this.receiveCount < MUX_FIFO_BYTES;
  }

  #receive(cycle: number): void {
    this.#isReceiving = false;
    if (!this.#hasRoom()) return;
    const byte = this.host.take();
    this.#receiveFifo[(this.#receiveHead + this.receiveCount) % MUX_FIFO_BYTES] = byte;
    this.receiveCount++;
    this.#listen(cycle);
    this.#onChange();
  }

  #transmitted(cycle: number): void {
    const byte = this.#transmitFifo[this.#transmitHead] as number;
    this.#transmitHead = (this.#transmitHead + 1) % MUX_FIFO_BYTES;
    this.transmitCount--;
    if (this.transmitCount > 0) this.#clock.arm(this.#transmitSlot, cycle + this.#byteCycles);
    this.#onChange();
    this.host.onOutput?.(byte);
  }
}

export class SerialMux implements Device, Stateful<SerialMuxState> {
  /** The host's ends, line 0 first. */
  readonly hostLines: readonly HostLine[];
  readonly #lines: readonly MuxLine[];
  readonly #setInterrupt: (isRaised: boolean) => void;
  readonly #rom: Uint32Array = optionHeader(IDENTITY);
  #receivePending = 0;
  #transmitPending = 0;
  #isRaised = false;

  constructor(clock: Clock, setInterrupt: (isRaised: boolean) => void) {
    this.#setInterrupt = setInterrupt;
    const lines: MuxLine[] = [];
    for (let line = 0; line < MUX_LINE_COUNT; line++) {
      lines.push(new MuxLine(clock, () => this.#update(line)));
    }
    this.#lines = lines;
    this.hostLines = lines.map((line) => line.host);
  }

  reset(): void {
    for (const line of this.#lines) line.reset();
    for (let line = 0; line < MUX_LINE_COUNT; line++) this.#update(line);
  }

  snapshot(): SerialMuxState {
    return {
      lines: this.#lines.map((line) => line.snapshot()),
      receivePending: this.#receivePending,
      transmitPending: this.#transmitPending,
      isRaised: this.#isRaised,
    };
  }

  restore(state: SerialMuxState): void {
    this.#lines.forEach((line, index) => {
      line.restore(state.lines[index] as MuxLineState);
    });
    this.#receivePending = state.receivePending;
    this.#transmitPending = state.transmitPending;
    this.#isRaised = state.isRaised;
  }

  read(offset: number, size: AccessSize): number {
    return fromLanes(this.#readWord(offset), offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    if (!coversLane(offset, size, 0) || offset < MUX_REGISTER.lines) return;
    const number = (offset - MUX_REGISTER.lines) >>> 5;
    if (number >= MUX_LINE_COUNT) return;
    const line = this.#lines[number] as MuxLine;
    const register = offset & 0x1c;
    if (register === MUX_REGISTER.data) line.push(value & 0xff);
    else if (register === MUX_REGISTER.control) line.setControl(value);
    else return;
    this.#update(number);
  }

  #readWord(offset: number): number {
    if (offset < MUX_REGISTER.lines) {
      return this.#rom[(offset - OPTION_HEADER.offset) >> 2] ?? 0;
    }
    const number = (offset - MUX_REGISTER.lines) >>> 5;
    if (number < MUX_LINE_COUNT) return this.#readLine(number, offset & 0x1c);
    const register = offset & ~3;
    if (register === MUX_REGISTER.receivePending) return this.#receivePending;
    if (register === MUX_REGISTER.transmitPending) return this.#transmitPending;
    return 0;
  }

  #readLine(number: number, register: number): number {
    const line = this.#lines[number] as MuxLine;
    if (register === MUX_REGISTER.status) return line.status;
    if (register === MUX_REGISTER.control) return line.control;
    if (register !== MUX_REGISTER.data) return 0;
    const data = line.pop();
    this.#update(number);
    return data;
  }

  /** Recomputes one line's pending bits, and the interrupt when it changed. */
  #update(number: number): void {
    const line = this.#lines[number] as MuxLine;
    const bit = 1 << number;
    const isReceive = line.receiveCount > 0 && (line.control & MUX_CONTROL.receiveInterrupt) !== 0;
    const isTransmit = line.transmitCount === 0 && (line.control & MUX_CONTROL.transmitInterrupt) !== 0;
    this.#receivePending = isReceive ? this.#receivePending | bit : this.#receivePending & ~bit;
    this.#transmitPending = isTransmit ? this.#transmitPending | bit : this.#transmitPending & ~bit;
    const isRaised = (this.#receivePending | this.#transmitPending) !== 0;
    if (isRaised === this.#isRaised) return;
    this.#isRaised = isRaised;
    this.#setInterrupt(isRaised);
  }
}
