/** What a run is to keep is kept, or refused before the run: files for its end, output that nobody reads, words for a program. */

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { desktopCommand } from '../../src/cli/desktop-command.js';
import { exostation, ROOT } from './exostation.js';

const KERNEL = join(ROOT, 'tests/workloads/bare/dhry.elf');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'exostation-kept-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string): string => join(folder, name);

/** One line that says so, status 2, and nothing on stdout: the machine has not run. */
async function expectRefused(words: readonly string[], line: RegExp): Promise<void> {
  const { status, stdout, stderr } = await exostation(words);
  expect([status, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
  expect(stderr).toMatch(line);
}

describe('files for the end of a run', () => {
  it('--stats in a folder that is not there is refused before the run, and the recording is not lost for it', async () => {
    const stats = file('none/stats.json');
    await expectRefused(
      ['run', '--headless', '--record', file('r'), '--stats', stats],
      /--stats .*no such folder/,
    );
    await expectRefused(['exec', 'hello', '--stats', stats], /--stats .*no such folder/);
  });

  it('two of them in one file, or over a file that the run reads, are refused, and that file is as it was', async () => {
    const run = ['run', '--headless', '--max-cycles', '1000'];
    const kernel = file('kernel.elf');
    writeFileSync(kernel, readFileSync(KERNEL));
    await expectRefused(
      [...run, '--kernel', kernel, '--record', kernel],
      /--record .*is the file of --kernel as well/,
    );
    expect(readFileSync(kernel).equals(readFileSync(KERNEL))).toBe(true);
    await expectRefused(
      [...run, '--record', file('one'), '--snapshot-at', '500', `${folder}/./one`],
      /--snapshot-at .*is the file of --record as well/,
    );
    const recording = file('recording');
    await exostation([...run, '--kernel', KERNEL, '--record', recording]);
    const before = readFileSync(recording);
    await expectRefused(
      ['replay', recording, '--snapshot-at', '500', recording],
      /--snapshot-at .*is the file of the recording as well/,
    );
    expect(readFileSync(recording).equals(before)).toBe(true);
    const twice = [...run, '--kernel', KERNEL, '--stats', '/dev/null', '--pcap', '/dev/null'];
    expect((await exostation(twice)).status).toBe(3);
  });

  it('a picture of before is not lost for a kernel that is missing', async () => {
    const picture = file('screen.png');
    writeFileSync(picture, 'a picture of before');
    await expectRefused(
      ['run', '--headless', '--kernel', file('none.elf'), '--screenshot', picture],
      /no such file/,
    );
    expect(readFileSync(picture, 'utf8')).toBe('a picture of before');
  });
});

describe('the desktop', () => {
  it('refuses a recording in a folder that is not there, instead of standing still', async () => {
    const ttys = [process.stdin, process.stdout] as const;
    const before = ttys.map(({ isTTY }) => isTTY);
    for (const tty of ttys) tty.isTTY = true;
    try {
      const flags = { model: '5000/125', engine: 'interpreter', ephemeral: true, record: [file('none/r')] };
      await expect(desktopCommand(flags)).rejects.toThrow(/^--record .*none\/r: no such folder/);
    } finally {
      ttys.forEach((tty, index) => {
        tty.isTTY = before[index] as boolean;
      });
    }
  });
});

describe('a run of which something is kept', () => {
  /** Its standard input stays open: it would go on for ever. */
  function start(words: readonly string[]): ReturnType<typeof spawn> {
    return spawn(process.execPath, [join(ROOT, 'bin/exostation.js'), 'run', '--headless', ...words]);
  }

  for (const [name, stop, status] of [
    ['stops reading (| head)', (child) => child.stdout?.destroy(), 141],
    ['hangs up', (child) => child.kill('SIGHUP'), 129],
    ['terminates it', (child) => child.kill('SIGTERM'), 143],
  ] as readonly [string, (child: ReturnType<typeof spawn>) => void, number][]) {
    it(`is recorded to the end when somebody ${name}`, async () => {
      const recording = file(`recording-${status}`);
      const stats = file(`stats-${status}.json`);
      const child = start(['--record', recording, '--stats', stats]);
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.stdout?.once('data', () => stop(child));
      expect(await ended).toBe(status);
      expect(JSON.parse(readFileSync(stats, 'utf8')).exit).toEqual({ reason: 'interrupted', status });
      expect((await exostation(['replay', recording])).status).toBe(0);
    });
  }

  it.skipIf(!existsSync('/dev/full'))('says that the disk behind standard output is full', async () => {
    const words = [join(ROOT, 'bin/exostation.js'), 'exec', 'hello'];
    const child = spawn(process.execPath, words, { stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'] });
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(2);
    expect(stderr).toMatch(/^exostation: standard output: no space left [^\n]*\n$/);
  });
});

describe('words on the command line', () => {
  it('an option before the command is refused, not lost', async () => {
    await expectRefused(['--model', '3100', 'exec', 'hello'], /--model: stands before 'exec'/);
  });

  it("all words behind '--' go to the program of exec, '--libos' too", async () => {
    const { status, stdout } = await exostation(['exec', 'echo', 'a', '--', '--libos', 'b']);
    expect([status, stdout]).toEqual([0, 'a --libos b\n']);
  });

  it("'image' alone is one line", async () => {
    await expectRefused(['image'], /image: give a command of it; see 'exostation image --help'/);
  });
});
