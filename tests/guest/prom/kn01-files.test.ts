/** Disks as boot programs on the 3100 and 2100 read them: open, lseek, read, close of the firmware's jump table. */

import { expect, it } from 'vitest';
import { addiu, jalr, lui, nop, or, ori, sw } from '../../conformance/encode.js';
import { PromMachine } from './prom-machine.js';

const [ZERO, V0, A0, A1, A2, T0, T1, S0] = [0, 2, 4, 5, 6, 8, 9, 16];
const RA = 31;
const KERNEL = 0x4_0000;
const NAMES = KERNEL + 0x800;
const RESULTS = 0x5_0000;
const INTO = 0x6_0001;

const load = (register: number, value: number): number[] => [
  lui(register, value >>> 16),
  ori(register, register, value & 0xffff),
];
const keep = (index: number): number[] => [lui(T1, 0x8005), sw(V0, 4 * index, T1)];
const call = (entry: number, ...argumentSetup: readonly number[]): number[] => [
  ...load(T0, 0xbfc0_0000 + 8 * entry),
  ...argumentSetup,
  jalr(RA, T0),
  nop,
];
const OPEN = 6;
const READ = 7;
const WRITE = 8;
const CLOSE = 10;
const SEEK = 11;
const HALT = 54;
const name = (index: number): number[] => load(A0, 0x8000_0000 + NAMES + 64 * index);
const text = load(A1, 0x8000_0000 + NAMES);
const descriptor = or(A0, S0, ZERO);

it('a disk is one file from its first sector on', () => {
  const disk = Uint8Array.from({ length: 64 * 512 }, (_, index) => (index * 7 + (index >>> 9)) & 0xff);
  const prom = new PromMachine({ model: '3100', disks: [new Uint8Array(512), disk] });
  prom.placeKernel(KERNEL, [
    ...call(OPEN, ...name(0), addiu(A1, ZERO, 0)),
    or(S0, V0, ZERO),
    ...keep(0),
    // 1300 bytes from 5 bytes before a sector's end, to an odd address.
    ...call(SEEK, descriptor, ori(A1, ZERO, 3 * 512 - 5), addiu(A2, ZERO, 0)),
    ...keep(1),
    ...call(READ, descriptor, ...load(A1, 0xa000_0000 + INTO), addiu(A2, ZERO, 1300)),
    ...keep(2),
    // Going on where that ended, after a step back of 100.
    ...call(SEEK, descriptor, addiu(A1, ZERO, -100), addiu(A2, ZERO, 1)),
    ...keep(3),
    ...call(READ, descriptor, ...load(A1, 0xa000_0000 + INTO + 2000), addiu(A2, ZERO, 200)),
    ...keep(4),
    // Past the end: what there is, then failure.
    ...call(SEEK, descriptor, ...load(A1, 64 * 512 - 10), addiu(A2, ZERO, 0)),
    ...call(READ, descriptor, ...load(A1, 0xa000_0000 + INTO + 3000), addiu(A2, ZERO, 50)),
    ...keep(5),
    ...call(READ, descriptor, ...load(A1, 0xa000_0000 + INTO + 3000), addiu(A2, ZERO, 50)),
    ...keep(6),
    ...call(WRITE, descriptor, ...text, addiu(A2, ZERO, 4)),
    ...keep(7),
    ...call(CLOSE, descriptor),
    ...keep(8),
    ...call(CLOSE, descriptor),
    ...keep(9),
    ...call(OPEN, ...name(1), addiu(A1, ZERO, 0)), // no such disk
    ...keep(10),
    ...call(OPEN, ...name(2), addiu(A1, ZERO, 0)), // no disk's name
    ...keep(11),
    ...call(OPEN, ...name(0), addiu(A1, ZERO, 1)), // to write
    ...keep(12),
    ...call(WRITE, addiu(A0, ZERO, 1), ...text, addiu(A2, ZERO, 9)),
    ...keep(13),
    ...call(HALT),
  ]);
  for (const [index, text] of ['rz(0,1,0)netbsd', 'rz(0,4,0)netbsd', 'tftp()netbsd'].entries()) {
    prom.machine.ram.set(new TextEncoder().encode(`${text}\0`), NAMES + 64 * index);
  }
  prom.runUntil('\n>>');
  expect(prom.isHalted).toBe(true);
  const { ram } = prom.machine;
  const view = new DataView(ram.buffer, ram.byteOffset + RESULTS);
  const results = Array.from({ length: 14 }, (_, index) => view.getInt32(4 * index, true));
  const first = 3 * 512 - 5;
  const ended = first + 1300;
  expect(results).toEqual([2, first, 1300, ended - 100, 200, 10, -1, -1, 0, -1, -1, -1, -1, 9]);
  expect(ram.slice(INTO, INTO + 1300)).toEqual(disk.slice(first, ended));
  expect(ram.slice(INTO + 2000, INTO + 2200)).toEqual(disk.slice(ended - 100, ended + 100));
  expect(ram.slice(INTO + 3000, INTO + 3010)).toEqual(disk.slice(-10));
  expect(prom.output).toContain('rz(0,1,0)');
});
