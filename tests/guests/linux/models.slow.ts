/**
 * The same unmodified Linux 6.1 on the KN01 models: it finds services in the firmware's jump table, probes memory by bus
 * errors, talks through the DZ, brings the LANCE up, and goes back to the firmware. One boot each.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CommandResult, exostation } from '../../support/command-line.js';

const BOOT_SECONDS = 400;
const MAX_CYCLES = '2500000000';
/** Linux's timer interrupts a second, and the loops of its delay a cycle takes two of. */
const TICKS = 128;

const found = spawnSync('sh', [fileURLToPath(new URL('cached.sh', import.meta.url)), 'path'], {
  encoding: 'utf8',
});
const kernel = found.stdout.trim();

interface Model {
  readonly model: string;
  readonly memory: readonly string[];
  readonly kilobytes: number;
  readonly hertz: number;
}

const MODELS: readonly Model[] = [
  { model: '3100', memory: [], kilobytes: 24576, hertz: 16_670_000 },
  { model: '2100', memory: ['--memory', '8'], kilobytes: 8192, hertz: 12_500_000 },
];

describe.skipIf(found.status !== 0).each(MODELS)(
  'Linux 6.1 on the $model',
  ({ model, memory, kilobytes, hertz }) => {
    let run: CommandResult;
    beforeAll(async () => {
      run = await exostation(
        [
          ...['run', '--headless', '--model', model, ...memory, '--max-cycles', MAX_CYCLES],
          ...['--kernel', kernel, '--append', 'console=ttyS3 ip=10.0.0.1:::255.0.0.0:exostation:eth0:off'],
        ],
        BOOT_SECONDS,
      );
    });

    it('runs its init to the end, halts through the firmware, and the run ends with status 0', () => {
      expect(run.stdout).toContain('-tftp boot tftp()vmlinux');
      expect(run.stdout).toMatch(/INIT: hello from userland[\s\S]*INIT: done[\s\S]*\nhalted\r?\n/);
      expect(run.status).toBe(0);
    });

    it('names the machine, CPU and FPU, and measures caches and memory right', () => {
      expect(run.stdout).toContain('This is a DECstation 2100/3100');
      expect(run.stdout).toContain('CPU0 revision is: 00000210 (R3000)');
      expect(run.stdout).toContain('FPU revision is: 00000210');
      expect(run.stdout).toContain('Primary instruction cache 64kB, linesize 4 bytes.');
      expect(run.stdout).toContain('Primary data cache 64kB, linesize 4 bytes.');
      expect(run.stdout).toContain(`K/${kilobytes}K available`);
      expect(run.stdout).toMatch(/Options implemented\s*: tlb 3k_cache fpu/);
    });

    it('measures the clock rate against the clock chip', () => {
      // Two cycles a loop; the periodic interrupts that run meanwhile take a few per cent.
      const loopsPerTick = Number(/BogoMIPS \(lpj=(\d+)\)/.exec(run.stdout)?.[1]);
      const rate = (2 * loopsPerTick * TICKS) / hertz;
      expect(rate).toBeGreaterThan(0.94);
      expect(rate).toBeLessThan(1);
    });

    it('finds serial lines, clock and network chip, and nothing goes wrong', () => {
      expect(run.stdout).toMatch(/ttyS3 at MMIO 0x1c000000 \(irq = 4, .* is a DZ/);
      expect(run.stdout).toContain('PMAX onboard LANCE, addr = 08:00:2b:12:31:01, irq = 3');
      expect(run.stdout).toContain('device=eth0, hwaddr=08:00:2b:12:31:01');
      expect(run.stdout).toContain('setting system clock to');
      expect(run.stdout).not.toMatch(
        /Oops|panic|BUG|WARNING|Call Trace|nobody cared|Bus error|invalid value|LANCE unopened/,
      );
    });
  },
);
