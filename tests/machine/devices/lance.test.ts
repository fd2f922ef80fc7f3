/** The LANCE from a driver's side: coming up, rings, chains, filters, errors, and how long things take. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KN02BA_ADDRESS } from '../../../src/machine/boards/index.js';
import {
  CSR0,
  encodeDmaPointer,
  IOASIC_REGISTER,
  LANCE_MODE,
  LANCE_STATUS,
  LANCE_TRANSMIT_ERROR,
  SIR,
} from '../../../src/machine/devices/index.js';
import { createBench } from './fixture.js';
import { type DriverOptions, frameOf, LanceDriver, STATION } from './lance-driver.js';

const BROADCAST = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
const FRAME_LIMIT_CYCLES = 50_000;
const WHOLE = LANCE_STATUS.first | LANCE_STATUS.last;

function opened(options: DriverOptions = {}): LanceDriver {
  const driver = new LanceDriver(createBench(), options);
  driver.open();
  return driver;
}

function sir(driver: LanceDriver): number {
  return driver.bench.read(KN02BA_ADDRESS.ioasic + IOASIC_REGISTER.interrupt);
}

/** Sends one frame to the guest and returns what its driver finds, undefined when nothing came. */
function receiveOne(driver: LanceDriver, frame: Uint8Array): Uint8Array | undefined {
  driver.bench.board.network.send(frame);
  driver.bench.pass(FRAME_LIMIT_CYCLES);
  return driver.receive();
}

describe('coming up', () => {
  test('IDON comes with an interrupt, then both engines are on', () => {
    const driver = opened();
    expect(driver.status).toBe(CSR0.init | CSR0.start | CSR0.enable | CSR0.receiverOn | CSR0.transmitterOn);
    expect(sir(driver) & SIR.lance).toBe(0);
    driver.bench.board.network.send(frameOf(60));
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.status & (CSR0.received | CSR0.interrupt)).toBe(CSR0.received | CSR0.interrupt);
    expect(sir(driver) & SIR.lance).toBe(SIR.lance);
    driver.status = CSR0.received;
    expect(sir(driver) & SIR.lance).toBe(0);
    expect(driver.status & CSR0.enable).toBe(0);
  });

  test('STOP ends everything; registers 1 to 3 are open only then, and STOP clears 3', () => {
    const driver = opened();
    driver.setRegister(1, 0x1234);
    driver.status = CSR0.stop;
    expect(driver.status).toBe(CSR0.stop);
    driver.setRegister(1, 0x5678);
    expect(driver.bench.read(KN02BA_ADDRESS.lance, 2)).toBe(0x5678);
    driver.setRegister(3, 7);
    driver.status = CSR0.stop | CSR0.init | CSR0.start;
    expect(driver.status).toBe(CSR0.stop);
    driver.bench.write(KN02BA_ADDRESS.lance + 4, 3);
    expect(driver.bench.read(KN02BA_ADDRESS.lance, 2)).toBe(0);
    driver.bench.board.network.send(frameOf(60));
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.bench.board.network.pendingCount).toBe(0);
    expect(driver.status).toBe(CSR0.stop);
  });

  test('INIT and STRT together: the rings run after IDON', () => {
    const driver = new LanceDriver(createBench());
    driver.prepare();
    driver.bench.write(KN02BA_ADDRESS.ioasic + IOASIC_REGISTER.lanceDmaPointer, encodeDmaPointer(0x2_0000));
    driver.setDma(true);
    driver.status = CSR0.init | CSR0.start | CSR0.enable;
    expect(driver.status & (CSR0.stop | CSR0.receiverOn)).toBe(0);
    driver.bench.pass(1000);
    expect(driver.status & CSR0.initialised).toBe(CSR0.initialised);
    expect(receiveOne(driver, frameOf(100))).toEqual(frameOf(100));
  });

  test('without DMA enabled, INIT ends in a memory error after 25.6 us', () => {
    const driver = new LanceDriver(createBench());
    driver.prepare();
    driver.status = CSR0.init | CSR0.enable;
    driver.bench.pass(2000);
    expect(driver.status & (CSR0.memoryError | CSR0.error | CSR0.initialised)).toBe(
      CSR0.memoryError | CSR0.error,
    );
    expect(sir(driver) & (SIR.lance | SIR.lanceMemoryError)).toBe(SIR.lance);
  });

  test('memory that is not there: MERR, and the IOASIC says why', () => {
    const driver = opened();
    driver.bench.write(KN02BA_ADDRESS.ioasic + IOASIC_REGISTER.lanceDmaPointer, encodeDmaPointer(0x400_0000));
    driver.send(frameOf(60));
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.status & (CSR0.memoryError | CSR0.receiverOn | CSR0.transmitterOn)).toBe(CSR0.memoryError);
    expect(sir(driver) & SIR.lanceMemoryError).toBe(SIR.lanceMemoryError);
    driver.open();
    expect(receiveOne(driver, frameOf(60))).toEqual(frameOf(60));
  });
});

describe('receiving', () => {
  test('length counts the check sequence, short frames are padded, the gaps stay untouched', () => {
    const driver = opened();
    const { ram } = driver.bench;
    const first = 0x2_0000 + driver.receiveBuffer(0) * 2;
    ram.fill(0xee, first, first + 256);
    driver.bench.board.network.send(frameOf(42));
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.receiveStatus(0)).toBe(WHOLE);
    expect(driver.receiveLength(0)).toBe(64);
    expect(driver.data(driver.receiveBuffer(0), 42)).toEqual(frameOf(42));
    expect([...driver.data(driver.receiveBuffer(0) + 42, 18)]).toEqual(Array(18).fill(0));
    for (let gap = 0; gap < 4; gap++) {
      expect([...ram.subarray(first + gap * 32 + 16, first + gap * 32 + 32)]).toEqual(Array(16).fill(0xee));
    }
  });

  test('the check sequence is that of Ethernet', () => {
    const driver = opened();
    const frame = new Uint8Array(60);
    frame.set(STATION);
    driver.bench.board.network.send(frame);
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    // CRC-32 of 08002b125001 and 54 zeros, least significant byte first.
    let crc = 0xffff_ffff;
    for (const byte of frame) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
    }
    const wanted = [0, 8, 16, 24].map((shift) => (~crc >>> shift) & 0xff);
    expect([...driver.data(driver.receiveBuffer(0) + 60, 4)]).toEqual(wanted);
  });

  test('ring wraps', () => {
    const driver = opened({ receiveLog: 1 });
    for (let count = 0; count < 7; count++) {
      const frame = frameOf(60 + count, STATION, count);
      expect(receiveOne(driver, frame)).toEqual(frame);
    }
  });

  test('a frame longer than its buffer goes on in the next', () => {
    const driver = opened({ bufferBytes: 64 });
    const frame = frameOf(160);
    driver.bench.board.network.send(frame);
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect([0, 1, 2].map((index) => driver.receiveStatus(index))).toEqual([
      LANCE_STATUS.first,
      0,
      LANCE_STATUS.last,
    ]);
    expect(driver.receiveLength(2)).toBe(164);
    expect(driver.receive()).toEqual(frame);
  });

  test('no buffer for the rest: BUFF, and the next frame begins anew', () => {
    const driver = opened({ bufferBytes: 64 });
    driver.setWord(0x20 + 8 + 2, 0);
    driver.bench.board.network.send(frameOf(160));
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.receiveStatus(0)).toBe(LANCE_STATUS.error | LANCE_STATUS.bufferError | LANCE_STATUS.first);
    expect(driver.status & CSR0.received).toBe(CSR0.received);
    driver.offer(1);
    driver.bench.board.network.send(frameOf(60));
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.receiveStatus(1)).toBe(WHOLE);
    expect(driver.data(driver.receiveBuffer(1), 60)).toEqual(frameOf(60));
  });

  test('without any buffer the frame is missed', () => {
    const driver = opened({ receiveLog: 0 });
    driver.bench.board.network.send(frameOf(60));
    driver.bench.board.network.send(frameOf(61));
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.status & (CSR0.missed | CSR0.error | CSR0.received)).toBe(
      CSR0.missed | CSR0.error | CSR0.received,
    );
    expect(driver.receive()).toEqual(frameOf(60));
    driver.status = CSR0.missed | CSR0.enable;
    expect(driver.status & (CSR0.missed | CSR0.error)).toBe(0);
    expect(receiveOne(driver, frameOf(62))).toEqual(frameOf(62));
  });

  test('addresses: own, broadcast, hashed multicast, promiscuous', () => {
    const other = [0x08, 0x00, 0x2b, 0x12, 0x50, 0x02];
    const allHosts = [0x01, 0x00, 0x5e, 0x00, 0x00, 0x01];
    const plain = opened();
    expect(receiveOne(plain, frameOf(60, other))).toBeUndefined();
    expect(receiveOne(plain, frameOf(60, allHosts))).toBeUndefined();
    expect(receiveOne(plain, frameOf(60, BROADCAST))).toEqual(frameOf(60, BROADCAST));
    expect(plain.status & CSR0.missed).toBe(0);
    // The upper six bits of the CRC, as Linux's ether_crc_le() >> 26 has it.
    let crc = 0xffff_ffff;
    for (const byte of allHosts) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
    }
    const hash = crc >>> 26;
    const filter = [0, 0, 0, 0];
    filter[hash >> 4] = 1 << (hash & 15);
    const listening = opened({ filter });
    expect(receiveOne(listening, frameOf(60, allHosts))).toEqual(frameOf(60, allHosts));
    expect(receiveOne(listening, frameOf(60, other))).toBeUndefined();
    const curious = opened({ mode: LANCE_MODE.promiscuous });
    expect(receiveOne(curious, frameOf(60, other))).toEqual(frameOf(60, other));
    expect(receiveOne(curious, frameOf(60, allHosts))).toEqual(frameOf(60, allHosts));
  });

  test('a receiver that is off hears nothing', () => {
    const driver = opened({ mode: LANCE_MODE.receiverOff });
    expect(driver.status & (CSR0.receiverOn | CSR0.transmitterOn)).toBe(CSR0.transmitterOn);
    expect(receiveOne(driver, frameOf(60))).toBeUndefined();
  });
});

describe('transmitting', () => {
  test('the frame arrives without check sequence, its descriptor comes back, TINT', () => {
    const driver = opened();
    const index = driver.send(frameOf(100, BROADCAST));
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.sent).toEqual([frameOf(100, BROADCAST)]);
    expect(driver.transmitStatus(index)).toBe(WHOLE);
    expect(driver.status & (CSR0.transmitted | CSR0.error)).toBe(CSR0.transmitted);
  });

  test('frames go without demand when the chip looks by itself, every 1.6 ms', () => {
    const driver = opened();
    driver.bench.pass(1000);
    driver.place(frameOf(60), WHOLE);
    driver.bench.pass(30_000);
    expect(driver.sent).toEqual([]);
    driver.bench.pass(15_000);
    expect(driver.sent).toEqual([frameOf(60)]);
  });

  test('ring wraps, in order; a ring full of frames takes the wire time of its bytes', () => {
    const driver = opened();
    const frames = Array.from({ length: 4 }, (_, index) => frameOf(1000 + index, BROADCAST, index));
    for (let round = 0; round < 3; round++) {
      const start = driver.bench.clock.now;
      for (const frame of frames) driver.place(frame, WHOLE);
      driver.demand();
      driver.bench.until(() => driver.sent.length === 4 * (round + 1), 200_000);
      const bytes = frames.reduce((sum, frame) => sum + frame.length + 4 + 8, 0) + 3 * 12;
      const took = driver.bench.clock.now - start;
      expect(took).toBeGreaterThanOrEqual(bytes * 20);
      expect(took).toBeLessThan(bytes * 20 + 100);
      driver.bench.pass(1000);
    }
    expect(driver.sent).toEqual([...frames, ...frames, ...frames]);
  });

  test('a frame gathered from several buffers', () => {
    const driver = opened();
    const frame = frameOf(333, BROADCAST);
    driver.place(frame.subarray(0, 101), LANCE_STATUS.first);
    driver.place(frame.subarray(101, 201), 0);
    driver.place(frame.subarray(201), LANCE_STATUS.last);
    driver.demand();
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.sent).toEqual([frame]);
    expect([0, 1, 2].map((index) => driver.transmitStatus(index) & LANCE_STATUS.own)).toEqual([0, 0, 0]);
  });

  test('a chain without an end is an underflow and turns the transmitter off', () => {
    const driver = opened();
    const index = driver.place(frameOf(100), LANCE_STATUS.first);
    driver.demand();
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.sent).toEqual([]);
    expect(driver.transmitStatus(index)).toBe(LANCE_STATUS.error | LANCE_STATUS.first);
    expect(driver.transmitErrors(index)).toBe(LANCE_TRANSMIT_ERROR.buffer | LANCE_TRANSMIT_ERROR.underflow);
    expect(driver.status & (CSR0.transmitterOn | CSR0.transmitted)).toBe(CSR0.transmitted);
  });

  test('buffers that begin no frame are given back unsent', () => {
    const driver = opened();
    driver.place(frameOf(100), LANCE_STATUS.last);
    driver.send(frameOf(64));
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.sent).toEqual([frameOf(64)]);
    expect(driver.transmitStatus(0) & LANCE_STATUS.own).toBe(0);
  });

  test('too long a frame babbles and reaches nobody, nor does a runt', () => {
    const driver = opened();
    driver.send(frameOf(1515));
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.status & (CSR0.babble | CSR0.error)).toBe(CSR0.babble | CSR0.error);
    driver.status = CSR0.babble | CSR0.enable;
    driver.send(frameOf(59));
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.sent).toEqual([]);
    driver.send(frameOf(1514));
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.sent).toEqual([frameOf(1514)]);
    expect(driver.status & CSR0.babble).toBe(0);
  });

  test('STOP in the middle: nobody gets the frame, and the chip can start again', () => {
    const driver = opened();
    driver.send(frameOf(1000));
    driver.bench.pass(5000);
    driver.status = CSR0.stop;
    driver.open();
    driver.send(frameOf(61));
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.sent).toEqual([frameOf(61)]);
  });

  test('one wire: a frame that is coming in goes first, and the descriptor says deferred', () => {
    const driver = opened();
    driver.bench.board.network.send(frameOf(1000));
    driver.bench.pass(1000);
    const index = driver.send(frameOf(70));
    driver.bench.until(() => driver.sent.length > 0, FRAME_LIMIT_CYCLES);
    expect(driver.receive()).toEqual(frameOf(1000));
    driver.bench.pass(1000);
    expect(driver.transmitStatus(index)).toBe(WHOLE | LANCE_STATUS.deferred);
  });
});

describe('loopback', () => {
  test('internal: the frame comes back with its check sequence and does not reach the wire', () => {
    const driver = opened({ mode: LANCE_MODE.loopback | LANCE_MODE.internal });
    driver.send(frameOf(32));
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.sent).toEqual([]);
    expect(driver.receiveLength(0)).toBe(36);
    expect(driver.receive()).toEqual(frameOf(32));
    expect(receiveOne(driver, frameOf(60))).toBeUndefined();
  });

  test('without added check sequence the receiver tests the one that software wrote', () => {
    const driver = opened({ mode: LANCE_MODE.loopback | LANCE_MODE.internal | LANCE_MODE.withoutCrc });
    driver.send(frameOf(32));
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.receiveStatus(0)).toBe(WHOLE | LANCE_STATUS.error | LANCE_STATUS.crcError);
  });

  test('forced collisions end in a retry error', () => {
    const driver = opened({ mode: LANCE_MODE.loopback | LANCE_MODE.internal | LANCE_MODE.forceCollision });
    const index = driver.send(frameOf(32));
    driver.bench.pass(FRAME_LIMIT_CYCLES);
    expect(driver.transmitStatus(index)).toBe(WHOLE | LANCE_STATUS.error);
    expect(driver.transmitErrors(index)).toBe(LANCE_TRANSMIT_ERROR.retry);
    expect(driver.receive()).toBeUndefined();
  });
});

describe('any size', () => {
  test('frames of any size, in buffers of any size, arrive whole and in order, both ways', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 60, max: 1514 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 8, max: 96 }).map((units) => units * 16),
        (lengths, bufferBytes) => {
          const driver = opened({ bufferBytes, receiveLog: 4 });
          const frames = lengths.map((length, index) => frameOf(length, STATION, index));
          const received: (Uint8Array | undefined)[] = [];
          for (const frame of frames) {
            received.push(receiveOne(driver, frame));
            driver.send(frame);
            driver.bench.pass(FRAME_LIMIT_CYCLES);
          }
          expect(received).toEqual(frames);
          expect(driver.sent).toEqual(frames);
        },
      ),
      { numRuns: 15, seed: 7990 },
    );
  });

  test('arbitrary descriptors and register writes never hang or throw', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 256, maxLength: 256 }),
        fc.array(fc.tuple(fc.nat(3), fc.nat(0xffff), fc.nat(20_000)), { maxLength: 20 }),
        (block, writes) => {
          const driver = opened();
          block.forEach((byte, index) => {
            driver.setWord(index & 0xfe, index & 1 ? byte << 8 : byte);
          });
          for (const [register, value, cycles] of writes) {
            driver.setRegister(register, value);
            driver.bench.board.network.send(frameOf(200));
            driver.bench.pass(cycles);
          }
          driver.open();
          driver.bench.pass(2_000_000);
          expect(receiveOne(driver, frameOf(99))).toBeDefined();
        },
      ),
      { numRuns: 40, seed: 1 },
    );
  });
});

describe('time', () => {
  test('a frame takes its bytes at 10 Mbit/s and steals a burst for every 16 of them', () => {
    const driver = opened();
    driver.bench.pass(1000);
    const { bench } = driver;
    const stolen = bench.stolenCycles();
    const start = bench.clock.now;
    bench.board.network.send(frameOf(1514));
    bench.until(() => (driver.status & CSR0.received) !== 0, FRAME_LIMIT_CYCLES);
    expect(bench.clock.now - start).toBe((8 + 1518) * 20);
    const cost = bench.stolenCycles() - stolen;
    expect(cost).toBeGreaterThan(95 * 12);
    expect(cost).toBeLessThan(95 * 12 + 120);
  });

  test('a full queue loses what comes on top', () => {
    const driver = opened({ receiveLog: 0 });
    for (let count = 0; count < 300; count++) driver.bench.board.network.send(frameOf(60));
    expect(driver.bench.board.network.pendingCount).toBe(256);
    expect(() => driver.bench.board.network.send(new Uint8Array(1515))).toThrow(RangeError);
    expect(() => driver.bench.board.network.send(new Uint8Array(13))).toThrow(RangeError);
  });
});
