import { describe, expect, it } from 'vitest';
import { MODELS, runWorkload, WORKLOADS } from './run-workload.js';

describe.each(WORKLOADS)('$name', (workload) => {
  it.each(MODELS)(
    'on a %s prints its checksum after the right number of instructions and refills',
    async (model) => {
      const { console, stats } = await runWorkload(workload.name, model);
      expect(console).toContain(`checksum=${workload.checksum} DONE`);
      expect(stats.instructions.program).toBe(workload.instructions);
      expect(stats.tlb.refills).toBe(workload.refills);
    },
  );

  it('takes the same cycles twice', async () => {
    const [first, second] = [await runWorkload(workload.name), await runWorkload(workload.name)];
    expect(second.stats.cycles).toBe(first.stats.cycles);
    expect(second.stats.instructions).toEqual(first.stats.instructions);
  });
});
