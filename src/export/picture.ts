/**
 * A screen as a picture file. PNG: eight bits of red, green and blue a pixel, each line stored as it is and all of it
 * compressed by zlib (W3C PNG specification, 2nd edition). PPM: the same bytes behind one line of text (Netpbm, P6).
 */

import { crc32, deflateSync } from 'node:zlib';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel, top left first. */
  readonly pixels: Uint8Array;
}

const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Bit depth 8, colour type 2 (red, green, blue), and the only compression, filter method and order there are. */
const PNG_FORMAT = [8, 2, 0, 0, 0] as const;
const BYTES_PER_PIXEL = 3;

export function pngFile({ width, height, pixels }: Picture): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set(PNG_FORMAT, 8);
  const lineBytes = width * BYTES_PER_PIXEL;
  // Each line begins with the number of its filter: 0, none.
  const lines = new Uint8Array(height * (lineBytes + 1));
  for (let y = 0; y < height; y++) {
    lines.set(pixels.subarray(y * lineBytes, (y + 1) * lineBytes), y * (lineBytes + 1) + 1);
  }
  return Buffer.concat([
    PNG_SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

export function ppmFile({ width, height, pixels }: Picture): Uint8Array {
  return Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), pixels]);
}

/** Length, type, data, and the checksum of the last two. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}
