/**
 * GXemul on the same bare workloads, for comparison: a DECstation 5000/200 (`gxemul -e 3max`), which knows no time and no
 * caches. Its user time is read from /proc when the workload says that it is done, in ticks of 10 ms, start included.
 */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const TICK_SECONDS = 0.01;
const MAX_SECONDS = 120;

/** User time in seconds of GXemul running an ELF file to its end; undefined when it is not installed or fails. */
export function measureGxemul(kernelPath: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    // Its standard input must stay open, or it shows nothing.
    const child = spawn('gxemul', ['-A', '-q', '-N', '-M', '64', '-e', '3max', kernelPath], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let seconds: number | undefined;
    let output = '';
    const timer = setTimeout(() => child.kill(), MAX_SECONDS * 1000);
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('latin1');
      if (seconds !== undefined || !output.includes(' DONE')) return;
      seconds = userSeconds(child.pid);
      child.kill();
    });
    child.on('error', () => finish());
    child.on('close', () => finish());
    function finish(): void {
      clearTimeout(timer);
      resolve(seconds);
    }
  });
}

function userSeconds(pid: number | undefined): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return Number(fields[11]) * TICK_SECONDS;
  } catch {
    return undefined;
  }
}
