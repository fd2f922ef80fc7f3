/** Frame buffer, cursor chip and video DAC of the KN01, used as NetBSD's pm.c uses them. */

import { describe, expect, it } from 'vitest';
import { KN01_ADDRESS } from '../../../src/machine/boards/index.js';
import {
  BT478_REGISTER,
  DC503_COMMAND,
  DC503_REGISTER,
  KN01_CSR,
} from '../../../src/machine/devices/index.js';
import { HERTZ, Kn01Bench } from './kn01-fixture.js';

const MEMORY = KN01_ADDRESS.frameBuffer;
const CURSOR = KN01_ADDRESS.cursor;
const DAC = KN01_ADDRESS.dac;
const IP6 = 1 << 6;
/** 1280 x 901 pixels at 69.1698 MHz. */
const FRAME_CYCLES = (1280 * 901 * HERTZ) / 69_169_800;

function setColours(
  bench: Kn01Bench,
  kind: 'map' | 'overlay',
  index: number,
  values: readonly number[],
): void {
  bench.write(
    DAC + (kind === 'map' ? BT478_REGISTER.mapWriteAddress : BT478_REGISTER.overlayWriteAddress),
    index,
    1,
  );
  for (const value of values) bench.write(DAC + BT478_REGISTER[kind], value, 1);
}

function picture({ board }: Kn01Bench): (x: number, y: number) => number[] {
  const { screen } = board;
  const pixels = new Uint8Array(3 * screen.width * screen.height);
  screen.copyPixels(pixels);
  return (x, y) => [...pixels.subarray((y * screen.width + x) * 3, (y * screen.width + x) * 3 + 3)];
}

/** Sixteen lines of plane A, then of plane B. */
function loadCursor(bench: Kn01Bench, lines: readonly number[], command: number): void {
  bench.write(CURSOR + DC503_REGISTER.command, command | DC503_COMMAND.load);
  for (const line of lines) bench.write(CURSOR + DC503_REGISTER.memory, line);
  bench.write(CURSOR + DC503_REGISTER.command, command);
}

describe('colour frame buffer', () => {
  it('shows bytes through the colour map and its mask', () => {
    const bench = new Kn01Bench();
    expect(bench.board.screen).toMatchObject({ width: 1024, height: 864 });
    expect(bench.read(KN01_ADDRESS.csr) & KN01_CSR.mono).toBe(0);
    const before = bench.board.screen.generation;
    setColours(bench, 'map', 2, [1, 2, 3, 4, 5, 6]);
    bench.write(MEMORY + 1024 * 863 + 1020, 0x0302_0302, 4);
    bench.write(MEMORY, 0xf3, 1);
    expect(bench.read(MEMORY + 1024 * 863 + 1022, 2)).toBe(0x0302);
    let at = picture(bench);
    expect([at(1022, 863), at(1023, 863), at(0, 0)]).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [0, 0, 0],
    ]);
    bench.write(DAC + BT478_REGISTER.mask, 0x0f, 1);
    at = picture(bench);
    expect(at(0, 0)).toEqual([4, 5, 6]);
    expect(bench.board.screen.generation).toBeGreaterThan(before);
    expect(bench.read(MEMORY + 0xf_fffc, 4)).toBe(0);
    expect(bench.board.bus.hasTimedOut).toBe(false);
    bench.read(MEMORY + 0x10_0000, 4);
    expect(bench.board.bus.hasTimedOut).toBe(true);
  });

  it('the plane mask keeps bits that are not to be written', () => {
    const bench = new Kn01Bench();
    bench.write(MEMORY, 0x5555_5555, 4);
    bench.write(KN01_ADDRESS.planeMask, 0xf0, 1);
    bench.write(MEMORY, 0xaaaa_aaaa, 4);
    bench.write(MEMORY + 2, 0, 1);
    expect(bench.read(MEMORY, 4)).toBe(0xa505_a5a5);
    bench.write(KN01_ADDRESS.planeMask, 0xff, 1);
    bench.write(MEMORY, 0, 2);
    expect(bench.read(MEMORY, 4)).toBe(0xa505_0000);
  });

  it('colours are read back, from where the read address says', () => {
    const bench = new Kn01Bench();
    setColours(bench, 'map', 0x10, [1, 2, 3, 4, 5, 6]);
    setColours(bench, 'overlay', 4, [7, 8, 9]);
    const read = (register: 'map' | 'overlay', address: number, index: number): number[] => {
      bench.write(DAC + address, index, 1);
      return Array.from({ length: 3 }, () => bench.read(DAC + BT478_REGISTER[register], 1));
    };
    expect(read('map', BT478_REGISTER.mapReadAddress, 0x11)).toEqual([4, 5, 6]);
    expect(read('overlay', BT478_REGISTER.overlayReadAddress, 4)).toEqual([7, 8, 9]);
    expect(bench.read(DAC + BT478_REGISTER.mask, 1)).toBe(0xff);
  });
});

describe('cursor chip', () => {
  const COLOURS = [4, 8, 12] as const;
  const both = DC503_COMMAND.enableA | DC503_COMMAND.enableB;

  function prepared(): Kn01Bench {
    const bench = new Kn01Bench();
    for (const index of COLOURS) setColours(bench, 'overlay', index, [index, index, index]);
    // First line: plane A bits 0 and 1, plane B bits 1 and 2; last line: B's bit 15.
    const lines = new Array<number>(32).fill(0);
    lines[0] = 0x0003;
    lines[16] = 0x0006;
    lines[31] = 0x8000;
    loadCursor(bench, lines, 0);
    return bench;
  }

  it('mixes its two planes in at the overlay inputs', () => {
    const bench = prepared();
    bench.write(CURSOR + DC503_REGISTER.x, 212 + 100);
    bench.write(CURSOR + DC503_REGISTER.y, 34 + 50);
    const line = (): number[] => [99, 100, 101, 102, 103].map((x) => picture(bench)(x, 50)[0] as number);
    expect(line()).toEqual([0, 0, 0, 0, 0]);
    bench.write(CURSOR + DC503_REGISTER.command, both);
    expect(line()).toEqual([0, 8, 12, 4, 0]);
    expect(picture(bench)(115, 65)).toEqual([4, 4, 4]);
    bench.write(CURSOR + DC503_REGISTER.command, DC503_COMMAND.enableB);
    expect(line()).toEqual([0, 0, 4, 4, 0]);
  });

  it('goes over the edges of the screen', () => {
    const bench = prepared();
    bench.write(CURSOR + DC503_REGISTER.command, both);
    bench.write(CURSOR + DC503_REGISTER.x, 212 - 1);
    bench.write(CURSOR + DC503_REGISTER.y, 34);
    const at = picture(bench);
    expect([at(0, 0)[0], at(1, 0)[0], at(1023, 0)[0]]).toEqual([12, 4, 0]);
  });

  it('forced planes cover everything: a blank screen', () => {
    const bench = prepared();
    setColours(bench, 'map', 1, [200, 200, 200]);
    bench.write(MEMORY, 1, 1);
    expect(picture(bench)(0, 0)).toEqual([200, 200, 200]);
    bench.write(CURSOR + DC503_REGISTER.command, DC503_COMMAND.forceA | DC503_COMMAND.forceB);
    expect(picture(bench)(0, 0)).toEqual([12, 12, 12]);
  });

  it('its second region interrupts at its top line, once a frame, on IP6 through CSR', () => {
    const bench = new Kn01Bench();
    bench.pass(3 * FRAME_CYCLES);
    expect(bench.interrupts & IP6).toBe(0);
    const line = 34 + 864;
    bench.write(CURSOR + DC503_REGISTER.top2, line);
    bench.write(CURSOR + DC503_REGISTER.command, DC503_COMMAND.enableRegion2);
    const start = Math.floor(bench.clock.now / FRAME_CYCLES);
    for (let frame = start; frame < start + 3; frame++) {
      const cycle = Math.ceil((frame + line / 901) * FRAME_CYCLES);
      bench.pass(cycle - 1 - bench.clock.now);
      expect(bench.interrupts & IP6).toBe(0);
      bench.pass(1);
      expect(bench.interrupts & IP6).toBe(IP6);
      expect(bench.read(KN01_ADDRESS.csr) & KN01_CSR.videoInterrupt).toBe(KN01_CSR.videoInterrupt);
      bench.write(KN01_ADDRESS.csr, KN01_CSR.videoInterrupt);
      expect(bench.interrupts & IP6).toBe(0);
    }
    bench.write(CURSOR + DC503_REGISTER.command, 0);
    bench.pass(2 * FRAME_CYCLES);
    expect(bench.interrupts & IP6).toBe(0);
  });
});

describe('monochrome frame buffer', () => {
  it('says so in CSR, and shows a bit a pixel, the lowest on the left, as its green', () => {
    const bench = new Kn01Bench({ display: 'mono' });
    expect(bench.read(KN01_ADDRESS.csr) & KN01_CSR.mono).toBe(KN01_CSR.mono);
    setColours(bench, 'map', 0, [9, 10, 11]);
    setColours(bench, 'map', 0xff, [0, 0xf0, 0]);
    bench.write(MEMORY + 256 * 5, 0x8000_0001, 4);
    const at = picture(bench);
    expect([at(0, 5), at(1, 5), at(31, 5), at(0, 4)]).toEqual([
      [0xf0, 0xf0, 0xf0],
      [10, 10, 10],
      [0xf0, 0xf0, 0xf0],
      [10, 10, 10],
    ]);
    bench.read(MEMORY + 0x4_0000, 4);
    expect(bench.board.bus.hasTimedOut).toBe(true);
  });
});

it('a snapshot has all of it', () => {
  const bench = new Kn01Bench();
  setColours(bench, 'map', 1, [1, 2, 3, 4, 5]);
  setColours(bench, 'overlay', 12, [7, 7, 7]);
  loadCursor(bench, new Array<number>(32).fill(1), DC503_COMMAND.enableA | DC503_COMMAND.enableB);
  bench.write(CURSOR + DC503_REGISTER.x, 212);
  bench.write(CURSOR + DC503_REGISTER.y, 34);
  bench.write(MEMORY + 4, 1, 1);
  bench.write(KN01_ADDRESS.planeMask, 0x0f, 1);
  const other = new Kn01Bench();
  other.clock.restore(bench.clock.snapshot());
  other.board.restore(bench.board.snapshot());
  expect(other.board.snapshot()).toEqual(bench.board.snapshot());
  other.write(MEMORY + 5, 0xf1, 1);
  const at = picture(other);
  expect([at(0, 0), at(4, 0), at(5, 0)]).toEqual([
    [7, 7, 7],
    [1, 2, 3],
    [1, 2, 3],
  ]);
});
