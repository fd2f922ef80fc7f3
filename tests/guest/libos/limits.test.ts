import { expect, test } from 'vitest';
import { GuestSession } from './guest-session.js';

test('an inverted table that is full is out of memory, said plainly', () => {
  const session = new GuestSession();
  const { output, end } = session.run('exos-ipt', 'vmstress', '4000', '1');
  expect(output).toBe('exos-ipt: /bin/vmstress: out of memory\n');
  expect(end).toEqual({ kind: 'killed', reason: 'libos' });
  expect(session.run('exos', 'vmstress', '4000', '1').output).toContain('0 rewritten, verified');
  session.dispose();
});

test('what a killed shell has started goes with it', () => {
  const session = new GuestSession();
  const shell = session.start(1, 'exos', 'sh');
  session.until(() => session.output(1).endsWith('$ '));
  session.type(1, 'matmul\r');
  session.until(() => session.cycle > 30_000_000);
  session.workstation.init.kill(shell.environmentId, () => undefined);
  session.until(() => shell.end !== undefined);
  expect(shell.end).toEqual({ kind: 'killed', reason: 'killed' });
  const { output } = session.run('exos', 'ps');
  expect(output).not.toContain('matmul');
  expect(output.match(/^0/gm)).toHaveLength(2);
  session.dispose();
});

test('forty programs one after another leave nothing behind', () => {
  const session = new GuestSession();
  const free = (): string | undefined => /(\d+) free/.exec(session.run('exos', 'ps').output)?.[1];
  session.run('exos-ipt', 'hello');
  const before = free();
  for (let i = 0; i < 20; i++) {
    session.run('exos', 'echo', String(i));
    session.run('exos-ipt', 'echo', String(i));
  }
  expect(free()).toBe(before);
  session.dispose();
});
