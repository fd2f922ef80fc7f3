/** The DC7085 as its drivers use it: scanner, silo, master clear, loopback, interrupts, times. */

import { beforeEach, describe, expect, it } from 'vitest';
import { KN01_ADDRESS } from '../../../src/machine/boards/index.js';
import { DZ_CSR, DZ_REGISTER, Dz, type HostLine } from '../../../src/machine/devices/index.js';
import { Clock } from '../../../src/machine/time/clock.js';
import { HERTZ, Kn01Bench } from './kn01-fixture.js';

const CSR = KN01_ADDRESS.dz + DZ_REGISTER.csr;
const RBUF = KN01_ADDRESS.dz + DZ_REGISTER.receive;
const LPR = RBUF;
const TCR = KN01_ADDRESS.dz + DZ_REGISTER.tcr;
const MSR = KN01_ADDRESS.dz + DZ_REGISTER.transmit;
const TDR = MSR;
/** 9600 baud, 8 bits, receiver on. */
const LINE_PARAMETERS = 0x1e18;
const CHARACTER = Math.round((10 * HERTZ) / 9600);
const SCAN = Math.round(HERTZ * 1.4e-6);
const IP4 = 1 << 4;

let bench: Kn01Bench;
let sent: string[];

function lineOf(number: number): Kn01Bench['board']['console'] {
  return number === 0 ? bench.board.keyboardLine : number === 1 ? bench.board.mouseLine : bench.board.console;
}

beforeEach(() => {
  bench = new Kn01Bench();
  sent = [];
  for (const number of [0, 1, 3]) {
    bench.write(LPR, LINE_PARAMETERS | number);
    lineOf(number).onOutput = (byte) => sent.push(`${number}:${String.fromCharCode(byte)}`);
  }
  bench.write(CSR, DZ_CSR.scanEnable);
});

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('transmitting', () => {
  it('names an enabled line with a free buffer after 1.4 us, and takes a character for it', () => {
    expect(bench.read(CSR) & DZ_CSR.transmitReady).toBe(0);
    bench.write(TCR, 1 << 3);
    bench.pass(SCAN - 1);
    expect(bench.read(CSR) & DZ_CSR.transmitReady).toBe(0);
    bench.pass(1);
    expect(bench.read(CSR)).toBe(DZ_CSR.transmitReady | 0x0300 | DZ_CSR.scanEnable);
    bench.write(TDR, 0x41);
    expect(bench.read(CSR) & DZ_CSR.transmitReady).toBe(0);
    bench.pass(CHARACTER - 1);
    expect(sent).toEqual([]);
    bench.pass(1);
    expect(sent).toEqual(['3:A']);
  });

  it('has one character waiting behind the one that goes out, and no more', () => {
    bench.write(TCR, 1 << 3);
    bench.pass(SCAN);
    bench.write(TDR, 0x41);
    bench.pass(SCAN);
    expect(bench.read(CSR) & DZ_CSR.transmitReady).not.toBe(0);
    bench.write(TDR, 0x42);
    bench.pass(SCAN * 10);
    expect(bench.read(CSR) & DZ_CSR.transmitReady).toBe(0);
    bench.write(TDR, 0x43);
    bench.pass(2 * CHARACTER);
    expect(sent).toEqual(['3:A', '3:B']);
    expect(bench.read(CSR) & DZ_CSR.transmitReady).not.toBe(0);
  });

  it('serves the enabled lines in turn', () => {
    bench.write(TCR, 0b1011);
    const order: number[] = [];
    for (let count = 0; count < 6; count++) {
      bench.pass(SCAN);
      const line = (bench.read(CSR) >>> 8) & 3;
      order.push(line);
      bench.write(TDR, 0x61 + count);
    }
    expect(order).toEqual([0, 1, 3, 0, 1, 3]);
    bench.pass(3 * CHARACTER);
    expect(sent.toSorted()).toEqual(['0:a', '0:d', '1:b', '1:e', '3:c', '3:f']);
  });

  it('gives a line up when its bit in TCR goes, and goes on to the next one', () => {
    bench.write(TCR, 0b1001);
    bench.pass(SCAN);
    expect((bench.read(CSR) >>> 8) & 3).toBe(0);
    bench.write(TCR, 0b1000);
    expect(bench.read(CSR) & DZ_CSR.transmitReady).toBe(0);
    bench.pass(SCAN);
    expect(bench.read(CSR) & (DZ_CSR.transmitReady | DZ_CSR.transmitLine)).toBe(0x8300);
    bench.write(TCR, 0);
    expect(bench.read(CSR) & DZ_CSR.transmitReady).toBe(0);
    bench.write(TDR, 0x58);
    bench.pass(2 * CHARACTER);
    expect(sent).toEqual([]);
  });

  it('interrupts while ready with TIE set', () => {
    bench.write(CSR, DZ_CSR.scanEnable | DZ_CSR.transmitInterrupt);
    expect(bench.interrupts).toBe(0);
    bench.write(TCR, 1 << 3);
    bench.pass(SCAN);
    expect(bench.interrupts).toBe(IP4);
    bench.write(TDR, 0x41);
    expect(bench.interrupts).toBe(0);
    bench.pass(SCAN);
    expect(bench.interrupts).toBe(IP4);
    bench.write(CSR, DZ_CSR.scanEnable);
    expect(bench.interrupts).toBe(0);
  });

  it('sends nothing out while the board holds the line drivers off', () => {
    bench.write(KN01_ADDRESS.csr, 0x0100);
    bench.write(TCR, 1 << 3);
    bench.pass(SCAN);
    bench.write(TDR, 0x41);
    bench.pass(CHARACTER);
    bench.write(KN01_ADDRESS.csr, 0);
    bench.pass(CHARACTER);
    expect(sent).toEqual([]);
  });

  it('takes the time that the line parameters give', () => {
    const times = [
      // 4800 baud 8 odd 1, 1200 baud 7 even 2, 134.5 baud 5 none 1.
      [0x1cd8 | 1, (11 * HERTZ) / 4800],
      [0x1770 | 1, (11 * HERTZ) / 1200],
      [0x1300 | 1, (7 * HERTZ) / 134.5],
    ] as const;
    for (const [parameters, expected] of times) {
      sent = [];
      bench.write(LPR, parameters);
      bench.write(TCR, 1 << 1);
      bench.pass(SCAN);
      bench.write(TDR, 0xff);
      bench.write(TCR, 0);
      bench.pass(Math.round(expected) - 1);
      expect(sent).toEqual([]);
      bench.pass(1);
      const mask = (0x20 << ((parameters >>> 3) & 3)) - 1;
      expect(sent).toEqual([`1:${String.fromCharCode(0xff & mask)}`]);
    }
  });
});

describe('receiving', () => {
  it('puts characters with their line into the silo, one character time apart', () => {
    bench.board.console.send(text('hi'));
    bench.pass(CHARACTER - 1);
    expect(bench.read(RBUF)).toBe(0);
    bench.pass(1);
    expect(bench.read(CSR) & DZ_CSR.receiveDone).not.toBe(0);
    expect(bench.read(RBUF)).toBe(0x8368);
    expect(bench.read(RBUF)).toBe(0);
    bench.pass(CHARACTER);
    expect(bench.read(RBUF)).toBe(0x8369);
    bench.board.keyboardLine.send(text('k'));
    bench.board.mouseLine.send(text('m'));
    bench.pass(CHARACTER);
    expect([bench.read(RBUF), bench.read(RBUF), bench.read(RBUF)]).toEqual([0x806b, 0x816d, 0]);
  });

  it('holds 64 characters; what follows waits outside and none is lost', () => {
    const many = Array.from({ length: 100 }, (_, index) => index);
    bench.board.console.send(Uint8Array.from(many));
    bench.pass(100 * CHARACTER);
    expect(bench.board.console.pendingCount).toBe(36);
    const got: number[] = [];
    for (let count = 0; count < 100; count++) {
      got.push(bench.read(RBUF) & 0xff);
      bench.pass(CHARACTER);
    }
    expect(got).toEqual(many);
    expect(bench.read(CSR) & DZ_CSR.receiveDone).toBe(0);
  });

  it('interrupts while the silo holds something with RIE set', () => {
    bench.write(CSR, DZ_CSR.scanEnable | DZ_CSR.receiveInterrupt);
    bench.board.console.send(text('ab'));
    bench.pass(2 * CHARACTER);
    expect(bench.interrupts).toBe(IP4);
    bench.read(RBUF);
    expect(bench.interrupts).toBe(IP4);
    bench.read(RBUF);
    expect(bench.interrupts).toBe(0);
  });

  it('takes nothing while its receiver or the scanner is off', () => {
    bench.write(LPR, (LINE_PARAMETERS & ~0x1000) | 3);
    bench.board.console.send(text('x'));
    bench.pass(3 * CHARACTER);
    expect(bench.board.console.pendingCount).toBe(1);
    bench.write(CSR, 0);
    bench.write(LPR, LINE_PARAMETERS | 3);
    bench.pass(3 * CHARACTER);
    expect(bench.board.console.pendingCount).toBe(1);
    bench.write(CSR, DZ_CSR.scanEnable);
    bench.pass(CHARACTER);
    expect(bench.read(RBUF)).toBe(0x8378);
  });
});

describe('the whole chip', () => {
  it('is cleared by CLR, which reads as zero again, and everything else too', () => {
    bench.write(TCR, 0x0f0f);
    bench.board.console.send(text('abc'));
    bench.pass(3 * CHARACTER);
    bench.write(CSR, DZ_CSR.clear | DZ_CSR.scanEnable | DZ_CSR.receiveInterrupt);
    expect([bench.read(CSR), bench.read(RBUF), bench.read(TCR)]).toEqual([0, 0, 0]);
    expect(bench.interrupts).toBe(0);
  });

  it('loops transmitted characters back in maintenance mode, cut off from outside', () => {
    bench.write(CSR, DZ_CSR.scanEnable | DZ_CSR.maintenance);
    bench.board.console.send(text('o'));
    bench.write(TCR, 1 << 3);
    bench.pass(SCAN);
    bench.write(TDR, 0x69);
    bench.pass(2 * CHARACTER);
    expect(bench.read(RBUF)).toBe(0x8369);
    expect(bench.read(RBUF)).toBe(0);
    expect(sent).toEqual([]);
    bench.write(CSR, DZ_CSR.scanEnable);
    bench.pass(CHARACTER);
    expect(bench.read(RBUF)).toBe(0x836f);
  });

  it('shares IP4 with the terminal multiplexer', () => {
    const line = KN01_ADDRESS.multiplexer + 0x10_0000;
    bench.write(line + 8, 3, 4);
    bench.board.lines[0]?.send(text('z'));
    bench.pass(HERTZ / 1000);
    expect(bench.interrupts).toBe(IP4);
    bench.write(CSR, DZ_CSR.scanEnable | DZ_CSR.transmitInterrupt);
    bench.write(TCR, 1 << 3);
    bench.pass(SCAN);
    expect(bench.read(line, 4) & 0xff).toBe(0x7a);
    expect(bench.interrupts).toBe(IP4);
    bench.write(TCR, 0);
    expect(bench.interrupts).toBe(0);
  });

  it('goes on the same from a snapshot', () => {
    const run = (isSwapped: boolean): string[] => {
      const output: string[] = [];
      let clock = new Clock(HERTZ);
      const build = (): Dz => {
        const dz = new Dz(clock, (isRaised) => output.push(`${clock.now}: interrupt ${isRaised}`));
        const console = dz.hostLines[3] as HostLine;
        console.onOutput = (byte) => output.push(`${clock.now}: ${byte}`);
        return dz;
      };
      const pass = (cycles: number): void => {
        const end = clock.now + cycles;
        while (clock.nextAt <= end) {
          clock.now = Math.max(clock.now, clock.nextAt);
          clock.fire();
        }
        clock.now = end;
      };
      let dz = build();
      dz.write(DZ_REGISTER.receive, LINE_PARAMETERS | 3, 2);
      dz.write(DZ_REGISTER.csr, DZ_CSR.scanEnable | DZ_CSR.transmitInterrupt | DZ_CSR.receiveInterrupt, 2);
      dz.write(DZ_REGISTER.tcr, 1 << 3, 2);
      dz.hostLines[3]?.send(text('i'));
      for (const byte of [0x41, 0x42]) {
        pass(SCAN);
        dz.write(DZ_REGISTER.transmit, byte, 2);
      }
      pass(CHARACTER + 5);
      if (isSwapped) {
        const state = structuredClone({ dz: dz.snapshot(), clock: clock.snapshot() });
        clock = new Clock(HERTZ);
        dz = build();
        dz.restore(state.dz);
        clock.restore(state.clock);
      }
      pass(3 * CHARACTER);
      return [...output, `${dz.read(DZ_REGISTER.receive, 2)}`, `${dz.read(DZ_REGISTER.csr, 2)}`];
    };
    const straight = run(false);
    expect(straight).toContain(`${SCAN + 2 * CHARACTER}: 66`);
    expect(run(true)).toEqual(straight);
  });
});

describe('breaks and errors', () => {
  const console = (): HostLine => bench.board.console as HostLine;
  const FRAME = { baud: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const;

  it('a break on the line is a null character without its stop bit', () => {
    console().onBreak?.(true);
    console().onBreak?.(false);
    expect([bench.read(RBUF), bench.read(RBUF)]).toEqual([0xa300, 0]);
  });

  it('parity and framing errors go with their character', () => {
    bench.write(LPR, LINE_PARAMETERS | 0xc0 | 3);
    console().onArrival?.(0x41, { ...FRAME, parity: 'odd' });
    console().onArrival?.(0x41, { ...FRAME, parity: 'even' });
    bench.write(LPR, LINE_PARAMETERS | 3);
    console().onArrival?.(0x41, { ...FRAME, parity: 'even' });
    expect([bench.read(RBUF), bench.read(RBUF), bench.read(RBUF)]).toEqual([0x8341, 0x9341, 0xa341]);
  });

  it('sends breaks by the upper half of TDR, and nothing else meanwhile', () => {
    const breaks: boolean[] = [];
    console().onGuestBreak = (isOn) => breaks.push(isOn);
    bench.write(TCR, 1 << 3);
    bench.pass(SCAN);
    bench.write(TDR + 1, 0x08, 1);
    expect(breaks).toEqual([true]);
    expect(bench.read(CSR) & DZ_CSR.transmitReady).not.toBe(0);
    bench.write(TDR, 0x0841);
    bench.pass(CHARACTER + SCAN);
    bench.write(TDR, 0x42);
    expect(breaks).toEqual([true, false]);
    bench.pass(CHARACTER);
    expect(sent).toEqual(['3:B']);
  });
});
