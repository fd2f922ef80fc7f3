/**
 * Random C programs by csmith, from fixed seeds, compiled for MIPS I and run as user code under qemu-mipsel and on every
 * engine: the same checksum over all their variables. Integers up to 32 bits: 64-bit division is libgcc's, not ours.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTools } from '../support/tools.js';
import { ENGINES } from './engine.js';
import { compile, ORACLE_TOOLS, runOnEngine } from './oracle-run.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const SAFE_MATH = '/usr/include/csmith';
const PROGRAMS = 20;
/** Some of csmith's programs do not end, or not soon; or need more pages than the TLB has entries. */
const QEMU_MILLISECONDS = 1000;
const MAX_BYTES = 150_000;

describe.skipIf(!hasTools('csmith', ...ORACLE_TOOLS) || !existsSync(SAFE_MATH))('programs by csmith', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'exostation-csmith-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function build(seed: number, optimisation: string): string {
    const source = join(folder, `${seed}.c`);
    const options = ['--no-argc', '--no-longlong', '--no-math64', '--no-packed-struct', '--max-funcs', '6'];
    writeFileSync(source, execFileSync('csmith', ['--seed', String(seed), ...options], { cwd: folder }));
    const output = join(folder, `${seed}${optimisation}.elf`);
    const include = execFileSync('mipsel-linux-gnu-gcc', ['-print-file-name=include'], {
      encoding: 'utf8',
    }).trim();
    const flags = ['-w', '-I', join(HERE, 'csmith'), '-isystem', include, '-isystem', SAFE_MATH];
    compile([join(HERE, 'programs/runtime.c'), source], output, optimisation, flags);
    return output;
  }

  it('leave the same checksums', () => {
    const found: string[] = [];
    for (let seed = 1; found.length < PROGRAMS; seed++) {
      expect(seed).toBeLessThan(10 * PROGRAMS);
      const files = ['-O0', '-O2'].map((optimisation) => build(seed, optimisation));
      if (files.some((file) => statSync(file).size > MAX_BYTES)) continue;
      const runs = files.map((file) => spawnSync('qemu-mipsel', [file], { timeout: QEMU_MILLISECONDS }));
      if (runs.some(({ status }) => status !== 0)) continue;
      const [expected = '', optimised] = runs.map(({ stdout }) => stdout.toString());
      expect(expected).toMatch(/^checksum [0-9a-f]{8}\nend\n$/);
      expect(optimised).toBe(expected);
      for (const file of files) {
        for (const [name, createEngine] of ENGINES) {
          const output = Buffer.from(runOnEngine(createEngine(), file)).toString();
          expect(`seed ${seed} on ${name}: ${output}`).toBe(`seed ${seed} on ${name}: ${expected}`);
        }
      }
      found.push(expected);
    }
    // They are not all the same program.
    expect(new Set(found).size).toBeGreaterThan(PROGRAMS / 2);
  });
});
