/**
 * What any Ethernet of 10 Mbit/s keeps: frame sizes, the frame check sequence, the multicast hash, and how long things
 * take on the wire. Source: IEEE 802.3; the CRC is the reflected 0xedb88320.
 */

/** Without and with the frame check sequence. */
export const MIN_FRAME_BYTES = 60;
export const MAX_FRAME_BYTES = 1518;
export const FCS_BYTES = 4;
export const ADDRESS_BYTES = 6;
/** Preamble and start delimiter. */
export const PREAMBLE_BYTES = 8;
/** Silence between two frames: 9.6 us. */
export const GAP_BYTES = 12;
const BYTES_PER_SECOND = 1_250_000;

const CRC_TABLE: Uint32Array = new Uint32Array(256).map((_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  return crc;
});

/** CRC register after `count` bytes, before the final complement. */
function crcRegister(bytes: Uint8Array, count: number): number {
  let crc = 0xffff_ffff;
  for (let index = 0; index < count; index++) {
    crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ (bytes[index] as number)) & 0xff] as number);
  }
  return crc >>> 0;
}

/** The frame as it goes over the wire: padded to the minimum when `isPadded`, frame check sequence added. */
export function withFcs(frame: Uint8Array, isPadded: boolean): Uint8Array {
  const length = isPadded ? Math.max(frame.length, MIN_FRAME_BYTES) : frame.length;
  const whole = new Uint8Array(length + FCS_BYTES);
  whole.set(frame);
  const fcs = ~crcRegister(whole, length);
  for (let index = 0; index < FCS_BYTES; index++) whole[length + index] = fcs >>> (index * 8);
  return whole;
}

/** Whether the last four bytes are the frame check sequence of the others. */
export function hasGoodFcs(whole: Uint8Array): boolean {
  return whole.length > FCS_BYTES && crcRegister(whole, whole.length) === 0xdebb_20e3;
}

/** 0..63: the upper six bits of the CRC over the destination address. */
export function multicastHash(frame: Uint8Array): number {
  return crcRegister(frame, ADDRESS_BYTES) >>> 26;
}

/** CPU cycles that `byteCount` bytes take on the wire. */
export function wireCycles(byteCount: number, hertz: number): number {
  return Math.round((byteCount * hertz) / BYTES_PER_SECOND);
}

/** CPU cycles that the wire is taken by a frame (given without padding and check sequence): preamble to last bit. */
export function frameCycles(frameBytes: number, hertz: number): number {
  return wireCycles(PREAMBLE_BYTES + Math.max(frameBytes, MIN_FRAME_BYTES) + FCS_BYTES, hertz);
}

/** CPU cycles of silence behind a frame. */
export function gapCycles(hertz: number): number {
  return wireCycles(GAP_BYTES, hertz);
}
