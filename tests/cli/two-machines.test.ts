/** The README's example: two machines with Aegis on one wire, a ping answered by a handler inside of the second's kernel. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exostation } from './exostation.js';

const folder = mkdtempSync(join(tmpdir(), 'exostation-two-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('one machine pings the other', async () => {
  const second = join(folder, 'second');
  writeFileSync(second, 'netecho -a 10.0.2.9\n');
  const { status, stdout } = await exostation(
    ['run', '--headless', '--machines', '2', '--input', second, '--expect', 'of 3 answered'],
    'ping 10.0.2.9 3\n',
  );
  expect(stdout).toContain('3 of 3 answered');
  expect(stdout).toContain('2| netecho: 10.0.2.9 answers ping and UDP port 7, by a handler');
  expect(status).toBe(0);
}, 30_000);
