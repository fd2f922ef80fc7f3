/**
 * The files that a run writes when it ends: each of them is checked before the run, so that nothing is lost for a name
 * that was wrong, and none of them may be another one, or a file that the run reads.
 */

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError, tryFile } from '../workstation/index.js';

/** An option and the file that it names; undefined = not given. */
export type NamedFile = readonly [option: string, path: string | undefined];

/** Throws InputError for two of `outputs` in one file, one that is also in `inputs`, and one that cannot be written. */
export function checkOutputs(outputs: readonly NamedFile[], inputs: readonly NamedFile[]): void {
  const taken = new Map<string, string>();
  for (const [option, path] of inputs) if (path !== undefined) taken.set(fileKey(path), option);
  for (const [option, path] of outputs) {
    if (path === undefined) continue;
    const other = taken.get(fileKey(path));
    if (other !== undefined && !isDevice(path)) {
      throw new InputError(`${option} ${path}: is the file of ${other} as well; give another name`);
    }
    taken.set(fileKey(path), option);
    tryFile(option, path);
  }
}

/** The same for all names of one file, links and all. */
function fileKey(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? resolve(path) : `${found.dev}:${found.ino}`;
}

/** /dev/null and the like hold nothing that could be lost. */
function isDevice(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile();
}
