/**
 * An unmodified Linux 6.1 boots on the machine as on a DECstation 5000/125, reports the hardware right, runs user
 * programs and goes back to the firmware. The kernel is built by `cached.sh build`; without it the test is skipped,
 * with CI=true it fails.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandResult, exostation } from '../../support/command-line.js';
import { hasTools } from '../../support/tools.js';

const CACHED = fileURLToPath(new URL('cached.sh', import.meta.url));
/** Host seconds; a boot takes about 20 on a machine that does nothing else. */
const BOOT_SECONDS = 400;
/** 100 seconds of the guest's time: a hang ends with status 3. */
const MAX_CYCLES = '2500000000';

const found = spawnSync('sh', [CACHED, 'path'], { encoding: 'utf8' });
const kernel = found.stdout.trim();
const hasKernel = found.status === 0;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'exostation-linux-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Boot extends CommandResult {
  readonly stats: Record<string, unknown>;
}

async function boot(name: string, append = 'console=ttyS3', memoryMiB = 32): Promise<Boot> {
  const file = join(folder, `${name}.json`);
  const run = ['run', '--headless', '--kernel', kernel, '--append', append];
  const result = await exostation(
    [...run, '--max-cycles', MAX_CYCLES, '--memory', String(memoryMiB), '--stats', file],
    BOOT_SECONDS,
  );
  return { ...result, stats: JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown> };
}

/** The lines that arithmetic.c printed. */
function arithmetic(console: string): string {
  return console
    .replaceAll('\r', '')
    .split('\n')
    .filter((line) => line.startsWith('ARITHMETIC '))
    .map((line) => `${line}\n`)
    .join('');
}

it.runIf(process.env.CI === 'true')('the kernel has been built', () => {
  expect(hasKernel, `no ${kernel}; run tests/guests/linux/cached.sh build`).toBe(true);
});

describe.skipIf(!hasKernel)('Linux 6.1 on the 5000/125', () => {
  let first: Boot;
  beforeAll(async () => {
    first = await boot('first');
  });

  it('runs its init to the end, halts through the firmware, and the run ends with status 0', () => {
    expect(first.stdout).toContain('INIT: hello from userland');
    expect(first.stdout).toMatch(/INIT: done[\s\S]*\nhalted\r?\n/);
    expect(first.status).toBe(0);
  });

  it('names the machine, the CPU and the FPU', () => {
    expect(first.stdout).toContain('CPU0 revision is: 00000230 (R3000A)');
    expect(first.stdout).toContain('FPU revision is: 00000330');
    expect(first.stdout).toContain('This is a DECstation 5000/1xx');
  });

  it('measures both caches right', () => {
    expect(first.stdout).toContain('Primary instruction cache 64kB, linesize 4 bytes.');
    expect(first.stdout).toContain('Primary data cache 64kB, linesize 4 bytes.');
  });

  it('finds all memory', () => {
    expect(first.stdout).toMatch(/Memory: \d+K\/32768K available/);
  });

  it('measures the clock rates against the clock chip', () => {
    // Two cycles a loop; the periodic interrupts that run meanwhile take a few per cent.
    const bogomips = Number(/([\d.]+) BogoMIPS/.exec(first.stdout)?.[1]);
    expect(bogomips).toBeGreaterThan(23.5);
    expect(bogomips).toBeLessThan(25.1);
    const counter = Number(/I\/O ASIC clock frequency (\d+)Hz/.exec(first.stdout)?.[1]);
    expect(Math.abs(counter / 12_500_000 - 1)).toBeLessThan(0.001);
  });

  it('finds TURBOchannel, serial lines, clock and network chip, and nothing goes wrong', () => {
    expect(first.stdout).toContain('tc: TURBOchannel rev. 0 at 12.5 MHz (without parity)');
    expect(first.stdout).toMatch(/ttyS3 at MMIO 0x1c180000 .* Z85C30 SCC/);
    expect(first.stdout).toContain('IOASIC onboard LANCE');
    expect(first.stdout).not.toMatch(
      /Oops|panic|BUG|WARNING|Call Trace|nobody cared|Bus error|invalid value/,
    );
  });

  it('boots again in the same cycles', async () => {
    const second = await boot('second');
    expect(second.stdout).toBe(first.stdout);
    expect([second.stats.cycles, second.stats.instructions, second.stats.exceptions]).toEqual([
      first.stats.cycles,
      first.stats.instructions,
      first.stats.exceptions,
    ]);
  });

  it('runs in 8 MB as well as in 128 MB, with its network driver going', async () => {
    const small = await boot('small', 'console=ttyS3', 8);
    expect(small.status).toBe(0);
    expect(small.stdout).toMatch(/Memory: \d+K\/8192K available/);
    const large = await boot('large', 'console=ttyS3 ip=10.0.0.1:::255.0.0.0:exostation:eth0:off', 128);
    expect(large.status).toBe(0);
    expect(large.stdout).toMatch(/Memory: \d+K\/131072K available/);
    expect(large.stdout).toContain('device=eth0, hwaddr=08:00:2b:');
    expect(large.stdout).not.toContain('LANCE unopened');
  });

  it.skipIf(!hasTools('qemu-mipsel'))('computes with its R3010 what qemu-mipsel computes', async () => {
    const program = join(dirname(kernel), 'arithmetic');
    const expected = spawnSync('qemu-mipsel', [program], { encoding: 'utf8' }).stdout;
    expect(expected).toMatch(/ARITHMETIC done\n$/);
    const run = await boot('arithmetic', 'console=ttyS3 rdinit=/arithmetic');
    expect(run.status).toBe(0);
    expect(arithmetic(run.stdout)).toBe(expected);
    // The first use of the FPU, and none that the kernel had to complete.
    expect((run.stats.exceptions as Record<string, number>).CpU).toBe(1);
  });

  it('emulates an FPU in the kernel with the results that GXemul gives', async () => {
    const run = await boot('emulated', 'console=ttyS3 rdinit=/arithmetic nofpu awkward');
    expect(run.status).toBe(0);
    expect(arithmetic(run.stdout)).toBe(readFileSync(new URL('awkward.txt', import.meta.url), 'utf8'));
  });
});
