/**
 * GDB itself against `exostation debug` and `exec --gdb`, as README.md says: registers, breakpoints by name and line in
 * Aegis and in a program, source lines, watchpoints, stepping, finish, backtraces, changes, detaching.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildImages } from '../../src/guest/build/images.js';
import { withLock } from '../../src/guest/build/lock.js';
import { exostation } from '../support/command-line.js';
import { hasTools } from '../support/tools.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const OBJECTS = join(ROOT, 'build/guest');
const LINKED = 'build/guest/linked';

/** Number of the first line of a guest source that has this text, from 1. */
function lineOf(source: string, text: string): number {
  const lines = readFileSync(join(ROOT, 'src/guest', source), 'utf8').split('\n');
  const index = lines.findIndex((line) => line.includes(text));
  if (index < 0) throw new Error(`${source} has no '${text}' any more`);
  return index + 1;
}

/** A machine that waits for its debugger. */
class Held {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';

  /** `typed` goes to standard input, which stays open. */
  constructor(words: readonly string[], typed: string) {
    this.child = spawn(process.execPath, [join(ROOT, 'bin/exostation.js'), ...words], { cwd: ROOT });
    this.child.stdout?.on('data', (text) => {
      this.stdout += text;
    });
    this.child.stderr?.on('data', (text) => {
      this.stderr += text;
    });
    this.child.stdin?.write(typed);
  }

  /** What GDB prints when it is given these commands. */
  async gdb(file: string | undefined, ...commands: string[]): Promise<string> {
    while (!/target remote :\d+/.test(this.stderr)) {
      if (this.child.exitCode !== null) throw new Error(this.stderr);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const port = /target remote :(\d+)/.exec(this.stderr)?.[1];
    const all = [`target remote :${port}`, ...commands].flatMap((command) => ['-ex', command]);
    // GDB 13 reads symbols with several threads, and now and then crashes in one of them.
    const single = ['-iex', 'maint set worker-threads 0'];
    const words = ['-nx', '-q', '-batch', ...single, ...(file === undefined ? [] : [file]), ...all];
    const { stdout, stderr } = await promisify(execFile)('gdb-multiarch', words, {
      cwd: ROOT,
      timeout: 120_000,
      env: { ...process.env, DEBUGINFOD_URLS: '', LC_ALL: 'C' },
    });
    return `${stdout}\n${stderr}`;
  }

  async status(): Promise<number | null> {
    if (this.child.exitCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }
}

let folder = '';
const running: Held[] = [];
function hold(words: readonly string[], typed = ''): Held {
  const held = new Held(words, typed);
  running.push(held);
  return held;
}

describe.skipIf(!hasTools('gdb-multiarch', 'mipsel-linux-gnu-gcc'))('gdb-multiarch', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'exostation-gdb-'));
    const images = await withLock(OBJECTS, () =>
      buildImages({ root: ROOT, objects: OBJECTS, guest: join(ROOT, 'src/guest') }),
    );
    expect(images.failures).toEqual([]);
  });
  afterEach(() => {
    for (const { child } of running.splice(0)) child.kill();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('reads every register, and changes what can be changed', async () => {
    const held = hold(['debug', '--gdb', '0']);
    const said = await held.gdb(
      undefined,
      'info all-registers',
      'print/x $prid',
      'print/x $fir',
      'print/x $status',
      'print/x $random',
      'x/i $pc',
      'set var $s3 = 0x1234567',
      'set var $f12 = 2.5',
      'set var $hi = 77',
      'set var $epc = 0x80001234',
      'set var $entryhi = 0x400fc0',
      'print/x $s3',
      'info registers f12',
      'print $hi',
      'print/x $entryhi',
      'print/x $epc',
      'set var *(int *)0x80100000 = 0x55aa',
      'print/x *(int *)0xa0100000',
      'print *(int *)0xbc200000',
      'print *(int *)0x400000',
      'detach',
    );
    for (const name of [
      'badvaddr',
      'cause',
      'fcsr',
      'fir',
      'index',
      'entrylo',
      'context',
      'entryhi',
      'epc',
    ]) {
      expect(said).toMatch(new RegExp(`\\b${name}\\b`));
    }
    expect(said).toMatch(/f31:\s+0x00000000/);
    const values = [...said.matchAll(/^\$\d+ = (.*)$/gm)].map((match) => match[1]);
    expect(values.slice(0, 4)).toEqual(['0x230', '0x330', '0x400000', '0x3f00']);
    expect(said).toMatch(/=> 0xbfc00000:\s+\w+/);
    expect(values.slice(4, 8)).toEqual(['0x1234567', '77', '0x400fc0', '0x80001234']);
    expect(said).toMatch(/f12: 0x40200000 flt: 2\.5/);
    expect(values[8]).toBe('0x55aa');
    expect(said).toContain('Cannot access memory at address 0xbc200000');
    expect(said).toContain('Cannot access memory at address 0x400000');
  });

  it('stops in Aegis by name and line, shows its source, steps, watches, finishes', async () => {
    const line = lineOf('aegis/boot.c', 'env->slice_start = load_init(env)');
    const held = hold(['debug', '--gdb', '0']);
    const said = await held.gdb(
      `${LINKED}/aegis.elf`,
      'break env_make',
      'continue',
      'backtrace',
      'info args',
      'stepi',
      'next',
      'finish',
      `tbreak boot.c:${line}`,
      'continue',
      'print/x env->slot_mask',
      'info registers pc',
      'stepi',
      'info registers pc',
      'delete',
      'break env_make',
      'continue',
      'watch envs[1].state',
      'continue',
      'backtrace 1',
      'kill',
    );
    expect(said).toMatch(
      /Breakpoint 1, env_make \(parent=0x0\) at \.\/src\/guest\/aegis\/env\.c:\d+\n\d+\t.*for \(slot = 0/,
    );
    expect(said).toMatch(
      /#0 {2}env_make \(parent=0x0\)[^\n]*\n#1 .*start_init \(\) at \.\/src\/guest\/aegis\/boot\.c/,
    );
    expect(said).toMatch(/in _start \(\) at \.\/src\/guest\/aegis\/start\.S:\d+/);
    expect(said).toContain(`${line}\t    env->slice_start = load_init(env)`);
    expect(said).toMatch(/\$\d+ = 0x1\n/);
    const [before = 0, after = 0] = [...said.matchAll(/^pc: 0x(\w+)$/gm)].map((match) =>
      Number.parseInt(match[1] ?? '', 16),
    );
    expect(after).toBeGreaterThan(before);
    expect(said).toMatch(/Value returned is .*struct aegis_env \*\) 0x80/);
    expect(said).toMatch(/Hardware watchpoint \d+: envs\[1\]\.state\n\nOld value = 0\nNew value = 1\n/);
    expect(said).toContain('killed');
    expect(await held.status()).toBe(0);
    // The machine had not come further.
    expect(held.stdout).not.toContain('exos$');
  });

  it("stops in a program's main by name, steps over its calls, and lets the machine run on", async () => {
    const held = hold(['debug', '--gdb', '0'], 'hello\n');
    const said = await held.gdb(
      `${LINKED}/aegis.elf`,
      `add-symbol-file ${LINKED}/programs/hello.elf`,
      `add-symbol-file ${LINKED}/exos.elf`,
      'monitor only hello',
      'break main',
      'continue',
      'list',
      'info threads',
      'step',
      'backtrace',
      'finish',
      'next',
      'monitor env',
      'monitor tlb',
      'detach',
    );
    expect(said).toMatch(
      /Breakpoint \d+, main \(\) at \.\/src\/guest\/programs\/hello\.c:\d+\n\d+\t {4}printf\("hello from/,
    );
    expect(said).toContain('int main(void)');
    expect(said).toMatch(/env \d+: hello on exos, user mode/);
    expect(said).toMatch(/#1 .* in main \(\) at \.\/src\/guest\/programs\/hello\.c/);
    expect(said).toMatch(/\d+\t {4}return 0;/);
    expect(said).toMatch(/\* env \d+: hello on exos/);
    expect(said).toMatch(/0x0040_0000 -> 0x/);
    while (!/hello from exos\r?\nexos\$ $/.test(held.stdout)) {
      expect(held.child.exitCode).toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    held.child.kill('SIGINT');
    expect(await held.status()).toBe(130);
  });

  it("debugs what 'exostation cc -g' has made, changes an argument, and is told the status", async () => {
    const source = join(folder, 'sum.c');
    const program = join(folder, 'sum');
    writeFileSync(
      source,
      [
        '#include <stdio.h>',
        'static int total;',
        '__attribute__((noinline)) static int add(int a, int b) {',
        '    total += a + b;',
        '    return total;',
        '}',
        'int main(void) {',
        '    printf("sum %d\\n", add(2, 3));',
        '    return total;',
        '}',
        '',
      ].join('\n'),
    );
    const compiled = await exostation(['cc', '-g', '-O1', '--libos', 'exos', '-o', program, source]);
    expect([compiled.status, compiled.stderr]).toEqual([0, '']);
    const held = hold(['exec', '--gdb', '0', program]);
    const command = /monitor only (\S+)'/;
    while (!command.test(held.stderr)) await new Promise((resolve) => setTimeout(resolve, 50));
    const said = await held.gdb(
      program,
      `monitor only ${command.exec(held.stderr)?.[1]}`,
      'break add',
      'continue',
      'set var a = 40',
      'backtrace',
      'watch total',
      'continue',
      'delete',
      'continue',
    );
    expect(said).toMatch(/Breakpoint 1, add \(a=2, b=3\) at .*sum\.c:4\n4\t {4}total \+= a \+ b;/);
    expect(said).toMatch(/#0 {2}add \(a=40, b=3\).*\n#1 .* main \(\) at .*sum\.c:8/);
    // The page of `total` is not there before it is written.
    expect(said).toMatch(/Old value = <unreadable>\nNew value = 43\n/);
    expect(said).toMatch(/ in main \(\) at .*sum\.c:8/);
    expect(said).toContain('exited with code 053');
    expect(await held.status()).toBe(43);
    expect(held.stdout.replaceAll('\r', '')).toBe('sum 43\n');
  });
});
