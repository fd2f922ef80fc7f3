/**
 * `npm run bench`: the engine's speed on the bare workloads beside GXemul's, both measured in this run. The last column is
 * ours as a share of GXemul's, which keeps no time and no caches.
 */

import { measureGxemul } from './gxemul.js';
import { hasWorkloads, kernelPath, measureSpeed, WORKLOADS } from './speed.js';

const GUEST_MEGAHERTZ = 25;

if (!hasWorkloads()) {
  process.stderr.write('bench: tests/workloads/bare is missing; run it from a checkout of the repository\n');
  process.exit(2);
}
const names = process.argv.length > 2 ? process.argv.slice(2) : WORKLOADS;
const unknown = names.find((name) => !WORKLOADS.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`bench: ${unknown}: no such workload; there are ${WORKLOADS.join(', ')}\n`);
  process.exit(2);
}
process.stdout.write('interpreter, all timing on (million guest instructions a second of user time)\n');
process.stdout.write(
  'workload  instructions        cycles  cycles/instr    MIPS  x real time  GXemul MIPS  ratio\n',
);
for (const name of names) {
  const { instructions, cycles, seconds } = measureSpeed(name);
  const other = await measureGxemul(kernelPath(name));
  const rate = instructions / seconds / 1e6;
  const otherRate = other === undefined || other === 0 ? undefined : instructions / other / 1e6;
  const row = [
    name.padEnd(8),
    String(instructions).padStart(13),
    String(cycles).padStart(13),
    (cycles / instructions).toFixed(3).padStart(13),
    rate.toFixed(1).padStart(7),
    (cycles / seconds / 1e6 / GUEST_MEGAHERTZ).toFixed(2).padStart(12),
    (otherRate?.toFixed(1) ?? '-').padStart(12),
    (otherRate === undefined ? '-' : (rate / otherRate).toFixed(2)).padStart(6),
  ];
  process.stdout.write(`${row.join(' ')}\n`);
  if (other === undefined)
    process.stderr.write(`bench: no figure from gxemul -e 3max for ${name}; is gxemul installed?\n`);
}
