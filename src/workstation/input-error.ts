/**
 * Bad input from the user: a missing file, a truncated image, an unknown name. Carries one line that says what happened
 * and what to do; the command line prints it and ends with status 2. Host bugs throw anything else.
 */

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

export class InputError extends Error {
  override readonly name = 'InputError';
}

/** Turns what a failed file operation threw into an InputError; anything but a system error is thrown as it is. */
export function fileError(error: unknown, what: string, path: string): InputError {
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code !== 'string') throw error;
  const reasons: Record<string, string> = {
    ENOENT: existsSync(dirname(path)) ? 'no such file; check the name' : 'no such folder; check the name',
    ENOTDIR: 'a part of that name is a file, not a folder',
    ENAMETOOLONG: 'the name is too long',
    EACCES: 'permission denied',
    EISDIR: 'is a folder, not a file',
    ENOSPC: 'no space left on the host disk',
    EROFS: 'the host file system is read-only',
  };
  return new InputError(`${what} ${path}: ${reasons[code] ?? code}`);
}
