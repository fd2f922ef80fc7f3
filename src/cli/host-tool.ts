/** Runs a tool of the host, its output passed through; says what to install when it is missing. */

import { spawn } from 'node:child_process';
import { InputError } from '../workstation/index.js';

/** Resolves with the tool's exit status. */
export function runTool(tool: string, words: readonly string[], install: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, words, { stdio: 'inherit', env: { ...process.env, PATH: searchPath() } });
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') {
        reject(new InputError(`${tool} is not installed; install it with: apt install ${install}`));
      } else reject(error);
    });
    child.once('close', (status, signal) => resolve(signal === null ? (status ?? 1) : 128));
  });
}

/** e2fsprogs live in sbin, which is not on every user's path. */
function searchPath(): string {
  return `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
}
