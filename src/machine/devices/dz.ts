/**
 * DC7085, the four-line serial controller of the KN01: a DZ11 in one chip. Lines: 0 keyboard, 1 mouse, 2 modem, 3 printer
 * or console. A scanner looks round robin for an enabled line (TCR) whose transmit buffer is free, names it in TLINE and
 * sets TRDY; whatever is written to TDR then goes to that line. What all lines receive collects in one silo of 64.
 * Registers of 16 bits, 8 bytes apart. Sources: Linux and NetBSD drivers (dz.c, dc7085 headers), DZ11 user's manual.
 */

import type { AccessSize, Device } from '../memory/bus.js';
import type { Stateful } from '../snapshot/state.js';
import type { Clock, TimerSlot } from '../time/clock.js';
import { DzLine, type DzLineState, type DzScanner } from './dz-line.js';
import type { HostLine } from './host-line.js';
import { coversLane, fromLanes, toLanes } from './lanes.js';

/** Offsets: read / written. */
export const DZ_REGISTER = {
  csr: 0x00,
  /** RBUF: receive buffer / LPR: line parameters. */
  receive: 0x08,
  tcr: 0x10,
  /** MSR: modem status / TDR: transmit data. */
  transmit: 0x18,
} as const;

export const DZ_CSR = {
  transmitReady: 0x8000,
  transmitInterrupt: 0x4000,
  transmitLine: 0x0300,
  receiveDone: 0x0080,
  receiveInterrupt: 0x0040,
  scanEnable: 0x0020,
  clear: 0x0010,
  maintenance: 0x0008,
} as const;

export const DZ_LINE = { keyboard: 0, mouse: 1, modem: 2, console: 3 } as const;

const CSR_WRITABLE =
  DZ_CSR.transmitInterrupt | DZ_CSR.receiveInterrupt | DZ_CSR.scanEnable | DZ_CSR.maintenance;
const TCR_WRITABLE = 0x0f0f;
const RBUF_VALID = 0x8000;
const LINE_COUNT = 4;
const SILO_WORDS = 64;
/** From a free buffer to TRDY (Linux's driver: "1.4us TRDY recovery"). */
const SCAN_SECONDS = 1.4e-6;

type DzState = {
  readonly lines: readonly DzLineState[];
  readonly silo: readonly number[];
  readonly siloHead: number;
  readonly siloCount: number;
  readonly control: number;
  readonly tcr: number;
  readonly readyLine: number;
  readonly lastLine: number;
  readonly isMuted: boolean;
  readonly isRaised: boolean;
};

export class Dz implements Device, DzScanner, Stateful<DzState> {
  isMuted = false;
  readonly #clock: Clock;
  readonly #setInterrupt: (isRaised: boolean) => void;
  readonly #lines: readonly DzLine[];
  readonly #scanSlot: TimerSlot;
  readonly #scanCycles: number;
  readonly #silo: Uint16Array = new Uint16Array(SILO_WORDS);
  #siloHead = 0;
  #siloCount = 0;
  #control = 0;
  #tcr = 0;
  /** The line that TRDY stands for; -1 while the scanner looks. */
  #readyLine = -1;
  #lastLine = LINE_COUNT - 1;
  #isRaised = false;

  constructor(clock: Clock, setInterrupt: (isRaised: boolean) => void) {
    this.#clock = clock;
    this.#setInterrupt = setInterrupt;
    this.#scanCycles = Math.round(clock.hertz * SCAN_SECONDS);
    this.#scanSlot = clock.register(() => this.#scan());
    this.#lines = Array.from({ length: LINE_COUNT }, (_, number) => new DzLine(clock, number, this));
  }

  /** The host's ends, line 0 first. */
  get hostLines(): readonly HostLine[] {
    return this.#lines.map((line) => line.host);
  }

  get isScanning(): boolean {
    return (this.#control & DZ_CSR.scanEnable) !== 0;
  }

  get isLooped(): boolean {
    return (this.#control & DZ_CSR.maintenance) !== 0;
  }

  get hasRoom(): boolean {
    return this.#siloCount < SILO_WORDS;
  }

  reset(): void {
    this.#clock.disarm(this.#scanSlot);
    this.#siloHead = 0;
    this.#siloCount = 0;
    this.#control = 0;
    this.#tcr = 0;
    this.#readyLine = -1;
    this.#lastLine = LINE_COUNT - 1;
    for (const line of this.#lines) line.reset();
    this.#update();
  }

  read(offset: number, size: AccessSize): number {
    // Half a word, or one lane of it: the upper lanes are not driven.
    const register = offset & 0x18;
    if (register === DZ_REGISTER.csr) return fromLanes(this.#readStatus(), offset, size);
    if (register === DZ_REGISTER.tcr) return fromLanes(this.#tcr, offset, size);
    if (register === DZ_REGISTER.receive) {
      const isPopped = coversLane(offset, size, 0);
      return fromLanes(isPopped ? this.#pop() : this.#top(), offset, size);
    }
    // Modem status: the wires are active low, and all of them are active.
    return 0;
  }

  write(offset: number, value: number, size: AccessSize): void {
    switch (offset & 0x18) {
      case DZ_REGISTER.csr:
        this.#writeStatus(toLanes(this.#control, offset, value, size) & 0xffff);
        return;
      case DZ_REGISTER.receive:
        this.#lines[value & 3]?.setParameters(value & 0xfffc);
        return;
      case DZ_REGISTER.tcr:
        this.#tcr = toLanes(this.#tcr, offset, value, size) & TCR_WRITABLE;
        this.#rescan();
        return;
      default:
        if (coversLane(offset, size, 1)) this.#setBreaks((value >>> (offset & 1 ? 0 : 8)) & 0xf);
        if (coversLane(offset, size, 0)) this.#transmit(value & 0xff);
    }
  }

  received(line: number, byte: number, errors: number): void {
    if (this.#siloCount === SILO_WORDS) return;
    this.#silo[(this.#siloHead + this.#siloCount) % SILO_WORDS] = RBUF_VALID | errors | (line << 8) | byte;
    this.#siloCount++;
    this.#update();
  }

  bufferEmptied(): void {
    this.#rescan();
  }

  snapshot(): DzState {
    return {
      lines: this.#lines.map((line) => line.snapshot()),
      silo: [...this.#silo],
      siloHead: this.#siloHead,
      siloCount: this.#siloCount,
      control: this.#control,
      tcr: this.#tcr,
      readyLine: this.#readyLine,
      lastLine: this.#lastLine,
      isMuted: this.isMuted,
      isRaised: this.#isRaised,
    };
  }

  restore(state: DzState): void {
    this.#lines.forEach((line, number) => {
      line.restore(state.lines[number] as DzLineState);
    });
    this.#silo.set(state.silo);
    this.#siloHead = state.siloHead;
    this.#siloCount = state.siloCount;
    this.#control = state.control;
    this.#tcr = state.tcr;
    this.#readyLine = state.readyLine;
    this.#lastLine = state.lastLine;
    this.isMuted = state.isMuted;
    this.#isRaised = state.isRaised;
  }

  #readStatus(): number {
    return (
      this.#control |
      (this.#readyLine < 0 ? 0 : DZ_CSR.transmitReady | (this.#readyLine << 8)) |
      (this.#siloCount > 0 ? DZ_CSR.receiveDone : 0)
    );
  }

  #writeStatus(value: number): void {
    if (value & DZ_CSR.clear) {
      // Takes a while on the metal; software polls until the bit, which never shows here, is clear.
      this.reset();
      return;
    }
    this.#control = value & CSR_WRITABLE;
    if (!this.isScanning) this.#readyLine = -1;
    this.#rescan();
    this.#listen();
  }

  #top(): number {
    return this.#siloCount === 0 ? 0 : (this.#silo[this.#siloHead] as number);
  }

  #pop(): number {
    const word = this.#top();
    if (this.#siloCount === 0) return word;
    this.#siloHead = (this.#siloHead + 1) % SILO_WORDS;
    this.#siloCount--;
    this.#listen();
    this.#update();
    return word;
  }

  #listen(): void {
    for (const line of this.#lines) line.listen(this.#clock.now);
  }

  /** The upper half of TDR: lines that are held in the space state. */
  #setBreaks(lines: number): void {
    for (const [number, line] of this.#lines.entries()) line.setBreak(((lines >>> number) & 1) !== 0);
  }

  #transmit(byte: number): void {
    const line = this.#lines[this.#readyLine];
    if (line === undefined) return;
    this.#readyLine = -1;
    line.send(byte);
    this.#rescan();
  }

  /** A line that was turned off is no longer ready; and when none is, the scanner starts to look for one. */
  #rescan(): void {
    if (this.#readyLine >= 0 && !(this.#tcr & (1 << this.#readyLine))) this.#readyLine = -1;
    if (this.#readyLine < 0 && this.#next() >= 0) {
      if (this.#clock.dueAt(this.#scanSlot) === Infinity)
        this.#clock.arm(this.#scanSlot, this.#clock.now + this.#scanCycles);
    } else this.#clock.disarm(this.#scanSlot);
    this.#update();
  }

  #scan(): void {
    const line = this.#next();
    if (line >= 0) {
      this.#readyLine = line;
      this.#lastLine = line;
    }
    this.#update();
  }

  /** The next enabled line with a free buffer behind the last one that was served; -1 when there is none. */
  #next(): number {
    if (!this.isScanning) return -1;
    for (let step = 1; step <= LINE_COUNT; step++) {
      const number = (this.#lastLine + step) % LINE_COUNT;
      if (this.#tcr & (1 << number) && this.#lines[number]?.isBufferEmpty) return number;
    }
    return -1;
  }

  #update(): void {
    const isTransmit = this.#readyLine >= 0 && (this.#control & DZ_CSR.transmitInterrupt) !== 0;
    const isReceive = this.#siloCount > 0 && (this.#control & DZ_CSR.receiveInterrupt) !== 0;
    const isRaised = isTransmit || isReceive;
    if (isRaised === this.#isRaised) return;
    this.#isRaised = isRaised;
    this.#setInterrupt(isRaised);
  }
}
