/** `--record`, `replay`, `--snapshot-at` and `--restore` as users give them; what does not fit gives one line and status 2. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, exostation, ROOT } from './exostation.js';

const folder = mkdtempSync(join(tmpdir(), 'exostation-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string): string => join(folder, name);

interface Stats {
  readonly cycles: number;
  readonly wallSeconds: number;
  readonly exit: { readonly reason: string; readonly status: number };
}
const stats = (name: string): Stats => JSON.parse(readFileSync(file(name), 'utf8')) as Stats;

describe('a session of the shipped system', () => {
  let recorded: Ended;
  beforeAll(async () => {
    const words = ['run', '--headless', '--record', file('run'), '--stats', file('run.json')];
    const points = ['--snapshot-at', '2_000_000', file('early'), '--snapshot-at', '25000000', file('late')];
    const input = 'cat /etc/motd\nls -l /bin\necho done\nexit 7\n';
    recorded = await exostation([...words, ...points, '--snapshot-at', '9000000000', file('never')], input);
  });

  it('is recorded, goes on after its snapshots, and ends as ever', () => {
    expect(recorded.status).toBe(7);
    expect(recorded.stdout).toContain('done');
    expect(recorded.stderr).toMatch(
      /^exostation: --snapshot-at 9000000000: the run ended before, at cycle \d+; .*never is not written\n$/,
    );
    expect(existsSync(file('never'))).toBe(false);
  });

  it('is replayed with the same output and the same statistics, status 0', async () => {
    const again = await exostation(['replay', file('run'), '--stats', file('replay.json')]);
    expect(again.status).toBe(0);
    expect(again.stdout).toBe(recorded.stdout);
    expect(again.stderr).toMatch(
      /^exostation: .*run: the same run, to cycle \d+: the same state at its end\n$/,
    );
    const { exit, wallSeconds, ...counts } = stats('replay.json');
    expect(exit).toEqual({ reason: 'replayed', status: 0 });
    expect(wallSeconds).toBeGreaterThan(0);
    expect(stats('run.json')).toMatchObject(counts);
  });

  it('gives the same snapshot when it is replayed', async () => {
    const again = await exostation(['replay', file('run'), '--snapshot-at', '25000000', file('late-again')]);
    expect(again.status).toBe(0);
    expect(readFileSync(file('late-again')).equals(readFileSync(file('late')))).toBe(true);
  });

  it('goes on from a snapshot to the same end, before and after the shell has started', async () => {
    for (const name of ['early', 'late']) {
      const words = ['run', '--headless', '--restore', file(name), '--record', file(`${name}-run`)];
      const input = name === 'early' ? 'cat /etc/motd\nls -l /bin\necho done\nexit 7\n' : '';
      const rest = await exostation([...words, '--stats', file('rest.json')], input);
      expect(rest.stderr).toBe('');
      expect(rest.status).toBe(7);
      expect(recorded.stdout.endsWith(rest.stdout)).toBe(true);
      // The late one has in it what was typed and not read yet, and hears its end a second time; the early one is given
      // the same input again.
      const later = stats('rest.json').cycles - stats('run.json').cycles;
      if (name === 'early') expect(later).toBe(0);
      else expect(Math.abs(later - 1000)).toBeLessThanOrEqual(1000);
      const replayed = await exostation(['replay', file(`${name}-run`)]);
      expect([replayed.status, replayed.stdout]).toEqual([0, rest.stdout]);
    }
  });

  it('stops at --max-cycles with status 3', async () => {
    const { status, stderr } = await exostation(['replay', file('run'), '--max-cycles', '3000000']);
    expect([status, stderr]).toEqual([
      3,
      expect.stringMatching(/run: left at cycle 30000\d\d; the recording goes on to \d+\n$/),
    ]);
  });

  it('is not restored with other options; the same ones are welcome', async () => {
    const given: [words: string[], reason: RegExp][] = [
      [['--memory', '16'], /--memory: snapshot .*late was made with 32; leave --memory out/],
      [['--seed', 'abcd'], /--seed: snapshot .*late was made with 0011/],
      [['--append', 'x'], /--append: /],
      [['--mac', '08:00:2b:00:00:09'], /--mac: /],
      [['--kernel', 'nofile'], /--kernel: snapshot .*late booted from its disk; leave it out/],
      [['--disk', 'a', '--disk', 'b'], /--disk: snapshot .*late has 1 of them/],
      [['--disk', join(ROOT, 'package.json')], /package.json.*not a disk image/],
      [
        ['--snapshot-at', '100', file('x')],
        /--snapshot-at 100: the run begins at cycle 250000\d\d; give a later one/,
      ],
      [['--machines', '2'], /--restore, --snapshot-at: work with one machine/],
    ];
    for (const [words, reason] of given) {
      const { status, stderr } = await exostation(['run', '--headless', '--restore', file('late'), ...words]);
      expect(stderr).toMatch(reason);
      expect(stderr.trimEnd()).not.toContain('\n');
      expect(status).toBe(2);
    }
    const same = ['--memory', '32', '--model', '5000/125', '--seed', '00112233445566778899aabbccddeeff'];
    const end = ['--max-cycles', '25500000'];
    const { status } = await exostation(['run', '--headless', '--restore', file('late'), ...same, ...end]);
    expect(status).toBe(3);
  });
});

describe('a kernel of the user', () => {
  const kernel = join(ROOT, 'tests/workloads/bare/exc.elf');

  it('may have moved, but must be the same', async () => {
    writeFileSync(file('exc.elf'), readFileSync(kernel));
    const words = ['run', '--headless', '--kernel', file('exc.elf'), '--append', 'a b'];
    const run = await exostation([
      ...words,
      '--record',
      file('exc'),
      '--snapshot-at',
      '12000000',
      file('exc12'),
    ]);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    rmSync(file('exc.elf'));
    const gone = await exostation(['replay', file('exc')]);
    expect(gone).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^exostation: kernel .*no such file/),
    });
    const other = join(ROOT, 'tests/workloads/bare/tlb.elf');
    const wrong = await exostation(['replay', file('exc'), '--kernel', other]);
    expect(wrong.stderr).toMatch(
      /^exostation: recording .*exc: .*tlb.elf is not the kernel it was made with; [^\n]+\n$/,
    );
    expect(wrong.status).toBe(2);
    writeFileSync(file('renamed.elf'), readFileSync(kernel));
    const moved = await exostation(['replay', file('exc'), '--kernel', file('renamed.elf')]);
    expect([moved.status, moved.stdout]).toEqual([0, run.stdout]);
    const rest = await exostation([
      ...[
        'run',
        '--headless',
        '--restore',
        file('exc12'),
        '--kernel',
        file('renamed.elf'),
        '--append',
        'a b',
      ],
    ]);
    expect([rest.status, run.stdout.endsWith(rest.stdout)]).toEqual([0, true]);
  });
});

describe('several machines on one wire', () => {
  it('are recorded each by itself, and replayed each alone', async () => {
    const kernel = join(ROOT, 'tests/workloads/bare/exc.elf');
    const words = ['run', '--headless', '--machines', '2', '--kernel', kernel];
    const end = ['--max-cycles', '3000000'];
    const run = await exostation([...words, ...end, '--record', file('one'), '--record', file('two')]);
    expect(run.status).toBe(3);
    for (const name of ['one', 'two']) expect((await exostation(['replay', file(name)])).status).toBe(0);
  });
});

describe('bad words', () => {
  it.each([
    [['replay'], /missing required argument/],
    [['replay', '/nonexistent'], /recording \/nonexistent: no such file/],
    [['replay', join(ROOT, 'package.json')], /package\.json: not a recording of exostation, or truncated/],
    [['run', '--headless', '--restore', join(ROOT, 'package.json')], /not a snapshot of exostation/],
    [['run', '--headless', '--snapshot-at', '5'], /--snapshot-at takes a cycle and a file/],
    [['run', '--headless', '--snapshot-at', 'x', 'y'], /--snapshot-at x: give a cycle/],
    [
      ['run', '--headless', '--snapshot-at', '5', '/no/such/folder/s'],
      /--snapshot-at \/no\/such\/folder\/s: no such folder/,
    ],
    [
      ['run', '--headless', '--record', '/no/such/folder/s'],
      /--record \/no\/such\/folder\/s: no such folder/,
    ],
    [['run', '--headless', '--record', 'a', '--record', 'b'], /--record: given 2 times for one machine/],
  ])('%j give one line and status 2', async (words, reason) => {
    const { status, stderr } = await exostation(words);
    expect(stderr).toMatch(reason);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(status).toBe(2);
    expect(existsSync('a')).toBe(false);
  });
});
