import { expect, it } from 'vitest';
import { MODELS, runWorkload, WORKLOADS } from './run-workload.js';

it.each(
  WORKLOADS.filter(({ name }) => name === 'exc').flatMap((one) => MODELS.map((model) => ({ ...one, model }))),
)('$name on a $model: checksum and instruction count', async ({ name, model, checksum, instructions }) => {
  const { console, stats } = await runWorkload(name, model);
  expect(console).toContain(`checksum=${checksum} DONE`);
  expect(stats.instructions.program).toBe(instructions);
  expect(stats.instructions.program + stats.instructions.prom).toBe(stats.instructions.attempted);
  expect(stats.exceptions.Sys).toBe(1_000_000);
  expect(stats.exit).toEqual({ reason: 'halt', status: 0 });
});
