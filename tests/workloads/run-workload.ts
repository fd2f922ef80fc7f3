/** Runs one bare workload through PROM and command line; what an independent interpreter says must come out. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exostation } from '../support/command-line.js';

export interface Workload {
  readonly name: string;
  readonly checksum: string;
  /** Attempted instructions from the program's entry to its halt. */
  readonly instructions: number;
  readonly refills: number;
}

/** From the table in README.md. */
export const WORKLOADS: readonly Workload[] = [
  { name: 'exc', checksum: '73a4c901', instructions: 16_000_701, refills: 0 },
  { name: 'mati', checksum: '0f4934d7', instructions: 217_664_293, refills: 0 },
  { name: 'matf', checksum: '7fde7795', instructions: 184_181_887, refills: 0 },
  { name: 'dhry', checksum: 'b0f0bc2f', instructions: 380_101_378, refills: 0 },
  { name: 'mem', checksum: 'c288c7b6', instructions: 82_845_585, refills: 0 },
  { name: 'tlb', checksum: '6d37e351', instructions: 304_734_276, refills: 7_656_617 },
];

export interface WorkloadStats {
  readonly cycles: number;
  readonly instructions: { readonly attempted: number; readonly prom: number; readonly program: number };
  readonly exceptions: Readonly<Record<string, number>>;
  readonly tlb: { readonly refills: number };
  readonly exit: { readonly reason: string; readonly status: number };
}

export const MODELS: readonly string[] = ['5000/125', '3100', '2100'];

export async function runWorkload(
  name: string,
  model: string = '5000/125',
): Promise<{ status: number; console: string; stats: WorkloadStats }> {
  const folder = mkdtempSync(join(tmpdir(), 'exostation-workload-'));
  try {
    const file = join(folder, 'stats.json');
    const kernel = fileURLToPath(new URL(`bare/${name}.elf`, import.meta.url));
    const { status, stdout, stderr } = await exostation(
      ['run', '--headless', '--model', model, '--kernel', kernel, '--stats', file],
      300,
    );
    if (status !== 0) throw new Error(`status ${status}: ${stderr}${stdout}`);
    return { status, console: stdout, stats: JSON.parse(readFileSync(file, 'utf8')) as WorkloadStats };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
