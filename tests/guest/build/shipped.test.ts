/** The committed images agree with their manifests, so that none is a left-over of another build. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../../', import.meta.url);
const read = (path: string): Buffer => readFileSync(new URL(path, ROOT));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Entry {
  readonly bytes: number;
  readonly sha256: string;
}

describe('shipped images', () => {
  it('have the hashes that the manifests give', () => {
    const rom = JSON.parse(read('rom/manifest.json').toString()) as { files: Record<string, Entry> };
    expect(Object.keys(rom.files)).toEqual(['kn01.bin', 'kn02ba.bin']);
    for (const [name, { sha256: expected }] of Object.entries(rom.files)) {
      expect(sha256(read(`rom/${name}`))).toBe(expected);
    }
    const disk = JSON.parse(read('disk-images/manifest.json').toString()) as { image: Entry };
    const image = gunzipSync(read('disk-images/exostation.img.gz'));
    expect(image.length).toBe(disk.image.bytes);
    expect(sha256(image)).toBe(disk.image.sha256);
    expect(image.readUInt16LE(1024 + 56)).toBe(0xef53);
  });

  it('are small enough to commit', () => {
    expect(read('disk-images/exostation.img.gz').length).toBeLessThan(2_000_000);
  });
});
