import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KN02BA_ADDRESS } from '../../../src/machine/boards/index.js';
import { ASC_INTERRUPT, ASC_STATUS, encodeDmaPointer, SIR, SSR } from '../../../src/machine/devices/index.js';
import type { BlockDevice } from '../../../src/machine/machine-types.js';
import { fields } from '../snapshot/fixture.js';
import { type Bench, createBench } from './fixture.js';

const IOASIC = KN02BA_ADDRESS.ioasic;
const REGISTER = {
  dmaPointer: 0x0,
  nextPointer: 0x10,
  support: 0x100,
  interrupt: 0x110,
  mask: 0x120,
  control: 0x1b0,
  data0: 0x1c0,
  data1: 0x1d0,
};
const LIMIT_CYCLES = 25_000_000;

function memoryDisk(sectorCount: number, isReadOnly = false): BlockDevice & { bytes: Uint8Array } {
  const bytes = new Uint8Array(sectorCount * 512).map((_, index) => (index * 7 + (index >>> 9)) & 0xff);
  return {
    bytes,
    sectorCount,
    isReadOnly,
    read: (sector, into) => into.set(bytes.subarray(sector * 512, sector * 512 + into.length)),
    write: (sector, data) => bytes.set(data, sector * 512),
  };
}

/** The register-level part of a driver, as NetBSD's works. */
class Driver {
  readonly bench: Bench;

  constructor(bench: Bench) {
    this.bench = bench;
    this.set(3, 0x02);
    this.set(3, 0x00);
    this.set(8, 0x47);
    this.set(9, 5);
    this.set(5, 153);
  }

  get(register: number): number {
    return this.bench.read(KN02BA_ADDRESS.scsi + 4 * register) & 0xff;
  }

  set(register: number, value: number): void {
    this.bench.write(KN02BA_ADDRESS.scsi + 4 * register, value);
  }

  asic(offset: number): number {
    return this.bench.read(IOASIC + offset);
  }

  setAsic(offset: number, value: number): void {
    this.bench.write(IOASIC + offset, value);
  }

  /** Waits for the interrupt; returns status and interrupt registers. */
  wait(): { phase: number; status: number; interrupt: number } {
    expect(this.bench.until(() => (this.asic(REGISTER.interrupt) & SIR.scsi) !== 0, LIMIT_CYCLES)).toBe(true);
    const status = this.get(4);
    return { phase: status & 7, status, interrupt: this.get(5) };
  }

  select(id: number, command: readonly number[]): ReturnType<Driver['wait']> {
    this.set(3, 0x01);
    this.set(4, id);
    this.set(2, 0x80);
    for (const byte of command) this.set(2, byte);
    this.set(3, 0x42);
    return this.wait();
  }

  startDma(isInput: boolean, address: number, bytes: number, next = 0xffff_ffff, held = 0): void {
    const support = this.asic(REGISTER.support) & ~(SSR.scsiDmaEnable | SSR.scsiDirection);
    this.setAsic(REGISTER.support, support);
    this.setAsic(REGISTER.dmaPointer, encodeDmaPointer(address));
    this.setAsic(REGISTER.nextPointer, next === 0xffff_ffff ? next : encodeDmaPointer(next));
    this.setAsic(REGISTER.control, held);
    this.setAsic(REGISTER.support, support | SSR.scsiDmaEnable | (isInput ? SSR.scsiDirection : 0));
    this.set(0, bytes & 0xff);
    this.set(1, bytes >>> 8);
    this.set(3, 0x90);
  }

  /** From the status phase to bus free; returns the status byte. */
  finish(): number {
    this.set(3, 0x01);
    this.set(3, 0x11);
    expect(this.wait()).toMatchObject({ phase: 7, interrupt: ASC_INTERRUPT.functionComplete });
    const status = this.get(2);
    expect(this.get(2)).toBe(0);
    this.set(3, 0x12);
    expect(this.wait().interrupt).toBe(ASC_INTERRUPT.disconnected);
    return status;
  }

  /** TEST UNIT READY until the power-on condition is gone. */
  settle(id: number): void {
    this.select(id, [0, 0, 0, 0, 0, 0]);
    expect(this.finish()).toBe(2);
    this.select(id, [0, 0, 0, 0, 0, 0]);
    expect(this.finish()).toBe(0);
  }

  /** One command whose answer is taken by DMA to a page-aligned address, residue included. */
  ask(id: number, command: readonly number[], bytes: number): number[] {
    expect(this.select(id, command).phase).toBe(1);
    this.startDma(true, 0x4000, bytes);
    this.wait();
    const held = this.asic(REGISTER.control) & 3;
    const at = (this.asic(REGISTER.dmaPointer) >>> 3) & 0x1fff_fffc;
    for (let index = 0; index < held * 2; index++) {
      const data = this.asic(index < 4 ? REGISTER.data0 : REGISTER.data1);
      this.bench.ram[at + index] = data >>> ((index & 3) * 8);
    }
    expect(this.finish()).toBe(0);
    return [...this.bench.ram.subarray(0x4000, 0x4000 + bytes)];
  }
}

function read10(sector: number, count: number): number[] {
  return [0x28, 0, 0, 0, sector >>> 8, sector & 0xff, 0, count >>> 8, count & 0xff, 0];
}

test('an empty id times out: disconnected, step 0, after the programmed time', () => {
  const driver = new Driver(createBench({ disks: [memoryDisk(64)] }));
  const start = driver.bench.clock.now;
  const answer = driver.select(3, [0, 0, 0, 0, 0, 0]);
  expect(answer.interrupt).toBe(ASC_INTERRUPT.disconnected);
  expect(driver.get(6)).toBe(0);
  expect(driver.bench.clock.now - start).toBe(153 * 5 * 8192);
});

test('two pages by DMA: the pointer reloads at the page end and SIR 19 is latched', () => {
  const disk = memoryDisk(64);
  const driver = new Driver(createBench({ disks: [disk] }));
  driver.settle(0);
  driver.setAsic(REGISTER.mask, SIR.scsi | SIR.scsiPointerLoaded);
  const selected = driver.select(0, read10(8, 16));
  expect(selected).toMatchObject({
    phase: 1,
    interrupt: ASC_INTERRUPT.functionComplete | ASC_INTERRUPT.busService,
  });
  driver.startDma(true, 0x10000, 8192, 0x30000);
  const { bench } = driver;
  expect(
    bench.until(() => (driver.asic(REGISTER.interrupt) & SIR.scsiPointerLoaded) !== 0, LIMIT_CYCLES),
  ).toBe(true);
  expect(bench.interrupts() & 0x20).toBe(0x20);
  expect(driver.asic(REGISTER.nextPointer)).toBe(0xffff_ffff);
  // Writing 1 keeps a latched event, writing 0 clears it.
  driver.setAsic(REGISTER.interrupt, 0xffff_ffff);
  expect(driver.asic(REGISTER.interrupt) & SIR.scsiPointerLoaded).not.toBe(0);
  driver.setAsic(REGISTER.interrupt, ~SIR.scsiPointerLoaded >>> 0);
  expect(driver.asic(REGISTER.interrupt) & SIR.scsiPointerLoaded).toBe(0);
  const done = driver.wait();
  expect(done).toMatchObject({ phase: 3, interrupt: ASC_INTERRUPT.busService });
  expect(done.status & ASC_STATUS.countZero).toBe(ASC_STATUS.countZero);
  expect(driver.asic(REGISTER.interrupt) & SIR.scsiOverrun).toBe(0);
  expect(driver.finish()).toBe(0);
  expect(bench.ram.subarray(0x10000, 0x11000)).toEqual(disk.bytes.subarray(8 * 512, 16 * 512));
  expect(bench.ram.subarray(0x30000, 0x31000)).toEqual(disk.bytes.subarray(16 * 512, 24 * 512));
  expect(bench.stolenCycles()).toBeGreaterThan(0);
});

test('the pointer is not reloaded while SIR 19 is pending: a third page waits for the handler', () => {
  const disk = memoryDisk(64);
  const driver = new Driver(createBench({ disks: [disk] }));
  driver.settle(0);
  driver.select(0, read10(0, 24));
  driver.startDma(true, 0x10000, 3 * 4096, 0x20000);
  driver.bench.pass(1_000_000);
  expect(driver.get(4) & ASC_STATUS.interrupt).toBe(0);
  expect(driver.asic(REGISTER.interrupt) & SIR.scsiRequest).not.toBe(0);
  driver.setAsic(REGISTER.nextPointer, encodeDmaPointer(0x30000));
  driver.setAsic(REGISTER.interrupt, 0);
  expect(driver.wait().phase).toBe(3);
  expect(driver.finish()).toBe(0);
  expect(driver.bench.ram.subarray(0x30000, 0x31000)).toEqual(disk.bytes.subarray(16 * 512, 24 * 512));
});

test('more data than pages: SIR 18 and no byte beyond', () => {
  const driver = new Driver(createBench({ disks: [memoryDisk(64)] }));
  driver.settle(0);
  driver.select(0, read10(0, 16));
  driver.startDma(true, 0x10000, 8192);
  driver.bench.pass(1_000_000);
  expect(driver.asic(REGISTER.interrupt) & SIR.scsiOverrun).not.toBe(0);
  expect(driver.get(4) & ASC_STATUS.interrupt).toBe(0);
  expect(driver.bench.ram.subarray(0x11000, 0x12000).every((byte) => byte === 0)).toBe(true);
});

test('INQUIRY: 36 bytes are four units and two halfwords left in SDR0', () => {
  const driver = new Driver(createBench({ disks: [memoryDisk(64)] }));
  const answer = driver.ask(0, [0x12, 0, 0, 0, 36, 0], 36);
  expect(driver.asic(REGISTER.control)).toBe(2);
  expect(answer.slice(0, 5)).toEqual([0, 0, 2, 2, 31]);
  expect(String.fromCharCode(...answer.slice(8, 36))).toBe('EXOSTATNIMAGE DISK      1.0 ');
});

test('the first command after a bus reset reports UNIT ATTENTION, REQUEST SENSE says why', () => {
  const driver = new Driver(createBench({ disks: [memoryDisk(64)] }));
  driver.settle(0);
  driver.set(8, 0x07);
  driver.set(3, 0x03);
  expect(driver.wait().interrupt).toBe(ASC_INTERRUPT.busReset);
  expect(driver.select(0, read10(0, 1)).phase).toBe(3);
  expect(driver.finish()).toBe(2);
  const sense = driver.ask(0, [0x03, 0, 0, 0, 18, 0], 18);
  expect([sense[0], sense[2], sense[12]]).toEqual([0x70, 6, 0x29]);
});

test('READ CAPACITY, and addresses beyond it', () => {
  const driver = new Driver(createBench({ disks: [memoryDisk(64), memoryDisk(100)] }));
  driver.settle(1);
  expect(driver.ask(1, [0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0], 8)).toEqual([0, 0, 0, 99, 0, 0, 2, 0]);
  expect(driver.select(1, read10(99, 2)).phase).toBe(3);
  expect(driver.finish()).toBe(2);
  expect(driver.ask(1, [0x03, 0, 0, 0, 18, 0], 18)[12]).toBe(0x21);
});

test('WRITE(6) from an unaligned address: the driver preloads SDR and SCR', () => {
  const disk = memoryDisk(64);
  const driver = new Driver(createBench({ disks: [disk] }));
  driver.settle(0);
  const { ram } = driver.bench;
  for (let index = 0; index < 1024; index++) ram[0x8002 + index] = index ^ 0x5a;
  expect(driver.select(0, [0x0a, 0, 0, 5, 2, 0]).phase).toBe(0);
  const word = (at: number): number =>
    ((ram[at] as number) |
      ((ram[at + 1] as number) << 8) |
      ((ram[at + 2] as number) << 16) |
      ((ram[at + 3] as number) << 24)) >>>
    0;
  driver.setAsic(REGISTER.data0, word(0x8000));
  driver.setAsic(REGISTER.data1, word(0x8004));
  driver.startDma(false, 0x8008, 1024, 0xffff_ffff, 1 | 4);
  expect(driver.wait().phase).toBe(3);
  expect(driver.finish()).toBe(0);
  expect(disk.bytes.subarray(5 * 512, 7 * 512)).toEqual(ram.subarray(0x8002, 0x8402));
});

test('a read-only disk refuses writes with DATA PROTECT', () => {
  const driver = new Driver(createBench({ disks: [memoryDisk(64, true)] }));
  driver.settle(0);
  expect(driver.select(0, [0x0a, 0, 0, 5, 1, 0]).phase).toBe(3);
  expect(driver.finish()).toBe(2);
  expect(driver.ask(0, [0x03, 0, 0, 0, 18, 0], 18)[2]).toBe(7);
});

test('synchronous negotiation by SELECT WITH ATN AND STOP is rejected, the command goes on', () => {
  const driver = new Driver(createBench({ disks: [memoryDisk(64)] }));
  driver.settle(0);
  driver.set(4, 0);
  driver.set(2, 0x80);
  driver.set(3, 0x43);
  expect(driver.wait().phase).toBe(6);
  for (const byte of [1, 3, 1, 50, 15]) driver.set(2, byte);
  driver.set(3, 0x10);
  expect(driver.wait()).toMatchObject({ phase: 7, interrupt: ASC_INTERRUPT.busService });
  driver.set(3, 0x10);
  expect(driver.wait().interrupt).toBe(ASC_INTERRUPT.functionComplete);
  expect(driver.get(2)).toBe(7);
  driver.set(3, 0x12);
  expect(driver.wait()).toMatchObject({ phase: 2, interrupt: ASC_INTERRUPT.busService });
  for (let count = 0; count < 6; count++) driver.set(2, 0);
  driver.set(3, 0x10);
  expect(driver.wait().phase).toBe(3);
  expect(driver.finish()).toBe(0);
});

test('sequential reads come from the read-ahead buffer, far ones wait for the arm', () => {
  const driver = new Driver(createBench({ disks: [memoryDisk(4000)] }));
  driver.settle(0);
  const cycles = (sector: number): number => {
    const start = driver.bench.clock.now;
    driver.select(0, read10(sector, 8));
    driver.startDma(true, 0x10000, 4096);
    driver.wait();
    driver.finish();
    driver.setAsic(REGISTER.interrupt, 0);
    return driver.bench.clock.now - start;
  };
  cycles(0);
  const sequential = cycles(8);
  const far = cycles(3000);
  expect(sequential).toBeLessThan(4096 * 10 + 25_000);
  expect(far).toBeGreaterThan(sequential + 200_000);
});

test('any even address and length, across any page ends: what DMA moves and the driver completes is what the disk holds', () => {
  const disk = memoryDisk(64);
  const bench = createBench({ disks: [disk] });
  const driver = new Driver(bench);
  driver.settle(0);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2047 }).map((half) => 0x1_0000 + half * 2),
      fc.integer({ min: 1, max: 16 }),
      (address, sectors) => {
        bench.ram.fill(0xee, 0xf000, 0x1_4000);
        const bytes = Math.min(sectors * 512, 2 * 4096 - (address & 0xfff));
        driver.select(0, read10(3, sectors));
        // As a driver does for an unaligned start: what precedes it in its unit goes into SDR0 and SDR1.
        for (const register of [REGISTER.data0, REGISTER.data1]) driver.setAsic(register, 0xeeee_eeee);
        driver.startDma(true, address & ~7, bytes, (address & ~0xfff) + 0x1000, (address & 7) >>> 1);
        driver.wait();
        const held = driver.asic(REGISTER.control) & 3;
        const at = (driver.asic(REGISTER.dmaPointer) >>> 3) & 0x1fff_fffc;
        for (let index = 0; index < held * 2; index++) {
          const data = driver.asic(index < 4 ? REGISTER.data0 : REGISTER.data1);
          bench.ram[at + index] = data >>> ((index & 3) * 8);
        }
        // The rest of the command, if two pages did not hold it.
        while ((driver.get(4) & 7) === 1) {
          driver.set(0, 0);
          driver.set(1, 16);
          driver.set(3, 0x98);
          driver.wait();
        }
        driver.setAsic(REGISTER.interrupt, 0);
        expect(driver.finish()).toBe(0);
        expect(bench.ram.subarray(address, address + bytes)).toEqual(
          disk.bytes.subarray(3 * 512, 3 * 512 + bytes),
        );
        expect(bench.ram.subarray(0xf000, address).every((byte) => byte === 0xee)).toBe(true);
        expect(bench.ram.subarray(address + bytes, 0x1_4000).every((byte) => byte === 0xee)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test('an id that changes under a selection, or a target let go under a command, ends in a disconnect', () => {
  const driver = new Driver(createBench({ disks: [memoryDisk(8)] }));
  driver.set(3, 0x01);
  driver.set(4, 0);
  driver.set(2, 0x80);
  driver.set(3, 0x42);
  driver.set(4, 5);
  expect(driver.wait().interrupt).toBe(ASC_INTERRUPT.disconnected);
  // A transfer is under way when a bus reset that nobody is told of takes the target away.
  driver.select(0, [0x12, 0, 0, 0, 36, 0]);
  driver.set(8, 0x40 | 7);
  driver.set(3, 0x10);
  driver.set(3, 0x03);
  driver.bench.pass(1_000_000);
  expect(driver.get(5)).toBe(0);
  // It answers as before.
  driver.set(8, 7);
  expect(driver.select(0, [0x00, 0, 0, 0, 0, 0]).phase).toBe(3);
});

test('a transfer either way goes on in another machine, from its state at any moment, and ends the same', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.nat({ max: 900_000 }), (isInput, cycles) => {
      const [disk, copy] = [memoryDisk(64), memoryDisk(64)];
      const first = new Driver(createBench({ disks: [disk] }));
      const second = new Driver(createBench({ disks: [copy] }));
      first.settle(0);
      const { bench } = first;
      for (let at = 0; at < 4096; at++) bench.ram[0x4000 + at] = (at * 13 + (at >>> 8)) & 0xff;
      const command = isInput ? read10(3, 8) : [0x2a, 0, 0, 0, 0, 3, 0, 0, 8, 0];
      expect(first.select(0, command).phase).toBe(isInput ? 1 : 0);
      first.startDma(isInput, 0x4000, 4096);
      bench.pass(cycles);
      second.bench.clock.restore(bench.clock.snapshot());
      second.bench.board.restore(bench.board.snapshot());
      second.bench.ram.set(bench.ram);
      copy.bytes.set(disk.bytes);
      const ends = [first, second].map((driver) => [
        driver.wait(),
        driver.finish(),
        driver.bench.clock.now,
        fields(driver.bench.board.snapshot()),
      ]);
      expect(ends[1]).toEqual(ends[0]);
      expect(Buffer.compare(copy.bytes, disk.bytes)).toBe(0);
      expect(Buffer.compare(second.bench.ram, bench.ram)).toBe(0);
      const moved = disk.bytes.subarray(3 * 512, 11 * 512);
      expect(Buffer.compare(moved, bench.ram.subarray(0x4000, 0x5000))).toBe(0);
    }),
    { numRuns: 25, seed: 1 },
  );
});
