/** SCC channel A through the IOASIC's DMA: words with the character on lane 1, page ends, half pages, read errors. */

import { expect, test } from 'vitest';
import { KN02BA_ADDRESS } from '../../../src/machine/boards/index.js';
import { encodeDmaPointer, SIR, SSR } from '../../../src/machine/devices/index.js';
import { type Bench, createBench, HERTZ } from './fixture.js';

const IOASIC = KN02BA_ADDRESS.ioasic;
const STATUS = IOASIC + 0x100;
const INTERRUPT = IOASIC + 0x110;
const RUN = SSR.sccRun | SSR.rtcRun | SSR.scsiRun | SSR.lanceRun;
const CHARACTER_CYCLES = Math.round((10 * 2 * 24 * 16 * HERTZ) / 7_372_800);

const UNITS = [
  { name: 'SCC0', chip: KN02BA_ADDRESS.scc0, transmit: 0x30, receive: 0x40, shift: 0 },
  { name: 'SCC1', chip: KN02BA_ADDRESS.scc1, transmit: 0x50, receive: 0x60, shift: 4 },
] as const;
type Unit = (typeof UNITS)[number];

/** An event or enable of SCC0, moved to where the unit has it: SIR's are four bits apart, SSR's two. */
const event = (unit: Unit, bit: number): number => bit >>> unit.shift;
const enable = (unit: Unit, bit: number): number => bit >>> (unit.shift / 2);

function set(bench: Bench, unit: Unit, register: number, value: number): void {
  bench.write(unit.chip + 9, register, 1);
  bench.write(unit.chip + 9, value, 1);
}

/** 9600 8N1 in loopback on channel A, both request pins on. */
function open(bench: Bench, unit: Unit): void {
  set(bench, unit, 9, 0xc0);
  set(bench, unit, 4, 0x44);
  set(bench, unit, 3, 0xc1);
  set(bench, unit, 5, 0x6a);
  set(bench, unit, 12, 22);
  set(bench, unit, 14, 0x17);
  set(bench, unit, 1, 0xe0);
}

function point(bench: Bench, offset: number, address: number): void {
  bench.write(IOASIC + offset, encodeDmaPointer(address));
}

function put(bench: Bench, address: number, text: string): void {
  for (const [index, character] of [...text].entries()) {
    bench.ram.set([0xee, character.charCodeAt(0), 0xee, 0xee], address + 4 * index);
  }
}

test.each(UNITS)('$name: what is in memory goes out and comes in again, a word a character', (unit) => {
  const bench = createBench();
  open(bench, unit);
  const text = 'hello, world';
  const start = 0x2000 - 4 * text.length;
  put(bench, start, text);
  bench.ram.fill(0xff, 0x10_0000, 0x10_1000);
  point(bench, unit.transmit, start);
  point(bench, unit.receive, 0x10_0000);
  const stolen = bench.stolenCycles();
  bench.write(
    STATUS,
    (RUN | enable(unit, SSR.scc0TransmitEnable) | enable(unit, SSR.scc0ReceiveEnable)) >>> 0,
  );
  bench.pass(3 * CHARACTER_CYCLES);
  expect([...bench.ram.subarray(0x10_0000, 0x10_0010)]).toEqual([
    0, 0x68, 0, 0, 0, 0x65, 0, 0, 0, 0x6c, 0, 0, 0xff, 0xff, 0xff, 0xff,
  ]);
  bench.pass(text.length * CHARACTER_CYCLES);
  const received = Array.from(text, (_, index) => bench.ram[0x10_0001 + 4 * index] as number);
  expect(String.fromCharCode(...received)).toBe(text);
  expect(bench.read(IOASIC + unit.transmit)).toBe(encodeDmaPointer(0x2000));
  expect(bench.read(IOASIC + unit.receive)).toBe(encodeDmaPointer(0x10_0000 + 4 * text.length));
  expect(bench.read(INTERRUPT) >>> 16).toBe(event(unit, SIR.scc0TransmitPageEnd) >>> 16);
  expect(bench.stolenCycles() - stolen).toBe(text.length * (10 + 6));
});

test.each(UNITS)('$name: a page end stops the transmitter until it is acknowledged', (unit) => {
  const bench = createBench();
  open(bench, unit);
  put(bench, 0x2ffc, 'abc');
  point(bench, unit.transmit, 0x2ffc);
  const sent: number[] = [];
  set(bench, unit, 14, 0x07);
  const line = unit.shift === 0 ? bench.board.mouseLine : bench.board.keyboardLine;
  line.onOutput = (byte) => sent.push(byte);
  bench.write(STATUS, (RUN | enable(unit, SSR.scc0TransmitEnable)) >>> 0);
  bench.pass(10 * CHARACTER_CYCLES);
  expect(sent).toEqual([0x61]);
  bench.write(INTERRUPT, ~event(unit, SIR.scc0TransmitPageEnd) >>> 0);
  bench.pass(2 * CHARACTER_CYCLES);
  expect(sent).toEqual([0x61, 0x62, 0x63]);
});

test.each(UNITS)('$name: half a page in asks for the next, a whole one is an overrun', (unit) => {
  const bench = createBench();
  open(bench, unit);
  point(bench, unit.transmit, 0);
  point(bench, unit.receive, 0x10_07f8);
  const both = enable(unit, SSR.scc0TransmitEnable) | enable(unit, SSR.scc0ReceiveEnable);
  bench.write(STATUS, (RUN | both) >>> 0);
  const events = (): number => (bench.read(INTERRUPT) & 0xffff_0000) >>> 0;
  bench.pass(CHARACTER_CYCLES);
  expect(events()).toBe(0);
  bench.pass(CHARACTER_CYCLES);
  expect(events()).toBe(event(unit, SIR.scc0ReceiveHalfPage));
  // The half page is no reason to stop.
  point(bench, unit.receive, 0x20_0ff8);
  bench.write(INTERRUPT, 0);
  bench.pass(2 * CHARACTER_CYCLES);
  expect(events()).toBe(event(unit, SIR.scc0ReceiveOverrun));
  bench.ram.fill(0xff, 0x20_1000, 0x20_1010);
  bench.pass(10 * CHARACTER_CYCLES);
  expect(bench.ram[0x20_1001]).toBe(0xff);
  point(bench, unit.receive, 0x20_2000);
  bench.write(INTERRUPT, 0);
  // What had piled up in the chip.
  expect(bench.read(IOASIC + unit.receive)).toBe(encodeDmaPointer(0x20_200c));
});

test.each(UNITS)('$name: data that no memory holds is a read error', (unit) => {
  const bench = createBench();
  open(bench, unit);
  point(bench, unit.transmit, 0x80_0000);
  bench.write(STATUS, (RUN | enable(unit, SSR.scc0TransmitEnable)) >>> 0);
  expect(bench.read(INTERRUPT) >>> 16).toBe(event(unit, SIR.scc0TransmitReadError) >>> 16);
});

test('nothing moves while the chip does not ask', () => {
  const bench = createBench();
  const [unit] = UNITS;
  open(bench, unit);
  set(bench, unit, 14, 0x13);
  set(bench, unit, 1, 0);
  put(bench, 0x1000, 'x');
  point(bench, unit.transmit, 0x1000);
  bench.write(STATUS, (RUN | SSR.scc0TransmitEnable | SSR.scc0ReceiveEnable) >>> 0);
  bench.pass(10 * CHARACTER_CYCLES);
  expect(bench.read(IOASIC + unit.transmit)).toBe(encodeDmaPointer(0x1000));
});
