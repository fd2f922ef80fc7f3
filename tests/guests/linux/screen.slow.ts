/**
 * Linux 6.1 at the workstation's own terminal: its frame buffer console draws on the PMAG-BA, its LK201 and VSXXX drivers
 * find keyboard and mouse on the serial lines of both boards, understand what they send and are understood (Linux has no
 * driver for the KN01's frame buffer). `screen.c` is the program; its kernel is built by `cached.sh build`, without it the
 * test is skipped, with CI=true it fails.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { ModelName } from '../../../src/machine/index.js';
import { FIXED_EPOCH_SECONDS, FIXED_SEED, Workstation } from '../../../src/workstation/index.js';

const CACHED = fileURLToPath(new URL('cached.sh', import.meta.url));
const SLICE_CYCLES = 250_000;
const CONSOLE = 16;
/** Of the console that Linux gives an 8x16 font. */
const CELL = { width: 8, height: 16 } as const;
const TEXT = { column: 10, line: 4, content: 'Exostation' } as const;
/** Linux's light grey. */
const FOREGROUND = 0xaa;

const found = spawnSync('sh', [CACHED, 'path'], { encoding: 'utf8' });
const kernel = found.stdout.trim();
const hasKernel = found.status === 0;

it.runIf(process.env.CI === 'true')('the kernel has been built', () => {
  expect(hasKernel, `no ${kernel}; run tests/guests/linux/cached.sh build`).toBe(true);
});

/** A machine with the kernel, not yet run. */
class Guest {
  readonly workstation: Workstation;
  /** What the console has shown since `until` found something last. */
  output = '';

  constructor(model: ModelName, memoryMiB: number, words: readonly string[] = []) {
    this.workstation = new Workstation({
      model,
      memoryMiB,
      disks: [],
      kernelPath: kernel,
      append: ['console=ttyS3', 'rdinit=/screen', ...words],
      seed: FIXED_SEED,
      epochSeconds: FIXED_EPOCH_SECONDS,
      notice: () => {},
    });
    this.workstation.onOutput = (line, byte) => {
      if (line === CONSOLE) this.output += String.fromCharCode(byte);
    };
  }

  /** Runs until the console shows it, at most so many seconds of the guest's time; then forgets what came before. */
  until(text: string, seconds: number): boolean {
    const { workstation } = this;
    const end = workstation.cycle + seconds * workstation.hertz;
    while (!this.output.includes(text) && !workstation.isHalted && workstation.cycle < end) {
      workstation.run(workstation.cycle + SLICE_CYCLES);
    }
    const at = this.output.indexOf(text);
    if (at < 0) return false;
    this.output = this.output.slice(at + text.length);
    return true;
  }

  pass(seconds: number): void {
    this.workstation.run(this.workstation.cycle + seconds * this.workstation.hertz);
  }

  strike(key: string): void {
    this.workstation.strike({ key, isDown: true });
    this.workstation.strike({ key, isDown: false });
  }

  pixels(): Uint8Array {
    const { screen } = this.workstation.machine;
    const picture = new Uint8Array(3 * screen.width * screen.height);
    screen.copyPixels(picture);
    return picture;
  }
}

function findsKeyboardAndMouse(guest: Guest): void {
  it('finds keyboard and mouse', () => {
    expect(guest.until('lkkbd: keyboard on', 60)).toBe(true);
    expect(guest.until('identified as: DEC LK401 keyboard', 1)).toBe(true);
    expect(guest.until('Found DEC VSXXX-AA/-GA mouse version 0x00 from country 0x00', 60)).toBe(true);
    expect(guest.until('SCREEN: ready', 60)).toBe(true);
  });
}

function understandsThem(guest: Guest): void {
  const { workstation } = guest;

  it('reads keys, with Shift and Lock, and lights the lamp', () => {
    guest.strike('h');
    expect(guest.until('KEY 68\r\n', 2)).toBe(true);
    workstation.strike({ key: 'shift', isDown: true });
    guest.strike('7');
    workstation.strike({ key: 'shift', isDown: false });
    expect(guest.until('KEY 26\r\n', 2)).toBe(true);
    guest.strike('lock');
    guest.strike('h');
    expect(guest.until('KEY 48\r\n', 2)).toBe(true);
    expect(workstation.machine.keyboard.leds).toBe(4);
    guest.strike('lock');
    guest.strike('return');
    expect(guest.until('KEY d\r\n', 2)).toBe(true);
    expect(workstation.machine.keyboard.leds).toBe(0);
  });

  it('rings the bell of the keyboard', () => {
    const { keyboard } = workstation.machine;
    const before = keyboard.bellCount;
    guest.strike('b');
    expect(guest.until('KEY 62\r\n', 2)).toBe(true);
    guest.pass(1);
    expect(keyboard.bellCount).toBe(before + 1);
  });

  it('follows the mouse and its buttons', () => {
    workstation.moveMouse({ kind: 'move', right: 25, down: -10 });
    const before = guest.output;
    expect(guest.until('MOVE 0 25\r\n', 2)).toBe(true);
    expect(before).not.toContain('BUTTON');
    expect(guest.until('MOVE 1 -10\r\n', 2)).toBe(true);
    workstation.moveMouse({ kind: 'button', button: 0, isDown: true });
    expect(guest.until('BUTTON 110 1\r\n', 2)).toBe(true);
    workstation.moveMouse({ kind: 'button', button: 0, isDown: false });
    expect(guest.until('BUTTON 110 0\r\n', 2)).toBe(true);
    workstation.moveMouse({ kind: 'button', button: 2, isDown: true });
    expect(guest.until('BUTTON 111 1\r\n', 2)).toBe(true);
  });

  it('halts when told to by a key', () => {
    guest.strike('q');
    expect(guest.until('SCREEN: done', 2)).toBe(true);
    guest.pass(2);
    expect(workstation.isHalted).toBe(true);
  });
}

describe.skipIf(!hasKernel)('Linux 6.1 on the 5000/125', () => {
  if (!hasKernel) return;
  const guest = new Guest('5000/125', 32);
  afterAll(() => guest.workstation.dispose());

  it('finds the card, and puts its logo and console on it', () => {
    expect(guest.until('tc1: DEC      PMAG-BA  V1.0', 60)).toBe(true);
    expect(guest.until('Console: switching to colour frame buffer device 128x54', 60)).toBe(true);
    expect(guest.until('fb0: PMAG-BA frame buffer device at tc1', 60)).toBe(true);
    // The logo is 80x80 and of many colours.
    const picture = guest.pixels();
    const colours = new Set<number>();
    for (let y = 0; y < 80; y++) {
      for (let x = 0; x < 80; x++) {
        const at = (y * 1024 + x) * 3;
        colours.add(((picture[at] ?? 0) << 16) | ((picture[at + 1] ?? 0) << 8) | (picture[at + 2] ?? 0));
      }
    }
    expect(colours.size).toBeGreaterThan(20);
  });

  findsKeyboardAndMouse(guest);

  it("draws text in the kernel's own font", () => {
    const picture = guest.pixels();
    const glyphOf = (index: number): Buffer =>
      Buffer.from(
        Array.from({ length: CELL.height }, (_, y) => {
          let bits = 0;
          for (let x = 0; x < CELL.width; x++) {
            const column = (TEXT.column + index) * CELL.width + x;
            const at = ((TEXT.line * CELL.height + y) * 1024 + column) * 3;
            expect([0, FOREGROUND]).toContain(picture[at]);
            expect([picture[at + 1], picture[at + 2]]).toEqual([picture[at], picture[at]]);
            bits = (bits << 1) | (picture[at] === 0 ? 0 : 1);
          }
          return bits;
        }),
      );
    // The font lies somewhere in the kernel's file, 16 bytes a character: one place must fit all that is on the screen.
    const file = readFileSync(kernel);
    const codes = [...TEXT.content].map((character) => character.charCodeAt(0));
    const first = glyphOf(0);
    let fonts = 0;
    for (let at = file.indexOf(first); at >= 0; at = file.indexOf(first, at + 1)) {
      const font = at - (codes[0] ?? 0) * CELL.height;
      const fits = codes.every((code, index) => {
        const glyph = font + code * CELL.height;
        return file.subarray(glyph, glyph + CELL.height).equals(glyphOf(index));
      });
      if (fits) fonts++;
    }
    expect(fonts).toBe(1);
  });

  understandsThem(guest);
});

describe.skipIf(!hasKernel)('Linux 6.1 on the 3100', () => {
  if (!hasKernel) return;
  const guest = new Guest('3100', 16, ['kn01']);
  afterAll(() => guest.workstation.dispose());
  findsKeyboardAndMouse(guest);
  understandsThem(guest);
});
