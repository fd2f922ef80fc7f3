/**
 * The cross toolchain: names, flags, and running a tool. The flags keep code position-dependent MIPS I without any
 * trace of the host's paths, so that the same sources give the same bytes everywhere.
 */

import { execFile } from 'node:child_process';

export const PREFIX = 'mipsel-linux-gnu-';

/** Bytes are reproducible with this compiler only. */
export const COMPILER_VERSION = '12.2.0';

export const ARCHITECTURE: readonly string[] = [
  '-march=r3000',
  '-mfp32',
  '-mabi=32',
  '-mno-abicalls',
  '-fno-pic',
  '-fno-pie',
  '-G0',
];

export const COMPILE: readonly string[] = [
  ...ARCHITECTURE,
  '-std=gnu11',
  '-ffreestanding',
  '-fno-stack-protector',
  '-fno-tree-loop-distribute-patterns',
  '-fno-asynchronous-unwind-tables',
  '-g3',
  '-nostdinc',
  '-Wall',
  '-Wextra',
  '-Werror',
];

export const LINK: readonly string[] = [
  ...ARCHITECTURE,
  '-no-pie',
  '-nostdlib',
  '-static',
  '-Wl,--build-id=none',
  '-Wl,-z,noexecstack',
  '-Wl,-z,max-page-size=4096',
  '-Wl,--no-warn-rwx-segments',
  '-Wl,--fatal-warnings',
];

export interface RunOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The tool ends with 0 even when it failed: any line on standard error but these is a failure. */
  readonly harmlessErrors?: RegExp;
}

/** What a person needs to know when the build cannot go on. */
export class BuildError extends Error {}

/** Runs a tool and returns its standard output. A failure carries what the tool said. */
export function run(tool: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      tool,
      [...args],
      { maxBuffer: 256 << 20, env: { ...process.env, LC_ALL: 'C', ...options.environment } },
      (error, stdout, stderr) => {
        const complaints =
          options.harmlessErrors === undefined
            ? []
            : stderr.split('\n').filter((line) => line !== '' && !options.harmlessErrors?.test(line));
        if (error === null && complaints.length === 0) resolve(stdout);
        else if (error === null) reject(new BuildError(`${tool}: ${complaints.join('\n')}`));
        else if ('code' in error && error.code === 'ENOENT')
          reject(
            new BuildError(
              `${tool}: not installed; the guest build needs gcc-mipsel-linux-gnu and e2fsprogs`,
            ),
          );
        else reject(new BuildError(`${tool} failed\n${stderr.trim() || stdout.trim() || error.message}`));
      },
    );
    if (options.input !== undefined) child.stdin?.end(options.input);
  });
}

export async function compilerVersion(): Promise<string> {
  return (await run(`${PREFIX}gcc`, ['-dumpfullversion'])).trim();
}

/** "1.47.0": the file system's bytes depend on it. */
export async function e2fsprogsVersion(): Promise<string> {
  const said = await run('sh', ['-c', 'mke2fs -V 2>&1']);
  return /mke2fs (\S+)/.exec(said)?.[1] ?? 'unknown';
}

/** At most `limit` tools at once; results in order. All are run, then the first failure is thrown. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const failures: unknown[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      try {
        results[index] = await work(items[index] as T);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  if (failures.length > 0) throw failures[0];
  return results;
}
