/**
 * One channel of the Z85C30: registers, receiver, a transmit buffer and shift register, the baud rate generator. TxIP sets
 * only when the transmit buffer goes from full to empty. Characters take the time that the programmed rate and frame
 * give; without a running baud rate generator nothing moves. Errors are in `scc-fifo.ts`, breaks and modem inputs in
 * `scc-status.ts`.
 */

import type { Stateful } from '../snapshot/state.js';
import type { Clock, TimerSlot } from '../time/clock.js';
import { HostLine, type HostLineState } from './host-line.js';
import { SccFifo, type SccFifoState } from './scc-fifo.js';
import { sccCharacterCycles, sccDataBits, sccFrame } from './scc-frame.js';
import {
  RR0,
  RR1,
  SCC_PENDING,
  SCC_SOURCE,
  WR0_COMMAND,
  WR1,
  WR3_RECEIVER_ENABLE,
  WR5,
  WR14,
} from './scc-registers.js';
import { SccStatus, type SccStatusState } from './scc-status.js';
import { receiveFrame, type SerialFrame } from './serial-frame.js';

export type SccChannelState = {
  readonly host: HostLineState;
  readonly pending: number;
  readonly write: Uint8Array;
  readonly fifo: SccFifoState;
  readonly status: SccStatusState;
  readonly pointer: number;
  readonly isFirstReceiveArmed: boolean;
  readonly isReceiving: boolean;
  readonly buffer: number;
  readonly shifting: number;
  readonly isBreakSeen: boolean;
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
  readonly #fifo: SccFifo = new SccFifo();
  readonly #status: SccStatus = new SccStatus();
  #pointer = 0;
  #isFirstReceiveArmed = false;
  #isReceiving = false;
  #buffer = -1;
  #shifting = -1;
  #isBreakSeen = false;

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#receiveSlot = clock.register((cycle) => this.#receive(cycle));
    this.#transmitSlot = clock.register((cycle) => this.#transmitted(cycle));
    this.host.onInput = () => this.#listen(this.#clock.now);
    this.host.onArrival = (byte, frame) => this.#arrive(byte, frame);
    this.host.onBreak = (isOn) => {
      if (!this.#isLooped) this.#setBreak(isOn);
    };
  }

  reset(): void {
    this.#clock.disarm(this.#receiveSlot);
    this.#clock.disarm(this.#transmitSlot);
    if (this.#isBreaking) this.host.onGuestBreak?.(false);
    this.#write.fill(0);
    // Technical manual, channel reset: WR4 bit 2, WR11 bit 3, WR15 0xf8 set; the rest of interest is zero.
    this.#write[4] = 0x04;
    this.#write[11] = 0x08;
    this.#fifo.reset();
    this.#status.set(RR0.break, false);
    this.#status.reset();
    this.#pointer = 0;
    this.#isFirstReceiveArmed = false;
    this.#isReceiving = false;
    this.#buffer = -1;
    this.#shifting = -1;
    this.#isBreakSeen = false;
    this.pending = 0;
  }

  snapshot(): SccChannelState {
    return {
      host: this.host.snapshot(),
      pending: this.pending,
      write: this.#write.slice(),
      fifo: this.#fifo.snapshot(),
      status: this.#status.snapshot(),
      pointer: this.#pointer,
      isFirstReceiveArmed: this.#isFirstReceiveArmed,
      isReceiving: this.#isReceiving,
      buffer: this.#buffer,
      shifting: this.#shifting,
      isBreakSeen: this.#isBreakSeen,
    };
  }

  restore(state: SccChannelState): void {
    this.host.restore(state.host);
    this.pending = state.pending;
    this.#write.set(state.write);
    this.#fifo.restore(state.fifo);
    this.#status.restore(state.status);
    this.#pointer = state.pointer;
    this.#isFirstReceiveArmed = state.isFirstReceiveArmed;
    this.#isReceiving = state.isReceiving;
    this.#buffer = state.buffer;
    this.#shifting = state.shifting;
    this.#isBreakSeen = state.isBreakSeen;
  }

  /** The register that this control access goes to; the next one goes to register 0 again. */
  takePointer(): number {
    const pointer = this.#pointer;
    this.#pointer = 0;
    return pointer;
  }

  /** The modem inputs, RR0's `dcd`, `sync` and `cts`; active at rest. */
  setInput(input: number, isActive: boolean): void {
    this.#statusChanged(this.#status.set(input, isActive));
  }

  /** Whether the pins that ask for DMA do so, each if WR1 or WR14 says that it is one. */
  get isReceiveRequested(): boolean {
    return (this.#writeRegisterOne & WR1.requestMask) === WR1.receiveRequest && this.#fifo.count > 0;
  }

  get isTransmitRequested(): boolean {
    const isRequest =
      ((this.#write[14] as number) & WR14.transmitRequest) !== 0 ||
      (this.#writeRegisterOne & WR1.requestMask) === WR1.transmitRequest;
    return isRequest && this.#buffer < 0 && ((this.#write[5] as number) & WR5.transmitterEnable) !== 0;
  }

  /** Two-bit source code of the highest pending interrupt, in the order receive, transmit, status. */
  highestSource(): number {
    if (this.pending & SCC_PENDING.receive) {
      return this.#isSpecial ? SCC_SOURCE.special : SCC_SOURCE.receive;
    }
    return this.pending & SCC_PENDING.transmit ? SCC_SOURCE.transmit : SCC_SOURCE.status;
  }

  readRegister(register: number): number {
    switch (register) {
      case 0:
      case 4:
        return (
          this.#status.bits |
          (this.#fifo.count > 0 ? RR0.receiveAvailable : 0) |
          (this.#buffer < 0 ? RR0.transmitEmpty : 0)
        );
      case 1:
      case 5:
        return RR1.residue | (this.#buffer < 0 && this.#shifting < 0 ? RR1.allSent : 0) | this.#fifo.errors;
      case 8:
        return this.readData();
      case 12:
        return this.#write[12] as number;
      case 9:
      case 13:
        return this.#write[13] as number;
      case 11:
      case 15:
        return this.#status.enables;
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
    const wasBreaking = this.#isBreaking;
    const wasLooped = this.#isLooped;
    this.#write[register] = value;
    switch (register) {
      case 1:
        this.#isFirstReceiveArmed = (value & WR1.receiveModeMask) === WR1.receiveFirst;
        if (!(value & WR1.transmitInterrupt)) this.pending &= ~SCC_PENDING.transmit;
        if (!(value & WR1.statusInterrupt)) this.pending &= ~SCC_PENDING.status;
        this.#updateReceive();
        return;
      case 15:
        this.#status.enables = value;
        return;
      case 3:
      case 5:
      case 14:
        if (this.#isBreaking !== wasBreaking || this.#isLooped !== wasLooped) this.#breakChanged(wasBreaking);
        this.#transmit(this.#clock.now);
        this.#listen(this.#clock.now);
        this.#onChange();
    }
  }

  readData(): number {
    const isEmpty = this.#fifo.count === 0;
    const byte = this.#fifo.pop();
    if (isEmpty) return byte;
    this.#listen(this.#clock.now);
    this.#isFirstReceiveArmed = false;
    this.#updateReceive();
    return byte;
  }

  writeData(byte: number): void {
    this.#buffer = byte;
    this.pending &= ~SCC_PENDING.transmit;
    this.#transmit(this.#clock.now);
    this.#onChange();
  }

  #command(value: number): void {
    this.#pointer = value & 7;
    switch ((value >>> 3) & 7) {
      case WR0_COMMAND.pointHigh:
        this.#pointer |= 8;
        return;
      case WR0_COMMAND.resetStatus:
        this.pending &= ~SCC_PENDING.status;
        this.#statusChanged(this.#status.release());
        return;
      case WR0_COMMAND.enableNextReceive:
        this.#isFirstReceiveArmed = (this.#writeRegisterOne & WR1.receiveModeMask) === WR1.receiveFirst;
        this.#updateReceive();
        return;
      case WR0_COMMAND.resetTransmit:
        this.pending &= ~SCC_PENDING.transmit;
        this.#onChange();
        return;
      case WR0_COMMAND.errorReset:
        this.#fifo.resetErrors();
        this.#updateReceive();
    }
  }

  get #writeRegisterOne(): number {
    return this.#write[1] as number;
  }

  get #isBreaking(): boolean {
    return ((this.#write[5] as number) & WR5.sendBreak) !== 0;
  }

  /** The top character, or what it left in RR1, calls for the special interrupt. */
  get #isSpecial(): boolean {
    const { errors } = this.#fifo;
    const isParitySpecial = (this.#writeRegisterOne & WR1.parityIsSpecial) !== 0;
    return (errors & (RR1.overrun | RR1.framing | (isParitySpecial ? RR1.parity : 0))) !== 0;
  }

  get #isGeneratorOn(): boolean {
    return ((this.#write[14] as number) & WR14.generatorEnable) !== 0;
  }

  get #isLooped(): boolean {
    return ((this.#write[14] as number) & WR14.loopback) !== 0;
  }

  /** Moves the transmit buffer into the shift register when both sides are ready. */
  #transmit(cycle: number): void {
    if (this.#shifting >= 0 || this.#buffer < 0 || !this.#isGeneratorOn) return;
    const control = this.#write[5] as number;
    if (!(control & WR5.transmitterEnable)) return;
    this.#shifting = this.#buffer;
    this.#buffer = -1;
    if (this.#writeRegisterOne & WR1.transmitInterrupt) this.pending |= SCC_PENDING.transmit;
    this.#clock.arm(
      this.#transmitSlot,
      cycle + sccCharacterCycles(this.#write, control >>> 5, this.#clock.hertz),
    );
  }

  #transmitted(cycle: number): void {
    const control = this.#write[5] as number;
    const byte = this.#shifting & ((1 << sccDataBits(control >>> 5)) - 1);
    this.#shifting = -1;
    this.#transmit(cycle);
    if (this.#isLooped && !this.#isBreaking) this.#store(byte, 0);
    this.#onChange();
    // A break covers whatever is sent meanwhile.
    if (!this.#isBreaking) this.host.transmitted(byte, sccFrame(this.#write, control >>> 5));
  }

  /** Lets the next byte start over the line, if there is one and it would be taken. */
  #listen(cycle: number): void {
    if (this.#isReceiving || this.host.pendingCount === 0 || !this.#canReceive()) return;
    this.#isReceiving = true;
    this.#clock.arm(
      this.#receiveSlot,
      cycle + sccCharacterCycles(this.#write, (this.#write[3] as number) >>> 6, this.#clock.hertz),
    );
  }

  #canReceive(): boolean {
    const isEnabled = ((this.#write[3] as number) & WR3_RECEIVER_ENABLE) !== 0;
    return isEnabled && this.#isGeneratorOn && !this.#isLooped && !this.#fifo.isFull;
  }

  #receive(cycle: number): void {
    this.#isReceiving = false;
    if (!this.#canReceive()) return;
    this.#store(this.host.take(), 0);
    this.#listen(cycle);
    this.#onChange();
  }

  /** A device's character: it comes when it comes, and looks as the device sends it. */
  #arrive(byte: number, sent: SerialFrame): void {
    if (!this.#isGeneratorOn || this.#isLooped) return;
    const seen = receiveFrame(byte, sent, sccFrame(this.#write, (this.#write[3] as number) >>> 6));
    this.#store(seen.byte, (seen.isParityWrong ? RR1.parity : 0) | (seen.isFrameWrong ? RR1.framing : 0));
  }

  #store(byte: number, errors: number): void {
    if (!((this.#write[3] as number) & WR3_RECEIVER_ENABLE)) return;
    const dataBits = sccDataBits((this.#write[3] as number) >>> 6);
    this.#fifo.push(byte & ((1 << dataBits) - 1), errors);
    this.#updateReceive();
  }

  /** The guest's own break has changed, or whether it comes back. */
  #breakChanged(wasBreaking: boolean): void {
    this.#setBreak(this.#isLooped && this.#isBreaking);
    if (this.#isBreaking !== wasBreaking) this.host.onGuestBreak?.(this.#isBreaking);
  }

  /** The receiver's side of a break; its end leaves a null character. */
  #setBreak(isOn: boolean): void {
    if (!((this.#write[3] as number) & WR3_RECEIVER_ENABLE)) return;
    const wasOn = this.#isBreakSeen;
    this.#isBreakSeen = isOn;
    this.#statusChanged(this.#status.set(RR0.break, isOn));
    if (wasOn && !isOn) this.#store(0, 0);
  }

  #statusChanged(isNews: boolean): void {
    if (isNews && this.#writeRegisterOne & WR1.statusInterrupt) this.pending |= SCC_PENDING.status;
    this.#onChange();
  }

  #updateReceive(): void {
    const mode = this.#writeRegisterOne & WR1.receiveModeMask;
    const isSpecial = this.#isSpecial;
    const isWanted =
      mode === WR1.receiveAll ||
      (mode === WR1.receiveFirst && (this.#isFirstReceiveArmed || isSpecial)) ||
      (mode === WR1.receiveSpecial && isSpecial);
    const isPending = isWanted && this.#fifo.count > 0;
    this.pending = isPending ? this.pending | SCC_PENDING.receive : this.pending & ~SCC_PENDING.receive;
    this.#onChange();
  }
}
