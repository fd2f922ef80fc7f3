/** The built program as a user starts it. Each case is a process of its own, so there are few. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exostation, ROOT } from './exostation.js';

const EXC = join(ROOT, 'tests/workloads/bare/exc.elf');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'exostation-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe('run --headless --kernel', () => {
  it('runs a kernel to its halt, and gives the same cycle count each time', async () => {
    const stats = [join(folder, 'one.json'), join(folder, 'two.json')];
    const runs = await Promise.all(
      stats.map((path) => exostation(['run', '--headless', '--kernel', EXC, '--stats', path])),
    );
    for (const { status, stdout, stderr } of runs) {
      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(stdout).toContain('BENCH exc checksum=73a4c901 DONE');
    }
    const [one, two] = stats.map((path) => JSON.parse(readFileSync(path, 'utf8')));
    expect(Math.abs(one.instructions.program - 16_000_701)).toBeLessThanOrEqual(4);
    expect(one.exit).toEqual({ reason: 'halt', status: 0 });
    expect(Object.keys(one)).toEqual(
      expect.arrayContaining([
        'cycles',
        'instructions',
        'exceptions',
        'tlb',
        'icache',
        'dcache',
        'wallSeconds',
        'exit',
      ]),
    );
    expect({ ...one, wallSeconds: 0 }).toEqual({ ...two, wallSeconds: 0 });
  });

  it('--screenshot writes what the screen shows; a name of another kind is refused before the run', async () => {
    const file = join(folder, 'screen.ppm');
    const run = ['run', '--headless', '--kernel', EXC, '--max-cycles', '100000', '--screenshot'];
    const [taken, refused, lost] = await Promise.all([
      exostation([...run, file]),
      exostation([...run, join(folder, 'screen.gif')]),
      exostation([...run, join(folder, 'no-folder', 'screen.png')]),
    ]);
    expect([taken.status, refused.status, lost.status]).toEqual([3, 2, 2]);
    expect(readFileSync(file).subarray(0, 16).toString('latin1')).toBe('P6\n1024 864\n255\n\0'.slice(0, 16));
    expect(readFileSync(file).length).toBe(16 + 3 * 1024 * 864);
    expect(refused.stderr).toMatch(/^exostation: --screenshot .*: give a name that ends in .png or .ppm\n$/);
    expect(lost.stderr).toMatch(/^exostation: --screenshot .*\n$/);
  });

  it('ends with 3 at --max-cycles, to the cycle; with 0 when the console shows what is expected', async () => {
    const stats = join(folder, 'limit.json');
    const [limited, expected, missed] = await Promise.all([
      exostation(['run', '--headless', '--kernel', EXC, '--max-cycles', '3000000', '--stats', stats]),
      exostation(['run', '--headless', '--kernel', EXC, '--expect', 'tftp b..t']),
      exostation(['run', '--headless', '--kernel', EXC, '--expect', 'never shown']),
    ]);
    expect(limited.status).toBe(3);
    expect(limited.stderr).toMatch(/^exostation: stopped at cycle 3000\d\d\d \(--max-cycles\)\n$/);
    const { cycles } = JSON.parse(readFileSync(stats, 'utf8'));
    expect(cycles).toBeGreaterThanOrEqual(3_000_000);
    expect(cycles).toBeLessThan(3_000_200);
    expect(expected.status).toBe(0);
    expect(expected.stdout).not.toContain('checksum');
    expect(missed.status).toBe(1);
    expect(missed.stderr).toMatch(/^exostation: [^\n]*never shown[^\n]*\n$/);
  });

  it('ends with 130 on Ctrl-C', async () => {
    const dhry = join(ROOT, 'tests/workloads/bare/dhry.elf');
    const { status } = await exostation(['run', '--headless', '--kernel', dhry], '', /tftp boot/);
    expect(status).toBe(130);
  });
});

describe('run --headless --machines', () => {
  it('runs each as if alone, the second console by lines or into a file', async () => {
    const stats = [join(folder, 'alone.json'), join(folder, 'both.json')];
    const console2 = join(folder, 'console-2');
    const words = ['run', '--headless', '--kernel', EXC];
    const [alone, both, apart] = await Promise.all([
      exostation([...words, '--stats', stats[0] as string]),
      exostation([...words, '--machines', '2', '--stats', stats[1] as string]),
      exostation([...words, '--net', 'lan', '--machines', '2', '--console', console2]),
    ]);
    expect([alone.status, both.status, apart.status]).toEqual([0, 0, 0]);
    expect(both.stdout).toMatch(/^BENCH exc checksum=73a4c901 DONE/m);
    expect(both.stdout).toMatch(/^2\| BENCH exc checksum=73a4c901 DONE$/m);
    expect(apart.stdout).toBe(alone.stdout);
    expect(readFileSync(console2, 'latin1')).toBe(alone.stdout);
    const [one, two] = stats.map((path) => JSON.parse(readFileSync(path, 'utf8')));
    expect(two.machines).toHaveLength(2);
    const { wallSeconds: _, exit, ...counted } = one;
    expect(two.machines[0]).toEqual(counted);
    expect(exit).toEqual(two.exit);
    expect(two.machines[1].instructions).toEqual(counted.instructions);
  });

  it('boots two of our systems; what is typed at the second comes from a file', async () => {
    const input = file('input', 'echo second\nexit\n');
    const words = ['run', '--headless', '--machines', '2', '--memory', '16', '--input', input];
    const { status, stdout } = await exostation(words, 'echo first; echo again\n');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^first/m);
    expect(stdout).toMatch(/^2\| .*echo second$/m);
    expect(stdout).toMatch(/^2\| second$/m);
  });
});

describe('bad input', () => {
  it.each([
    ['a missing kernel', () => ['run', '--headless', '--kernel', join(folder, 'none')], /none: no such file/],
    [
      'a truncated ELF',
      () => ['run', '--headless', '--kernel', file('cut.elf', readFileSync(EXC).subarray(0, 4500))],
      /truncated or corrupt/,
    ],
    [
      'a kernel that is a program',
      () => ['run', '--headless', '--kernel', file('program.elf', userProgram())],
      /exostation exec/,
    ],
    [
      'a missing disk',
      () => ['run', '--headless', '--disk', join(folder, 'none.img')],
      /disk .*: no such file/,
    ],
    [
      'a truncated image',
      () => ['run', '--headless', '--disk', file('cut.gz', gzipSync(new Uint8Array(9000)).subarray(0, 20))],
      /truncated/,
    ],
    [
      'a third console of two machines',
      () => consolesOf(2),
      /--console: only for the machines after the first/,
    ],
    ['an unknown option', () => ['run', '--bogus'], /unknown option '--bogus'; see 'exostation run --help'/],
    [
      'a missing word of a command of a command',
      () => ['image', 'cp'],
      /missing required argument 'from'; see 'exostation image cp --help'/,
    ],
    [
      'a kernel that is no executable',
      () => ['run', '--headless', '--kernel', file('text', 'no kernel')],
      /not an ELF or ECOFF executable; give a kernel for little-endian MIPS/,
    ],
    [
      'a kernel that no memory holds',
      () => ['run', '--headless', '--kernel', file('large.elf', withMemory(EXC, 1 << 30))],
      /needs memory up to 0x40[\da-f_]+; a 5000\/125 has at most 128 MiB/,
    ],
    ['an unknown command', () => ['frobnicate'], /unknown command 'frobnicate'/],
    ['a corrupt program', () => ['exec', file('bad.elf', 'not a program')], /not an ELF/],
    ['an option that is not in this version', () => ['run', '--engine', 'translator'], /not in this version/],
  ])('%s gives one line and status 2', async (_what, words, message) => {
    const { status, stdout, stderr } = await exostation(words());
    expect(stderr).toMatch(/^exostation: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

it('--help and --version need no machine', async () => {
  const [help, version] = await Promise.all([exostation(['--help']), exostation(['--version'])]);
  expect(help.status).toBe(0);
  expect(help.stdout).toContain('exec');
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

function consolesOf(count: number): string[] {
  const files = Array.from({ length: count }, (_, index) => ['--console', join(folder, `c${index}`)]);
  return ['run', '--headless', '--kernel', EXC, '--machines', String(count), ...files.flat()];
}

/** A kernel whose first segment takes so many bytes. */
function withMemory(path: string, bytes: number): Uint8Array {
  const file = Uint8Array.from(readFileSync(path));
  const view = new DataView(file.buffer);
  view.setUint32(view.getUint32(28, true) + 20, bytes, true);
  return file;
}

/** A workload, relinked by hand to where programs live. */
function userProgram(): Uint8Array {
  const bytes = Uint8Array.from(readFileSync(EXC));
  const view = new DataView(bytes.buffer);
  view.setUint32(24, 0x0040_0000, true);
  view.setUint32(view.getUint32(28, true) + 8, 0x0040_0000, true);
  return bytes;
}
