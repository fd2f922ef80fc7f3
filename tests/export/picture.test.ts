/** Pictures, read back by the formats' rules. */

import { crc32, inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { pngFile, ppmFile } from '../../src/export/index.js';

const WIDTH = 5;
const HEIGHT = 3;
const pixels = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, index) => (index * 37) & 0xff);

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

function chunksOf(file: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const end = at + 8 + length;
    expect(file.readUInt32BE(end)).toBe(crc32(file.subarray(at + 4, end)));
    chunks.push({ type: file.toString('latin1', at + 4, at + 8), data: file.subarray(at + 8, end) });
    at = end + 4;
  }
  return chunks;
}

it('a PNG holds the pixels, line by line', () => {
  const file = Buffer.from(pngFile({ width: WIDTH, height: HEIGHT, pixels }));
  expect(file.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const [header, data, end] = chunksOf(file);
  expect([header?.type, data?.type, end?.type]).toEqual(['IHDR', 'IDAT', 'IEND']);
  expect([header?.data.readUInt32BE(0), header?.data.readUInt32BE(4)]).toEqual([WIDTH, HEIGHT]);
  expect([...(header?.data.subarray(8) ?? [])]).toEqual([8, 2, 0, 0, 0]);
  const lines = inflateSync(data?.data ?? Buffer.alloc(0));
  for (let y = 0; y < HEIGHT; y++) {
    const line = lines.subarray(y * (WIDTH * 3 + 1), (y + 1) * (WIDTH * 3 + 1));
    expect(line[0]).toBe(0);
    expect([...line.subarray(1)]).toEqual([...pixels.subarray(y * WIDTH * 3, (y + 1) * WIDTH * 3)]);
  }
});

it('a PPM is one line of text and the pixels', () => {
  const file = Buffer.from(ppmFile({ width: WIDTH, height: HEIGHT, pixels }));
  expect(file.subarray(0, 11).toString('latin1')).toBe('P6\n5 3\n255\n');
  expect([...file.subarray(11)]).toEqual([...pixels]);
});
