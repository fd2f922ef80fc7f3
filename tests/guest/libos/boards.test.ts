/** The shipped disk on the DECstation 3100 and 2100: the firmware boots it by the SII, programs run as on the 5000/125. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { ModelName } from '../../../src/machine/index.js';
import { CONSOLE_LINE, DISK_IMAGE_PATH } from '../../../src/workstation/index.js';
import { GuestSession } from './guest-session.js';

const SECTOR_BYTES = 512;

describe.each<ModelName>(['3100', '2100'])('the shipped disk on a %s', (model) => {
  let session: GuestSession;

  beforeEach(() => {
    session = new GuestSession(undefined, model);
  });
  afterEach(() => session.dispose());

  it('boots through the firmware and the boot block', () => {
    const sectors = gunzipSync(readFileSync(DISK_IMAGE_PATH)).length / SECTOR_BYTES;
    const console = session.output(CONSOLE_LINE);
    expect(console).toMatch(/SCSI ESAR ok\r\n-scsi boot rz\(0,0,0\): \d+\r\n/);
    expect(console).toContain('Aegis: 6144 pages');
    expect(console).toContain(`Aegis: rz0, ${sectors} sectors`);
  });

  it.each(['exos', 'exos-ipt'])('runs programs on %s', (libraryOs) => {
    const good = { kind: 'exit', status: 0 };
    expect(session.run(libraryOs, 'hello')).toMatchObject({ output: `hello from ${libraryOs}\n`, end: good });
    expect(session.run(libraryOs, 'ls', '/bin').output).toContain('matmul');
    expect(session.run(libraryOs, 'vmstress')).toMatchObject({
      output: expect.stringContaining('verified'),
      end: good,
    });
  });
});

test('the last sectors of a second disk are read on the 3100 too', () => {
  const session = new GuestSession(new TextEncoder().encode('#!/bin/sh\n'.padEnd(600, '#')), '3100');
  expect(session.output(CONSOLE_LINE)).toContain('Aegis: rz1, 2 sectors');
  expect(() => session.run('exos', 'disk1:600')).toThrow(
    "'disk1:600' is not a MIPS program: it is not an ELF file",
  );
  session.dispose();
});
