/**
 * The IOASIC's DMA for channel A of one SCC. Each character is a word of memory, on byte lane 1 as the chip is. Transmit: the
 * pointer's word goes to the chip when it asks; at the end of a page the page-end event is latched. Receive: a word
 * is written for each character; in the middle of a page the half-page event asks software for a new page, and at the
 * page's end, when none has come, the overrun event is latched. While its stopping event is latched an engine rests.
 * Sources: DEC's IOCTL ASIC specification as Mach's asic.h names its bits; GXemul for the byte lane.
 */

import type { DmaMemory } from '../memory/bus.js';
import { decodeDmaPointer, encodeDmaPointer, IOASIC_REGISTER, type Ioasic, SIR, SSR } from './ioasic.js';
import type { SccChannel } from './scc-channel.js';

/** Where in the ASIC a chip's two engines have their registers and bits. */
export interface SccDmaWiring {
  readonly transmitPointer: number;
  readonly receivePointer: number;
  /** Bits of SSR. */
  readonly transmitEnable: number;
  readonly receiveEnable: number;
  /** Bits of SIR. */
  readonly pageEnd: number;
  readonly readError: number;
  readonly halfPage: number;
  readonly overrun: number;
}

/** CPU cycles that a word from and to memory takes. */
export interface SccDmaTiming {
  readonly wordRead: number;
  readonly wordWrite: number;
}

export const SCC0_DMA: SccDmaWiring = {
  transmitPointer: IOASIC_REGISTER.scc0TransmitPointer,
  receivePointer: IOASIC_REGISTER.scc0ReceivePointer,
  transmitEnable: SSR.scc0TransmitEnable,
  receiveEnable: SSR.scc0ReceiveEnable,
  pageEnd: SIR.scc0TransmitPageEnd,
  readError: SIR.scc0TransmitReadError,
  halfPage: SIR.scc0ReceiveHalfPage,
  overrun: SIR.scc0ReceiveOverrun,
};

export const SCC1_DMA: SccDmaWiring = {
  transmitPointer: IOASIC_REGISTER.scc1TransmitPointer,
  receivePointer: IOASIC_REGISTER.scc1ReceivePointer,
  transmitEnable: SSR.scc1TransmitEnable,
  receiveEnable: SSR.scc1ReceiveEnable,
  pageEnd: SIR.scc1TransmitPageEnd,
  readError: SIR.scc1TransmitReadError,
  halfPage: SIR.scc1ReceiveHalfPage,
  overrun: SIR.scc1ReceiveOverrun,
};

const WORD_BYTES = 4;
const PAGE_MASK = 0xfff;
const HALF_PAGE = 0x800;
const LANE = 1;

export class IoasicSccDma {
  readonly #ioasic: Ioasic;
  readonly #channel: SccChannel;
  readonly #memory: DmaMemory;
  readonly #timing: SccDmaTiming;
  readonly #wiring: SccDmaWiring;
  #isBusy = false;

  constructor(
    ioasic: Ioasic,
    channel: SccChannel,
    memory: DmaMemory,
    timing: SccDmaTiming,
    wiring: SccDmaWiring,
  ) {
    this.#ioasic = ioasic;
    this.#channel = channel;
    this.#memory = memory;
    this.#timing = timing;
    this.#wiring = wiring;
  }

  /** Moves what can be moved now: call when the chip's requests, an enable, a pointer or an event may have changed. */
  serve(): void {
    // The chip's registers, read and written here, tell of a change themselves.
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#receive() || this.#transmit());
    this.#isBusy = false;
  }

  #transmit(): boolean {
    const { transmitEnable, transmitPointer, pageEnd, readError } = this.#wiring;
    if (!this.#isOn(transmitEnable, pageEnd | readError) || !this.#channel.isTransmitRequested) return false;
    const address = decodeDmaPointer(this.#ioasic.get(transmitPointer));
    if (address >= this.#memory.ram.length) {
      this.#ioasic.latch(readError);
      return false;
    }
    this.#memory.stealCycles(this.#timing.wordRead);
    this.#advance(transmitPointer, address);
    this.#channel.writeData(this.#memory.ram[address + LANE] as number);
    if (((address + WORD_BYTES) & PAGE_MASK) === 0) this.#ioasic.latch(pageEnd);
    return true;
  }

  #receive(): boolean {
    const { receiveEnable, receivePointer, halfPage, overrun } = this.#wiring;
    if (!this.#isOn(receiveEnable, overrun) || !this.#channel.isReceiveRequested) return false;
    const address = decodeDmaPointer(this.#ioasic.get(receivePointer));
    const byte = this.#channel.readData();
    // A write that nothing answers gets lost.
    if (address < this.#memory.ram.length) {
      this.#memory.ram.fill(0, address, address + WORD_BYTES);
      this.#memory.ram[address + LANE] = byte;
    }
    this.#memory.stealCycles(this.#timing.wordWrite);
    this.#advance(receivePointer, address);
    const within = (address + WORD_BYTES) & PAGE_MASK;
    if (within === HALF_PAGE) this.#ioasic.latch(halfPage);
    else if (within === 0) this.#ioasic.latch(overrun);
    return true;
  }

  #isOn(enable: number, stopping: number): boolean {
    return (
      (this.#ioasic.get(IOASIC_REGISTER.status) & enable) !== 0 && (this.#ioasic.pending & stopping) === 0
    );
  }

  #advance(pointer: number, address: number): void {
    this.#ioasic.set(pointer, encodeDmaPointer(address + WORD_BYTES));
  }
}
