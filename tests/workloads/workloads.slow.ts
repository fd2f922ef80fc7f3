import { describe, expect, it } from 'vitest';
import { runWorkload, WORKLOADS } from './run-workload.js';

describe.each(WORKLOADS)('$name', (workload) => {
  it('prints its checksum after the right number of instructions and refills, twice in the same cycles', async () => {
    const { console, stats } = await runWorkload(workload.name);
    expect(console).toContain(`checksum=${workload.checksum} DONE`);
    expect(Math.abs(stats.instructions.program - workload.instructions)).toBeLessThanOrEqual(4);
    expect(stats.tlb.refills).toBe(workload.refills);
    const again = await runWorkload(workload.name);
    expect(again.stats.cycles).toBe(stats.cycles);
    expect(again.stats.instructions).toEqual(stats.instructions);
  });
});
