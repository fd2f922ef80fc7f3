import { expect, it } from 'vitest';
import { runWorkload, WORKLOADS } from './run-workload.js';

it.each(WORKLOADS.filter(({ name }) => name === 'exc'))(
  '$name: checksum and instruction count',
  async (workload) => {
    const { console, stats } = await runWorkload(workload.name);
    expect(console).toContain(`checksum=${workload.checksum} DONE`);
    expect(Math.abs(stats.instructions.program - workload.instructions)).toBeLessThanOrEqual(4);
    expect(stats.instructions.program + stats.instructions.prom).toBe(stats.instructions.attempted);
    expect(stats.exceptions.Sys).toBe(1_000_000);
    expect(stats.exit).toEqual({ reason: 'halt', status: 0 });
  },
);
