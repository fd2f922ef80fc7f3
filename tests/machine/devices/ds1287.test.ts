import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KN02BA_ADDRESS } from '../../../src/machine/boards/index.js';
import { RTC_REGISTER, SIR } from '../../../src/machine/devices/index.js';
import { type Bench, createBench, HERTZ } from './fixture.js';

const B = { set: 0x80, periodic: 0x40, alarm: 0x20, update: 0x10, binary: 0x04, hours24: 0x02 };
const C = { interrupt: 0x80, periodic: 0x40, alarm: 0x20, update: 0x10 };
const IOASIC = KN02BA_ADDRESS.ioasic;

function get(bench: Bench, register: number): number {
  return bench.read(KN02BA_ADDRESS.rtc + 4 * register, 4);
}

function set(bench: Bench, register: number, value: number): void {
  bench.write(KN02BA_ADDRESS.rtc + 4 * register, value, 1);
}

function time(bench: Bench): number[] {
  return [0, 2, 4, 7, 8].map((register) => get(bench, register));
}

/** What the calendar registers must show at a date, by the host's own calendar. */
function expected(epochSeconds: number): number[] {
  const date = new Date(epochSeconds * 1000);
  return [
    date.getUTCSeconds(),
    date.getUTCMinutes(),
    date.getUTCHours(),
    date.getUTCDate(),
    date.getUTCMonth() + 1,
  ];
}

test('the seed lies in registers 0x20 to 0x2f and can be wiped', () => {
  const bench = createBench();
  for (let index = 0; index < 16; index++) expect(get(bench, RTC_REGISTER.seed + index)).toBe(index + 1);
  set(bench, RTC_REGISTER.seed, 0);
  expect(get(bench, RTC_REGISTER.seed)).toBe(0);
  expect(bench.board.nvram[RTC_REGISTER.seed - RTC_REGISTER.ram]).toBe(0);
});

test('saved RAM comes back, under the seed', () => {
  const nvram = new Uint8Array(50).fill(0x77);
  const bench = createBench({ nvram });
  expect(get(bench, 14)).toBe(0x77);
  expect(get(bench, RTC_REGISTER.seed)).toBe(1);
  expect(get(bench, 62)).toBe(0x77);
});

test('the year register says 72 and the RAM the real year, as Ultrix and Linux keep it', () => {
  const bench = createBench({ epochSeconds: Date.UTC(2026, 10, 23) / 1000 });
  expect([get(bench, 9), get(bench, 63)]).toEqual([72, 26]);
  const winter = createBench({ epochSeconds: Date.UTC(2026, 0, 23) / 1000 });
  expect([get(winter, 9), get(winter, 63)]).toEqual([73, 25]);
});

test('a date before 2000 leaves Linux a date that it accepts, not the year 2251', () => {
  const bench = createBench({ epochSeconds: Date.UTC(1995, 11, 3) / 1000 });
  expect([get(bench, 9), get(bench, 63)]).toEqual([72, 0]);
});

test.each([
  [0x3, 8192],
  [0x6, 1024],
  [0x8, 256],
  [0x9, 128],
  [0xa, 64],
  [0xf, 2],
])('register A rate %i interrupts %i times a second', (code, rate) => {
  const bench = createBench();
  bench.write(IOASIC + 0x120, SIR.rtc);
  set(bench, RTC_REGISTER.a, 0x20 | code);
  set(bench, RTC_REGISTER.b, B.periodic | B.binary | B.hours24);
  get(bench, RTC_REGISTER.c);
  let count = 0;
  const end = bench.clock.now + HERTZ;
  while (bench.until(() => (bench.interrupts() & 0x20) !== 0, end - bench.clock.now)) {
    count++;
    expect(get(bench, RTC_REGISTER.c)).toBe(C.interrupt | C.periodic | (count === rate ? C.update : 0));
    expect(bench.interrupts()).toBe(0);
  }
  expect(count).toBe(rate);
});

test('64 Hz ticks are 390625 cycles apart', () => {
  const bench = createBench();
  bench.write(IOASIC + 0x120, SIR.rtc);
  set(bench, RTC_REGISTER.a, 0x2a);
  set(bench, RTC_REGISTER.b, B.periodic | B.binary | B.hours24);
  bench.until(() => bench.interrupts() !== 0, HERTZ);
  const first = bench.clock.now;
  get(bench, RTC_REGISTER.c);
  bench.until(() => bench.interrupts() !== 0, HERTZ);
  expect(bench.clock.now - first).toBe(390_625);
});

test('PF sets without PIE, and no timer runs for it', () => {
  const bench = createBench();
  // The frame buffer's first blanking, which nobody acknowledges; keyboard and mouse have said who they are.
  bench.pass(HERTZ);
  set(bench, RTC_REGISTER.a, 0x29);
  get(bench, RTC_REGISTER.c);
  expect(bench.clock.nextAt).toBe(Infinity);
  let ticks = 0;
  for (let turn = 0; turn < 1000; turn++) {
    bench.pass(HERTZ / 1000);
    if (get(bench, RTC_REGISTER.c) & C.periodic) ticks++;
  }
  expect(ticks).toBe(128);
});

test('UIP is set shortly before the second changes, and only then', () => {
  const bench = createBench();
  bench.pass(HERTZ / 2);
  expect(get(bench, RTC_REGISTER.a) & 0x80).toBe(0);
  bench.pass(HERTZ / 2 - 1000);
  expect(get(bench, RTC_REGISTER.a) & 0x80).toBe(0x80);
  bench.pass(1000);
  expect(get(bench, RTC_REGISTER.a) & 0x80).toBe(0);
});

test('the calendar follows the host calendar through months and leap years', () => {
  const start = Date.UTC(2000, 0, 1) / 1000;
  fc.assert(
    fc.property(
      fc.integer({ min: start, max: Date.UTC(2060, 0, 1) / 1000 }),
      fc.integer({ min: 0, max: 40 * 86_400 }),
      (epochSeconds, passed) => {
        const bench = createBench({ epochSeconds });
        bench.pass(passed * HERTZ);
        // The year register stands for another year of the same length until the next January.
        if (
          new Date(epochSeconds * 1000).getUTCFullYear() !==
          new Date((epochSeconds + passed) * 1000).getUTCFullYear()
        ) {
          return;
        }
        expect(time(bench)).toEqual(expected(epochSeconds + passed));
        expect(get(bench, 6)).toBe(new Date((epochSeconds + passed) * 1000).getUTCDay() + 1);
      },
    ),
    { numRuns: 200 },
  );
});

test('BCD and 12-hour modes', () => {
  const bench = createBench();
  set(bench, RTC_REGISTER.b, B.set);
  for (const [register, value] of [
    [0, 0x58],
    [2, 0x59],
    [4, 0x92],
    [6, 1],
    [7, 0x09],
    [8, 0x10],
    [9, 0x72],
  ] as const) {
    set(bench, register, value);
  }
  set(bench, RTC_REGISTER.b, 0);
  bench.pass(2 * HERTZ);
  // 12:59:58 pm is followed by 1 pm.
  expect(time(bench)).toEqual([0, 0, 0x81, 0x09, 0x10]);
  bench.pass(11 * 3600 * HERTZ);
  expect(time(bench)).toEqual([0, 0, 0x12, 0x10, 0x10]);
});

test('SET freezes the calendar', () => {
  const bench = createBench();
  const before = time(bench);
  set(bench, RTC_REGISTER.b, B.set | B.binary | B.hours24);
  bench.pass(10 * HERTZ);
  expect(time(bench)).toEqual(before);
});

test('update and alarm interrupts', () => {
  const bench = createBench({ epochSeconds: Date.UTC(2024, 5, 1, 11, 59, 57) / 1000 });
  bench.write(IOASIC + 0x120, SIR.rtc);
  set(bench, RTC_REGISTER.b, B.update | B.binary | B.hours24);
  expect(bench.until(() => bench.interrupts() !== 0, HERTZ)).toBe(true);
  expect(get(bench, RTC_REGISTER.c)).toBe(C.interrupt | C.update);
  set(bench, RTC_REGISTER.secondsAlarm, 0xc0);
  set(bench, RTC_REGISTER.minutesAlarm, 0);
  set(bench, RTC_REGISTER.hoursAlarm, 12);
  set(bench, RTC_REGISTER.b, B.alarm | B.binary | B.hours24);
  expect(bench.until(() => bench.interrupts() !== 0, 10 * HERTZ)).toBe(true);
  expect(time(bench).slice(0, 3)).toEqual([0, 0, 12]);
  expect(get(bench, RTC_REGISTER.c) & C.alarm).toBe(C.alarm);
});
