/**
 * The IOASIC's SCSI DMA engine. Gathers halfwords from the chip into units of 8 bytes and writes them to memory, or the
 * other way. At the end of each 4 KB page the pointer is loaded from the next-page register, which becomes invalid
 * (all ones), and SIR 19 is latched; while any of SIR 17 to 19 is latched the pointer is not loaded. What does not fill
 * a unit stays in SDR0/SDR1 with its count in SCR, for the driver to store by hand. Source: NetBSD asc_ioasic.c.
 */

import type { DmaMemory } from '../memory/bus.js';
import type { Stateful } from '../snapshot/state.js';
import { decodeDmaPointer, encodeDmaPointer, IOASIC_REGISTER, type Ioasic, SIR, SSR } from './ioasic.js';

const UNIT_BYTES = 8;
const HALFWORDS_PER_UNIT = 4;
const PAGE_MASK = 0xfff;
const INVALID_POINTER = 0xffff_ffff;
const SCR_COUNT = 3;
/** SCR: a unit read from memory is being handed out; the count says how many halfwords are gone. */
const SCR_OUTPUT = 4;
const STOPPING = SIR.scsiPointerLoaded | SIR.scsiOverrun | SIR.scsiMemoryError;

type IoasicScsiDmaState = { readonly isAwaitingPage: boolean };

export class IoasicScsiDma implements Stateful<IoasicScsiDmaState> {
  readonly #ioasic: Ioasic;
  readonly #memory: DmaMemory;
  readonly #burstCycles: number;
  /** The page is used up and the next one could not be loaded yet. */
  #isAwaitingPage = false;

  constructor(ioasic: Ioasic, memory: DmaMemory, burstCycles: number) {
    this.#ioasic = ioasic;
    this.#memory = memory;
    this.#burstCycles = burstCycles;
  }

  /** Also when software sets the pointer: it points where it says, whatever was being waited for. */
  reset(): void {
    this.#isAwaitingPage = false;
  }

  snapshot(): IoasicScsiDmaState {
    return { isAwaitingPage: this.#isAwaitingPage };
  }

  restore(state: IoasicScsiDmaState): void {
    this.#isAwaitingPage = state.isAwaitingPage;
  }

  /** Whether a halfword from the chip would be taken now. */
  canDeliver(): boolean {
    return this.#isReady(true) && this.#hasAddress();
  }

  /** Takes one halfword from the chip; call after `canDeliver` said yes. */
  deliver(halfword: number): void {
    const held = this.#ioasic.get(IOASIC_REGISTER.scsiControl) & SCR_COUNT;
    this.#hold(held, halfword);
    if (held < HALFWORDS_PER_UNIT - 1) {
      this.#ioasic.set(IOASIC_REGISTER.scsiControl, held + 1);
      return;
    }
    this.#ioasic.set(IOASIC_REGISTER.scsiControl, 0);
    const address = decodeDmaPointer(this.#ioasic.get(IOASIC_REGISTER.scsiDmaPointer));
    for (let index = 0; index < UNIT_BYTES; index++) {
      const data = this.#ioasic.get(index < 4 ? IOASIC_REGISTER.scsiData0 : IOASIC_REGISTER.scsiData1);
      this.#memory.ram[address + index] = data >>> ((index & 3) << 3);
    }
    this.#advance(address);
  }

  /** Hands one halfword to the chip, or -1 when the engine does not move now. */
  fetch(): number {
    if (!this.#isReady(false)) return -1;
    let control = this.#ioasic.get(IOASIC_REGISTER.scsiControl);
    if (!(control & SCR_OUTPUT)) {
      if (!this.#hasAddress()) return -1;
      this.#load();
      control = SCR_OUTPUT;
    }
    const gone = control & SCR_COUNT;
    const data = this.#ioasic.get(gone < 2 ? IOASIC_REGISTER.scsiData0 : IOASIC_REGISTER.scsiData1);
    this.#ioasic.set(
      IOASIC_REGISTER.scsiControl,
      gone === HALFWORDS_PER_UNIT - 1 ? 0 : SCR_OUTPUT | (gone + 1),
    );
    return gone & 1 ? data >>> 16 : data & 0xffff;
  }

  #isReady(isInput: boolean): boolean {
    const support = this.#ioasic.get(IOASIC_REGISTER.status);
    if (!(support & SSR.scsiDmaEnable)) return false;
    return ((support & SSR.scsiDirection) !== 0) === isInput;
  }

  #hold(index: number, halfword: number): void {
    const register = index < 2 ? IOASIC_REGISTER.scsiData0 : IOASIC_REGISTER.scsiData1;
    const data = this.#ioasic.get(register);
    const merged = index & 1 ? (data & 0xffff) | (halfword << 16) : (data & 0xffff_0000) | halfword;
    this.#ioasic.set(register, merged);
  }

  #load(): void {
    const address = decodeDmaPointer(this.#ioasic.get(IOASIC_REGISTER.scsiDmaPointer));
    const ram = this.#memory.ram;
    for (let word = 0; word < 2; word++) {
      const at = address + word * 4;
      const low = (ram[at] as number) | ((ram[at + 1] as number) << 8);
      const high = (ram[at + 2] as number) | ((ram[at + 3] as number) << 8);
      this.#ioasic.set(
        word === 0 ? IOASIC_REGISTER.scsiData0 : IOASIC_REGISTER.scsiData1,
        low | (high << 16),
      );
    }
    this.#advance(address);
  }

  /** Whether the pointer may be used; latches why not. */
  #hasAddress(): boolean {
    if (this.#isAwaitingPage) this.#loadNextPage();
    if (this.#isAwaitingPage) return false;
    if (this.#ioasic.pending & (SIR.scsiOverrun | SIR.scsiMemoryError)) return false;
    const pointer = this.#ioasic.get(IOASIC_REGISTER.scsiDmaPointer);
    if (pointer === INVALID_POINTER) {
      this.#ioasic.latch(SIR.scsiOverrun);
      return false;
    }
    if (decodeDmaPointer(pointer) + UNIT_BYTES > this.#memory.ram.length) {
      this.#ioasic.latch(SIR.scsiMemoryError);
      return false;
    }
    return true;
  }

  #advance(address: number): void {
    this.#memory.stealCycles(this.#burstCycles);
    const next = address + UNIT_BYTES;
    this.#ioasic.set(IOASIC_REGISTER.scsiDmaPointer, encodeDmaPointer(next));
    if ((next & PAGE_MASK) !== 0) return;
    this.#isAwaitingPage = true;
    this.#loadNextPage();
  }

  #loadNextPage(): void {
    if (this.#ioasic.pending & STOPPING) return;
    this.#isAwaitingPage = false;
    const next = this.#ioasic.get(IOASIC_REGISTER.scsiNextPointer);
    this.#ioasic.set(IOASIC_REGISTER.scsiDmaPointer, next);
    if (next === INVALID_POINTER) return;
    this.#ioasic.set(IOASIC_REGISTER.scsiNextPointer, INVALID_POINTER);
    this.#ioasic.latch(SIR.scsiPointerLoaded);
  }
}
