import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KN02BA_ADDRESS } from '../../../src/machine/boards/index.js';
import { MUX_CONTROL, MUX_REGISTER } from '../../../src/machine/devices/index.js';
import { type Bench, createBench } from './fixture.js';

const BYTE_CYCLES = 250;
const SLOT = KN02BA_ADDRESS.slot0;
const VALID = 0x8000_0000;

function line(number: number, register: number): number {
  return SLOT + MUX_REGISTER.lines + number * MUX_REGISTER.lineStride + register;
}

const data = (number: number): number => line(number, MUX_REGISTER.data);
const status = (number: number): number => line(number, MUX_REGISTER.status);
const control = (number: number): number => line(number, MUX_REGISTER.control);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function host(bench: Bench, number: number): NonNullable<Bench['board']['lines'][number]> {
  const found = bench.board.lines[number];
  if (found === undefined) throw new Error(`no line ${number}`);
  return found;
}

test('the option ROM header names the card', () => {
  const bench = createBench();
  const bytes = (offset: number, count: number): number[] =>
    Array.from({ length: count }, (_, index) => bench.read(SLOT + offset + 4 * index, 1));
  expect(bytes(0x3e0, 2)).toEqual([1, 4]);
  expect(bytes(0x3f0, 4)).toEqual([0x55, 0x00, 0xaa, 0xff]);
  expect(bench.read(SLOT + 0x3f8)).toBe(0xaaaa_aaaa);
  expect(String.fromCharCode(...bytes(0x400, 8))).toBe('V1.0    ');
  expect(String.fromCharCode(...bytes(0x420, 8))).toBe('EXOSTATN');
  expect(String.fromCharCode(...bytes(0x440, 8))).toBe('EXMUX-AA');
  expect(String.fromCharCode(...bytes(0x460, 4))).toBe('TCF0');
  expect(bytes(0x3c_03e0, 8)).toEqual(new Array(8).fill(0));
  expect(bench.board.bus.hasTimedOut).toBe(false);
});

test('transmit: 64 bytes of FIFO, one byte each 250 cycles, more are ignored', () => {
  const bench = createBench();
  const sent: number[] = [];
  const at: number[] = [];
  host(bench, 3).onOutput = (byte) => {
    sent.push(byte);
    at.push(bench.clock.now);
  };
  expect(bench.read(status(3))).toBe(64 << 8);
  for (let byte = 0; byte < 70; byte++) bench.write(data(3), byte);
  expect(bench.read(status(3))).toBe(0);
  bench.pass(BYTE_CYCLES);
  expect(bench.read(status(3))).toBe(1 << 8);
  bench.pass(100 * BYTE_CYCLES);
  expect(sent).toEqual(Array.from({ length: 64 }, (_, index) => index));
  expect(at).toEqual(sent.map((_, index) => (index + 1) * BYTE_CYCLES));
});

test('receive: nothing enters before the receiver is on, the FIFO fills and then holds the host back', () => {
  const bench = createBench();
  host(bench, 0).send(new Uint8Array(100).map((_, index) => index));
  bench.pass(1_000_000);
  expect(host(bench, 0).pendingCount).toBe(100);
  bench.write(control(0), MUX_CONTROL.receiverEnable);
  bench.pass(64 * BYTE_CYCLES);
  expect(bench.read(status(0)) & 0x7f).toBe(64);
  bench.pass(1_000_000);
  expect(host(bench, 0).pendingCount).toBe(36);
  for (let byte = 0; byte < 100; byte++) {
    expect(bench.read(data(0))).toBe(VALID + byte);
    bench.pass(BYTE_CYCLES);
  }
  expect(bench.read(data(0))).toBe(0);
  expect(host(bench, 0).pendingCount).toBe(0);
});

test('interrupts: pending registers and IP2', () => {
  const bench = createBench();
  bench.write(control(5), MUX_CONTROL.receiverEnable | MUX_CONTROL.receiveInterrupt);
  bench.write(control(9), MUX_CONTROL.transmitInterrupt);
  expect(bench.read(SLOT + MUX_REGISTER.transmitPending)).toBe(1 << 9);
  expect(bench.interrupts()).toBe(1 << 2);
  bench.write(data(9), 0x41);
  expect(bench.interrupts()).toBe(0);
  bench.pass(BYTE_CYCLES);
  expect(bench.interrupts()).toBe(1 << 2);
  bench.write(control(9), 0);
  expect(bench.interrupts()).toBe(0);
  host(bench, 5).send(text('x'));
  bench.pass(BYTE_CYCLES - 1);
  expect(bench.interrupts()).toBe(0);
  bench.pass(1);
  expect(bench.read(SLOT + MUX_REGISTER.receivePending)).toBe(1 << 5);
  expect(bench.interrupts()).toBe(1 << 2);
  expect(bench.read(data(5))).toBe(VALID + 0x78);
  expect(bench.interrupts()).toBe(0);
});

test('every byte arrives once and in order, however the guest polls and the host sends', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.uint8Array({ maxLength: 90 }), fc.integer({ min: 0, max: 20_000 })), {
        maxLength: 20,
      }),
      fc.nat(15),
      (sends, number) => {
        const bench = createBench();
        bench.write(control(number), MUX_CONTROL.receiverEnable);
        const received: number[] = [];
        const drain = (): void => {
          for (let word = bench.read(data(number)); word !== 0; word = bench.read(data(number))) {
            received.push(word & 0xff);
          }
        };
        for (const [bytes, cycles] of sends) {
          host(bench, number).send(bytes);
          bench.pass(cycles);
          drain();
        }
        while (host(bench, number).pendingCount > 0) {
          bench.pass(10_000);
          drain();
        }
        expect(received).toEqual(sends.flatMap(([bytes]) => [...bytes]));
      },
    ),
    { numRuns: 50 },
  );
});
