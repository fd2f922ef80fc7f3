/** An SII with targets and no board: tests act as the driver, in the order of register accesses of NetBSD's sii.c. */

import { expect } from 'vitest';
import {
  SCSI_PHASE,
  ScsiDisk,
  ScsiTarget,
  SII_COMMAND,
  SII_CONNECTION,
  SII_PORT_ENABLE,
  SII_REGISTER,
  SII_TRANSFER,
  Sii,
  SiiBuffer,
} from '../../../src/machine/devices/index.js';
import type { BlockDevice } from '../../../src/machine/machine-types.js';
import { restoreParts, snapshotParts } from '../../../src/machine/snapshot/parts.js';
import type { State, Stateful } from '../../../src/machine/snapshot/state.js';
import { Clock } from '../../../src/machine/time/clock.js';
import { diskTiming, type InitiatorTiming, siiTiming } from '../../../src/machine/time/scsi-timing.js';

const HERTZ = 16_670_000;
export const TIMING: InitiatorTiming = siiTiming(HERTZ);
const LIMIT_CYCLES = 2 * HERTZ;
const IDENTIFY = 0x80;

export function memoryDisk(sectorCount: number): BlockDevice & { bytes: Uint8Array } {
  const bytes = new Uint8Array(sectorCount * 512).map((_, index) => (index * 7 + (index >>> 9)) & 0xff);
  return {
    bytes,
    sectorCount,
    isReadOnly: false,
    read: (sector, into) => into.set(bytes.subarray(sector * 512, sector * 512 + into.length)),
    write: (sector, data) => bytes.set(data, sector * 512),
  };
}

export class SiiDriver {
  readonly clock: Clock = new Clock(HERTZ);
  readonly buffer: SiiBuffer = new SiiBuffer();
  readonly chip: Sii;
  isInterrupting = false;
  readonly #parts: Record<string, Stateful>;

  constructor(disks: readonly BlockDevice[]) {
    const targets = disks.map((disk) => new ScsiTarget(this.clock, new ScsiDisk(disk, diskTiming(HERTZ))));
    this.chip = new Sii(this.clock, this.buffer, targets, TIMING, (isRaised) => {
      this.isInterrupting = isRaised;
    });
    this.#parts = { clock: this.clock, buffer: this.buffer, chip: this.chip, ...targets } as never;
    this.chip.reset();
    for (const target of targets) target.reset();
  }

  get(register: number): number {
    return this.chip.read(register, 2);
  }

  set(register: number, value: number): void {
    this.chip.write(register, value, 2);
  }

  get connection(): number {
    return this.get(SII_REGISTER.connection);
  }

  get transfer(): number {
    return this.get(SII_REGISTER.transfer);
  }

  command(value: number): void {
    this.set(SII_REGISTER.command, value);
  }

  /** As at attach: no bus reset. */
  initialise(): void {
    this.command(SII_COMMAND.resetChip);
    this.set(SII_REGISTER.csr, 0x10);
    this.set(SII_REGISTER.id, 0x8007);
    this.set(SII_REGISTER.diagnosis, SII_PORT_ENABLE);
    this.set(SII_REGISTER.csr, 0x1b);
  }

  /** Lets cycles pass, firing what is due. */
  pass(cycles: number): void {
    const end = this.clock.now + cycles;
    while (this.clock.nextAt <= end) {
      this.clock.now = Math.max(this.clock.now, this.clock.nextAt);
      this.clock.fire();
    }
    this.clock.now = end;
  }

  /** Passes time until the condition holds; the cycles it took. */
  until(condition: () => boolean): number {
    const start = this.clock.now;
    while (!condition()) {
      expect(this.clock.nextAt).toBeLessThan(start + LIMIT_CYCLES);
      this.clock.now = Math.max(this.clock.now, this.clock.nextAt);
      this.clock.fire();
    }
    return this.clock.now - start;
  }

  /** Chained select with ATN and IDENTIFY; cycles until the connection is there. */
  select(id: number): number {
    this.set(SII_REGISTER.data, IDENTIFY);
    this.set(SII_REGISTER.selectId, id);
    this.command(
      SII_COMMAND.transfer |
        SII_COMMAND.select |
        SII_COMMAND.attention |
        SII_COMMAND.connected |
        SCSI_PHASE.messageOut,
    );
    const cycles = this.until(() => (this.connection & SII_CONNECTION.stateChange) !== 0);
    this.set(SII_REGISTER.connection, this.connection);
    return cycles;
  }

  /** Cycles until the target asks for something in this phase, which is not the one in COMM. */
  mismatch(phase: number): number {
    const cycles = this.until(() => (this.transfer & SII_TRANSFER.phaseMismatch) !== 0);
    expect(this.transfer & 7).toBe(phase);
    return cycles;
  }

  startDma(phase: number, address: number, count: number): void {
    this.set(SII_REGISTER.addressLow, address & 0xffff);
    this.set(SII_REGISTER.addressHigh, address >>> 16);
    this.set(SII_REGISTER.count, count);
    this.command(SII_COMMAND.dma | SII_COMMAND.transfer | SII_COMMAND.connected | phase);
  }

  /** Waits for the end of a transfer and acknowledges it; the cycles it took. */
  done(): number {
    const cycles = this.until(() => (this.transfer & SII_TRANSFER.done) !== 0);
    this.set(SII_REGISTER.transfer, SII_TRANSFER.done);
    return cycles;
  }

  /** Selects and sends a command block; afterwards the target asks in `next`. */
  start(id: number, block: readonly number[], next: number): void {
    this.select(id);
    this.mismatch(SCSI_PHASE.command);
    this.set(SII_REGISTER.transfer, SII_TRANSFER.done);
    this.buffer.bytes.set(block, 0x1_c000);
    this.startDma(SCSI_PHASE.command, 0x1_c000, block.length);
    this.done();
    this.mismatch(next);
  }

  /** A byte by programmed I/O, acknowledged. */
  getByte(phase: number): number {
    this.command(SII_COMMAND.connected | phase);
    this.until(() => (this.transfer & SII_TRANSFER.inputFull) !== 0);
    const byte = this.get(SII_REGISTER.data);
    this.command(SII_COMMAND.transfer | SII_COMMAND.connected | phase);
    this.done();
    return byte;
  }

  putByte(byte: number, isLast: boolean): void {
    const attention = isLast ? 0 : SII_COMMAND.attention;
    this.until(() => (this.transfer & SII_TRANSFER.transmitEmpty) !== 0);
    this.set(SII_REGISTER.data, byte);
    this.command(SII_COMMAND.transfer | SII_COMMAND.connected | attention | SCSI_PHASE.messageOut);
    this.done();
  }

  /** Status and message, then bus free; returns the status. */
  finish(): number {
    this.mismatch(SCSI_PHASE.status);
    const status = this.getByte(SCSI_PHASE.status);
    this.mismatch(SCSI_PHASE.messageIn);
    expect(this.getByte(SCSI_PHASE.messageIn)).toBe(0);
    this.until(() => (this.connection & SII_CONNECTION.stateChange) !== 0);
    expect(this.connection & SII_CONNECTION.connected).toBe(0);
    this.set(SII_REGISTER.connection, SII_CONNECTION.stateChange);
    this.command(0);
    return status;
  }

  /** TEST UNIT READY until the power-on condition is gone. */
  settle(id: number): void {
    this.start(id, [0, 0, 0, 0, 0, 0], SCSI_PHASE.status);
    expect(this.finish()).toBe(2);
    this.start(id, [0, 0, 0, 0, 0, 0], SCSI_PHASE.status);
    expect(this.finish()).toBe(0);
  }

  snapshot(): State {
    return snapshotParts(this.#parts);
  }

  restore(state: State): void {
    restoreParts(this.#parts, state);
  }
}
