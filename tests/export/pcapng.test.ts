/** pcapng: the blocks as the format's description has them, and what tshark makes of them when it is there. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PcapngWriter } from '../../src/export/index.js';
import { findTool } from '../support/tools.js';

const HERTZ = 25_000_000;
const EPOCH = 817_981_200;

interface Frame {
  readonly cycle: number;
  readonly isInbound: boolean;
  readonly bytes: Uint8Array;
}

function fileOf(frames: readonly Frame[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const writer = new PcapngWriter((bytes) => parts.push(bytes), { hertz: HERTZ, epochSeconds: EPOCH });
  for (const { cycle, isInbound, bytes } of frames) writer.add(cycle, isInbound, bytes);
  return Buffer.concat(parts);
}

interface Block {
  readonly type: number;
  readonly body: DataView;
}

function blocksOf(file: Uint8Array): Block[] {
  const blocks: Block[] = [];
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  for (let at = 0; at < file.length; ) {
    const length = view.getUint32(at + 4, true);
    expect(length % 4).toBe(0);
    expect(view.getUint32(at + length - 4, true)).toBe(length);
    blocks.push({
      type: view.getUint32(at, true),
      body: new DataView(file.buffer, file.byteOffset + at + 8, length - 12),
    });
    at += length;
  }
  return blocks;
}

test('an empty file holds a section and an Ethernet interface with nanoseconds', () => {
  const [section, wire, ...rest] = blocksOf(fileOf([]));
  expect(rest).toEqual([]);
  expect(section?.type).toBe(0x0a0d0d0a);
  expect(section?.body.getUint32(0, true)).toBe(0x1a2b3c4d);
  expect([section?.body.getUint16(4, true), section?.body.getUint16(6, true)]).toEqual([1, 0]);
  expect(section?.body.getBigInt64(8, true)).toBe(-1n);
  expect(wire?.type).toBe(1);
  expect(wire?.body.getUint16(0, true)).toBe(1);
  // if_name "le0", if_tsresol 9, end.
  const options = new Uint8Array(
    wire?.body.buffer as ArrayBuffer,
    wire?.body.byteOffset,
    wire?.body.byteLength,
  );
  expect([...options.subarray(8)]).toEqual([2, 0, 3, 0, 108, 101, 48, 0, 9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0]);
});

test('frames of any size keep their bytes, direction and cycle', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 14, maxLength: 1514 }),
      fc.boolean(),
      fc.nat(2 ** 52),
      (bytes, isInbound, cycle) => {
        const [, , packet] = blocksOf(fileOf([{ cycle, isInbound, bytes }]));
        const body = packet?.body as DataView;
        expect(packet?.type).toBe(6);
        const time = (BigInt(body.getUint32(4, true)) << 32n) | BigInt(body.getUint32(8, true));
        expect(time).toBe(BigInt(EPOCH) * 1_000_000_000n + BigInt(cycle) * 40n);
        expect([body.getUint32(12, true), body.getUint32(16, true)]).toEqual([bytes.length, bytes.length]);
        expect(new Uint8Array(body.buffer, body.byteOffset + 20, bytes.length)).toEqual(bytes);
        const options = 20 + ((bytes.length + 3) & ~3);
        expect(body.getUint32(options, true)).toBe((4 << 16) | 2);
        expect(body.getUint32(options + 4, true)).toBe(isInbound ? 1 : 2);
      },
    ),
    { numRuns: 100 },
  );
});

const TSHARK = findTool('tshark') ?? '';

describe.skipIf(TSHARK === '')('tshark', () => {
  test('reads what was written', () => {
    const folder = mkdtempSync(join(tmpdir(), 'exostation-pcapng-'));
    try {
      const path = join(folder, 'wire.pcapng');
      const arp = new Uint8Array(60);
      arp.set([255, 255, 255, 255, 255, 255, 8, 0, 0x2b, 0x12, 0x50, 1, 8, 6]);
      arp.set(
        [0, 1, 8, 0, 6, 4, 0, 1, 8, 0, 0x2b, 0x12, 0x50, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2],
        14,
      );
      const other = Uint8Array.from({ length: 61 }, (_, index) =>
        index === 12 ? 0x88 : index === 13 ? 0xb5 : 2,
      );
      writeFileSync(
        path,
        fileOf([
          { cycle: 25_000_001, isInbound: false, bytes: arp },
          { cycle: 50_000_000, isInbound: true, bytes: other },
        ]),
      );
      const fields = [
        'frame.time_epoch',
        'frame.len',
        'frame.packet_flags_direction',
        'arp.dst.proto_ipv4',
        'eth.type',
      ];
      const words = [
        '-r',
        path,
        '-T',
        'fields',
        '-E',
        'separator=;',
        ...fields.flatMap((name) => ['-e', name]),
      ];
      const lines = execFileSync(TSHARK, words, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
      const [first, second] = lines.split('\n').map((line) => line.split(';'));
      expect(first?.[0]).toBe('817981201.000000040');
      expect([first?.[1], Number(first?.[2]), first?.[3], Number(first?.[4])]).toEqual([
        '60',
        2,
        '10.0.0.2',
        0x806,
      ]);
      expect([second?.[0], second?.[1], Number(second?.[2])]).toEqual(['817981202.000000000', '61', 1]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
