/**
 * Dallas DS1287 real-time clock: calendar, alarm, periodic interrupt, 50 bytes of battery RAM. One register in the low
 * byte of each word. Time passes by computation: registers are brought up to date when they are looked at, and the
 * chip arms its timer only while an interrupt that it could raise is enabled. PF, AF and UF set whether or not their
 * interrupts are enabled; reading register C clears them. Data sheet: DS1287 (pin and register compatible MC146818).
 */

import type { AccessSize, Device } from '../memory/bus.js';
import { inRange, type Stateful } from '../snapshot/state.js';
import type { Clock, TimerSlot } from '../time/clock.js';
import { daysInMonth, fromEpochSeconds } from './calendar.js';
import { coversLane, fromLanes } from './lanes.js';

export const RTC_REGISTER = {
  seconds: 0,
  secondsAlarm: 1,
  minutes: 2,
  minutesAlarm: 3,
  hours: 4,
  hoursAlarm: 5,
  dayOfWeek: 6,
  date: 7,
  month: 8,
  year: 9,
  a: 10,
  b: 11,
  c: 12,
  d: 13,
  /** First of the battery-backed RAM. */
  ram: 14,
  /** The capability key's seed, 16 registers. */
  seed: 0x20,
  /** Real year less 2000, 0 before: Ultrix keeps 72 (or 73, before March of a common year) in the year register. */
  realYear: 63,
} as const;

/** Register A: update in progress; divider running is 2 in bits 6:4; periodic rate in 3:0. */
const A = { updateInProgress: 0x80, dividerMask: 0x70, dividerOn: 0x20, rateMask: 0x0f } as const;
const B = { set: 0x80, periodic: 0x40, alarm: 0x20, update: 0x10, binary: 0x04, hours24: 0x02 } as const;
const C = { interrupt: 0x80, periodic: 0x40, alarm: 0x20, update: 0x10 } as const;
const D_VALID = 0x80;

/** Periodic rates by register A's low nibble, per second; 0 = none. */
const RATES = [0, 256, 128, 8192, 4096, 2048, 1024, 512, 256, 128, 64, 32, 16, 8, 4, 2] as const;
/** UIP rises 244 us before the update, which takes 1984 us; the new second shows when it falls. */
const UPDATE_SECONDS = 0.002228;
const REGISTER_COUNT = 64;
const RAM_START = RTC_REGISTER.ram;
const SECONDS_PER_DAY = 86_400;

export interface Ds1287Options {
  readonly epochSeconds: number;
  readonly seed: Uint8Array;
  readonly nvram?: Uint8Array;
}

type Ds1287State = {
  readonly registers: Uint8Array;
  readonly flags: number;
  readonly origin: number;
  readonly secondsSeen: number;
  readonly ticksSeen: number;
  readonly isRaised: boolean;
};

export class Ds1287 implements Device, Stateful<Ds1287State> {
  readonly #clock: Clock;
  readonly #setInterrupt: (isRaised: boolean) => void;
  readonly #slot: TimerSlot;
  /** All registers as software sees them, except A's UIP, and C and D, which are computed. */
  readonly #registers: Uint8Array = new Uint8Array(REGISTER_COUNT);
  #flags = 0;
  /** Cycle at which the divider chain started a second; only whole seconds are ever added. */
  #origin = 0;
  /** Seconds since `#origin` that the calendar has been advanced by. */
  #secondsSeen = 0;
  /** Periodic ticks since `#origin` that were turned into PF. */
  #ticksSeen = 0;
  #isRaised = false;

  constructor(clock: Clock, options: Ds1287Options, setInterrupt: (isRaised: boolean) => void) {
    this.#clock = clock;
    this.#setInterrupt = setInterrupt;
    this.#slot = clock.register(() => this.#settle());
    const registers = this.#registers;
    if (options.nvram) registers.set(options.nvram.subarray(0, REGISTER_COUNT - RAM_START), RAM_START);
    registers.set(options.seed.subarray(0, 16), RTC_REGISTER.seed);
    registers[RTC_REGISTER.a] = A.dividerOn;
    registers[RTC_REGISTER.b] = B.binary | B.hours24;
    this.#setDate(options.epochSeconds);
    this.#origin = clock.now;
  }

  /** The reset pin: disables the interrupts and clears their flags; time and RAM stay. */
  reset(): void {
    this.#catchUp();
    this.#registers[RTC_REGISTER.b] = (this.#registers[RTC_REGISTER.b] as number) & ~0x78;
    this.#flags = 0;
    this.#settle();
  }

  snapshot(): Ds1287State {
    return {
      registers: this.#registers.slice(),
      flags: this.#flags,
      origin: this.#origin,
      secondsSeen: this.#secondsSeen,
      ticksSeen: this.#ticksSeen,
      isRaised: this.#isRaised,
    };
  }

  restore(state: Ds1287State): void {
    this.#registers.set(state.registers);
    this.#flags = state.flags;
    this.#origin = inRange(state.origin, -this.#clock.hertz, this.#clock.now);
    this.#secondsSeen = inRange(state.secondsSeen, 0, Number.MAX_SAFE_INTEGER);
    this.#ticksSeen = state.ticksSeen;
    this.#isRaised = state.isRaised;
  }

  /** Registers 14..63, a copy. */
  get nvram(): Uint8Array {
    return this.#registers.slice(RAM_START);
  }

  read(offset: number, size: AccessSize): number {
    return fromLanes(this.#readRegister((offset >>> 2) & 63), offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    if (coversLane(offset, size, 0)) this.#writeRegister((offset >>> 2) & 63, value & 0xff);
  }

  #readRegister(index: number): number {
    if (index >= RAM_START) return this.#registers[index] as number;
    this.#catchUp();
    switch (index) {
      case RTC_REGISTER.a:
        return (this.#registers[index] as number) | (this.#isUpdating() ? A.updateInProgress : 0);
      case RTC_REGISTER.c: {
        const flags = this.#flags | (this.#isInterrupting() ? C.interrupt : 0);
        this.#flags = 0;
        this.#settle();
        return flags;
      }
      case RTC_REGISTER.d:
        return D_VALID;
      default:
        return this.#registers[index] as number;
    }
  }

  #writeRegister(index: number, value: number): void {
    if (index >= RAM_START) {
      this.#registers[index] = value;
      return;
    }
    this.#catchUp();
    switch (index) {
      case RTC_REGISTER.a:
        this.#writeA(value & ~A.updateInProgress);
        break;
      case RTC_REGISTER.b:
        this.#registers[index] = value & B.set ? value & ~B.update : value;
        break;
      case RTC_REGISTER.c:
      case RTC_REGISTER.d:
        return;
      default:
        this.#registers[index] = value;
    }
    this.#settle();
  }

  #writeA(value: number): void {
    const wasRunning = this.#isRunning();
    this.#registers[RTC_REGISTER.a] = value;
    if (!wasRunning && this.#isRunning()) {
      // Data sheet: the first update follows half a second after the divider is released.
      this.#origin = this.#clock.now - this.#clock.hertz / 2;
      this.#secondsSeen = 0;
    }
    // A changed rate taps the same divider chain elsewhere; what ticked before does not count.
    this.#ticksSeen = this.#ticksNow();
  }

  #isRunning(): boolean {
    return ((this.#registers[RTC_REGISTER.a] as number) & A.dividerMask) === A.dividerOn;
  }

  #isUpdating(): boolean {
    if (!this.#isRunning() || (this.#registers[RTC_REGISTER.b] as number) & B.set) return false;
    const hertz = this.#clock.hertz;
    return (this.#clock.now - this.#origin) % hertz >= hertz * (1 - UPDATE_SECONDS);
  }

  #isInterrupting(): boolean {
    return (this.#flags & (this.#registers[RTC_REGISTER.b] as number) & 0x70) !== 0;
  }

  get #rate(): number {
    return RATES[(this.#registers[RTC_REGISTER.a] as number) & A.rateMask] as number;
  }

  /** Periodic ticks of the present rate since `#origin`. Whole seconds apart, so that products stay exact. */
  #ticksNow(): number {
    const hertz = this.#clock.hertz;
    const elapsed = this.#clock.now - this.#origin;
    const seconds = Math.floor(elapsed / hertz);
    return seconds * this.#rate + Math.floor(((elapsed - seconds * hertz) * this.#rate) / hertz);
  }

  #cycleOfTick(tick: number): number {
    const rate = this.#rate;
    const seconds = Math.floor(tick / rate);
    const hertz = this.#clock.hertz;
    return this.#origin + seconds * hertz + Math.ceil(((tick - seconds * rate) * hertz) / rate);
  }

  /** Turns the time that passed since the last look into calendar and flags. */
  #catchUp(): void {
    if (!this.#isRunning()) return;
    if (this.#rate !== 0) {
      const ticks = this.#ticksNow();
      if (ticks > this.#ticksSeen) {
        this.#ticksSeen = ticks;
        this.#flags |= C.periodic;
      }
    }
    const seconds = Math.floor((this.#clock.now - this.#origin) / this.#clock.hertz);
    const elapsed = seconds - this.#secondsSeen;
    if (elapsed <= 0) return;
    this.#secondsSeen = seconds;
    if ((this.#registers[RTC_REGISTER.b] as number) & B.set) return;
    this.#flags |= C.update;
    if (this.#isAlarmWithin(elapsed)) this.#flags |= C.alarm;
    this.#advance(elapsed);
  }

  /** Brings the interrupt line and the timer in line with flags and enables. */
  #settle(): void {
    this.#catchUp();
    const isRaised = this.#isInterrupting();
    if (isRaised !== this.#isRaised) {
      this.#isRaised = isRaised;
      this.#setInterrupt(isRaised);
    }
    const enables = this.#registers[RTC_REGISTER.b] as number;
    let next = Infinity;
    if (this.#isRunning() && !isRaised) {
      if (enables & B.periodic && this.#rate !== 0) next = this.#cycleOfTick(this.#ticksSeen + 1);
      if (enables & (B.update | B.alarm)) {
        next = Math.min(next, this.#origin + (this.#secondsSeen + 1) * this.#clock.hertz);
      }
    }
    if (next === Infinity) this.#clock.disarm(this.#slot);
    else this.#clock.arm(this.#slot, next);
  }

  #setDate(epochSeconds: number): void {
    const date = fromEpochSeconds(epochSeconds);
    const isLeap = daysInMonth(2, date.year) === 29;
    // February must have the right length: 1973 stands for a common year until its February is over.
    const shown = isLeap || date.month >= 3 ? 72 : 73;
    this.#encode(RTC_REGISTER.seconds, date.seconds);
    this.#encode(RTC_REGISTER.minutes, date.minutes);
    this.#encodeHours(date.hours);
    this.#encode(RTC_REGISTER.dayOfWeek, date.dayOfWeek);
    this.#encode(RTC_REGISTER.date, date.day);
    this.#encode(RTC_REGISTER.month, date.month);
    this.#encode(RTC_REGISTER.year, shown);
    this.#registers[RTC_REGISTER.realYear] = Math.max(date.year - 2000 - (shown - 72), 0);
  }

  #advance(seconds: number): void {
    let minutes = Math.floor((this.#decode(RTC_REGISTER.seconds) + seconds) / 60);
    this.#encode(RTC_REGISTER.seconds, (this.#decode(RTC_REGISTER.seconds) + seconds) % 60);
    if (minutes === 0) return;
    minutes += this.#decode(RTC_REGISTER.minutes);
    this.#encode(RTC_REGISTER.minutes, minutes % 60);
    const hours = Math.floor(minutes / 60) + this.#decodeHours(RTC_REGISTER.hours);
    this.#encodeHours(hours % 24);
    for (let days = Math.floor(hours / 24); days > 0; days--) this.#nextDay();
  }

  #nextDay(): void {
    this.#encode(RTC_REGISTER.dayOfWeek, (this.#decode(RTC_REGISTER.dayOfWeek) % 7) + 1);
    const day = this.#decode(RTC_REGISTER.date) + 1;
    const month = this.#decode(RTC_REGISTER.month);
    if (day <= daysInMonth(month, this.#decode(RTC_REGISTER.year))) {
      this.#encode(RTC_REGISTER.date, day);
      return;
    }
    this.#encode(RTC_REGISTER.date, 1);
    this.#encode(RTC_REGISTER.month, (month % 12) + 1);
    if (month >= 12) this.#encode(RTC_REGISTER.year, (this.#decode(RTC_REGISTER.year) + 1) % 100);
  }

  /** Whether one of the next `seconds` seconds of the calendar matches the alarm; 11 in bits 7:6 matches any. */
  #isAlarmWithin(seconds: number): boolean {
    const start =
      this.#decode(RTC_REGISTER.seconds) +
      60 * this.#decode(RTC_REGISTER.minutes) +
      3600 * this.#decodeHours(RTC_REGISTER.hours);
    const span = Math.min(seconds, SECONDS_PER_DAY);
    for (let step = 1; step <= span; step++) {
      const time = (start + step) % SECONDS_PER_DAY;
      if (
        this.#matches(RTC_REGISTER.secondsAlarm, time % 60) &&
        this.#matches(RTC_REGISTER.minutesAlarm, Math.floor(time / 60) % 60) &&
        this.#matches(RTC_REGISTER.hoursAlarm, Math.floor(time / 3600))
      ) {
        return true;
      }
    }
    return false;
  }

  #matches(register: number, value: number): boolean {
    if (((this.#registers[register] as number) & 0xc0) === 0xc0) return true;
    return (
      (register === RTC_REGISTER.hoursAlarm ? this.#decodeHours(register) : this.#decode(register)) === value
    );
  }

  get #isBinary(): boolean {
    return ((this.#registers[RTC_REGISTER.b] as number) & B.binary) !== 0;
  }

  #decode(register: number): number {
    return this.#fromRaw(this.#registers[register] as number);
  }

  #encode(register: number, value: number): void {
    this.#registers[register] = this.#toRaw(value);
  }

  #decodeHours(register: number): number {
    const raw = this.#registers[register] as number;
    if ((this.#registers[RTC_REGISTER.b] as number) & B.hours24) return this.#fromRaw(raw);
    return (this.#fromRaw(raw & 0x7f) % 12) + (raw & 0x80 ? 12 : 0);
  }

  #encodeHours(hours: number): void {
    const is24 = ((this.#registers[RTC_REGISTER.b] as number) & B.hours24) !== 0;
    this.#registers[RTC_REGISTER.hours] = is24
      ? this.#toRaw(hours)
      : this.#toRaw(((hours + 11) % 12) + 1) | (hours >= 12 ? 0x80 : 0);
  }

  #fromRaw(raw: number): number {
    return this.#isBinary ? raw : (raw >>> 4) * 10 + (raw & 15);
  }

  #toRaw(value: number): number {
    return this.#isBinary ? value : (Math.floor(value / 10) << 4) | (value % 10);
  }
}
