/**
 * Zilog Z85C30 serial controller as the DECstation wires it: registers on byte lane 1, channel B first, modem inputs
 * tied active, PCLK 7.3728 MHz, channel A's request pins to the IOASIC's DMA. Asynchronous mode only; interrupt by
 * polling RR3 (the board has no vector cycle). The register pointer falls back to 0 after each control access. Manual: Zilog Z8530/Z85C30 technical manual.
 */

import type { AccessSize, Device } from '../memory/bus.js';
import type { Stateful } from '../snapshot/state.js';
import type { Clock } from '../time/clock.js';
import type { HostLine } from './host-line.js';
import { coversLane, fromLanes } from './lanes.js';
import { SccChannel, type SccChannelState } from './scc-channel.js';
import { WR9 } from './scc-registers.js';

/** Word offsets within the chip's window. */
export const SCC_REGISTER = { controlB: 0x0, dataB: 0x4, controlA: 0x8, dataA: 0xc } as const;

const LANE = 1;

type SccState = {
  readonly channelA: SccChannelState;
  readonly channelB: SccChannelState;
  readonly vector: number;
  readonly masterControl: number;
  readonly isRaised: boolean;
};

export class Scc implements Device, Stateful<SccState> {
  readonly channelA: SccChannel;
  readonly channelB: SccChannel;
  /** Channel A's pins that ask for DMA may have changed. */
  onRequest: (() => void) | undefined = undefined;
  readonly #setInterrupt: (isRaised: boolean) => void;
  /** WR2 and WR9 are shared by both channels. */
  #vector = 0;
  #masterControl = 0;
  #isRaised = false;

  constructor(clock: Clock, setInterrupt: (isRaised: boolean) => void) {
    this.#setInterrupt = setInterrupt;
    this.channelA = new SccChannel(clock, () => this.#update());
    this.channelB = new SccChannel(clock, () => this.#update());
  }

  /** The host's ends of the lines. */
  get hostA(): HostLine {
    return this.channelA.host;
  }

  get hostB(): HostLine {
    return this.channelB.host;
  }

  reset(): void {
    this.#vector = 0;
    this.#masterControl = 0;
    this.channelA.reset();
    this.channelB.reset();
    this.#update();
  }

  snapshot(): SccState {
    return {
      channelA: this.channelA.snapshot(),
      channelB: this.channelB.snapshot(),
      vector: this.#vector,
      masterControl: this.#masterControl,
      isRaised: this.#isRaised,
    };
  }

  restore(state: SccState): void {
    this.channelA.restore(state.channelA);
    this.channelB.restore(state.channelB);
    this.#vector = state.vector;
    this.#masterControl = state.masterControl;
    this.#isRaised = state.isRaised;
  }

  read(offset: number, size: AccessSize): number {
    if (!coversLane(offset, size, LANE)) return 0;
    const channel = offset & SCC_REGISTER.controlA ? this.channelA : this.channelB;
    const value = offset & SCC_REGISTER.dataB ? channel.readData() : this.#readControl(channel);
    return fromLanes(value << 8, offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    if (!coversLane(offset, size, LANE)) return;
    const byte = (value >>> ((LANE - (offset & 3)) << 3)) & 0xff;
    const channel = offset & SCC_REGISTER.controlA ? this.channelA : this.channelB;
    if (offset & SCC_REGISTER.dataB) channel.writeData(byte);
    else this.#writeControl(channel, byte);
  }

  #readControl(channel: SccChannel): number {
    const register = channel.takePointer();
    switch (register) {
      case 2:
      case 6:
        return channel === this.channelA ? this.#vector : this.#statusVector();
      case 3:
      case 7:
        return channel === this.channelA ? (this.channelA.pending << 3) | this.channelB.pending : 0;
      default:
        return channel.readRegister(register);
    }
  }

  #writeControl(channel: SccChannel, byte: number): void {
    const register = channel.takePointer();
    if (register === 2) this.#vector = byte;
    else if (register === 9) this.#writeMaster(byte);
    else channel.writeRegister(register, byte);
  }

  #writeMaster(byte: number): void {
    const command = byte & WR9.resetMask;
    if (command === WR9.hardwareReset) {
      this.reset();
    } else {
      if (command === WR9.resetA) this.channelA.reset();
      if (command === WR9.resetB) this.channelB.reset();
    }
    this.#masterControl = byte & ~WR9.resetMask;
    this.#update();
  }

  /** RR2 of channel B: the vector with the highest pending source put in (V3:V1, or V4:V6 backwards). */
  #statusVector(): number {
    const status = this.#highestSource();
    if (this.#masterControl & WR9.statusHigh) {
      const reversed = ((status & 1) << 2) | (status & 2) | (status >>> 2);
      return (this.#vector & ~0x70) | (reversed << 4);
    }
    return (this.#vector & ~0x0e) | (status << 1);
  }

  #highestSource(): number {
    if (this.channelA.pending !== 0) return 4 | this.channelA.highestSource();
    if (this.channelB.pending !== 0) return this.channelB.highestSource();
    return 3;
  }

  #update(): void {
    const isPending = (this.channelA.pending | this.channelB.pending) !== 0;
    const isRaised = isPending && (this.#masterControl & WR9.masterEnable) !== 0;
    if (isRaised !== this.#isRaised) {
      this.#isRaised = isRaised;
      this.#setInterrupt(isRaised);
    }
    this.onRequest?.();
  }
}
