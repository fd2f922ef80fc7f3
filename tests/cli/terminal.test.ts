/** The command line on a terminal, by `script`, which gives it one: what is typed is echoed by the guest, and once. */

import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './exostation.js';

/** Runs a shell command on a terminal; types each text when the one before it has been answered by its prompt. */
function onTerminal(
  words: string,
  typed: readonly (readonly [prompt: RegExp, text: string])[],
): Promise<string> {
  const command = `${process.execPath} ${join(ROOT, 'bin/exostation.js')} ${words}; echo "status $?"; stty -a`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const left = [...typed];
  let shown = '';
  let from = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    const next = left[0];
    if (next === undefined || !next[0].test(shown.slice(from))) return;
    left.shift();
    from = shown.length;
    child.stdin.write(next[1]);
  });
  return new Promise((resolve) => child.once('close', () => resolve(shown)));
}

it('a notice never runs into the line that the guest has left open, where both go to one place', async () => {
  const words = `${join(ROOT, 'bin/exostation.js')} run --headless --expect never`;
  const child = spawn('sh', ['-c', `${process.execPath} ${words} 2>&1 </dev/null`]);
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  expect(shown).toMatch(/\nexos\$ \nexostation: the run ended without the console showing \/never\/\n$/);
});

describe.skipIf(spawnSync('script', ['--version']).error !== undefined)('on a terminal', () => {
  it('what is typed at run --headless is shown once, and the terminal is left as it was', async () => {
    const shown = await onTerminal('run --headless', [
      [/exos\$ /, 'echo one\r'],
      [/\none\r\n/, 'exit 3\r'],
    ]);
    expect(shown).toContain('\nexos$ echo one\r\none\r\nexos$ exit 3\r\n');
    expect(shown).toContain('status 3\r\n');
    expect(shown).toMatch(/ icanon /);
    expect(shown).toMatch(/ echo /);
  });

  it('Ctrl-C ends the run with 130', async () => {
    const shown = await onTerminal('run --headless', [[/exos\$ /, '\x03']]);
    expect(shown).toContain('status 130\r\n');
    expect(shown).toMatch(/ echo /);
  });

  it('exec shows what is typed, once', async () => {
    const shown = await onTerminal('exec sh', [
      [/exos\$ /, 'echo one\r'],
      [/\none\r\n/, 'exit\r'],
    ]);
    expect(shown).toContain('exos$ echo one\r\none\r\n');
    expect(shown).toContain('status 0\r\n');
  });
});
