/** A small driver for the LANCE of the KN02-BA, as kernels write them: shared memory at 128 KB, gaps and all. */

import { KN02BA_ADDRESS } from '../../../src/machine/boards/index.js';
import {
  CSR0,
  encodeDmaPointer,
  IOASIC_REGISTER,
  LANCE_REGISTER,
  LANCE_STATUS,
  SSR,
} from '../../../src/machine/devices/index.js';
import type { Bench } from './fixture.js';

export const STATION = [0x08, 0x00, 0x2b, 0x12, 0x50, 0x01] as const;
export const REGION = 0x2_0000;
const INIT_BLOCK = 0;
const RECEIVE_RING = 0x20;
const TRANSMIT_RING = 0x420;
const BUFFERS = 0x1000;

export interface DriverOptions {
  /** Powers of two of the ring sizes. */
  readonly receiveLog?: number;
  readonly transmitLog?: number;
  readonly bufferBytes?: number;
  readonly mode?: number;
  readonly filter?: readonly number[];
}

export class LanceDriver {
  readonly bench: Bench;
  readonly receiveCount: number;
  readonly transmitCount: number;
  readonly bufferBytes: number;
  readonly sent: Uint8Array[] = [];
  readonly #options: DriverOptions;
  #nextReceive = 0;
  #nextTransmit = 0;

  constructor(bench: Bench, options: DriverOptions = {}) {
    this.bench = bench;
    this.#options = options;
    this.receiveCount = 1 << (options.receiveLog ?? 2);
    this.transmitCount = 1 << (options.transmitLog ?? 2);
    this.bufferBytes = options.bufferBytes ?? 1536;
    bench.board.network.onFrame = (frame) => this.sent.push(frame.slice());
  }

  get status(): number {
    this.bench.write(KN02BA_ADDRESS.lance + LANCE_REGISTER.address, 0);
    return this.bench.read(KN02BA_ADDRESS.lance, 2);
  }

  set status(value: number) {
    this.bench.write(KN02BA_ADDRESS.lance + LANCE_REGISTER.address, 0);
    this.bench.write(KN02BA_ADDRESS.lance + LANCE_REGISTER.data, value, 2);
  }

  setRegister(number: number, value: number): void {
    this.bench.write(KN02BA_ADDRESS.lance + LANCE_REGISTER.address, number);
    this.bench.write(KN02BA_ADDRESS.lance + LANCE_REGISTER.data, value, 2);
  }

  setDma(isEnabled: boolean): void {
    const at = KN02BA_ADDRESS.ioasic + IOASIC_REGISTER.status;
    const value = this.bench.read(at);
    this.bench.write(at, isEnabled ? value | SSR.lanceDmaEnable : value & ~SSR.lanceDmaEnable);
  }

  /** Halfwords the chip transfers singly: one in each word. */
  word(address: number): number {
    const at = REGION + address * 2;
    return (this.bench.ram[at] as number) | ((this.bench.ram[at + 1] as number) << 8);
  }

  setWord(address: number, value: number): void {
    const at = REGION + address * 2;
    this.bench.ram[at] = value;
    this.bench.ram[at + 1] = value >>> 8;
  }

  /** Frame data: 16 bytes, then a gap of 16. */
  data(address: number, count: number): Uint8Array {
    return Uint8Array.from(
      { length: count },
      (_, index) => this.bench.ram[dataAt(address + index)] as number,
    );
  }

  setData(address: number, bytes: Uint8Array): void {
    bytes.forEach((byte, index) => {
      this.bench.ram[dataAt(address + index)] = byte;
    });
  }

  /** Builds block and rings, gives all receive buffers to the chip. Does not touch the chip. */
  prepare(): void {
    const { mode = 0, filter = [0, 0, 0, 0], receiveLog = 2, transmitLog = 2 } = this.#options;
    const address = [0, 2, 4].map((at) => (STATION[at] as number) | ((STATION[at + 1] as number) << 8));
    const rings = [RECEIVE_RING, receiveLog << 13, TRANSMIT_RING, transmitLog << 13];
    [mode, ...address, ...filter, ...rings].forEach((word, index) => {
      this.setWord(INIT_BLOCK + index * 2, word);
    });
    for (let index = 0; index < this.receiveCount; index++) this.offer(index);
    for (let index = 0; index < this.transmitCount; index++) this.setWord(transmitAt(index, 1), 0);
    this.#nextReceive = 0;
    this.#nextTransmit = 0;
  }

  /** Gives a receive buffer to the chip. */
  offer(index: number): void {
    this.setWord(receiveAt(index, 0), this.receiveBuffer(index));
    this.setWord(receiveAt(index, 2), -this.bufferBytes & 0xffff);
    this.setWord(receiveAt(index, 3), 0);
    this.setWord(receiveAt(index, 1), LANCE_STATUS.own);
  }

  receiveBuffer(index: number): number {
    return BUFFERS + index * this.bufferBytes;
  }

  transmitBuffer(index: number): number {
    return 0xa000 + index * 1536;
  }

  receiveStatus(index: number): number {
    return this.word(receiveAt(index, 1));
  }

  receiveLength(index: number): number {
    return this.word(receiveAt(index, 3));
  }

  transmitStatus(index: number): number {
    return this.word(transmitAt(index, 1));
  }

  transmitErrors(index: number): number {
    return this.word(transmitAt(index, 3));
  }

  /** The whole way up; ends with IDON acknowledged, both engines on and interrupts enabled. */
  open(): void {
    this.status = CSR0.stop;
    this.prepare();
    this.bench.write(KN02BA_ADDRESS.ioasic + IOASIC_REGISTER.lanceDmaPointer, encodeDmaPointer(REGION));
    this.setDma(true);
    this.setRegister(1, INIT_BLOCK);
    this.setRegister(2, 0);
    this.setRegister(3, 0);
    this.status = CSR0.init;
    if (!this.bench.until(() => (this.status & CSR0.initialised) !== 0, 25_000)) {
      throw new Error(`no IDON within a millisecond: CSR0 ${this.status.toString(16)}`);
    }
    this.status = CSR0.initialised;
    this.status = CSR0.start;
    this.status = CSR0.enable;
  }

  /** Puts one buffer into the transmit ring; the first of a frame is handed over by `demand`, as drivers do. */
  place(bytes: Uint8Array, flags: number): number {
    const index = this.#nextTransmit;
    this.#nextTransmit = (index + 1) & (this.transmitCount - 1);
    this.setData(this.transmitBuffer(index), bytes);
    this.setWord(transmitAt(index, 0), this.transmitBuffer(index));
    this.setWord(transmitAt(index, 2), (-bytes.length & 0xfff) | 0xf000);
    this.setWord(transmitAt(index, 3), 0);
    this.setWord(transmitAt(index, 1), LANCE_STATUS.own | flags);
    return index;
  }

  send(bytes: Uint8Array): number {
    const index = this.place(bytes, LANCE_STATUS.first | LANCE_STATUS.last);
    this.demand();
    return index;
  }

  demand(): void {
    this.status = CSR0.enable | CSR0.demand;
  }

  /** Takes the next whole frame out of the ring, undefined when there is none. Without its check sequence. */
  receive(): Uint8Array | undefined {
    const parts: number[] = [];
    for (let index = this.#nextReceive; ; index = (index + 1) & (this.receiveCount - 1)) {
      const status = this.receiveStatus(index);
      if (status & LANCE_STATUS.own) return undefined;
      const isLast = (status & LANCE_STATUS.last) !== 0;
      const count = isLast ? this.receiveLength(index) - parts.length : this.bufferBytes;
      parts.push(...this.data(this.receiveBuffer(index), count));
      this.offer(index);
      if (!isLast) continue;
      this.#nextReceive = (index + 1) & (this.receiveCount - 1);
      return Uint8Array.from(parts).subarray(0, parts.length - 4);
    }
  }
}

/** A frame with a counting payload. */
export function frameOf(
  length: number,
  destination: readonly number[] = STATION,
  seed: number = 0,
): Uint8Array {
  const frame = Uint8Array.from({ length }, (_, index) => (index * 7 + seed) & 0xff);
  frame.set(destination, 0);
  frame.set([0x02, 0, 0, 0, 0, 0x99, 0x88, 0xb5], 6);
  return frame;
}

function receiveAt(index: number, word: number): number {
  return RECEIVE_RING + index * 8 + word * 2;
}

function transmitAt(index: number, word: number): number {
  return TRANSMIT_RING + index * 8 + word * 2;
}

function dataAt(address: number): number {
  return REGION + ((address & ~15) << 1) + (address & 15);
}
