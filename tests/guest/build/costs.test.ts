/** Aegis does not grow unnoticed: code size and hot paths of the shipped kernel are those that are kept. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { costLines, kernelCosts, readCosts } from '../../../src/guest/build/costs.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const kept = readCosts(`${ROOT}src/guest/aegis/costs.json`);
const symbols = JSON.parse(readFileSync(`${ROOT}disk-images/symbols.json`, 'utf8')) as {
  aegis: Record<string, string>;
};

describe("Aegis's costs", () => {
  it("are those in costs.json (node dist/guest/build/main.js costs accepts the built kernel's)", () => {
    expect(kernelCosts(symbols.aegis)).toEqual(kept);
  });

  it('are at or below the paper: exceptions 18 instructions, transfers 30', () => {
    expect(kept.instructions['exception dispatch']).toBeLessThanOrEqual(18);
    expect(kept.instructions['synchronous transfer']).toBeLessThanOrEqual(30);
  });

  it('that changed are named', () => {
    const lines = costLines(
      { codeBytes: 1, instructions: { a: 2 } },
      { codeBytes: 1, instructions: { a: 1 } },
    );
    expect(lines[0]).toBe('  aegis code: 1 bytes');
    expect(lines[1]).toMatch(/a: 2 instructions, was 1/);
  });
});
