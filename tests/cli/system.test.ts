/** The shipped system from the command line: programs on both library OSes, the shell, errors, the demonstration, the tables. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exostation, ROOT } from './exostation.js';

const IMAGE = join(ROOT, 'disk-images/exostation.img.gz');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'exostation-system-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('exec', () => {
  it('runs the same program on either library OS, and tells what it cost', async () => {
    const stats = ['exos', 'exos-ipt'].map((name) => join(folder, `${name}.json`));
    const runs = await Promise.all([
      exostation(['exec', 'matmul', '--libos', 'exos', '--stats', stats[0] as string]),
      exostation(['exec', 'matmul', '--libos', 'exos-ipt', '--stats', stats[1] as string]),
    ]);
    for (const { status, stdout, stderr } of runs) {
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^matmul 150x150: checksum [0-9a-f]{8}, verified\r?\n$/);
      expect(status).toBe(0);
    }
    for (const path of stats) {
      const { cycles, exit } = JSON.parse(readFileSync(path, 'utf8'));
      // 150^3 inner steps at about 27 cycles (paper, Table 9: 3.7 s), and the boot before them.
      expect(cycles).toBeGreaterThan(27 * 150 ** 3);
      expect(exit).toEqual({ reason: 'program-exit', status: 0 });
    }
  });

  it('passes input, output, arguments and status on, with the same cycle count each time', async () => {
    const stats = [join(folder, 'a.json'), join(folder, 'b.json')];
    const runs = await Promise.all(
      stats.map((path) => exostation(['exec', 'sh', '--stats', path], 'echo one two\nexit 5\n')),
    );
    for (const { status, stdout } of runs) {
      expect(stdout).toContain('one two');
      expect(status).toBe(5);
    }
    const [a, b] = stats.map((path) => JSON.parse(readFileSync(path, 'utf8')).cycles);
    expect(a).toBe(b);
  });

  it.each([
    [300, 44],
    [-1, 255],
    [256, 0],
  ])('passes exit %i on as %i, as UNIX does', async (given, passed) => {
    const { status, stderr } = await exostation(['exec', 'sh'], `exit ${given}\n`);
    expect([status, stderr]).toEqual([passed, '']);
  });

  it('an input without a line end has an end, and so have those of a shell and of what it starts', async () => {
    const [cat, shell] = await Promise.all([
      exostation(['exec', 'cat'], 'no line end'),
      exostation(['exec', 'sh'], 'cat\nfor cat\n'),
    ]);
    expect(cat).toMatchObject({ status: 0, stdout: 'no line end' });
    expect(shell).toMatchObject({ status: 0, stdout: 'exos$ for cat\nexos$ ' });
  });

  it('boots the disk that --disk names', async () => {
    const { status, stdout } = await exostation(['exec', '--disk', IMAGE, 'hello']);
    expect([status, stdout]).toEqual([0, 'hello from exos\n']);
    const disk = join(folder, 'no-system.img');
    writeFileSync(disk, new Uint8Array(1 << 20));
    const refused = await exostation(['exec', 'hello', '--disk', disk]);
    expect(refused.stderr).toMatch(/^exostation: the machine did not boot; [^\n]*no boot block[^\n]*\n$/);
    expect(refused.status).toBe(1);
  });

  it('says that --max-cycles has ended it', async () => {
    const { status, stderr } = await exostation(['exec', 'hello', '--max-cycles', '2000000']);
    expect(stderr).toMatch(/^exostation: stopped at cycle 20000\d\d \(--max-cycles\)\n$/);
    expect(status).toBe(3);
  });

  it.each(['3100', '2100'])('runs the same disk on a %s', async (model) => {
    const { status, stdout, stderr } = await exostation(['exec', 'hello', '--model', model]);
    expect([status, stdout, stderr]).toEqual([0, 'hello from exos\n', '']);
  });

  it.each([
    [['exec', 'hello', '--libos', 'nope'], /no library OS named 'nope'/],
    [['exec', 'nosuch'], /no such program 'nosuch'/],
  ])('%j gives one line and status 2', async (words, message) => {
    const { status, stdout, stderr } = await exostation(words);
    expect(stderr).toMatch(/^exostation: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

describe('run --headless', () => {
  it('boots from the shipped disk to a shell on stdin and stdout', async () => {
    const { status, stdout } = await exostation(['run', '--headless'], 'ls /bin\nexit 3\n');
    expect(stdout).toContain('Aegis');
    expect(stdout).toContain('matmul');
    expect(status).toBe(3);
  });

  it('a disk of the user gets a shell too, whose input may be empty, and a restored run ends with it', async () => {
    const words = ['run', '--headless', '--disk', IMAGE];
    const snapshot = join(folder, 'with-disk');
    const [shell, empty] = await Promise.all([
      exostation(
        [...words, '--snapshot-at', '25000000', snapshot],
        'cat /etc/motd\nls -l /bin\necho hello\nexit 4\n',
      ),
      exostation(words),
    ]);
    expect(shell.stdout).toContain('exos$ echo hello\nhello\n');
    expect([shell.status, empty.status]).toEqual([4, 0]);
    expect(empty.stdout).toMatch(/exos\$ $/);
    const restored = await exostation(['run', '--headless', '--restore', snapshot, '--disk', IMAGE]);
    expect(restored).toMatchObject({ status: 4, stderr: '' });
    expect(shell.stdout.endsWith(restored.stdout)).toBe(true);
  });

  it('on a disk without a boot block the keyboard is the firmware prompt', async () => {
    const disk = join(folder, 'empty.img');
    writeFileSync(disk, new Uint8Array(1 << 20));
    const words = ['--headless', '--disk', disk, '--expect', 'mono$'];
    const { status } = await exostation(['run', ...words], 'setenv screen mono\nprintenv screen\n');
    expect(status).toBe(0);
  });
});

describe('without a terminal', () => {
  it('the demonstration shows both library OSes, revocation, repossession and excess time, and ends with 0', async () => {
    const { status, stdout, stderr } = await exostation(['--check']);
    expect(stderr).toBe('');
    for (const shown of [
      /matmul 150x150: .*verified/,
      /vmstress on exos gave back all pages asked for/,
      /hog on exos told to give 8 pages within \d+ us/,
      /page \d+ repossessed from hog on exos/,
      /hog on exos over-ran its slice/,
      /hog on exos forfeited slice \d+/,
      /hog on exos destroyed: too much excess time/,
      /at \d\d+ samples: all agree/,
      /^ +program +user +kernel +refill +all +end$/m,
      /^ +matmul on exos( +[\d,]+){4} +exited with status 0$/m,
      /^ +matmul on exos-ipt( +[\d,]+){4} +exited with status 0$/m,
    ]) {
      expect(stdout).toMatch(shown);
    }
    expect(status).toBe(0);
  });
});

describe('bench', () => {
  it("measures the paper's primitive operations on the machine", async () => {
    const { status, stdout, stderr } = await exostation(['bench', '--json']);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const rows = JSON.parse(stdout) as { experiment: string; cycles: number; count: number }[];
    expect(rows.length).toBeGreaterThanOrEqual(8);
    for (const { experiment, cycles, count } of rows) {
      if (experiment === 'matrix-multiply') {
        // Paper, Table 9: 3.7 s at 25 MHz.
        expect(Math.abs(cycles / 25e6 - 3.7)).toBeLessThan(0.2);
        continue;
      }
      if (/^(revoke|abort)-/.test(experiment)) {
        // 64 pages take a few milliseconds.
        expect(count).toBe(5);
        expect(cycles).toBeLessThan(200_000);
        continue;
      }
      expect(count).toBeGreaterThanOrEqual(256);
      if (experiment.startsWith('udp-echo')) {
        // Twice the wire, and no more than the paper's 320 us: Table 11.
        expect(cycles).toBeGreaterThan(2 * 1440);
        expect(cycles).toBeLessThan(8000);
        continue;
      }
      expect(cycles).toBeGreaterThan(5);
      expect(cycles).toBeLessThan(600);
    }
    const call = rows.find((row) => row.experiment === 'procedure-call');
    // Paper, Table 4: 0.28 us at 25 MHz.
    expect(Math.abs((call?.cycles ?? 0) - 7)).toBeLessThan(0.5);
  });

  it("prints the paper's tables, and why where ours is higher", async () => {
    const { status, stdout, stderr } = await exostation(['bench', 'tables', '--model', '5000/125']);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^null system call, without stack +26 +29 +1\.16 +21 +21 +40 +1\.60 +21\.30$/m);
    expect(stdout).toMatch(/^repossession of 1 page +\d+ +\d+ +[\d.]+ +\d+ +\d+ +[\d.]+$/m);
    expect(stdout).toContain('Table 7 was measured on a DECstation 5000/200, which is not modelled');
    // Each with its reason: exo_scall, and the two of Table 7.
    expect(stdout.match(/Higher than the paper: ./g)).toHaveLength(3);
    expect(stdout).not.toContain('Higher than the paper.');
  });

  it("shows the paper's column for the machine that was asked for", async () => {
    const { status, stdout } = await exostation(['bench', 'procedure-call', '--model', '2100', '--json']);
    expect(status).toBe(0);
    const [row] = JSON.parse(stdout);
    expect(row).toMatchObject({ hertz: 12_500_000, paper: { aegis: 0.56, ultrix: 0.57 } });
    // Seven cycles, and what one start of a loop of a thousand costs.
    expect(row.cycles).toBeGreaterThanOrEqual(7);
    expect(row.cycles).toBeLessThan(7.1);
    expect(row.time).toBe((row.cycles / 12_500_000) * 1e6);
    const text = await exostation(['bench', 'matrix-multiply', '--model', '3100']);
    expect(text.stdout).toContain('DECstation 3100, 16.67 MHz;');
    expect(text.stdout).toMatch(/150x150 matrix multiplication +\d+ +5\.\d+ +5\.2 +5\.2 +s/);
  });
});
