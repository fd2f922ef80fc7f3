/** The colour frame buffer in slot 1, used as Linux (pmag-ba-fb.c, tc.c) and NetBSD (cfb.c, tc.c) use it. */

import { expect, test } from 'vitest';
import { KN02BA_ADDRESS } from '../../../src/machine/boards/index.js';
import { BT459_REGISTER, PMAG_BA } from '../../../src/machine/devices/index.js';
import { type Bench, createBench } from './fixture.js';

const SLOT = KN02BA_ADDRESS.slot1;
const DAC = SLOT + PMAG_BA.bt459;
/** 1280 x 901 pixels of 14.452 ns at 25 MHz: 416 679.7 cycles. */
const FRAME_CYCLES = 1280 * 901 * 14_452e-12 * 25e6;

function select(bench: Bench, register: number): void {
  bench.write(DAC, register & 0xff);
  bench.write(DAC + 4, register >>> 8);
}

function setRegisters(bench: Bench, register: number, values: readonly number[]): void {
  select(bench, register);
  for (const value of values) bench.write(DAC + 8, value);
}

function setColour(bench: Bench, index: number, colour: readonly number[]): void {
  select(bench, index);
  for (const value of colour) bench.write(DAC + 12, value, 1);
}

function picture(bench: Bench): (x: number, y: number) => number[] {
  const { screen } = bench.board;
  const pixels = new Uint8Array(3 * screen.width * screen.height);
  screen.copyPixels(pixels);
  return (x, y) => [...pixels.subarray((y * screen.width + x) * 3, (y * screen.width + x) * 3 + 3)];
}

function text(bench: Bench, address: number, length: number): string {
  return String.fromCharCode(...Array.from({ length }, (_, index) => bench.read(address + 4 * index, 1)));
}

test('its option ROM is that of an old card, the multiplexer has a new one', () => {
  const bench = createBench();
  const cards = [
    [SLOT + 0x3c_03e0, 'DEC     PMAG-BA '],
    [KN02BA_ADDRESS.slot0 + 0x3e0, 'EXOSTATNEXMUX-AA'],
  ] as const;
  for (const [header, name] of cards) {
    // Width 1, stride 4, one unit of 4 MB; the pattern on all lanes.
    expect([0, 4, 12].map((offset) => bench.read(header + offset))).toEqual([1, 4, 1]);
    expect([0x10, 0x14, 0x18, 0x1c].map((offset) => bench.read(header + offset))).toEqual([
      0x5555_5555, 0, 0xaaaa_aaaa, 0xffff_ffff,
    ]);
    expect(bench.read(header + 0x13, 1)).toBe(0x55);
    expect(text(bench, header + 0x40, 8) + text(bench, header + 0x60, 8)).toBe(name);
    expect(text(bench, header + 0x80, 4)).toBe('TCF0');
  }
  // The other place holds no pattern, and is no bus error: that would say that the slot is empty.
  for (const address of [SLOT + 0x3f0, KN02BA_ADDRESS.slot0 + 0x3c_03f0]) {
    expect(bench.read(address, 1)).not.toBe(0x55);
    expect(bench.board.bus.hasTimedOut).toBe(false);
  }
});

test('video memory takes bytes, halfwords and words, and shows through the colour map', () => {
  const bench = createBench();
  const before = bench.board.screen.generation;
  setColour(bench, 1, [0x10, 0x20, 0x30]);
  setColour(bench, 0xfe, [0xff, 0x80, 0x01]);
  bench.write(SLOT + 5, 1, 1);
  bench.write(SLOT + 1024 + 2, 0xfe01, 2);
  bench.write(SLOT + 863 * 1024 + 1020, 0xfe00_01fe);
  expect(bench.read(SLOT + 4)).toBe(0x0100);
  expect(bench.read(SLOT + 1024 + 3, 1)).toBe(0xfe);
  expect(bench.read(SLOT + 863 * 1024 + 1022, 2)).toBe(0xfe00);
  const at = picture(bench);
  expect(at(4, 0)).toEqual([0, 0, 0]);
  expect(at(5, 0)).toEqual([0x10, 0x20, 0x30]);
  expect(at(2, 1)).toEqual([0x10, 0x20, 0x30]);
  expect(at(3, 1)).toEqual([0xff, 0x80, 0x01]);
  expect(at(1020, 863)).toEqual([0xff, 0x80, 0x01]);
  expect(at(1023, 863)).toEqual([0xff, 0x80, 0x01]);
  expect(bench.board.screen.generation).toBeGreaterThan(before);
});

test('reading changes no picture', () => {
  const bench = createBench();
  const before = bench.board.screen.generation;
  bench.read(SLOT + 1000);
  bench.read(DAC + 8);
  expect(bench.board.screen.generation).toBe(before);
});

test('a colour changes when its blue arrives; the address then counts up, in reading too', () => {
  const bench = createBench();
  setColour(bench, 7, [1, 2, 3, 4, 5]);
  bench.write(SLOT, 0x0807);
  let at = picture(bench);
  expect([at(0, 0), at(1, 0)]).toEqual([
    [1, 2, 3],
    [0, 0, 0],
  ]);
  bench.write(DAC + 12, 6);
  at = picture(bench);
  expect(at(1, 0)).toEqual([4, 5, 6]);
  select(bench, 7);
  expect(Array.from({ length: 6 }, () => bench.read(DAC + 12, 1))).toEqual([1, 2, 3, 4, 5, 6]);
  expect(bench.read(DAC) & 0xff).toBe(9);
});

test('the chip names itself, keeps its registers, and masks pixels', () => {
  const bench = createBench();
  select(bench, BT459_REGISTER.id);
  expect(bench.read(DAC + 8)).toBe(0x4a);
  setRegisters(bench, BT459_REGISTER.command0, [0x40, 0x00, 0xc0, 0x0f]);
  select(bench, BT459_REGISTER.command0);
  expect(Array.from({ length: 4 }, () => bench.read(DAC + 8))).toEqual([0x40, 0x00, 0xc0, 0x0f]);
  setColour(bench, 0x05, [9, 8, 7]);
  bench.write(SLOT, 0xf5);
  expect(picture(bench)(0, 0)).toEqual([9, 8, 7]);
});

test('the cursor: two planes, three colours, its place, the edges of the screen', () => {
  const bench = createBench();
  setRegisters(bench, BT459_REGISTER.cursorColour, [1, 1, 1, 2, 2, 2, 3, 3, 3]);
  // First line: transparent, colours 1, 2, 3, then nothing; last pixel of the last line colour 3.
  setRegisters(bench, BT459_REGISTER.cursorRam, [0b00_01_10_11, ...new Array(1022).fill(0), 0b11]);
  const place = (x: number, y: number): void => {
    const [column, line] = [x + PMAG_BA.cursorLeft, y + PMAG_BA.cursorTop];
    setRegisters(bench, BT459_REGISTER.cursorX, [column & 0xff, column >>> 8, line & 0xff, line >>> 8]);
  };
  place(100, 200);
  expect(picture(bench)(101, 200)).toEqual([0, 0, 0]);
  setRegisters(bench, BT459_REGISTER.cursorCommand, [0xc0]);
  let at = picture(bench);
  expect([100, 101, 102, 103, 104].map((x) => at(x, 200)[0])).toEqual([0, 1, 2, 3, 0]);
  expect(at(163, 263)).toEqual([3, 3, 3]);
  setRegisters(bench, BT459_REGISTER.cursorCommand, [0x80]);
  expect([100, 101, 102, 103].map((x) => picture(bench)(x, 200)[0])).toEqual([0, 0, 2, 2]);
  setRegisters(bench, BT459_REGISTER.cursorCommand, [0xc0]);
  place(-63, -PMAG_BA.cursorTop);
  at = picture(bench);
  expect([at(0, 63 - PMAG_BA.cursorTop), at(1, 28), at(0, 29)].map(([red]) => red)).toEqual([3, 0, 0]);
  place(1022, 863);
  at = picture(bench);
  expect([1021, 1022, 1023].map((x) => at(x, 863)[0])).toEqual([0, 0, 1]);
  expect(at(0, 863)).toEqual([0, 0, 0]);
});

test('IP3 at each vertical blanking, sixty times a second, until a write acknowledges it', () => {
  const bench = createBench();
  expect(bench.isBlanking()).toBe(false);
  bench.pass(Math.ceil(FRAME_CYCLES) - 1);
  expect(bench.isBlanking()).toBe(false);
  bench.pass(1);
  expect(bench.isBlanking()).toBe(true);
  // Nobody answers: nothing more happens.
  bench.pass(10 * FRAME_CYCLES);
  expect(bench.isBlanking()).toBe(true);
  const start = bench.clock.now;
  let count = 0;
  while (bench.clock.now - start < 25_000_000) {
    bench.write(SLOT + PMAG_BA.acknowledge, 0, 1);
    expect(bench.isBlanking()).toBe(false);
    if (bench.until(bench.isBlanking, 500_000)) count++;
  }
  expect(count).toBe(60);
  expect(bench.clock.now).toBe(Math.ceil(71 * FRAME_CYCLES));
});

test('nothing on the card is a bus error, and resetting the clock chip keeps the picture', () => {
  const bench = createBench();
  bench.write(SLOT, 5);
  bench.write(SLOT + PMAG_BA.bt438, 0);
  expect(bench.read(SLOT)).toBe(5);
  expect(bench.read(SLOT + 0x18_0000)).toBe(0);
  expect(bench.read(SLOT + 0x40_0000)).toBe(5);
  expect(bench.board.bus.hasTimedOut).toBe(false);
});

test('its state goes into a snapshot: picture, colours, cursor, half a colour, the interrupt', () => {
  const bench = createBench();
  setColour(bench, 3, [1, 2, 3, 4, 5]);
  setRegisters(bench, BT459_REGISTER.cursorColour, [7, 7, 7]);
  setRegisters(bench, BT459_REGISTER.cursorRam, [0x40]);
  setRegisters(bench, BT459_REGISTER.cursorCommand, [0xc0, PMAG_BA.cursorLeft, 0, PMAG_BA.cursorTop, 0]);
  setColour(bench, 4, [4, 5]);
  bench.write(SLOT + 4, 0x0304);
  bench.until(bench.isBlanking, 500_000);
  const other = createBench();
  other.clock.restore(bench.clock.snapshot());
  other.board.restore(bench.board.snapshot());
  expect(other.board.snapshot()).toEqual(bench.board.snapshot());
  other.write(DAC + 12, 6);
  const at = picture(other);
  expect([at(0, 0), at(5, 0), at(4, 0)]).toEqual([
    [7, 7, 7],
    [1, 2, 3],
    [4, 5, 6],
  ]);
  other.write(SLOT + PMAG_BA.acknowledge, 0);
  expect(other.until(other.isBlanking, 500_000)).toBe(true);
  expect(other.clock.now).toBe(Math.ceil(2 * FRAME_CYCLES));
});
