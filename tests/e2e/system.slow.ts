/** The shipped system from the command line, as README.md promises it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exostation } from '../support/command-line.js';
import { hasTools } from '../support/tools.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'exostation-system-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['exos', 'exos-ipt'])('exec matmul on %s', (libraryOs) => {
  it('prints the right result, exits with 0, and costs the same cycles every time', async () => {
    const costs: unknown[] = [];
    for (let round = 0; round < 2; round++) {
      const file = join(folder, `${libraryOs}-${round}.json`);
      const { status, stdout } = await exostation(
        ['exec', 'matmul', '--libos', libraryOs, '--stats', file],
        120,
      );
      expect([status, stdout]).toEqual([
        0,
        expect.stringMatching(/^matmul 150x150: checksum fbf0ff98, verified\n$/),
      ]);
      const stats = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      costs.push([stats.cycles, stats.instructions, stats.exceptions, stats.tlb]);
    }
    expect(costs[1]).toEqual(costs[0]);
  });
});

describe('without a terminal', () => {
  it('the demonstration shows repossession, forfeited slices and destruction, and ends with 0', async () => {
    const { status, stdout } = await exostation([], 300);
    expect(status).toBe(0);
    for (const kind of [
      'environment-created',
      'revocation-asked',
      'revocation-refused',
      'revocation-told',
      'repossessed',
    ]) {
      expect(stdout).toContain(kind);
    }
    expect(stdout).toMatch(/slice-overrun/);
    expect(stdout).toMatch(/environment-destroyed\s+hog on exos destroyed/);
    expect(stdout).toMatch(/matmul on exos exited with status 0/);
    expect(stdout).toMatch(/matmul on exos-ipt exited with status 0/);
    expect(stdout).not.toMatch(/disagree/);
  });
});

describe.skipIf(!hasTools('mipsel-linux-gnu-gcc'))('cc', () => {
  it('compiles a program that runs on either library OS', async () => {
    const source = join(folder, 'hi.c');
    const program = join(folder, 'hi');
    writeFileSync(
      source,
      '#include <stdio.h>\n#include <stdlib.h>\n' +
        'int main(int argc, char **argv) { printf("hi %s, %d\\n", argv[argc - 1], argc); return argc + 40; }\n',
    );
    const compiled = await exostation(['cc', '--libos', 'exos', '-O2', '-o', program, source]);
    expect([compiled.status, compiled.stderr]).toEqual([0, '']);
    for (const libraryOs of ['exos', 'exos-ipt']) {
      const { status, stdout } = await exostation(['exec', program, '--libos', libraryOs, 'there'], 120);
      expect([status, stdout]).toEqual([42, 'hi there, 2\n']);
    }
  });
});
