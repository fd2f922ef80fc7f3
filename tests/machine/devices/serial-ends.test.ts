/** Keyboard and mouse at the ends of their lines, on both boards' serial chips, spoken to as Linux's drivers do. */

import { describe, expect, test } from 'vitest';
import { createKn01 } from '../../../src/machine/boards/index.js';
import {
  HostLine,
  LK_COMMAND,
  LK_REPLY,
  MOUSE_COMMAND,
  type SerialFrame,
} from '../../../src/machine/devices/index.js';
import { Lk401 } from '../../../src/machine/devices/lk401.js';
import { VsxxxMouse } from '../../../src/machine/devices/vsxxx-mouse.js';
import { LK401_KEYS } from '../../../src/machine/index.js';
import { Clock } from '../../../src/machine/time/clock.js';
import { createBench } from './fixture.js';

const HERTZ = 25_000_000;
const KEYBOARD_FRAME: SerialFrame = { baud: 4800, dataBits: 8, parity: 'none', stopBits: 1 };
const MOUSE_FRAME: SerialFrame = { baud: 4800, dataBits: 8, parity: 'odd', stopBits: 1 };
const LAST = 0x80;

/** A device on a bare line; the test is the host. */
interface Desk<Device> {
  readonly clock: Clock;
  readonly device: Device;
  /** Bytes that arrived since the last look, and the cycles at which they did. */
  take(): number[];
  readonly cycles: number[];
  send(...bytes: readonly number[]): void;
  pass(seconds: number): void;
}

function desk<Device extends { reset(): void }>(
  create: (clock: Clock, line: HostLine) => Device,
  frame: SerialFrame,
): Desk<Device> {
  const clock = new Clock(HERTZ);
  const line = new HostLine();
  const device = create(clock, line);
  const received: number[] = [];
  const cycles: number[] = [];
  line.onArrival = (byte, sent) => {
    expect(sent).toEqual(frame);
    received.push(byte);
    cycles.push(clock.now);
  };
  device.reset();
  return {
    clock,
    device,
    take: () => received.splice(0),
    cycles,
    send: (...bytes) => {
      for (const byte of bytes) line.transmitted(byte, frame);
    },
    pass(seconds) {
      const end = clock.now + Math.round(seconds * HERTZ);
      while (clock.nextAt <= end) {
        clock.now = Math.max(clock.now, clock.nextAt);
        clock.fire();
      }
      clock.now = end;
    },
  };
}

const keyboardDesk = (): Desk<Lk401> => {
  const at = desk((clock, line) => new Lk401(clock, line), KEYBOARD_FRAME);
  at.pass(0.1);
  at.take();
  return at;
};

const mouseDesk = (): Desk<VsxxxMouse> => {
  const at = desk((clock, line) => new VsxxxMouse(clock, line), MOUSE_FRAME);
  at.pass(1);
  at.take();
  return at;
};

/** As Linux does it: everything down/up. */
function allDownUp(at: Desk<Lk401>): void {
  for (let division = 1; division <= 14; division++) at.send(0x86 | (division << 3));
  at.pass(0.1);
  expect(at.take()).toEqual(new Array(14).fill(LK_REPLY.modeChanged));
}

describe('LK401', () => {
  test('tests itself at power-up with its lamps on, then says that it is well', () => {
    const at = desk((clock, line) => new Lk401(clock, line), KEYBOARD_FRAME);
    expect(at.device.leds).toBe(15);
    at.pass(0.07);
    expect(at.device.leds).toBe(0);
    expect(at.take()).toEqual([]);
    at.pass(0.05);
    expect(at.take()).toEqual([1, 0, 0, 0]);
    // Ten bits a byte, from the end of the test on.
    const start = Math.round(0.07 * HERTZ);
    const byteCycles = Math.round((10 * HERTZ) / 4800);
    expect(at.cycles).toEqual([1, 2, 3, 4].map((count) => start + count * byteCycles));
  });

  test('names a key that is held at power-up', () => {
    const at = desk((clock, line) => new Lk401(clock, line), KEYBOARD_FRAME);
    at.device.press('q');
    at.pass(0.1);
    expect(at.take()).toEqual([1, 0, LK_REPLY.keyDown, 0xc1]);
  });

  test('its keys have codes of their own, those of Linux', () => {
    const codes = Object.values(LK401_KEYS).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.length).toBe(108);
    expect(
      ['a', '0', 'f1', 'f20', 'kp-enter', 'up', 'space', 'shift', 'return'].map(
        (key) => LK401_KEYS[key]?.code,
      ),
    ).toEqual([0xc2, 0xef, 0x56, 0x83, 0x95, 0xaa, 0xd4, 0xae, 0xbd]);
    expect(() => keyboardDesk().device.press('any')).toThrow("no key 'any'");
  });

  test('down/up: a code each way, and "all up" for the last', () => {
    const at = keyboardDesk();
    allDownUp(at);
    for (const key of ['shift', 'a']) at.device.press(key);
    at.device.press('a');
    at.device.release('a');
    at.device.release('shift');
    at.device.release('shift');
    at.pass(0.1);
    expect(at.take()).toEqual([0xae, 0xc2, 0xc2, LK_REPLY.allUp]);
  });

  test('auto-repeat: the code, half a second, then the metronome 30 times a second until the key goes up', () => {
    const at = keyboardDesk();
    const start = at.clock.now;
    at.cycles.length = 0;
    at.device.press('a');
    at.pass(1);
    at.device.release('a');
    at.pass(1);
    const sent = at.take();
    expect(sent[0]).toBe(0xc2);
    expect(new Set(sent.slice(1))).toEqual(new Set([LK_REPLY.metronome]));
    const byte = Math.round((10 * HERTZ) / 4800);
    expect(at.cycles.slice(0, 3).map((cycle) => cycle - start - byte)).toEqual([
      0,
      HERTZ / 2,
      HERTZ / 2 + Math.round(HERTZ / 30),
    ]);
    expect(sent.length).toBe(1 + 16);
  });

  test('a repeating key says its code again when something came in between', () => {
    const at = keyboardDesk();
    at.device.press('a');
    at.pass(0.51);
    at.device.press('shift');
    // Shift's division is down/up; the new key ends the repetition of the old one.
    at.pass(0.2);
    expect(at.take()).toEqual([0xc2, LK_REPLY.metronome, 0xae]);
    at.device.release('shift');
    at.device.release('a');
    at.pass(0.1);
    at.take();
    at.device.press('shift');
    at.device.press('a');
    at.pass(0.51);
    at.device.release('shift');
    at.pass(0.06);
    expect(at.take()).toEqual([0xae, 0xc2, LK_REPLY.metronome, LK_REPLY.allUp, 0xc2, LK_REPLY.metronome]);
  });

  test('divisions are down only where they are told to, and repeat as fast as they are told to', () => {
    const at = keyboardDesk();
    // Division 1 down only; buffer 3 to 100 ms and 50 Hz; division 2 auto-repeat with buffer 3.
    at.send(0x88, 0x7e, 20, 50 | LAST, 0x12, 0x83);
    at.pass(0.05);
    expect(at.take()).toEqual([LK_REPLY.modeChanged, LK_REPLY.modeChanged, LK_REPLY.modeChanged]);
    at.device.press('a');
    at.pass(1);
    at.device.release('a');
    at.pass(0.1);
    expect(at.take()).toEqual([0xc2]);
    at.device.press('kp-5');
    at.pass(0.2);
    expect(at.take().length).toBe(1 + 5);
  });

  test('repetition can be stopped for a key, for good, and everywhere', () => {
    const at = keyboardDesk();
    const repeats = (): boolean => {
      at.device.press('a');
      at.pass(0.6);
      at.device.release('a');
      at.pass(0.01);
      return at.take().includes(LK_REPLY.metronome);
    };
    at.device.press('a');
    at.pass(0.51);
    at.take();
    at.send(LK_COMMAND.pauseRepeating | LAST);
    at.pass(0.2);
    expect(at.take()).toEqual([]);
    at.device.release('a');
    expect(repeats()).toBe(true);
    at.send(LK_COMMAND.repeatOff | LAST);
    expect(repeats()).toBe(false);
    at.send(LK_COMMAND.repeatOn | LAST);
    expect(repeats()).toBe(true);
    at.send(LK_COMMAND.downOnly | LAST);
    expect(repeats()).toBe(false);
    at.send(LK_COMMAND.defaults | LAST);
    expect(repeats()).toBe(true);
  });

  test('lamps and bell do what they are told; the bell only while it is on', () => {
    const at = keyboardDesk();
    const { device } = at;
    at.send(0x13, 0x85, 0x13, 0x82, 0x11, 0x81);
    expect(device.leds).toBe(6);
    at.send(0xa7, 0x23, 0x83, 0xa7, 0xa1, 0xa7);
    expect(device.bellCount).toBe(2);
    expect(device.sound.bellVolume).toBeUndefined();
    at.send(0x23, 0x80);
    expect(device.sound.bellVolume).toBe(0);
    const clicks = device.sound.clickCount;
    for (const key of ['a', 'shift', 'control']) device.press(key);
    expect(device.sound.clickCount - clicks).toBe(1);
    at.send(0x99);
    device.press('b');
    expect(device.sound.clickCount - clicks).toBe(1);
  });

  test('identity, test mode, unknown commands, the LK401 codes', () => {
    const at = keyboardDesk();
    at.send(0xab);
    at.pass(0.01);
    expect(at.take()).toEqual([2, 0]);
    at.device.press('right-shift');
    at.device.press('alt');
    at.device.release('alt');
    at.send(0xe9);
    at.device.press('right-alt');
    at.pass(0.01);
    expect(at.take()).toEqual([0xae, 0xb2]);
    at.send(0x84, 0xff, 0x05, 0x06, 0x07, 0x08);
    at.pass(0.02);
    expect(at.take()).toEqual([LK_REPLY.inputError, LK_REPLY.inputError, LK_REPLY.inputError]);
    at.send(0xcb, 0xab, 0x80, 0xab);
    at.pass(0.01);
    expect(at.take()).toEqual([LK_REPLY.testMode, 2, 0]);
    at.send(0xfd);
    at.pass(0.1);
    expect(at.take()).toEqual([1, 0, LK_REPLY.keyDown, 0xae]);
  });

  test('inhibited, it keeps four bytes and owns up to having lost more', () => {
    const at = keyboardDesk();
    at.send(0x89);
    for (const key of ['1', '2', '3', '4', '5']) at.device.press(key);
    at.pass(0.1);
    expect(at.take()).toEqual([LK_REPLY.locked]);
    at.send(0x8b);
    at.pass(0.02);
    expect(at.take()).toEqual([0xc0, 0xc5, 0xcb, 0xd0, LK_REPLY.outputError]);
  });

  test('what comes at another rate is not understood', () => {
    const at = keyboardDesk();
    const line = new HostLine();
    const device = new Lk401(at.clock, line);
    device.reset();
    at.pass(0.1);
    line.transmitted(0x13, { ...KEYBOARD_FRAME, baud: 1200 });
    line.transmitted(0x85, { ...KEYBOARD_FRAME, baud: 1200 });
    expect(device.leds).toBe(0);
  });
});

describe('VSXXX mouse', () => {
  test('tests itself at power-up and when asked to, and says what it is', () => {
    const at = desk((clock, line) => new VsxxxMouse(clock, line), MOUSE_FRAME);
    at.device.button(1, true);
    at.pass(0.49);
    expect(at.take()).toEqual([]);
    at.pass(0.02);
    expect(at.take()).toEqual([0xa0, 0x02, 0x00, 0x02]);
    at.send(MOUSE_COMMAND.test);
    at.pass(0.6);
    expect(at.take()).toEqual([0xa0, 0x02, 0x00, 0x02]);
  });

  test('prompt mode: nothing until it is polled, then all that has happened', () => {
    const at = mouseDesk();
    at.device.move(5, 3);
    at.device.move(-15, 10);
    at.device.button(0, true);
    at.pass(0.1);
    expect(at.take()).toEqual([]);
    at.send(MOUSE_COMMAND.poll);
    at.pass(0.01);
    expect(at.take()).toEqual([0x84, 10, 13]);
    at.send(MOUSE_COMMAND.poll);
    at.pass(0.01);
    expect(at.take()).toEqual([0x84, 0, 0]);
  });

  test('incremental mode: by itself, 55 or 72 times a second, only when something happens', () => {
    const at = mouseDesk();
    at.send(MOUSE_COMMAND.standard, MOUSE_COMMAND.incremental, MOUSE_COMMAND.rate72);
    const start = at.clock.now;
    at.pass(0.1);
    expect(at.take()).toEqual([]);
    at.cycles.length = 0;
    at.device.move(1, -2);
    at.pass(0.05);
    expect(at.take()).toEqual([0x98, 1, 2]);
    // 0.1 s is sample 7.2; three bytes of eleven bits follow sample 8.
    expect(at.cycles[2]).toBe(start + Math.ceil((8 * HERTZ) / 72) + 3 * Math.round((11 * HERTZ) / 4800));
    at.device.button(2, true);
    at.device.button(2, true);
    at.pass(0.05);
    expect(at.take()).toEqual([0x81, 0, 0]);
    at.device.move(-300, 0);
    at.pass(0.1);
    expect(at.take()).toEqual([0x81, 127, 0, 0x81, 127, 0, 0x81, 46, 0]);
    at.send(MOUSE_COMMAND.prompt);
    at.device.move(1, 1);
    at.pass(0.1);
    expect(at.take()).toEqual([]);
  });

  test('three bytes at 120 a second never overlap', () => {
    const at = mouseDesk();
    at.send(MOUSE_COMMAND.incremental, MOUSE_COMMAND.rate120);
    at.device.move(1270, 0);
    at.pass(0.5);
    expect(at.take().length).toBe(30);
  });
});

describe('snapshots', () => {
  test('a keyboard in the middle of everything goes on as it would have', () => {
    const at = keyboardDesk();
    at.send(0x13, 0x85, 0x7e, 20, 50 | LAST, 0x8b, 0x23);
    at.device.press('shift');
    at.device.press('a');
    at.pass(0.52);
    const other = keyboardDesk();
    other.clock.restore(at.clock.snapshot());
    other.device.restore(at.device.snapshot());
    expect(other.device.snapshot()).toEqual(at.device.snapshot());
    at.take();
    for (const one of [at, other]) {
      // The bell's volume, which the command waits for.
      one.send(0x84, 0xa7);
      one.pass(0.2);
      one.device.release('a');
      one.device.release('shift');
      one.pass(0.1);
    }
    const sent = at.take();
    expect(sent.filter((byte) => byte === LK_REPLY.metronome).length).toBe(6);
    expect(sent.at(-1)).toBe(LK_REPLY.allUp);
    expect(other.take()).toEqual(sent);
    expect(other.device.sound.bellVolume).toBe(4);
    expect(other.device.leds).toBe(5);
  });

  test('so does a mouse', () => {
    const at = mouseDesk();
    at.send(MOUSE_COMMAND.incremental, MOUSE_COMMAND.rate120);
    at.device.button(0, true);
    at.device.move(500, -3);
    at.pass(0.013);
    const other = mouseDesk();
    other.clock.restore(at.clock.snapshot());
    other.device.restore(at.device.snapshot());
    at.take();
    at.pass(0.1);
    other.pass(0.1);
    const sent = at.take();
    expect(sent.length).toBeGreaterThan(6);
    expect(other.take()).toEqual(sent);
  });
});

describe('on the boards', () => {
  test('5000/125: the keyboard is on SCC1-A, and is heard only by a receiver that is on, at its rate', () => {
    const bench = createBench();
    const control = 0x1c18_0009;
    const set = (register: number, value: number): void => {
      bench.write(control, register, 1);
      bench.write(control, value, 1);
    };
    bench.pass(HERTZ);
    bench.write(control, 0, 1);
    // The power-up report came and went.
    expect(bench.read(control, 1) & 1).toBe(0);
    const open = (constant: number): void => {
      for (const [register, value] of [
        [9, 0xc0],
        [4, 0x44],
        [3, 0xc1],
        [5, 0x6a],
        [11, 0x50],
        [12, constant],
        [13, 0],
        [14, 3],
      ] as const)
        set(register, value);
    };
    open(46);
    bench.board.keyboard.press('a');
    bench.pass(0.01 * HERTZ);
    expect(bench.read(control, 1) & 1).toBe(1);
    expect(bench.read(control + 4, 1)).toBe(0xc2);
    bench.write(control + 4, 0x13, 1);
    bench.pass(0.01 * HERTZ);
    bench.write(control + 4, 0x84, 1);
    bench.pass(0.01 * HERTZ);
    expect(bench.board.keyboard.leds).toBe(4);
    // At 9600 each bit of 4800 looks like two: the start bit and four bits of data, the last of which should be a stop bit.
    open(22);
    bench.board.keyboard.press('q');
    bench.pass(0.01 * HERTZ);
    bench.write(control, 1, 1);
    expect(bench.read(control, 1) & 0x40).toBe(0x40);
    expect(bench.read(control + 4, 1)).toBe(0x06);
  });

  test('5000/125: the mouse is on SCC0-A with odd parity; even parity is an error', () => {
    const bench = createBench();
    const control = 0x1c10_0009;
    const set = (register: number, value: number): void => {
      bench.write(control, register, 1);
      bench.write(control, value, 1);
    };
    const open = (mode: number): void => {
      for (const [register, value] of [
        [9, 0xc0],
        [4, mode],
        [3, 0xc1],
        [5, 0x6a],
        [11, 0x50],
        [12, 46],
        [13, 0],
        [14, 3],
      ] as const)
        set(register, value);
    };
    const take = (): number[] => {
      const bytes: number[] = [];
      while (bench.read(control, 1) & 1) bytes.push(bench.read(control + 4, 1));
      return bytes;
    };
    bench.pass(HERTZ);
    open(0x45);
    bench.board.mouse.move(7, 0);
    bench.write(control + 4, MOUSE_COMMAND.poll, 1);
    bench.pass(0.02 * HERTZ);
    bench.write(control, 1, 1);
    expect(bench.read(control, 1) & 0x70).toBe(0);
    expect(take()).toEqual([0x90, 7, 0]);
    // Commands with the wrong parity are not understood.
    open(0x47);
    bench.write(control + 4, MOUSE_COMMAND.poll, 1);
    bench.pass(0.02 * HERTZ);
    expect(take()).toEqual([]);
    open(0x45);
    bench.write(control + 4, MOUSE_COMMAND.incremental, 1);
    bench.pass(0.02 * HERTZ);
    open(0x47);
    bench.board.mouse.move(7, 0);
    bench.pass(0.1 * HERTZ);
    bench.write(control, 1, 1);
    expect(bench.read(control, 1) & 0x10).toBe(0x10);
    expect(take()).toEqual([0x90, 7, 0]);
  });

  test('KN01: keyboard and mouse are lines 0 and 1 of the DZ', () => {
    const clock = new Clock(16_670_000);
    const board = createKn01({
      clock,
      interrupts: { setInterrupt: () => {} },
      dma: { ram: new Uint8Array(4 << 20), stealCycles: () => {} },
      options: {
        model: '3100',
        memoryMiB: 4,
        rom: new Uint8Array(8),
        disks: [],
        seed: new Uint8Array(16),
        epochSeconds: 0,
      },
    });
    const pass = (seconds: number): void => {
      const end = clock.now + Math.round(seconds * clock.hertz);
      while (clock.nextAt <= end) {
        clock.now = Math.max(clock.now, clock.nextAt);
        clock.fire();
      }
      clock.now = end;
    };
    const dz = 0x1c00_0000;
    const take = (): number[] => {
      const words: number[] = [];
      for (let word = board.bus.read(dz + 8, 2); word & 0x8000; word = board.bus.read(dz + 8, 2))
        words.push(word);
      return words;
    };
    pass(1);
    board.bus.write(dz, 0x20, 2);
    // 4800 baud, eight bits; line 1 with odd parity.
    board.bus.write(dz + 8, 0x1c18, 2);
    board.bus.write(dz + 8, 0x1cd9, 2);
    board.bus.write(dz + 0x10, 2, 2);
    pass(0.001);
    expect(board.bus.read(dz, 2) & 0x8300).toBe(0x8100);
    board.bus.write(dz + 0x18, MOUSE_COMMAND.poll, 2);
    board.mouse.move(0, 4);
    pass(0.02);
    board.keyboard.press('x');
    pass(0.01);
    expect(take()).toEqual([0x8180, 0x8100, 0x8104, 0x80c8]);
  });
});
