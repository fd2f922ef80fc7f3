import { expect, test } from 'vitest';
import { KN02BA_ADDRESS } from '../../../src/machine/boards/index.js';
import { decodeDmaPointer, encodeDmaPointer, SIR } from '../../../src/machine/devices/index.js';
import { AddressMap } from '../../../src/machine/memory/address-map.js';
import { KN02BA_TIMING } from '../../../src/machine/time/kn02ba-timing.js';
import { createBench } from './fixture.js';

const IOASIC = KN02BA_ADDRESS.ioasic;
const ERROR_ADDRESS = KN02BA_ADDRESS.timeout + 4;
const ACKNOWLEDGE = KN02BA_ADDRESS.timeout + 12;

test('the ROM answers at its reset address and at its IOASIC address, and ignores writes', () => {
  const bench = createBench();
  for (const base of [KN02BA_ADDRESS.rom, KN02BA_ADDRESS.romAlias]) {
    expect(bench.read(base)).toBe(0x0403_0201);
    expect(bench.read(base + 6, 2)).toBe(0x0807);
    expect(bench.read(base + 5, 1)).toBe(6);
    expect(bench.read(base + 0x3_fffc)).toBe(0xffff_ffff);
    bench.write(base, 0);
    expect(bench.read(base)).toBe(0x0403_0201);
  }
});

test('firmware that is too long is refused', () => {
  expect(() => createBench({ rom: new Uint8Array(0x4_0004) })).toThrow(RangeError);
});

test('reads that nothing answers time out: empty slots, missing RAM, beyond 512 MB', () => {
  const bench = createBench();
  for (const address of [0x1800_0000, 0x1bff_fffc, 0x0080_0000, 0x0fc0_0000, 0x2000_0000, 0xffff_fffc]) {
    expect(bench.read(address)).toBe(0);
    expect(bench.board.bus.hasTimedOut).toBe(true);
    expect(bench.board.bus.lastCycles).toBe(KN02BA_TIMING.timeout);
  }
  expect(bench.interrupts()).toBe(0);
  expect(bench.read(IOASIC + 0x110) & SIR.bus).toBe(0);
});

test('a write that nothing answers latches its address and interrupts until MEM_INTR is written', () => {
  const bench = createBench();
  bench.write(IOASIC + 0x120, SIR.bus);
  bench.write(0x1800_1236, 1, 2);
  expect(bench.read(IOASIC + 0x110) & SIR.bus).toBe(SIR.bus);
  expect(bench.interrupts()).toBe(1 << 5);
  bench.read(0x1800_0000);
  bench.write(0x1800_0000, 0);
  expect(bench.read(ERROR_ADDRESS)).toBe(0x1800_1234);
  // Writing SIR cannot clear a level.
  bench.write(IOASIC + 0x110, 0);
  expect(bench.interrupts()).toBe(1 << 5);
  bench.write(ACKNOWLEDGE, 0);
  expect(bench.interrupts()).toBe(0);
  bench.write(0x1800_0000, 0);
  expect(bench.read(ERROR_ADDRESS)).toBe(0x1800_0000);
});

test('MSR says how memory modules are spaced, MER mirrors it', () => {
  const small = createBench({ memoryMiB: 32 });
  expect(small.read(KN02BA_ADDRESS.memorySize)).toBe(0);
  const large = createBench({ memoryMiB: 64 });
  expect(large.read(KN02BA_ADDRESS.memorySize)).toBe(0x2000);
  expect(large.read(KN02BA_ADDRESS.memoryError)).toBe(0x2000);
});

test('jumpers and halt button at rest, and the button pressed', () => {
  const bench = createBench();
  const rest = SIR.nvramClearOff | SIR.normalModeOff | SIR.haltOff;
  expect(bench.read(IOASIC + 0x110)).toBe(rest);
  bench.board.setHaltButton(true);
  expect(bench.read(IOASIC + 0x110)).toBe((rest & ~SIR.haltOff) | SIR.haltOn);
  expect(bench.interrupts()).toBe(1 << 6);
});

test('FCTR counts TURBOchannel cycles and wraps', () => {
  const bench = createBench();
  bench.pass(1001);
  expect(bench.read(IOASIC + 0x1e0)).toBe(500);
  bench.pass(2 ** 33);
  expect(bench.read(IOASIC + 0x1e0)).toBe(500);
});

test('DMA pointers encode and decode', () => {
  for (const address of [0, 8, 0x1000, 0x7ff_fff8, 0x1fff_fffc]) {
    expect(decodeDmaPointer(encodeDmaPointer(address))).toBe(address);
  }
  expect(encodeDmaPointer(0x1_2340)).toBe(0x9_1a00);
});

test('the station address ROM passes the check of Linux', () => {
  const bench = createBench();
  const bytes = Array.from({ length: 32 }, (_, index) => bench.read(KN02BA_ADDRESS.esar + 4 * index) & 0xff);
  expect(bytes.slice(0, 3)).toEqual([0x08, 0x00, 0x2b]);
  expect(bytes.slice(24)).toEqual([0xff, 0x00, 0x55, 0xaa, 0xff, 0x00, 0x55, 0xaa]);
  for (let index = 0; index < 8; index++) {
    expect(bytes[index + 16]).toBe(bytes[index]);
    expect(bytes[15 - index]).toBe(bytes[index]);
  }
});

test('the LANCE is found stopped', () => {
  const bench = createBench();
  bench.write(KN02BA_ADDRESS.lance + 4, 0);
  expect(bench.read(KN02BA_ADDRESS.lance) & 0xffff).toBe(0x0004);
});

test('windows that share a granule are refused', () => {
  const device = { read: () => 0, write: () => {} };
  const window = { name: 'twice', base: 0x1000_0000, length: 4, device, readCycles: 1, writeCycles: 1 };
  const timeouts = { cycles: 1, onReadTimeout: () => {}, onWriteTimeout: () => {} };
  expect(() => new AddressMap([window, window], timeouts)).toThrow('twice');
});

test('the same sequence costs and reads the same, to the cycle', () => {
  const run = (): number[] => {
    const bench = createBench();
    const seen: number[] = [];
    bench.board.lines[0]?.send(new TextEncoder().encode('input'));
    bench.write(KN02BA_ADDRESS.slot0 + 0x10_0008, 3);
    bench.write(KN02BA_ADDRESS.rtc + 40, 0x26, 1);
    bench.write(KN02BA_ADDRESS.rtc + 44, 0x46, 1);
    for (let turn = 0; turn < 50; turn++) {
      bench.pass(777);
      seen.push(
        bench.read(KN02BA_ADDRESS.slot0 + 0x10_0000),
        bench.read(KN02BA_ADDRESS.rtc + 48),
        bench.clock.nextAt,
      );
    }
    return seen;
  };
  expect(run()).toEqual(run());
});
