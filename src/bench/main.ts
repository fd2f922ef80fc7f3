/** `npm run bench`: the engine's speed on the bare workloads, as a table with ratios. */

import { hasWorkloads, measureSpeed, WORKLOADS } from './speed.js';

const GUEST_MEGAHERTZ = 25;

if (!hasWorkloads()) {
  process.stderr.write('bench: tests/workloads/bare is missing; run it from a checkout of the repository\n');
  process.exit(2);
}
const names = process.argv.length > 2 ? process.argv.slice(2) : WORKLOADS;
process.stdout.write('interpreter, all timing on (million guest instructions a second of user time)\n');
process.stdout.write('workload  instructions        cycles  cycles/instr    MIPS  x real time\n');
for (const name of names) {
  const { instructions, cycles, seconds } = measureSpeed(name);
  const row = [
    name.padEnd(8),
    String(instructions).padStart(13),
    String(cycles).padStart(13),
    (cycles / instructions).toFixed(3).padStart(13),
    (instructions / seconds / 1e6).toFixed(1).padStart(7),
    (cycles / seconds / 1e6 / GUEST_MEGAHERTZ).toFixed(2).padStart(12),
  ];
  process.stdout.write(`${row.join(' ')}\n`);
}
