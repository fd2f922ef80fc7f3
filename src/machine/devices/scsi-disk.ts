/**
 * A SCSI-2 direct-access disk over a block device: the commands that firmware and drivers of the time use. Time is a
 * drive's of the RZ25 class: overhead, seek by distance, half a turn, and a read-ahead buffer that makes sequential
 * reads cheap. After power on or reset the first command reports UNIT ATTENTION, as the standard demands.
 */

import type { BlockDevice } from '../machine-types.js';
import { inRange, type Stateful } from '../snapshot/state.js';
import type { DiskTiming } from '../time/scsi-timing.js';
import type { ScsiUnit } from './scsi-target.js';

export const SCSI_COMMAND = {
  testUnitReady: 0x00,
  rezero: 0x01,
  requestSense: 0x03,
  read6: 0x08,
  write6: 0x0a,
  seek6: 0x0b,
  inquiry: 0x12,
  modeSelect6: 0x15,
  reserve: 0x16,
  release: 0x17,
  modeSense6: 0x1a,
  startStop: 0x1b,
  sendDiagnostic: 0x1d,
  preventRemoval: 0x1e,
  readCapacity: 0x25,
  read10: 0x28,
  write10: 0x2a,
  seek10: 0x2b,
  verify10: 0x2f,
  synchronizeCache: 0x35,
} as const;

export const SCSI_STATUS = { good: 0x00, checkCondition: 0x02 } as const;

const SECTOR_BYTES = 512;
/** Sectors fetched from the block device at a time. */
const FETCH_SECTORS = 16;
const SENSE_BYTES = 18;
const CAPACITY_BYTES = 8;

/** Sense key in bits 15:8, additional sense code in 7:0. */
const SENSE = {
  none: 0,
  invalidOperation: 0x0520,
  addressOutOfRange: 0x0521,
  invalidField: 0x0524,
  noSuchUnit: 0x0525,
  reset: 0x0629,
  writeProtected: 0x0727,
} as const;

/** Geometry to report; the block device itself has none. */
const GEOMETRY = { sectorsPerTrack: 62, heads: 9, rotationsPerMinute: 4400 } as const;

type ScsiDiskState = {
  readonly dataLength: number;
  readonly isDataOut: boolean;
  readonly status: number;
  readonly delayCycles: number;
  readonly buffer: Uint8Array;
  readonly position: number;
  readonly filled: number;
  readonly sector: number;
  readonly sectorsLeft: number;
  readonly isMediaTransfer: boolean;
  readonly sense: number;
  readonly hasAttention: boolean;
  readonly writeDelay: number;
  readonly armSector: number;
  readonly bufferedFrom: number;
  readonly bufferedTo: number;
};

/** What is on the disk is not its state: the block device's owner saves that. */
export class ScsiDisk implements ScsiUnit, Stateful<ScsiDiskState> {
  dataLength = 0;
  isDataOut = false;
  status: number = SCSI_STATUS.good;
  delayCycles = 0;
  readonly #disk: BlockDevice;
  readonly #timing: DiskTiming;
  readonly #buffer: Uint8Array = new Uint8Array(FETCH_SECTORS * SECTOR_BYTES);
  readonly #oneSector: Uint8Array = this.#buffer.subarray(0, SECTOR_BYTES);
  #position = 0;
  #filled = 0;
  /** Transfer to or from the media: next sector, and sectors not yet fetched. */
  #sector = 0;
  #sectorsLeft = 0;
  #isMediaTransfer = false;
  #sense: number = SENSE.reset;
  #hasAttention = true;
  #writeDelay = 0;
  /** Where the arm is, and which sectors the drive's own buffer holds. */
  #armSector = 0;
  #bufferedFrom = 0;
  #bufferedTo = 0;

  constructor(disk: BlockDevice, timing: DiskTiming) {
    this.#disk = disk;
    this.#timing = timing;
  }

  reset(): void {
    this.#sense = SENSE.reset;
    this.#hasAttention = true;
    this.#bufferedTo = this.#bufferedFrom;
  }

  snapshot(): ScsiDiskState {
    return {
      dataLength: this.dataLength,
      isDataOut: this.isDataOut,
      status: this.status,
      delayCycles: this.delayCycles,
      buffer: this.#buffer.slice(),
      position: this.#position,
      filled: this.#filled,
      sector: this.#sector,
      sectorsLeft: this.#sectorsLeft,
      isMediaTransfer: this.#isMediaTransfer,
      sense: this.#sense,
      hasAttention: this.#hasAttention,
      writeDelay: this.#writeDelay,
      armSector: this.#armSector,
      bufferedFrom: this.#bufferedFrom,
      bufferedTo: this.#bufferedTo,
    };
  }

  restore(state: ScsiDiskState): void {
    this.dataLength = state.dataLength;
    this.isDataOut = state.isDataOut;
    this.status = state.status;
    this.delayCycles = state.delayCycles;
    this.#buffer.set(state.buffer);
    this.#position = state.position;
    this.#filled = state.filled;
    this.#sector = inRange(state.sector, 0, this.#disk.sectorCount);
    this.#sectorsLeft = inRange(state.sectorsLeft, 0, this.#disk.sectorCount - state.sector);
    this.#isMediaTransfer = state.isMediaTransfer;
    this.#sense = state.sense;
    this.#hasAttention = state.hasAttention;
    this.#writeDelay = state.writeDelay;
    this.#armSector = state.armSector;
    this.#bufferedFrom = state.bufferedFrom;
    this.#bufferedTo = state.bufferedTo;
  }

  execute(command: Uint8Array, logicalUnit: number): void {
    const operation = command[0] as number;
    this.#begin();
    if (operation === SCSI_COMMAND.requestSense) {
      this.#reportSense(command[4] as number);
      return;
    }
    const isAbsent = (logicalUnit | ((command[1] as number) >>> 5)) !== 0;
    if (operation === SCSI_COMMAND.inquiry) {
      this.#reportInquiry(command, isAbsent);
      return;
    }
    if (isAbsent) {
      this.#fail(SENSE.noSuchUnit);
      return;
    }
    if (this.#hasAttention) {
      this.#hasAttention = false;
      this.#fail(SENSE.reset);
      return;
    }
    this.#sense = SENSE.none;
    this.#dispatch(operation, command);
  }

  take(): number {
    if (this.#position === this.#filled) this.#fetch();
    return this.#buffer[this.#position++] as number;
  }

  put(byte: number): void {
    this.#buffer[this.#position++] = byte;
    if (this.#position < SECTOR_BYTES || !this.#isMediaTransfer) {
      // Parameter lists are taken and ignored; they are never longer than the buffer.
      return;
    }
    this.#disk.write(this.#sector, this.#oneSector);
    this.#sector++;
    this.#position = 0;
  }

  finish(): void {
    this.delayCycles = this.#writeDelay;
  }

  #begin(): void {
    this.dataLength = 0;
    this.isDataOut = false;
    this.status = SCSI_STATUS.good;
    this.delayCycles = this.#timing.overhead;
    this.#position = 0;
    this.#filled = 0;
    this.#sectorsLeft = 0;
    this.#isMediaTransfer = false;
    this.#writeDelay = 0;
  }

  #dispatch(operation: number, command: Uint8Array): void {
    switch (operation) {
      case SCSI_COMMAND.read6:
        this.#startMedia(address6(command), (command[4] as number) || 256, false);
        return;
      case SCSI_COMMAND.write6:
        this.#startMedia(address6(command), (command[4] as number) || 256, true);
        return;
      case SCSI_COMMAND.read10:
        this.#startMedia(address10(command), count10(command), false);
        return;
      case SCSI_COMMAND.write10:
        this.#startMedia(address10(command), count10(command), true);
        return;
      case SCSI_COMMAND.readCapacity:
        this.#putWord(0, this.#disk.sectorCount - 1);
        this.#putWord(4, SECTOR_BYTES);
        this.#answer(CAPACITY_BYTES, CAPACITY_BYTES);
        return;
      case SCSI_COMMAND.modeSense6:
        this.#reportMode(command);
        return;
      case SCSI_COMMAND.modeSelect6:
        this.dataLength = command[4] as number;
        this.isDataOut = true;
        return;
      case SCSI_COMMAND.seek6:
      case SCSI_COMMAND.seek10:
        this.#seek(operation === SCSI_COMMAND.seek6 ? address6(command) : address10(command));
        return;
      case SCSI_COMMAND.testUnitReady:
      case SCSI_COMMAND.rezero:
      case SCSI_COMMAND.reserve:
      case SCSI_COMMAND.release:
      case SCSI_COMMAND.startStop:
      case SCSI_COMMAND.sendDiagnostic:
      case SCSI_COMMAND.preventRemoval:
      case SCSI_COMMAND.verify10:
      case SCSI_COMMAND.synchronizeCache:
        return;
      default:
        this.#fail(SENSE.invalidOperation);
    }
  }

  #fail(sense: number): void {
    this.#sense = sense;
    this.status = SCSI_STATUS.checkCondition;
  }

  #startMedia(sector: number, count: number, isWrite: boolean): void {
    if (sector + count > this.#disk.sectorCount) {
      this.#fail(SENSE.addressOutOfRange);
      return;
    }
    if (isWrite && this.#disk.isReadOnly) {
      this.#fail(SENSE.writeProtected);
      return;
    }
    this.dataLength = count * SECTOR_BYTES;
    this.isDataOut = isWrite;
    this.#isMediaTransfer = true;
    this.#sector = sector;
    this.#sectorsLeft = count;
    const end = sector + count;
    if (isWrite) {
      this.#bufferedTo = this.#bufferedFrom;
      this.#writeDelay = this.#moveTo(this.#armSector, sector);
      this.#armSector = end;
      return;
    }
    const isBuffered = sector >= this.#bufferedFrom && sector < this.#bufferedTo;
    if (!isBuffered) {
      this.delayCycles += this.#moveTo(this.#armSector, sector);
      this.#bufferedFrom = sector;
    }
    this.#bufferedTo = Math.min(end + this.#timing.readAheadSectors, this.#disk.sectorCount);
    this.#armSector = end;
  }

  #seek(sector: number): void {
    if (sector >= this.#disk.sectorCount) {
      this.#fail(SENSE.addressOutOfRange);
      return;
    }
    this.delayCycles += this.#moveTo(this.#armSector, sector);
    this.#armSector = sector;
  }

  /** Time for the arm to go from one sector's track to another's, and for the sector to come round. */
  #moveTo(from: number, to: number): number {
    const { trackSeek, fullSeek, fullSeekSectors, rotation } = this.#timing;
    const distance = Math.abs(to - from);
    if (distance < GEOMETRY.sectorsPerTrack * GEOMETRY.heads) return rotation;
    return rotation + Math.round(trackSeek + ((fullSeek - trackSeek) * distance) / fullSeekSectors);
  }

  #fetch(): void {
    const count = Math.min(FETCH_SECTORS, this.#sectorsLeft);
    const into = count === FETCH_SECTORS ? this.#buffer : this.#buffer.subarray(0, count * SECTOR_BYTES);
    this.#disk.read(this.#sector, into);
    this.#sector += count;
    this.#sectorsLeft -= count;
    this.#position = 0;
    this.#filled = count * SECTOR_BYTES;
  }

  /** Sends the first `available` bytes of the buffer, as many as the initiator allows. */
  #answer(available: number, allocated: number): void {
    this.dataLength = Math.min(available, allocated);
    this.#filled = available;
  }

  #reportSense(allocated: number): void {
    const sense = this.#sense;
    this.#sense = SENSE.none;
    this.#hasAttention = false;
    this.#buffer.fill(0, 0, SENSE_BYTES);
    this.#buffer[0] = 0x70;
    this.#buffer[2] = sense >>> 8;
    this.#buffer[7] = SENSE_BYTES - 8;
    this.#buffer[12] = sense & 0xff;
    this.#answer(SENSE_BYTES, allocated);
  }

  #reportInquiry(command: Uint8Array, isAbsent: boolean): void {
    if ((command[1] as number) & 1) {
      this.#fail(SENSE.invalidField);
      return;
    }
    this.#buffer.fill(0, 0, 36);
    // Direct access, not removable, SCSI-2, SCSI-2 response format, 31 more bytes.
    this.#buffer[0] = isAbsent ? 0x7f : 0x00;
    this.#buffer[2] = 2;
    this.#buffer[3] = 2;
    this.#buffer[4] = 31;
    this.#putText(8, 'EXOSTATN', 8);
    this.#putText(16, 'IMAGE DISK', 16);
    this.#putText(32, '1.0', 4);
    this.#answer(36, command[4] as number);
  }

  /** Header, block descriptor, and the pages asked for of 3 (format) and 4 (geometry). */
  #reportMode(command: Uint8Array): void {
    const page = (command[2] as number) & 0x3f;
    if (page !== 0 && page !== 3 && page !== 4 && page !== 0x3f) {
      this.#fail(SENSE.invalidField);
      return;
    }
    this.#buffer.fill(0, 0, 64);
    const sectors = this.#disk.sectorCount;
    this.#buffer[2] = this.#disk.isReadOnly ? 0x80 : 0;
    this.#buffer[3] = 8;
    this.#putWord(4, Math.min(sectors, 0xff_ffff));
    this.#putWord(8, SECTOR_BYTES);
    let length = 12;
    if (page === 3 || page === 0x3f) {
      this.#buffer[length] = 3;
      this.#buffer[length + 1] = 22;
      this.#buffer[length + 11] = GEOMETRY.sectorsPerTrack;
      this.#buffer[length + 12] = SECTOR_BYTES >>> 8;
      length += 24;
    }
    if (page === 4 || page === 0x3f) {
      const cylinders = Math.ceil(sectors / (GEOMETRY.sectorsPerTrack * GEOMETRY.heads));
      this.#buffer[length] = 4;
      this.#buffer[length + 1] = 22;
      this.#buffer[length + 2] = (cylinders >>> 16) & 0xff;
      this.#buffer[length + 3] = (cylinders >>> 8) & 0xff;
      this.#buffer[length + 4] = cylinders & 0xff;
      this.#buffer[length + 5] = GEOMETRY.heads;
      this.#buffer[length + 20] = GEOMETRY.rotationsPerMinute >>> 8;
      this.#buffer[length + 21] = GEOMETRY.rotationsPerMinute & 0xff;
      length += 24;
    }
    this.#buffer[0] = length - 1;
    this.#answer(length, command[4] as number);
  }

  #putWord(offset: number, value: number): void {
    this.#buffer[offset] = value >>> 24;
    this.#buffer[offset + 1] = value >>> 16;
    this.#buffer[offset + 2] = value >>> 8;
    this.#buffer[offset + 3] = value;
  }

  #putText(offset: number, text: string, length: number): void {
    for (let index = 0; index < length; index++) {
      this.#buffer[offset + index] = index < text.length ? text.charCodeAt(index) : 0x20;
    }
  }
}

function address6(command: Uint8Array): number {
  return (((command[1] as number) & 0x1f) << 16) | ((command[2] as number) << 8) | (command[3] as number);
}

function address10(command: Uint8Array): number {
  return (
    (((command[2] as number) << 24) |
      ((command[3] as number) << 16) |
      ((command[4] as number) << 8) |
      (command[5] as number)) >>>
    0
  );
}

function count10(command: Uint8Array): number {
  return ((command[7] as number) << 8) | (command[8] as number);
}
