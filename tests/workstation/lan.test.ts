/** Machines on one wire: when frames pass, in which order, and that nothing but the frames decides it. */

import { describe, expect, test } from 'vitest';
import { Lan } from '../../src/workstation/index.js';
import type { LanStation } from '../../src/workstation/lan.js';
import type { NetworkConnection } from '../../src/workstation/network.js';
import { type Bench, createBench, HERTZ } from '../machine/devices/fixture.js';
import { frameOf, LanceDriver, STATION } from '../machine/devices/lance-driver.js';
import { TestRandom } from '../support/random.js';

const BROADCAST = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] as const;
/** 60 bytes with preamble and check sequence, at 20 cycles a byte; and the silence behind a frame. */
const MINIMUM = 1440;
const GAP = 240;

/** A board whose program is a test: actions at cycles, and what arrived when. */
class Station implements LanStation {
  readonly hertz = HERTZ;
  readonly bench: Bench = createBench();
  readonly driver: LanceDriver = new LanceDriver(this.bench, { receiveLog: 4 });
  network: NetworkConnection | undefined;
  isHalted = false;
  /** Instructions take so many cycles and one: it stops at a multiple of that, behind where it was told to. */
  readonly overshoot: number;
  readonly entered: string[] = [];
  readonly arrived: string[] = [];
  readonly left: string[] = [];
  readonly #actions: { cycle: number; act: () => void }[] = [];
  #isStopped = false;

  constructor(overshoot = 0) {
    this.overshoot = overshoot;
    this.driver.open();
    this.bench.board.network.onFrame = (frame) => {
      this.left.push(`${this.cycle} ${frame.length}`);
      this.network?.send(frame);
    };
    this.bench.board.network.onArrival = (frame) => this.arrived.push(`${this.cycle} ${frame.length}`);
    // Opening took some time; all start together.
    this.bench.pass(100_000 - this.bench.clock.now);
  }

  get cycle(): number {
    return this.bench.clock.now;
  }

  at(cycle: number, act: () => void): void {
    // Programs act at instruction boundaries.
    const step = this.overshoot + 1;
    this.#actions.push({ cycle: Math.ceil(cycle / step) * step, act });
    this.#actions.sort((one, other) => one.cycle - other.cycle);
  }

  sendAt(cycle: number, length: number): void {
    this.at(cycle, () => this.driver.send(frameOf(length, BROADCAST)));
  }

  run(untilCycle: number): void {
    this.#isStopped = false;
    const step = this.overshoot + 1;
    const end = Math.ceil(untilCycle / step) * step;
    while (this.#actions[0] !== undefined && this.#actions[0].cycle < untilCycle && !this.#isStopped) {
      const { cycle, act } = this.#actions.shift() as { cycle: number; act: () => void };
      this.bench.pass(Math.max(0, cycle - this.cycle));
      act();
    }
    if (!this.#isStopped) this.bench.pass(Math.max(0, end - this.cycle));
  }

  stop(): void {
    this.#isStopped = true;
  }

  receiveFrame(frame: Uint8Array): void {
    this.entered.push(`${this.cycle} ${frame.length}`);
    this.bench.board.network.send(frame);
  }
}

test('a frame begins at the others a minimum frame after it has left, and takes as long as it did', () => {
  const [one, two, three] = [new Station(), new Station(), new Station()];
  const lan = new Lan([one, two, three]);
  one.sendAt(120_000, 1000);
  lan.run(200_000);
  const [left = ''] = one.left;
  const end = Number(left.split(' ')[0]);
  expect(one.left).toEqual([`${end} 1000`]);
  expect(two.entered).toEqual([`${end + MINIMUM} 1000`]);
  expect(two.arrived).toEqual([`${end + MINIMUM + (8 + 1000 + 4) * 20} 1000`]);
  expect([three.entered, three.arrived]).toEqual([two.entered, two.arrived]);
  expect(one.entered).toEqual([]);
  expect(two.driver.receive()).toEqual(frameOf(1000, BROADCAST));
});

test('frames pass one at a time, in the order of their ends, the gap between them', () => {
  const [one, two, three] = [new Station(), new Station(), new Station()];
  const lan = new Lan([one, two, three]);
  one.sendAt(120_000, 500);
  two.sendAt(120_000, 60);
  lan.run(200_000);
  const [end = 0] = two.left.map((line) => Number(line.split(' ')[0]));
  const first = end + MINIMUM;
  // The longer frame has left by the time the shorter one has passed only if it is short enough; here it has not.
  const longEnd = Number(one.left[0]?.split(' ')[0]);
  const second = Math.max(longEnd + MINIMUM, first + MINIMUM + GAP);
  expect(three.entered).toEqual([`${first} 60`, `${second} 500`]);
  // Two at once: the first machine's goes first, the second waits for wire and gap.
  const [four, five, six] = [new Station(), new Station(), new Station()];
  const other = new Lan([four, five, six]);
  four.sendAt(120_000, 500);
  five.sendAt(120_000, 500);
  other.run(200_000);
  const same = Number(four.left[0]?.split(' ')[0]);
  expect(five.left).toEqual(four.left);
  expect(six.entered).toEqual([`${same + MINIMUM} 500`, `${same + MINIMUM + (8 + 500 + 4) * 20 + GAP} 500`]);
});

describe('how a run is cut into calls', () => {
  function traffic(cut: (cycle: number) => number, overshoots: readonly number[]): string[][] {
    const random = new TestRandom(7);
    const stations = overshoots.map((overshoot) => new Station(overshoot));
    const lan = new Lan(stations);
    const passed: string[] = [];
    lan.onFrame = (frame, cycle) => passed.push(`${cycle} ${frame.length}`);
    for (const station of stations) {
      for (let count = 0; count < 12; count++) {
        station.sendAt(110_000 + random.below(300_000), 60 + random.below(400));
      }
    }
    while (lan.cycle < 900_000) lan.run(Math.min(cut(lan.cycle), 900_000));
    return [passed, ...stations.flatMap(({ entered, arrived, left }) => [entered, arrived, left])];
  }

  test('changes nothing, with machines that stop late or not', () => {
    for (const overshoots of [
      [0, 0, 0],
      [0, 12, 253],
    ]) {
      const whole = traffic(() => 900_000, overshoots);
      expect(whole[0]).toHaveLength(36);
      expect(traffic((cycle) => cycle + 777, overshoots)).toEqual(whole);
      const random = new TestRandom(3);
      expect(traffic((cycle) => cycle + 1 + random.below(5000), overshoots)).toEqual(whole);
    }
  });

  test('nor does a frame that ends in the instruction that a cut falls into', () => {
    const run = (cut: number): string[][] => {
      const [one, two, three] = [new Station(253), new Station(), new Station()];
      const lan = new Lan([one, two, three]);
      one.sendAt(120_000, 60);
      two.sendAt(120_000, 60);
      if (cut > 0) lan.run(cut);
      lan.run(200_000);
      return [one.left, two.left, three.entered];
    };
    const whole = run(0);
    const [late = 0, early = 0] = whole.map((lines) => Number(lines[0]?.split(' ')[0]));
    expect(late - early).toBeGreaterThan(0);
    expect(Math.floor(late / 254)).toBe(Math.floor((early - 1) / 254));
    for (let cut = early - 260; cut < late + 260; cut += 7) expect(run(cut)).toEqual(whole);
  });

  test('nor does a stop in the middle of a step', () => {
    const run = (stopAt: number | undefined): string[][] => {
      const [one, two] = [new Station(), new Station()];
      const lan = new Lan([one, two]);
      one.sendAt(120_000, 200);
      two.sendAt(120_100, 200);
      if (stopAt !== undefined) one.at(stopAt, () => lan.stop());
      lan.run(300_000);
      if (stopAt !== undefined) {
        expect(one.cycle).toBe(stopAt);
        expect(lan.cycle).toBeLessThanOrEqual(stopAt);
        lan.run(300_000);
      }
      expect(lan.cycle).toBe(300_000);
      return [one.entered, two.entered, one.arrived, two.arrived];
    };
    const expected = run(undefined);
    expect(expected.flat()).toHaveLength(4);
    for (const stopAt of [119_000, 123_456, 125_000, 131_072]) expect(run(stopAt)).toEqual(expected);
  });
});

test('a halted machine stays where it is, the others go on; the end is when all have halted', () => {
  const [one, two] = [new Station(), new Station()];
  const lan = new Lan([one, two]);
  const halts: number[] = [];
  lan.onHalt = (index) => halts.push(index);
  const halt = (station: Station): void => {
    station.isHalted = true;
    station.stop();
  };
  one.at(130_000, () => halt(one));
  two.sendAt(150_000, 100);
  two.at(180_000, () => halt(two));
  lan.run(170_000);
  expect([one.cycle, one.entered, halts]).toEqual([130_000, [], [0]]);
  expect(two.left).toHaveLength(1);
  expect(lan.isHalted).toBe(false);
  lan.run(1_000_000);
  expect([lan.isHalted, two.cycle, halts]).toEqual([true, 180_000, [0]]);
});

test('connections to the outside are on the wire too; what is no frame is dropped', () => {
  const station = new Station();
  const lan = new Lan([station]);
  const outside: number[] = [];
  const connection = { port: 1, send: (frame: Uint8Array) => outside.push(frame.length), dispose: () => {} };
  const another: number[] = [];
  lan.connect(connection);
  lan.connect({ port: 2, send: (frame) => another.push(frame.length), dispose: () => {} });
  lan.run(110_000);
  for (const length of [0, 13, 1515, 4000]) lan.receive(new Uint8Array(length), connection);
  lan.receive(frameOf(80, STATION), connection);
  lan.receive(frameOf(90, STATION), connection);
  station.sendAt(150_000, 70);
  lan.run(200_000);
  expect(station.entered).toEqual(['110000 80', `${110_000 + (8 + 80 + 4) * 20 + GAP} 90`]);
  expect([outside, another]).toEqual([[70], [80, 90, 70]]);
  // A flood is lost, not kept.
  for (let count = 0; count < 1000; count++) lan.receive(frameOf(60, STATION), connection);
  lan.run(3_000_000);
  expect(station.entered.length).toBe(2 + 256);
});

test('machines that do not fit together are refused', () => {
  const ahead = new Station();
  ahead.run(200_000);
  expect(() => new Lan([new Station(), ahead])).toThrow(/stand at the same cycle/);
  expect(() => new Lan([])).toThrow(/needs a machine/);
});
