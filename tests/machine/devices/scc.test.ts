import { expect, test } from 'vitest';
import { KN02BA_ADDRESS } from '../../../src/machine/boards/index.js';
import { type HostLine, Scc, SIR } from '../../../src/machine/devices/index.js';
import { Clock } from '../../../src/machine/time/clock.js';
import { type Bench, createBench, HERTZ } from './fixture.js';

const CONTROL_B = KN02BA_ADDRESS.scc1 + 1;
const DATA_B = KN02BA_ADDRESS.scc1 + 5;
const CONTROL_A = KN02BA_ADDRESS.scc1 + 9;
const INTERRUPT = KN02BA_ADDRESS.ioasic + 0x110;
const INTERRUPT_MASK = KN02BA_ADDRESS.ioasic + 0x120;
/** 10 bits at 9600 baud as PCLK / (2 * 16 * 24) gives it. */
const CHARACTER_CYCLES = Math.round((10 * 2 * 24 * 16 * 25_000_000) / 7_372_800);

function set(bench: Bench, register: number, value: number, control = CONTROL_B): void {
  bench.write(control, register, 1);
  bench.write(control, value, 1);
}

function get(bench: Bench, register: number, control = CONTROL_B): number {
  bench.write(control, register, 1);
  return bench.read(control, 1);
}

/** 9600 8N1 on channel B, as the PROM sets it. */
function open(bench: Bench): void {
  set(bench, 9, 0xc0);
  set(bench, 4, 0x44);
  set(bench, 3, 0xc1);
  set(bench, 5, 0x6a | 0x80);
  set(bench, 11, 0x50);
  set(bench, 12, 22);
  set(bench, 13, 0);
  set(bench, 14, 0x03);
}

test('a byte leaves the console after one character time, and not before', () => {
  const bench = createBench();
  const sent: number[] = [];
  bench.board.console.onOutput = (byte) => sent.push(byte);
  open(bench);
  bench.write(DATA_B, 0x41, 1);
  expect(bench.read(CONTROL_B, 1) & 0x04).toBe(0x04);
  bench.write(DATA_B, 0x42, 1);
  expect(bench.read(CONTROL_B, 1) & 0x04).toBe(0);
  expect(get(bench, 1) & 1).toBe(0);
  bench.pass(CHARACTER_CYCLES - 1);
  expect(sent).toEqual([]);
  bench.pass(1);
  expect(sent).toEqual([0x41]);
  bench.pass(CHARACTER_CYCLES);
  expect(sent).toEqual([0x41, 0x42]);
  expect(get(bench, 1) & 1).toBe(1);
});

test('word and halfword accesses carry the value in bits 15:8', () => {
  const bench = createBench();
  open(bench);
  bench.write(KN02BA_ADDRESS.scc1, 12 << 8, 4);
  expect(bench.read(KN02BA_ADDRESS.scc1, 2)).toBe(22 << 8);
});

test('input waits outside until the receiver is on, then keeps to the line rate and the FIFO', () => {
  const bench = createBench();
  bench.board.console.send(new TextEncoder().encode('hello'));
  bench.pass(10 * CHARACTER_CYCLES);
  expect(bench.board.console.pendingCount).toBe(5);
  open(bench);
  bench.pass(10 * CHARACTER_CYCLES);
  expect(bench.board.console.pendingCount).toBe(2);
  let text = '';
  for (let turn = 0; turn < 5; turn++) {
    expect(bench.read(CONTROL_B, 1) & 1).toBe(1);
    text += String.fromCharCode(bench.read(DATA_B, 1));
    bench.pass(CHARACTER_CYCLES);
  }
  expect(text).toBe('hello');
  expect(bench.read(CONTROL_B, 1) & 1).toBe(0);
  expect(get(bench, 1) & 0x20).toBe(0);
});

test('interrupts: SIR bit 7 and IP5, RR3 on channel A only, TxIP on full to empty', () => {
  const bench = createBench();
  open(bench);
  bench.write(INTERRUPT_MASK, SIR.scc1);
  set(bench, 1, 0x12);
  set(bench, 9, 0x08);
  expect(bench.interrupts()).toBe(0);
  bench.write(DATA_B, 0x41, 1);
  expect(bench.read(INTERRUPT) & SIR.scc1).toBe(SIR.scc1);
  expect(bench.interrupts()).toBe(1 << 5);
  expect(get(bench, 3, CONTROL_A)).toBe(0x02);
  expect(get(bench, 3)).toBe(0);
  bench.write(CONTROL_B, 0x28, 1);
  expect(bench.interrupts()).toBe(0);
  bench.board.console.send(Uint8Array.of(0x7a));
  bench.pass(CHARACTER_CYCLES);
  expect(get(bench, 3, CONTROL_A)).toBe(0x04);
  expect(get(bench, 2)).toBe(0x04);
  expect(bench.interrupts()).toBe(1 << 5);
  expect(bench.read(DATA_B, 1)).toBe(0x7a);
  expect(bench.interrupts()).toBe(0);
});

test('local loopback returns what was sent', () => {
  const bench = createBench();
  open(bench);
  set(bench, 14, 0x13);
  bench.write(DATA_B, 0x55, 1);
  bench.pass(CHARACTER_CYCLES);
  expect(bench.read(CONTROL_B, 1) & 1).toBe(1);
  expect(bench.read(DATA_B, 1)).toBe(0x55);
});

test('a chip held in reset by the IOASIC neither answers nor listens', () => {
  const bench = createBench();
  open(bench);
  bench.write(KN02BA_ADDRESS.ioasic + 0x100, 0);
  set(bench, 12, 99);
  bench.write(KN02BA_ADDRESS.ioasic + 0x100, 0xf00);
  expect(get(bench, 12)).toBe(0);
});

/** The outside end of channel B's line, as a device uses it. */
function line(bench: Bench): HostLine {
  return bench.board.console as HostLine;
}

const FRAME = { baud: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const;
const RR0_BREAK = 0x80;

test('parity and framing errors are seen, stay with the chip until reset, and are special conditions', () => {
  const bench = createBench();
  open(bench);
  set(bench, 4, 0x45);
  set(bench, 1, 0x10);
  const seen = (parity: 'none' | 'odd' | 'even'): number => {
    line(bench).onArrival?.(0x41, { ...FRAME, parity });
    const errors = get(bench, 1) & 0x70;
    bench.read(DATA_B, 1);
    const left = get(bench, 1) & 0x70;
    bench.write(CONTROL_B, 0x30, 1);
    expect(get(bench, 1) & 0x70).toBe(0);
    return (left << 8) | errors;
  };
  // 0x41 has two ones: its odd parity bit is 1, which a stop bit looks like as well.
  expect(seen('odd')).toBe(0);
  expect(seen('none')).toBe(0);
  expect(seen('even')).toBe(0x1010);
  // Without parity the bit is where the stop bit should be; that error goes with its character.
  set(bench, 4, 0x44);
  expect(seen('odd')).toBe(0);
  expect(seen('even')).toBe(0x0040);
  set(bench, 9, 0x08);
  line(bench).onArrival?.(0x41, { ...FRAME, parity: 'even' });
  // Vector of channel B: special receive condition.
  expect(get(bench, 2) & 0x0e).toBe(0x06);
  bench.read(DATA_B, 1);
  set(bench, 4, 0x45);
  line(bench).onArrival?.(0x41, { ...FRAME, parity: 'even' });
  expect(get(bench, 2) & 0x0e).toBe(0x04);
  set(bench, 1, 0x14);
  expect(get(bench, 2) & 0x0e).toBe(0x06);
});

test('a device that does not wait overruns the FIFO: the third character is lost, and marked', () => {
  const bench = createBench();
  open(bench);
  for (const byte of [1, 2, 3, 4, 5]) line(bench).onArrival?.(byte, FRAME);
  const taken = [0, 1, 2].map(() => [get(bench, 1) & 0x20, bench.read(DATA_B, 1)]);
  expect(taken).toEqual([
    [0, 1],
    [0, 2],
    [0x20, 5],
  ]);
  expect(get(bench, 1) & 0x20).toBe(0x20);
  bench.write(CONTROL_B, 0x30, 1);
  expect(get(bench, 1) & 0x20).toBe(0);
});

test('a break interrupts when it begins and when it ends, and leaves a null character', () => {
  const bench = createBench();
  open(bench);
  bench.write(INTERRUPT_MASK, SIR.scc1);
  set(bench, 15, 0x80);
  set(bench, 1, 0x11);
  set(bench, 9, 0x08);
  expect(bench.interrupts()).toBe(0);
  line(bench).onBreak?.(true);
  expect(bench.interrupts()).toBe(1 << 5);
  expect(get(bench, 3, CONTROL_A)).toBe(0x01);
  expect(get(bench, 2) & 0x0e).toBe(0x02);
  expect(bench.read(CONTROL_B, 1) & RR0_BREAK).toBe(RR0_BREAK);
  bench.write(CONTROL_B, 0x10, 1);
  expect(bench.interrupts()).toBe(0);
  expect(bench.read(CONTROL_B, 1) & RR0_BREAK).toBe(RR0_BREAK);
  line(bench).onBreak?.(false);
  expect(get(bench, 3, CONTROL_A)).toBe(0x05);
  expect(bench.read(CONTROL_B, 1) & (RR0_BREAK | 1)).toBe(1);
  expect(bench.read(DATA_B, 1)).toBe(0);
  bench.write(CONTROL_B, 0x10, 1);
  expect(bench.interrupts()).toBe(0);
});

test('status is held from the first change to its reset; what changed meanwhile interrupts anew', () => {
  const bench = createBench();
  open(bench);
  set(bench, 15, 0xa0);
  set(bench, 1, 0x01);
  line(bench).onBreak?.(true);
  line(bench).onBreak?.(false);
  expect(bench.read(CONTROL_B, 1) & RR0_BREAK).toBe(RR0_BREAK);
  bench.write(CONTROL_B, 0x10, 1);
  expect(bench.read(CONTROL_B, 1) & RR0_BREAK).toBe(0);
  expect(get(bench, 3, CONTROL_A) & 1).toBe(1);
  bench.write(CONTROL_B, 0x10, 1);
  expect(get(bench, 3, CONTROL_A) & 1).toBe(0);
  // A condition without its enable is seen, but neither held nor heard.
  set(bench, 15, 0);
  line(bench).onBreak?.(true);
  expect(bench.read(CONTROL_B, 1) & RR0_BREAK).toBe(RR0_BREAK);
  expect(get(bench, 3, CONTROL_A) & 1).toBe(0);
  line(bench).onBreak?.(false);
  expect(bench.read(CONTROL_B, 1) & RR0_BREAK).toBe(0);
});

test('the guest sends a break; in loopback it hears its own', () => {
  const bench = createBench();
  open(bench);
  const breaks: boolean[] = [];
  const sent: number[] = [];
  line(bench).onGuestBreak = (isOn) => breaks.push(isOn);
  line(bench).onOutput = (byte) => sent.push(byte);
  set(bench, 5, 0xfa);
  bench.write(DATA_B, 0x41, 1);
  bench.pass(CHARACTER_CYCLES);
  set(bench, 5, 0xea);
  expect(breaks).toEqual([true, false]);
  expect(sent).toEqual([]);
  set(bench, 15, 0);
  set(bench, 14, 0x13);
  set(bench, 5, 0xfa);
  expect(bench.read(CONTROL_B, 1) & RR0_BREAK).toBe(RR0_BREAK);
  set(bench, 5, 0xea);
  expect(bench.read(CONTROL_B, 1) & (RR0_BREAK | 1)).toBe(1);
});

test('modem inputs interrupt when they change', () => {
  const clock = new Clock(HERTZ);
  let isRaised = false;
  const scc = new Scc(clock, (raised) => {
    isRaised = raised;
  });
  const put = (register: number, value: number): void => {
    scc.write(9, register, 1);
    scc.write(9, value, 1);
  };
  put(15, 0x28);
  put(1, 0x01);
  put(9, 0x08);
  scc.channelA.setInput(0x20, false);
  expect(isRaised).toBe(true);
  expect(scc.read(9, 1) & 0x38).toBe(0x18);
  scc.write(9, 0x10, 1);
  expect(isRaised).toBe(false);
  scc.channelA.setInput(0x10, false);
  expect(isRaised).toBe(false);
  expect(scc.read(9, 1) & 0x38).toBe(0x08);
});
