/** What README.md says about compiling a program. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
      const { status, stdout } = await exostation(['exec', program, '--libos', libraryOs, 'there']);
      expect([status, stdout]).toEqual([42, 'hi there, 2\n']);
    }
  });
});
