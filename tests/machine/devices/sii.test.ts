import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  SCSI_PHASE,
  SII_COMMAND,
  SII_CONNECTION,
  SII_CSR,
  SII_PORT_ENABLE,
  SII_REGISTER,
  SII_TRANSFER,
} from '../../../src/machine/devices/index.js';
import { fields } from '../snapshot/fixture.js';
import { memoryDisk, SiiDriver, TIMING } from './sii-driver.js';

const INITIATOR = SII_COMMAND.connected;

function read10(sector: number, count: number): number[] {
  return [0x28, 0, 0, 0, sector >>> 8, sector & 0xff, 0, count >>> 8, count & 0xff, 0];
}

function inquiry(allocated: number): number[] {
  return [0x12, 0, 0, 0, allocated, 0];
}

function settled(disk = memoryDisk(64)): SiiDriver {
  const driver = new SiiDriver([disk]);
  driver.initialise();
  driver.settle(0);
  return driver;
}

test('bus reset: asserted for 25 us, latched until acknowledged; then UNIT ATTENTION', () => {
  const driver = settled();
  driver.command(SII_COMMAND.resetBus);
  expect(driver.isInterrupting).toBe(true);
  expect(driver.get(SII_REGISTER.command) & SII_COMMAND.resetBus).toBe(0);
  driver.set(SII_REGISTER.connection, 0xffff);
  expect(driver.connection & SII_CONNECTION.busReset).toBe(SII_CONNECTION.busReset);
  driver.pass(TIMING.busReset);
  expect(driver.connection).toBe(0);
  expect(driver.isInterrupting).toBe(false);
  driver.start(0, read10(0, 1), SCSI_PHASE.status);
  expect(driver.finish()).toBe(2);
});

test('a port that is not enabled drives nothing: no reset, no answer', () => {
  const driver = settled();
  driver.set(SII_REGISTER.diagnosis, 0);
  driver.command(SII_COMMAND.resetBus);
  expect(driver.connection).toBe(0);
  driver.command(SII_COMMAND.select);
  driver.pass(1_000_000);
  expect(driver.connection).toBe(SII_CONNECTION.selecting);
});

test('selection with IDENTIFY: connected after 10 us, the message a handshake later, then the command is asked for', () => {
  const driver = new SiiDriver([memoryDisk(64)]);
  driver.initialise();
  expect(driver.select(0)).toBe(TIMING.selection);
  expect(driver.connection & SII_CONNECTION.connected).toBe(SII_CONNECTION.connected);
  // Request, byte; request in another phase.
  expect(driver.until(() => (driver.transfer & SII_TRANSFER.done) !== 0)).toBe(2 * TIMING.handshake);
  expect(driver.mismatch(SCSI_PHASE.command)).toBe(TIMING.handshake);
  expect(driver.isInterrupting).toBe(true);
});

test('selection alone stops with the connection and a target that waits for a message', () => {
  const driver = new SiiDriver([memoryDisk(64)]);
  driver.initialise();
  driver.command(SII_COMMAND.select | SII_COMMAND.attention | INITIATOR | SCSI_PHASE.messageOut);
  driver.until(() => (driver.transfer & SII_TRANSFER.transmitEmpty) !== 0);
  expect(driver.transfer & 0x3f17).toBe(
    SII_TRANSFER.countZero | SII_TRANSFER.transmitEmpty | SCSI_PHASE.messageOut,
  );
  driver.putByte(0x80, true);
  driver.mismatch(SCSI_PHASE.command);
});

test('an absent target: selecting goes on, silently, until it is told to disconnect', () => {
  const driver = settled();
  driver.set(SII_REGISTER.selectId, 3);
  driver.command(SII_COMMAND.select | SII_COMMAND.attention | INITIATOR);
  driver.pass(16_670_000);
  expect(driver.connection).toBe(SII_CONNECTION.selecting);
  expect(driver.isInterrupting).toBe(false);
  driver.command(SII_COMMAND.disconnect);
  expect(driver.connection).toBe(0);
  driver.start(0, read10(0, 1), SCSI_PHASE.dataIn);
});

test('disconnect lets go of a target in the middle of a command', () => {
  const driver = settled();
  driver.start(0, read10(0, 4), SCSI_PHASE.dataIn);
  driver.startDma(SCSI_PHASE.dataIn, 0, 2048);
  driver.pass(700 * TIMING.dataByte);
  driver.command(SII_COMMAND.disconnect);
  expect(driver.connection & 0x3fff).toBe(SII_CONNECTION.stateChange);
  driver.set(SII_REGISTER.connection, SII_CONNECTION.stateChange);
  driver.pass(100_000);
  expect(driver.get(SII_REGISTER.count)).toBe(2048 - 512);
  expect(driver.isInterrupting).toBe(false);
  driver.start(0, read10(0, 1), SCSI_PHASE.dataIn);
});

test('interrupts need their enable; a chip reset forgets everything', () => {
  const driver = settled();
  driver.select(0);
  driver.mismatch(SCSI_PHASE.command);
  expect(driver.isInterrupting).toBe(true);
  driver.set(SII_REGISTER.csr, SII_CSR.arbitrate);
  expect(driver.isInterrupting).toBe(false);
  expect(driver.connection & SII_CONNECTION.transferInterrupt).not.toBe(0);
  driver.command(SII_COMMAND.resetChip);
  expect(driver.connection).toBe(0);
  expect(driver.transfer).toBe(SII_TRANSFER.countZero);
  for (const register of [SII_REGISTER.csr, SII_REGISTER.id, SII_REGISTER.data, SII_REGISTER.command])
    expect(driver.get(register)).toBe(0);
});

test('registers keep the bits they have, and take halves of a word', () => {
  const driver = new SiiDriver([]);
  const kept = {
    csr: 0x1f,
    id: 0x8007,
    selectId: 7,
    dmaControl: 3,
    count: 0x1fff,
    addressLow: 0xffff,
    addressHigh: 3,
    initialByte: 0xff,
    diagnosis: 0xf,
  } as const;
  for (const [name, bits] of Object.entries(kept)) {
    const register = SII_REGISTER[name as keyof typeof kept];
    driver.chip.write(register, 0xffff_ffff, 4);
    expect(driver.chip.read(register, 4), name).toBe(bits);
    driver.chip.write(register + 2, 0, 2);
    expect(driver.get(register), name).toBe(bits);
    driver.chip.write(register, 0, 1);
    expect(driver.get(register), name).toBe(bits & 0xff00);
  }
  driver.chip.write(SII_REGISTER.addressLow + 1, 0x12, 1);
  expect(driver.chip.read(SII_REGISTER.addressLow + 1, 1)).toBe(0x12);
});

test('data in by DMA: the count comes down to zero, the address registers stay, done at the last byte', () => {
  const disk = memoryDisk(64);
  const driver = settled(disk);
  driver.start(0, read10(5, 4), SCSI_PHASE.dataIn);
  driver.startDma(SCSI_PHASE.dataIn, 0x1_0000, 2048);
  expect(driver.transfer & SII_TRANSFER.countZero).toBe(0);
  driver.pass(1000 * TIMING.dataByte);
  expect(driver.get(SII_REGISTER.count)).toBe(2048 - 512);
  expect(driver.isInterrupting).toBe(false);
  expect(driver.done()).toBe(1048 * TIMING.dataByte);
  expect(driver.transfer & (SII_TRANSFER.countZero | SII_TRANSFER.oddByte)).toBe(SII_TRANSFER.countZero);
  expect(driver.get(SII_REGISTER.addressLow)).toBe(0);
  expect(driver.get(SII_REGISTER.addressHigh)).toBe(1);
  expect(driver.finish()).toBe(0);
  expect(driver.buffer.bytes.subarray(0x1_0000, 0x1_0800)).toEqual(disk.bytes.subarray(5 * 512, 9 * 512));
});

test('a count of 0 is 8192 bytes; the rest of the data waits for the next command', () => {
  const disk = memoryDisk(64);
  const driver = settled(disk);
  driver.start(0, read10(0, 20), SCSI_PHASE.dataIn);
  driver.startDma(SCSI_PHASE.dataIn, 0, 0);
  driver.pass(100 * 512);
  expect(driver.get(SII_REGISTER.count)).not.toBe(0);
  driver.done();
  driver.pass(100_000);
  // The target asks on in the phase that COMM names: no mismatch, nothing to serve.
  expect(driver.transfer & 0x3f17).toBe(SII_TRANSFER.countZero | SCSI_PHASE.dataIn);
  expect(driver.isInterrupting).toBe(false);
  driver.startDma(SCSI_PHASE.dataIn, 0x2000, 2048);
  driver.done();
  expect(driver.finish()).toBe(0);
  expect(driver.buffer.bytes.subarray(0, 20 * 512)).toEqual(disk.bytes.subarray(0, 20 * 512));
});

test('a target that sends less: mismatch without done, the count says how much is missing', () => {
  const driver = settled();
  driver.start(0, inquiry(36), SCSI_PHASE.dataIn);
  driver.startDma(SCSI_PHASE.dataIn, 0x100, 64);
  driver.mismatch(SCSI_PHASE.status);
  expect(driver.transfer & (SII_TRANSFER.done | SII_TRANSFER.countZero)).toBe(0);
  expect(driver.get(SII_REGISTER.count)).toBe(64 - 36);
  expect(driver.finish()).toBe(0);
  expect(String.fromCharCode(...driver.buffer.bytes.subarray(0x108, 0x124))).toBe(
    'EXOSTATNIMAGE DISK      1.0 ',
  );
});

test('data out by DMA reaches the disk', () => {
  const disk = memoryDisk(64);
  const driver = settled(disk);
  for (let index = 0; index < 1024; index++) driver.buffer.bytes[0x400 + index] = index ^ 0x5a;
  driver.start(0, [0x0a, 0, 0, 7, 2, 0], SCSI_PHASE.dataOut);
  driver.startDma(SCSI_PHASE.dataOut, 0x400, 1024);
  expect(driver.done()).toBe(1024 * TIMING.dataByte);
  expect(driver.finish()).toBe(0);
  expect(disk.bytes.subarray(7 * 512, 9 * 512)).toEqual(driver.buffer.bytes.subarray(0x400, 0x800));
});

test('an odd number of bytes: the last one is stored, and the byte beyond it is not touched', () => {
  const driver = settled();
  driver.buffer.bytes.fill(0xee);
  driver.start(0, inquiry(5), SCSI_PHASE.dataIn);
  driver.startDma(SCSI_PHASE.dataIn, 0x200, 5);
  driver.done();
  expect(driver.transfer & SII_TRANSFER.oddByte).toBe(SII_TRANSFER.oddByte);
  expect(driver.finish()).toBe(0);
  expect([...driver.buffer.bytes.subarray(0x200, 0x207)]).toEqual([0, 0, 2, 2, 31, 0xee, 0xee]);
});

test('input that stops half-way keeps its odd byte in the register, where the rest begins', () => {
  const driver = settled();
  driver.buffer.bytes.fill(0xee);
  driver.start(0, inquiry(7), SCSI_PHASE.dataIn);
  driver.startDma(SCSI_PHASE.dataIn, 0x200, 20);
  driver.mismatch(SCSI_PHASE.status);
  expect(driver.transfer & SII_TRANSFER.oddByte).toBe(SII_TRANSFER.oddByte);
  const oddByte = driver.get(SII_REGISTER.initialByte);
  expect([oddByte, driver.buffer.bytes[0x206]]).toEqual([0, 0xee]);
  driver.finish();
  // As after a reconnection: the rest goes to the odd address behind, with that byte put back.
  driver.start(0, inquiry(6), SCSI_PHASE.dataIn);
  driver.set(SII_REGISTER.initialByte, 0xab);
  driver.startDma(SCSI_PHASE.dataIn, 0x207, 6);
  driver.done();
  expect([...driver.buffer.bytes.subarray(0x204, 0x20e)]).toEqual([31, 0, 0xab, 0, 0, 2, 2, 31, 0, 0xee]);
  driver.finish();
});

test('output in odd pieces: the upper half of a halfword comes from the register', () => {
  const disk = memoryDisk(64);
  const driver = settled(disk);
  for (let index = 0; index < 512; index++) driver.buffer.bytes[index] = index * 3;
  driver.start(0, [0x0a, 0, 0, 9, 1, 0], SCSI_PHASE.dataOut);
  driver.startDma(SCSI_PHASE.dataOut, 0, 101);
  driver.done();
  expect(driver.get(SII_REGISTER.initialByte)).toBe((101 * 3) & 0xff);
  driver.startDma(SCSI_PHASE.dataOut, 101, 512 - 101);
  driver.done();
  expect(driver.finish()).toBe(0);
  expect(disk.bytes.subarray(9 * 512, 10 * 512)).toEqual(driver.buffer.bytes.subarray(0, 512));
});

test('data by programmed I/O, byte by byte', () => {
  const driver = settled();
  driver.start(0, inquiry(5), SCSI_PHASE.dataIn);
  const bytes = [0, 1, 2, 3, 4].map(() => driver.getByte(SCSI_PHASE.dataIn));
  expect(bytes).toEqual([0, 0, 2, 2, 31]);
  expect(driver.finish()).toBe(0);
});

test('a byte that waits in DATA is the first that DMA moves', () => {
  const driver = settled();
  driver.start(0, inquiry(5), SCSI_PHASE.dataIn);
  driver.command(INITIATOR | SCSI_PHASE.dataIn);
  expect(driver.transfer & SII_TRANSFER.inputFull).toBe(SII_TRANSFER.inputFull);
  driver.startDma(SCSI_PHASE.dataIn, 0x10, 5);
  driver.done();
  expect(driver.finish()).toBe(0);
  expect([...driver.buffer.bytes.subarray(0x10, 0x15)]).toEqual([0, 0, 2, 2, 31]);
});

test('a message is not acknowledged before the driver says so: ATN in between, and the target takes an answer', () => {
  const driver = settled();
  driver.start(0, read10(0, 1), SCSI_PHASE.dataIn);
  driver.startDma(SCSI_PHASE.dataIn, 0, 512);
  driver.done();
  driver.mismatch(SCSI_PHASE.status);
  driver.getByte(SCSI_PHASE.status);
  driver.mismatch(SCSI_PHASE.messageIn);
  driver.command(INITIATOR | SCSI_PHASE.messageIn);
  driver.pass(1_000_000);
  expect(driver.connection & SII_CONNECTION.connected).not.toBe(0);
  expect(driver.get(SII_REGISTER.data)).toBe(0);
});

test('synchronous negotiation: five bytes with ATN, the last without; the target rejects, the command goes on', () => {
  const driver = settled();
  driver.set(SII_REGISTER.selectId, 0);
  driver.command(SII_COMMAND.select | SII_COMMAND.attention | INITIATOR | SCSI_PHASE.messageOut);
  for (const [index, byte] of [0x80, 1, 3, 1, 50, 3].entries()) driver.putByte(byte, index === 5);
  driver.set(SII_REGISTER.connection, SII_CONNECTION.stateChange);
  driver.mismatch(SCSI_PHASE.messageIn);
  expect(driver.getByte(SCSI_PHASE.messageIn)).toBe(7);
  driver.mismatch(SCSI_PHASE.command);
  driver.buffer.bytes.fill(0, 0, 6);
  driver.startDma(SCSI_PHASE.command, 0, 6);
  driver.done();
  expect(driver.finish()).toBe(0);
});

test('message out by DMA: ATN falls before the last byte', () => {
  const driver = settled();
  driver.buffer.bytes.set([0x80, 1, 3, 1, 50, 3], 0x40);
  driver.set(SII_REGISTER.addressLow, 0x40);
  driver.set(SII_REGISTER.addressHigh, 0);
  driver.set(SII_REGISTER.count, 6);
  driver.set(SII_REGISTER.selectId, 0);
  const { dma, transfer, select, attention } = SII_COMMAND;
  driver.command(dma | transfer | select | attention | INITIATOR | SCSI_PHASE.messageOut);
  driver.done();
  driver.mismatch(SCSI_PHASE.messageIn);
  expect(driver.getByte(SCSI_PHASE.messageIn)).toBe(7);
  driver.mismatch(SCSI_PHASE.command);
});

test('the abort message frees the bus', () => {
  const driver = settled();
  driver.start(0, read10(0, 1), SCSI_PHASE.dataIn);
  driver.startDma(SCSI_PHASE.dataIn, 0, 512);
  driver.done();
  driver.set(SII_REGISTER.data, 6);
  driver.command(INITIATOR | SII_COMMAND.attention | SCSI_PHASE.status);
  driver.until(() => (driver.transfer & SII_TRANSFER.inputFull) !== 0);
  driver.command(INITIATOR | SII_COMMAND.attention | SII_COMMAND.transfer | SCSI_PHASE.status);
  driver.done();
  driver.mismatch(SCSI_PHASE.messageIn);
  driver.command(INITIATOR | SII_COMMAND.attention | SII_COMMAND.transfer | SCSI_PHASE.messageIn);
  driver.done();
  driver.until(() => (driver.connection & SII_CONNECTION.stateChange) !== 0);
  expect(driver.connection & SII_CONNECTION.connected).toBe(0);
});

test('the buffer: sixteen bits to a word, upper halves and byte lanes', () => {
  const { buffer } = new SiiDriver([]);
  buffer.write(0, 0xabcd_1234, 4);
  buffer.write(4, 0x5678, 2);
  buffer.write(6, 0xffff, 2);
  buffer.write(9, 0x9a, 1);
  expect([...buffer.bytes.subarray(0, 6)]).toEqual([0x34, 0x12, 0x78, 0x56, 0, 0x9a]);
  expect(buffer.read(0, 4)).toBe(0x1234);
  expect(buffer.read(2, 2)).toBe(0);
  expect(buffer.read(5, 1)).toBe(0x56);
  buffer.write(0x3_fffc, 0xbeef, 2);
  expect([...buffer.bytes.subarray(0x1_fffe)]).toEqual([0xef, 0xbe]);
});

test('any buffer address, any cut into pieces: what arrives is what the disk holds, nothing beside it', () => {
  const disk = memoryDisk(64);
  const driver = settled(disk);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0x1_8000 }),
      fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 4 }),
      (address, pieces) => {
        const total = pieces.reduce((sum, piece) => sum + piece, 0);
        const sectors = Math.ceil(total / 512);
        driver.start(0, read10(2, sectors), SCSI_PHASE.dataIn);
        driver.buffer.bytes.fill(0xee);
        driver.set(SII_REGISTER.initialByte, 0xee);
        let at = address;
        for (const piece of [...pieces, sectors * 512 - total]) {
          if (piece === 0) continue;
          driver.startDma(SCSI_PHASE.dataIn, at, piece);
          driver.done();
          at += piece;
        }
        expect(driver.finish()).toBe(0);
        const from = disk.bytes.subarray(2 * 512, (2 + sectors) * 512);
        expect(Buffer.compare(driver.buffer.bytes.subarray(address, at), from)).toBe(0);
        expect(driver.buffer.bytes.subarray(0, address).every((byte) => byte === 0xee)).toBe(true);
        expect(driver.buffer.bytes.subarray(at).every((byte) => byte === 0xee)).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

test('saved and restored at any cycle of a read, a twin ends alike, to the cycle', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300_000 }), (cycles) => {
      const driver = settled();
      driver.start(0, read10(11, 3), SCSI_PHASE.dataIn);
      driver.startDma(SCSI_PHASE.dataIn, 0x33, 1537);
      driver.pass(cycles % (1700 * TIMING.dataByte));
      const twin = new SiiDriver([memoryDisk(64)]);
      twin.restore(structuredClone(driver.snapshot()));
      for (const each of [driver, twin]) {
        if ((each.transfer & SII_TRANSFER.done) === 0) each.mismatch(SCSI_PHASE.status);
        each.finish();
      }
      expect(fields(twin.snapshot())).toEqual(fields(driver.snapshot()));
    }),
    { numRuns: 25 },
  );
});

test('the port enable bit is the only one of its register that matters', () => {
  const driver = settled();
  driver.set(SII_REGISTER.diagnosis, 0xf);
  driver.start(0, read10(0, 1), SCSI_PHASE.dataIn);
  expect(driver.get(SII_REGISTER.diagnosis) & SII_PORT_ENABLE).toBe(SII_PORT_ENABLE);
});
