/**
 * Names of the Am7990's registers, of its initialisation block and of its descriptors, and what the chip asks of the
 * memory behind it. Bits as in AMD's Am7990 data sheet; a descriptor is four halfwords: address, status with the high
 * address byte, buffer length as a negative number, and message length or transmit errors.
 */

export const LANCE_REGISTER = { data: 0x0, address: 0x4 } as const;

export const CSR0 = {
  error: 0x8000,
  babble: 0x4000,
  collisionError: 0x2000,
  missed: 0x1000,
  memoryError: 0x0800,
  received: 0x0400,
  transmitted: 0x0200,
  initialised: 0x0100,
  interrupt: 0x0080,
  enable: 0x0040,
  receiverOn: 0x0020,
  transmitterOn: 0x0010,
  demand: 0x0008,
  stop: 0x0004,
  start: 0x0002,
  init: 0x0001,
} as const;

/** First word of the initialisation block. */
export const LANCE_MODE = {
  promiscuous: 0x8000,
  internal: 0x0040,
  forceCollision: 0x0010,
  withoutCrc: 0x0008,
  loopback: 0x0004,
  transmitterOff: 0x0002,
  receiverOff: 0x0001,
} as const;

/** Second word of a descriptor. */
export const LANCE_STATUS = {
  own: 0x8000,
  error: 0x4000,
  crcError: 0x0800,
  /** Receive: no buffer for the rest of the frame. */
  bufferError: 0x0400,
  /** Transmit: the wire was busy at first. */
  deferred: 0x0400,
  first: 0x0200,
  last: 0x0100,
  addressHigh: 0x00ff,
} as const;

/** Fourth word of a transmit descriptor. */
export const LANCE_TRANSMIT_ERROR = { buffer: 0x8000, underflow: 0x4000, retry: 0x0400 } as const;

/**
 * Memory as the chip sees it, by its own 24-bit addresses. Single halfwords are the initialisation block and the
 * descriptors; bursts of at most 16 bytes are frame data: a board may place the two differently.
 */
export interface LanceMemory {
  /** A halfword, or -1 when memory did not answer. */
  readWord(address: number): number;
  /** False when memory did not answer; so for the others. */
  writeWord(address: number, value: number): boolean;
  readBurst(address: number, into: Uint8Array, offset: number, count: number): boolean;
  writeBurst(address: number, from: Uint8Array, offset: number, count: number): boolean;
}

export const LANCE_BURST_BYTES = 16;
