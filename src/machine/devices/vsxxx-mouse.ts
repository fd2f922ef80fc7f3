/**
 * VSXXX mouse: 4800 baud, 8 bits, odd parity; three buttons. In prompt mode, where it starts, it reports when it is polled;
 * in incremental mode by itself, at its sampling rate, while it moves or a button changes. A report is three bytes:
 * signs and buttons, and how far it has moved since the last one. At power-up, and when it is asked to, it tests
 * itself and says what it is. Protocol: VCB02 manual EK-104AA-TM, as Linux's vsxxxaa.c and NetBSD's vsms speak it.
 */

import type { Mouse } from '../machine-types.js';
import type { Stateful } from '../snapshot/state.js';
import type { Clock, TimerSlot } from '../time/clock.js';
import type { HostLine } from './host-line.js';
import { SerialEnd, type SerialEndState } from './serial-end.js';
import type { SerialFrame } from './serial-frame.js';

const FRAME: SerialFrame = { baud: 4800, dataBits: 8, parity: 'odd', stopBits: 1 };

export const MOUSE_COMMAND = {
  incremental: 0x52,
  prompt: 0x44,
  poll: 0x50,
  test: 0x54,
  standard: 0x53,
  /** Samples per second. */
  rate55: 0x4b,
  rate72: 0x4c,
  rate120: 0x4d,
} as const;

const REPORT = { head: 0x80, right: 0x10, up: 0x08 } as const;
/** Revision 0: Linux takes the revision's bits for buttons. */
const TEST_REPORT = { head: 0xa0, mouse: 0x02 } as const;
const BUTTON_COUNT = 3;
/** Of one report, in either direction. */
const MAX_DISTANCE = 127;
/** Guess: drivers give it a second. */
const TEST_SECONDS = 0.5;

type VsxxxMouseState = {
  readonly end: SerialEndState;
  readonly x: number;
  readonly y: number;
  readonly buttons: number;
  readonly isIncremental: boolean;
  readonly isTesting: boolean;
  readonly isChanged: boolean;
  readonly rate: number;
  readonly start: number;
};

export class VsxxxMouse implements Mouse, Stateful<VsxxxMouseState> {
  readonly #clock: Clock;
  readonly #end: SerialEnd;
  readonly #slot: TimerSlot;
  /** Movement that has not been reported, to the right and down. */
  #x = 0;
  #y = 0;
  /** Left 4, middle 2, right 1. */
  #buttons = 0;
  #isIncremental = false;
  #isTesting = false;
  #isChanged = false;
  #rate = 55;
  /** Cycle from which samples are counted. */
  #start = 0;

  constructor(clock: Clock, line: HostLine) {
    this.#clock = clock;
    this.#end = new SerialEnd(clock, line, FRAME, (byte) => this.#receive(byte));
    this.#slot = clock.register((cycle) => this.#tick(cycle));
  }

  /** Power on. Buttons stay as they are held. */
  reset(): void {
    this.#end.reset();
    this.#test();
  }

  move(right: number, down: number): void {
    const dx = Math.trunc(right);
    const dy = Math.trunc(down);
    if (dx === 0 && dy === 0) return;
    this.#x += dx;
    this.#y += dy;
    this.#changed();
  }

  button(number: number, isDown: boolean): void {
    if (number < 0 || number >= BUTTON_COUNT) return;
    const bit = 4 >>> number;
    const buttons = isDown ? this.#buttons | bit : this.#buttons & ~bit;
    if (buttons === this.#buttons) return;
    this.#buttons = buttons;
    this.#changed();
  }

  snapshot(): VsxxxMouseState {
    return {
      end: this.#end.snapshot(),
      x: this.#x,
      y: this.#y,
      buttons: this.#buttons,
      isIncremental: this.#isIncremental,
      isTesting: this.#isTesting,
      isChanged: this.#isChanged,
      rate: this.#rate,
      start: this.#start,
    };
  }

  restore(state: VsxxxMouseState): void {
    this.#end.restore(state.end);
    this.#x = state.x;
    this.#y = state.y;
    this.#buttons = state.buttons;
    this.#isIncremental = state.isIncremental;
    this.#isTesting = state.isTesting;
    this.#isChanged = state.isChanged;
    this.#rate = state.rate;
    this.#start = state.start;
  }

  #test(): void {
    this.#isTesting = true;
    this.#isIncremental = false;
    this.#isChanged = false;
    this.#rate = 55;
    this.#x = 0;
    this.#y = 0;
    this.#clock.arm(this.#slot, this.#clock.now + Math.round(TEST_SECONDS * this.#clock.hertz));
  }

  #receive(byte: number): void {
    if (this.#isTesting) return;
    switch (byte) {
      case MOUSE_COMMAND.incremental:
        this.#isIncremental = true;
        this.#start = this.#clock.now;
        if (this.#isChanged) this.#awaitSample();
        return;
      case MOUSE_COMMAND.prompt:
        this.#isIncremental = false;
        this.#clock.disarm(this.#slot);
        return;
      case MOUSE_COMMAND.poll:
        this.#report();
        return;
      case MOUSE_COMMAND.test:
        this.#test();
        return;
      case MOUSE_COMMAND.rate55:
      case MOUSE_COMMAND.rate72:
      case MOUSE_COMMAND.rate120:
        this.#rate = byte === MOUSE_COMMAND.rate55 ? 55 : byte === MOUSE_COMMAND.rate72 ? 72 : 120;
        this.#start = this.#clock.now;
    }
  }

  #changed(): void {
    this.#isChanged = true;
    if (this.#isIncremental && !this.#isTesting) this.#awaitSample();
  }

  /** The next sample is at a whole number of periods from the start. */
  #awaitSample(): void {
    if (this.#clock.dueAt(this.#slot) !== Infinity) return;
    const period = this.#clock.hertz / this.#rate;
    const sample = Math.floor((this.#clock.now - this.#start) / period) + 1;
    const cycle = this.#start + Math.ceil(sample * period);
    this.#clock.arm(this.#slot, cycle > this.#clock.now ? cycle : cycle + Math.ceil(period));
  }

  #tick(_cycle: number): void {
    if (this.#isTesting) {
      this.#isTesting = false;
      this.#end.send(TEST_REPORT.head, TEST_REPORT.mouse, 0, this.#buttons);
      return;
    }
    // One report after the other: a sample that comes too soon waits for the next.
    if (this.#end.pendingCount === 0) this.#report();
    if (this.#isChanged) this.#awaitSample();
  }

  /** What is further than a report can say goes into the next one. */
  #report(): void {
    const dx = Math.max(-MAX_DISTANCE, Math.min(MAX_DISTANCE, this.#x));
    const dy = Math.max(-MAX_DISTANCE, Math.min(MAX_DISTANCE, this.#y));
    this.#x -= dx;
    this.#y -= dy;
    this.#isChanged = this.#x !== 0 || this.#y !== 0;
    const signs = (dx > 0 ? REPORT.right : 0) | (dy < 0 ? REPORT.up : 0);
    this.#end.send(REPORT.head | signs | this.#buttons, Math.abs(dx), Math.abs(dy));
  }
}
