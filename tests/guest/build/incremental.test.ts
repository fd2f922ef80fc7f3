/** A build step runs again when its command, an input or its output changed, and only then. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'exostation-step-'));
const input = join(folder, 'input');
const header = join(folder, 'header');
const output = join(folder, 'output');
afterAll(() => rmSync(folder, { recursive: true }));

/** Each build is a process of its own; a fresh module stands for it. */
async function build(command: string): Promise<boolean> {
  vi.resetModules();
  const { step } = await import('../../../src/guest/build/incremental.js');
  return step(output, [command], [input], async () => {
    writeFileSync(output, 'made');
    return [header];
  });
}

describe('step', () => {
  beforeEach(async () => {
    writeFileSync(input, '1');
    writeFileSync(header, '1');
    await build('cc');
  });

  it('does nothing when nothing changed', async () => {
    expect(await build('cc')).toBe(false);
  });

  it('runs again for another command, input, file read or a damaged output', async () => {
    expect(await build('cc -O2')).toBe(true);
    writeFileSync(input, '2');
    expect(await build('cc -O2')).toBe(true);
    writeFileSync(header, '2');
    expect(await build('cc -O2')).toBe(true);
    writeFileSync(output, 'damaged');
    expect(await build('cc -O2')).toBe(true);
    expect(await build('cc -O2')).toBe(false);
  });
});
