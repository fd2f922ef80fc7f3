/** The wrappers over host tools; skipped where the tools are not installed. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exostation, ROOT } from './exostation.js';

const IMAGE = join(ROOT, 'disk-images/exostation.img.gz');
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;
const has = (tool: string): boolean => spawnSync(tool, ['--version'], { env: { PATH } }).error === undefined;
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'exostation-tools-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!has('debugfs'))('image', () => {
  it('lists, copies out and verifies a gzipped image', async () => {
    const list = await exostation(['image', 'ls', IMAGE, '/bin']);
    expect([list.status, /\bmatmul\b/.test(list.stdout)]).toEqual([0, true]);
    const motd = join(folder, 'motd');
    const copied = await exostation(['image', 'cp', `${IMAGE}:/etc/motd`, motd]);
    expect(copied.status).toBe(0);
    expect(readFileSync(motd, 'utf8')).toContain('exostation');
    const verified = await exostation(['image', 'verify', IMAGE]);
    expect(verified.status).toBe(0);
  });

  it('copies into a raw image only, and refuses a truncated one in one line', async () => {
    const raw = join(folder, 'raw.img');
    writeFileSync(raw, gunzipSync(readFileSync(IMAGE)));
    const source = join(folder, 'note');
    writeFileSync(source, 'hello\n');
    expect((await exostation(['image', 'cp', source, `${raw}:/etc/note`])).status).toBe(0);
    expect((await exostation(['image', 'ls', raw, '/etc'])).stdout).toContain('note');
    const refused = await exostation(['image', 'cp', source, `${IMAGE}:/etc/note`]);
    expect([refused.status, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/^exostation: [^\n]*gunzip[^\n]*\n$/),
    ]);
    const cut = join(folder, 'cut.img');
    writeFileSync(cut, readFileSync(raw).subarray(0, 100_000));
    const truncated = await exostation(['image', 'verify', cut]);
    expect([truncated.status, truncated.stderr]).toEqual([
      2,
      expect.stringMatching(/^exostation: [^\n]*truncated[^\n]*\n$/),
    ]);
  });

  it('what debugfs only complains of is status 2 and one line, and nothing is written', async () => {
    const raw = join(folder, 'whole.img');
    writeFileSync(raw, gunzipSync(readFileSync(IMAGE)));
    const before = readFileSync(raw);
    const random = join(folder, 'no-file-system.img');
    writeFileSync(random, Buffer.alloc(100 * 512, 0x5a));
    const out = join(folder, 'out');
    for (const [words, line] of [
      [['ls', raw, '/none'], /no \/none in /],
      [['ls', raw, '/etc/motd'], /not a folder/],
      [['ls', random], /no ext2 file system/],
      [['verify', random], /no ext2 file system/],
      [['cp', `${raw}:/none`, out], /no \/none in /],
      [['cp', `${raw}:/bin`, out], /no file but a directory/],
      [['cp', `${raw}:/bin/sh`, join(folder, 'none/sh')], /no such folder/],
      [['cp', random, `${raw}:/none/x`], /no \/none in /],
      [['cp', random, `${raw}:/bin/sh`], /exists/],
      [['cp', folder, `${raw}:/x`], /is a folder/],
    ] as readonly [string[], RegExp][]) {
      const { status, stdout, stderr } = await exostation(['image', ...words]);
      expect([status, stdout, stderr.split('\n').length], words.join(' ')).toEqual([2, '', 2]);
      expect(stderr).toMatch(line);
    }
    expect([existsSync(out), readFileSync(raw).equals(before)]).toEqual([false, true]);
  });
});

describe.skipIf(!has('mipsel-linux-gnu-gcc'))('cc', () => {
  it('makes a program that runs on both library OSes', async () => {
    const source = join(folder, 'greet.c');
    writeFileSync(
      source,
      '#include <stdio.h>\nint main(int n, char **v) { printf("%s, %d\\n", v[n - 1], n); return 9; }\n',
    );
    const program = join(folder, 'greet.elf');
    const compiled = await exostation(['cc', '-O2', '-Wall', source, '-o', program, '--libos', 'exos']);
    expect([compiled.status, compiled.stderr]).toEqual([0, '']);
    for (const libos of ['exos', 'exos-ipt']) {
      const ran = await exostation(['exec', program, '--libos', libos, 'world']);
      expect(ran).toMatchObject({ status: 9, stderr: '' });
      expect(ran.stdout).toMatch(/^world, 2\r?\n$/);
    }
  });

  it('a program of the host that fails is called by its name', async () => {
    const source = join(folder, 'bad one.c');
    writeFileSync(source, 'int main(int n, char **v) { return v[0][0] == 98 ? *(volatile int *)4 : 0; }\n');
    const program = join(folder, 'bad one');
    expect(await exostation(['cc', source, '-o', program])).toMatchObject({ status: 0, stderr: '' });
    const { status, stdout, stderr } = await exostation(['exec', program]);
    expect(stdout).toMatch(
      /^exos: bad_one: load from unmapped memory: pc 0x[0-9a-f]{8}, address 0x00000004\n$/,
    );
    expect(stderr).toBe(`exostation: ${program} ended: fault\n`);
    expect(status).toBe(137);
  });
});
