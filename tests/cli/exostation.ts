/** Starts the built program as a user would, and collects what it says. Needs `dist`: `npm test` builds first. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function exostation(words: readonly string[], input = '', interruptAfter?: RegExp): Promise<Ended> {
  if (!existsSync(join(ROOT, 'dist/cli/start.js')))
    throw new Error("dist is not built: run 'npm run build' first");
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, 'bin/exostation.js'), ...words]);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (interruptAfter?.test(stdout) === true) child.kill('SIGINT');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdin.end(input);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}
