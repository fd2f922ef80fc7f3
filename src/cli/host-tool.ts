/** Runs a tool of the host, its output passed through; says what to install when it is missing. */

import { spawn } from 'node:child_process';
import { InputError } from '../workstation/index.js';

/** What a tool said, for those whose exit status says nothing. */
export interface ToolOutput {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs it with its output kept. */
export function readTool(tool: string, words: readonly string[], install: string): Promise<ToolOutput> {
  return new Promise((resolve, reject) => {
    const said = { stdout: '', stderr: '' };
    const child = spawn(tool, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: searchPath() },
    });
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
      });
    }
    child.once('error', (error) => reject(missingTool(error, tool, install)));
    child.once('close', (status) => resolve({ status: status ?? 1, ...said }));
  });
}

/** Resolves with the tool's exit status. */
export function runTool(tool: string, words: readonly string[], install: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, words, { stdio: 'inherit', env: { ...process.env, PATH: searchPath() } });
    child.once('error', (error) => reject(missingTool(error, tool, install)));
    child.once('close', (status, signal) => resolve(signal === null ? (status ?? 1) : 128));
  });
}

function missingTool(error: NodeJS.ErrnoException, tool: string, install: string): Error {
  if (error.code !== 'ENOENT') return error;
  return new InputError(`${tool} is not installed; install it with: apt install ${install}`);
}

/** e2fsprogs live in sbin, which is not on every user's path. */
function searchPath(): string {
  return `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
}
