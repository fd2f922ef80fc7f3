/** Booting, the entry protocol, the call vector and halting, seen by tiny kernels of machine words. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bootBlock } from '../../../src/guest/build/boot-block.js';
import { addiu, jalr, jr, lbu, lui, lw, mfc0, nop, or, ori, sw } from '../../conformance/encode.js';
import { PromMachine, romSymbol } from './prom-machine.js';

const [ZERO, V0, A0, A1, A2, A3, T0, T1, S0, S1] = [0, 2, 4, 5, 6, 7, 8, 9, 16, 17];
const RA = 31;
const ROM_BASE = 0xbfc0_0000;
const KERNEL = 0x4_0000;
const RESULTS_PHYSICAL = 0x5_0000;
/** The KN01's firmware looks for it in a kernel that wants the call vector. */
const REX_MAGIC = 0x3046_4354;

/** Calls the vector's function at `offset`; s0 holds the vector. */
const call = (offset: number, ...argumentSetup: readonly number[]): number[] => [
  lw(T0, offset, S0),
  ...argumentSetup,
  nop,
  jalr(RA, T0),
  nop,
];
const load = (register: number, value: number): number[] => [
  lui(register, value >>> 16),
  ori(register, register, value & 0xffff),
];
const keep = (register: number, index: number): number[] => [lui(T1, 0x8005), sw(register, 4 * index, T1)];
const text = (value: string): number[] => {
  const bytes = new TextEncoder().encode(`${value}\0\0\0\0`);
  const view = new DataView(bytes.buffer);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => view.getUint32(4 * index, true));
};
const entry = [or(S0, A3, ZERO), or(S1, A1, ZERO)];
const halt = call(0x9c, or(A0, ZERO, ZERO), or(A1, ZERO, ZERO));

function results(prom: PromMachine): number[] {
  const view = new DataView(prom.machine.ram.buffer, prom.machine.ram.byteOffset + RESULTS_PHYSICAL);
  return Array.from({ length: 16 }, (_, index) => view.getUint32(4 * index, true));
}

describe('a network boot', () => {
  it('enters by the REX protocol and halts by the vector', () => {
    const prom = new PromMachine();
    const words = [
      ...entry,
      ...keep(A0, 0),
      ...keep(A2, 1),
      mfc0(T0, 12),
      nop,
      ...keep(T0, 2),
      lw(T0, 8, S1), // argv[2]
      nop,
      lbu(T0, 1, T0),
      nop,
      ...keep(T0, 3),
      ...halt,
    ];
    prom.placeKernel(KERNEL, words, ['boot', '3/tftp/test', 'abc']);
    prom.runUntil('\n>>');
    expect(prom.isHalted).toBe(true);
    expect(prom.output).toContain('-tftp boot 3/tftp/test\r\n');
    expect(prom.output).toMatch(/\nhalted\r\n$/);
    const [argc, magic, status, argument] = results(prom) as [number, number, number, number];
    expect(argc).toBe(3);
    expect(magic).toBe(0x3046_4354);
    expect(status & 0x0040_0001).toBe(0);
    expect(argument).toBe('b'.charCodeAt(0));
    expect(prom.machine.cycle).toBeLessThan(12e6);
    expect(prom.machine.statistics().instructions.program).toBe(words.length);
  });

  it('offers the call vector', () => {
    const prom = new PromMachine({ memoryMiB: 16 });
    const strings = 0x4_0800;
    const words = [
      ...entry,
      ...call(0x80), // getsysid
      ...keep(V0, 0),
      ...call(0xa4), // gettcinfo
      lw(T0, 4, V0),
      lw(A2, 8, V0),
      ...keep(T0, 1),
      ...keep(A2, 2),
      ...call(0x6c, addiu(A0, ZERO, 3)), // slot_address(3)
      ...keep(V0, 3),
      ...call(0x84, ...load(A0, 0x8006_0000)), // getbitmap
      ...keep(V0, 4),
      ...call(0x7c, ...load(A0, 0xdead_beef), ...load(A1, 0xffff_ffff)), // clear_cache with anything
      ...call(0x64, ...load(A0, 0x8000_0000 + strings + 64)), // getenv("boot")
      lw(T0, 0, V0),
      nop,
      ...keep(T0, 5),
      ...call(0x50 - 4, ...load(A0, 0x8005_0100)), // setjmp
      ...keep(V0, 6),
      ...call(0x3c, ...load(A0, 0x8000_0000 + strings + 96), addiu(A1, ZERO, 0), addiu(A2, ZERO, 0)), // strtol
      ...keep(V0, 7),
      ...call(
        0x30, // printf
        ...load(A0, 0x8000_0000 + strings),
        ...load(A1, 0x8000_0000 + strings + 64),
        addiu(A2, ZERO, -42),
        ...load(A3, 0xc0de),
      ),
      ...halt,
    ];
    expect(words.length).toBeLessThan(0x200);
    const put = (at: number, value: string): void => {
      prom.machine.ram.set(new Uint8Array(new Uint32Array(text(value)).buffer), at);
    };
    put(strings, '[%s|%-6d|%08x|%c%%]\n');
    put(strings + 64, 'boot');
    put(strings + 96, '0x1f0z');
    prom.placeKernel(KERNEL, words);
    prom.runUntil('\n>>');
    expect(prom.isHalted).toBe(true);
    const view = results(prom);
    expect((view[0] as number) >>> 16).toBe(0x8203);
    expect(view.slice(1, 4)).toEqual([80, 64, 0xbc00_0000]);
    expect(view[4]).toBe(16 * 32);
    const bitmap = prom.machine.ram.subarray(0x6_0000, 0x6_0004 + 16 * 32 + 1);
    expect(new DataView(bitmap.buffer, bitmap.byteOffset).getUint32(0, true)).toBe(4096);
    expect(bitmap.subarray(4, 4 + 16 * 32).every((byte) => byte === 0xff)).toBe(true);
    expect(bitmap[4 + 16 * 32]).toBe(0);
    expect(view[5]).toBe(text('3/rz0')[0]);
    expect(view[6]).toBe(0);
    expect(view[7]).toBe(0x1f0);
    expect(prom.output).toContain('[boot|-42   |0000c0de|');
  });

  it('has a function in ROM at every offset', () => {
    const rom = readFileSync(new URL('../../../rom/kn02ba.bin', import.meta.url));
    const first = romSymbol('call_vector') - ROM_BASE;
    for (let offset = 0; offset <= 0xd4; offset += 4) {
      const target = rom.readUInt32LE(first + offset) - ROM_BASE;
      expect(target, `offset ${offset.toString(16)}`).toBeGreaterThan(0);
      expect(target).toBeLessThan(rom.length);
    }
  });

  it('reports an exception that nobody expected', () => {
    const prom = new PromMachine();
    prom.placeKernel(KERNEL, [...load(T0, 0x8004_0001), lw(T0, 0, T0), nop]);
    prom.runUntil('\n>>');
    expect(prom.output).toContain('?EXCEPTION address error on load\r\n epc 80040008 ');
    expect(prom.command('printenv boot')).toContain('boot=3/rz0');
  });
});

describe('a jump to the reset vector', () => {
  const jump = [...load(T0, 0xbfc0_0000), jr(T0), nop];

  it('halts the machine', () => {
    const prom = new PromMachine();
    prom.placeKernel(KERNEL, jump);
    prom.runUntil('\n>>');
    expect(prom.isHalted).toBe(true);
    expect(prom.output).toMatch(/\nhalted\r\n$/);
  });

  it('does not cut off what the kernel said last', () => {
    const prom = new PromMachine();
    const words = [...entry, ...call(0x30, ...load(A0, 0x8000_0000 + KERNEL + 0x800)), ...jump];
    prom.placeKernel(KERNEL, words);
    prom.machine.ram.set(new TextEncoder().encode('goodbye'), KERNEL + 0x800);
    prom.runUntil('\n>>');
    expect(prom.output).toMatch(/goodbye\r\nhalted\r\n$/);
  });

  it('boots again when haltaction is b', () => {
    const first = new PromMachine();
    first.runUntil('\n>>');
    first.command('setenv haltaction b');
    const prom = new PromMachine({ nvram: first.machine.nvram });
    prom.placeKernel(KERNEL, jump);
    prom.runUntil('(no disk)\r\n>>');
    expect(prom.output.match(/KN02-BA V1\.0/g)?.length).toBe(2);
  });
});

describe.each([
  ['5000/125', '3/rz0'],
  ['3100', 'rz(0,0,0)'],
] as const)('a disk boot on a %s', (model, device) => {
  /** A kernel of three blocks of 1 KB that checks the last word of its own image. */
  function kernel(): Uint8Array {
    const words = [
      ...entry,
      ...load(T0, 0x8002_0bfc),
      lw(T0, 0, T0),
      nop,
      ...keep(T0, 0),
      ...halt,
      REX_MAGIC,
    ];
    const image = new Uint8Array(3072);
    const view = new DataView(image.buffer);
    for (const [index, word] of words.entries()) view.setUint32(4 * index, word, true);
    view.setUint32(0xbfc, 0x0b00_7ed0, true);
    return image;
  }

  it('follows the scattered map of the boot block', () => {
    const disk = new Uint8Array(128 * 1024);
    const image = kernel();
    const blocks = [40, 41, 90];
    for (const [index, block] of blocks.entries()) {
      disk.set(image.subarray(index * 1024, index * 1024 + 1024), block * 1024);
    }
    disk.set(bootBlock(blocks, 2, 0x8002_0000), 0);
    const prom = new PromMachine({ model, disks: [disk] });
    prom.runUntil('\n>>');
    expect(prom.output).toContain(`-scsi boot ${device}: 3072\r\n`);
    expect(prom.isHalted).toBe(true);
    expect(results(prom)[0]).toBe(0x0b00_7ed0);
  });

  it('enters the kernel of the shipped disk with all of its bytes in place', () => {
    const packed = readFileSync(new URL('../../../disk-images/exostation.img.gz', import.meta.url));
    const prom = new PromMachine({ model, disks: [gunzipSync(packed)] });
    prom.machine.trace(0x8002_0000, () => prom.machine.stop());
    prom.machine.run(60e6);
    expect(prom.machine.cpuState().pc).toBe(0x8002_0004);
    expect(prom.machine.cycle).toBeLessThan(12e6);
    const { files } = JSON.parse(
      readFileSync(new URL('../../../disk-images/manifest.json', import.meta.url), 'utf8'),
    ) as { files: Record<string, { bytes: number; sha256: string }> };
    const kernel = files['/boot/aegis'] ?? { bytes: 0, sha256: '' };
    const loaded = prom.machine.ram.slice(0x2_0000, 0x2_0000 + kernel.bytes);
    expect(createHash('sha256').update(loaded).digest('hex')).toBe(kernel.sha256);
  });

  it('reads only the first run in contiguous mode', () => {
    const disk = new Uint8Array(128 * 1024);
    disk.set(kernel(), 40 * 1024);
    disk.set(bootBlock([40, 41, 42], 2, 0x8002_0000), 0);
    disk[12] = 0;
    const prom = new PromMachine({ model, disks: [disk] });
    prom.runUntil('\n>>');
    expect(results(prom)[0]).toBe(0x0b00_7ed0);
  });

  it('refuses a map that runs past the disk or memory', () => {
    const disk = new Uint8Array(64 * 512);
    disk.set(bootBlock([1000], 2, 0x8002_0000), 0);
    const prom = new PromMachine({ model, disks: [disk] });
    prom.runUntil('\n>>');
    expect(prom.output).toContain(`?IO: ${device} (read error)`);
    const far = new Uint8Array(64 * 512);
    far.set(bootBlock([1], 2, 0x8fff_0000), 0);
    const other = new PromMachine({ model, disks: [far] });
    other.runUntil('\n>>');
    expect(other.output).toContain(`?IO: ${device} (bad load address)`);
  });
});
