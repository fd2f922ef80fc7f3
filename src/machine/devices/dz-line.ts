/**
 * One line of the DC7085: parameters, a transmit buffer with a shift register behind it, a receiver. Characters take the
 * time that the line's parameters give. What arrives goes to the chip's silo; the next byte starts over the line only
 * when the receiver is enabled and the silo has room, so nothing of the host's is lost; what a device sends comes when it
 * comes, and as the device sends it.
 */

import type { Stateful } from '../snapshot/state.js';
import type { Clock, TimerSlot } from '../time/clock.js';
import { HostLine, type HostLineState } from './host-line.js';
import { frameCycles, receiveFrame, type SerialFrame } from './serial-frame.js';

/** Line parameter register, without the line number. */
const LPR = {
  receiverEnable: 0x1000,
  speedShift: 8,
  odd: 0x80,
  parity: 0x40,
  twoStopBits: 0x20,
  sizeShift: 3,
} as const;

/** Error bits of RBUF. */
const RBUF = { parity: 0x1000, framing: 0x2000 } as const;

/** Bits per second by speed code. */
const SPEEDS = [
  50, 75, 110, 134.5, 150, 300, 600, 1200, 1800, 2000, 2400, 3600, 4800, 7200, 9600, 19_200,
] as const;

/** What a line needs of its chip. */
export interface DzScanner {
  /** The master scan enable bit is set. */
  readonly isScanning: boolean;
  /** Transmitted bytes come back to the receivers, cut off from outside. */
  readonly isLooped: boolean;
  /** The board holds the line drivers off: nothing gets out. */
  readonly isMuted: boolean;
  readonly hasRoom: boolean;
  /** `errors` are bits of RBUF. */
  received(line: number, byte: number, errors: number): void;
  /** A transmit buffer has become free. */
  bufferEmptied(): void;
}

export type DzLineState = {
  readonly host: HostLineState;
  readonly parameters: number;
  readonly isReceiving: boolean;
  readonly buffer: number;
  readonly shifting: number;
  readonly isBreaking: boolean;
};

export class DzLine implements Stateful<DzLineState> {
  readonly host: HostLine = new HostLine();
  readonly #clock: Clock;
  readonly #scanner: DzScanner;
  readonly #number: number;
  readonly #receiveSlot: TimerSlot;
  readonly #transmitSlot: TimerSlot;
  #parameters = 0;
  #isReceiving = false;
  /** Bytes waiting and going out; -1 = none. */
  #buffer = -1;
  #shifting = -1;
  #isBreaking = false;

  constructor(clock: Clock, number: number, scanner: DzScanner) {
    this.#clock = clock;
    this.#number = number;
    this.#scanner = scanner;
    this.#receiveSlot = clock.register((cycle) => this.#receive(cycle));
    this.#transmitSlot = clock.register((cycle) => this.#transmitted(cycle));
    this.host.onInput = () => this.listen(this.#clock.now);
    this.host.onArrival = (byte, sent) => this.#arrive(byte, sent);
    this.host.onBreak = (isOn) => {
      // A break is a null character whose stop bit never comes.
      if (isOn && this.#isListening) this.#scanner.received(this.#number, 0, RBUF.framing);
    };
  }

  reset(): void {
    this.#parameters = 0;
    this.#isReceiving = false;
    this.#buffer = -1;
    this.#shifting = -1;
    this.setBreak(false);
    this.#clock.disarm(this.#receiveSlot);
    this.#clock.disarm(this.#transmitSlot);
  }

  get isBufferEmpty(): boolean {
    return this.#buffer < 0;
  }

  setParameters(value: number): void {
    this.#parameters = value;
    this.listen(this.#clock.now);
  }

  send(byte: number): void {
    this.#buffer = byte;
    this.#shift(this.#clock.now);
  }

  /** Holds the line in the space state, whatever is sent meanwhile. */
  setBreak(isOn: boolean): void {
    if (isOn === this.#isBreaking) return;
    this.#isBreaking = isOn;
    if (this.#scanner.isLooped) {
      if (isOn && this.#parameters & LPR.receiverEnable)
        this.#scanner.received(this.#number, 0, RBUF.framing);
    } else if (!this.#scanner.isMuted) this.host.onGuestBreak?.(isOn);
  }

  /** Lets the next byte start over the line, if there is one and it would be taken. */
  listen(cycle: number): void {
    if (this.#isReceiving || this.host.pendingCount === 0 || !this.#canReceive()) return;
    this.#isReceiving = true;
    this.#clock.arm(this.#receiveSlot, cycle + this.#characterCycles());
  }

  snapshot(): DzLineState {
    return {
      host: this.host.snapshot(),
      parameters: this.#parameters,
      isReceiving: this.#isReceiving,
      buffer: this.#buffer,
      shifting: this.#shifting,
      isBreaking: this.#isBreaking,
    };
  }

  restore(state: DzLineState): void {
    this.host.restore(state.host);
    this.#parameters = state.parameters;
    this.#isReceiving = state.isReceiving;
    this.#buffer = state.buffer;
    this.#shifting = state.shifting;
    this.#isBreaking = state.isBreaking;
  }

  get #isListening(): boolean {
    const { isScanning, isLooped } = this.#scanner;
    return (this.#parameters & LPR.receiverEnable) !== 0 && isScanning && !isLooped;
  }

  #canReceive(): boolean {
    return this.#isListening && this.#scanner.hasRoom;
  }

  #arrive(byte: number, sent: SerialFrame): void {
    if (!this.#isListening) return;
    const seen = receiveFrame(byte, sent, this.#frame());
    const errors = (seen.isParityWrong ? RBUF.parity : 0) | (seen.isFrameWrong ? RBUF.framing : 0);
    this.#scanner.received(this.#number, seen.byte, errors);
  }

  #receive(cycle: number): void {
    this.#isReceiving = false;
    if (!this.#canReceive()) return;
    this.#scanner.received(this.#number, this.host.take() & this.#mask(), 0);
    this.listen(cycle);
  }

  #shift(cycle: number): void {
    if (this.#shifting >= 0 || this.#buffer < 0) return;
    this.#shifting = this.#buffer;
    this.#buffer = -1;
    this.#clock.arm(this.#transmitSlot, cycle + this.#characterCycles());
    this.#scanner.bufferEmptied();
  }

  #transmitted(cycle: number): void {
    const byte = this.#shifting & this.#mask();
    this.#shifting = -1;
    this.#shift(cycle);
    if (this.#isBreaking) return;
    if (this.#scanner.isLooped) {
      if (this.#parameters & LPR.receiverEnable) this.#scanner.received(this.#number, byte, 0);
    } else if (!this.#scanner.isMuted) this.host.transmitted(byte, this.#frame());
  }

  #mask(): number {
    return (0x20 << ((this.#parameters >>> LPR.sizeShift) & 3)) - 1;
  }

  #frame(): SerialFrame {
    const parameters = this.#parameters;
    return {
      baud: SPEEDS[(parameters >>> LPR.speedShift) & 15] as number,
      dataBits: 5 + ((parameters >>> LPR.sizeShift) & 3),
      parity: parameters & LPR.parity ? (parameters & LPR.odd ? 'odd' : 'even') : 'none',
      stopBits: parameters & LPR.twoStopBits ? 2 : 1,
    };
  }

  #characterCycles(): number {
    return frameCycles(this.#frame(), this.#clock.hertz);
  }
}
