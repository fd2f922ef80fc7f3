/**
 * Registers and bits of the DC7061, Digital's SCSI and DSSI controller ("SII"). Sixteen bits each, one to a word.
 * Sources: NetBSD siireg.h and sii.c; the names are those of the DECstation 3100 functional specification.
 */

/** Byte offsets. */
export const SII_REGISTER = {
  /** Bus lines, for diagnosis: data, then IO CD MSG ATN REQ ACK RST SEL BSY. */
  dataLines: 0x00,
  controlLines: 0x04,
  control2: 0x08,
  csr: 0x0c,
  id: 0x10,
  selectId: 0x14,
  selectedBy: 0x18,
  timeout: 0x1c,
  data: 0x20,
  dmaControl: 0x24,
  count: 0x28,
  addressLow: 0x2c,
  addressHigh: 0x30,
  initialByte: 0x34,
  shortList: 0x38,
  longList: 0x3c,
  initiatorList: 0x40,
  dssiControl: 0x44,
  connection: 0x48,
  transfer: 0x4c,
  command: 0x50,
  diagnosis: 0x54,
} as const;

const REGISTER_COUNT = 27;

/** Bits that each register keeps when it is written, by word; the others have rules of their own or are read-only. */
export const SII_KEPT_BITS: Uint16Array = new Uint16Array(REGISTER_COUNT);
const KEPT: readonly (readonly [register: number, bits: number])[] = [
  [SII_REGISTER.control2, 0x000f],
  [SII_REGISTER.csr, 0x001f],
  [SII_REGISTER.id, 0x8007],
  [SII_REGISTER.selectId, 0x0007],
  [SII_REGISTER.timeout, 0xffff],
  [SII_REGISTER.data, 0x00ff],
  [SII_REGISTER.dmaControl, 0x0003],
  [SII_REGISTER.addressLow, 0xffff],
  [SII_REGISTER.addressHigh, 0x0003],
  [SII_REGISTER.shortList, 0xffff],
  [SII_REGISTER.longList, 0xffff],
  [SII_REGISTER.initiatorList, 0xffff],
  [SII_REGISTER.dssiControl, 0xffff],
  [SII_REGISTER.diagnosis, 0x000f],
];
for (const [register, bits] of KEPT) SII_KEPT_BITS[register >>> 2] = bits;

/** CSR. */
export const SII_CSR = {
  interruptEnable: 0x01,
  parity: 0x02,
  select: 0x04,
  reselect: 0x08,
  arbitrate: 0x10,
} as const;

/** DICTRL: the chip may drive the bus. */
export const SII_PORT_ENABLE = 0x04;

/** CSTAT, connection status. */
export const SII_CONNECTION = {
  connectionInterrupt: 0x8000,
  transferInterrupt: 0x4000,
  busReset: 0x2000,
  stateChange: 0x0080,
  connected: 0x0040,
  selecting: 0x0004,
} as const;

/** DSTAT, data transfer status; bits 2:0 are the phase lines. */
export const SII_TRANSFER = {
  connectionInterrupt: 0x8000,
  transferInterrupt: 0x4000,
  done: 0x2000,
  countZero: 0x1000,
  transmitEmpty: 0x0800,
  inputFull: 0x0400,
  oddByte: 0x0100,
  phaseMismatch: 0x0010,
} as const;

/** COMM; bits 2:0 are the phase that the driver expects, 6:4 the connection (bit 6: as initiator). */
export const SII_COMMAND = {
  dma: 0x8000,
  resetBus: 0x4000,
  transfer: 0x0800,
  select: 0x0400,
  disconnect: 0x0100,
  resetChip: 0x0080,
  connected: 0x0040,
  attention: 0x0008,
} as const;
