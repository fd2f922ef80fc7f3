/** The shipped disk on the DECstation 3100 and 2100: the firmware boots it by the SII, programs run as on the 5000/125. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { exchange } from '../../../src/bench/echo.js';
import type { ModelName } from '../../../src/machine/index.js';
import { CONSOLE_LINE, DISK_IMAGE_PATH } from '../../../src/workstation/index.js';
import { pingFrame } from './echo-peer.js';
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
    expect(session.run(libraryOs, 'mandel', '9', '3')).toMatchObject({
      output: expect.stringMatching(/\nmandel: 3.2 wide at -0.7\+0i, [1-9]\d+ steps\n$/),
      end: good,
    });
    expect(session.run(libraryOs, '/test/float', 'denormal').output).toContain('FCR31 0x0002');
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

test.each([
  ['a process', ['10.0.2.77']],
  ['a handler', ['-a', '10.0.2.77']],
])('pings come back from a 3100, whole, by %s', (_, words) => {
  const session = new GuestSession(undefined, '3100');
  const station = [0x08, 0x00, 0x2b, 0x12, 0x31, 0x01];
  session.start(1, 'exos', 'netecho', ...words);
  session.until(() => session.output(1).includes('answers ping'));
  let cycles: readonly number[] | undefined;
  const requests = [1, 2, 3, 4, 5].map((sequence) => pingFrame([10, 0, 2, 77], station, sequence));
  exchange(session.workstation.machine, requests, (done) => {
    cycles = done;
  });
  session.until(() => cycles !== undefined);
  expect(cycles).toHaveLength(requests.length);
  session.dispose();
});
