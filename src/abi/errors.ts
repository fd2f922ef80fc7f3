/**
 * Error codes of Aegis's calls and of the POSIX-like library calls. Aegis returns them negated in v0; a library call
 * returns -1 and keeps the (positive) number for `errno`. Aegis's own start at 1 and the library's at 64, so that a
 * library may hand an Aegis error on as it is.
 */

export interface ErrorDefinition {
  readonly name: string;
  readonly code: number;
  readonly text: string;
}

export const AEGIS_ERRORS: readonly ErrorDefinition[] = [
  { name: 'E_CALL', code: 1, text: 'no such call' },
  { name: 'E_CAPABILITY', code: 2, text: 'not a valid capability, or one that was recalled' },
  { name: 'E_RIGHTS', code: 3, text: 'the binding or capability does not cover the right asked for' },
  { name: 'E_RANGE', code: 4, text: 'an argument names nothing: out of range or misaligned' },
  { name: 'E_OWNER', code: 5, text: 'the caller does not own the resource' },
  { name: 'E_BUSY', code: 6, text: 'the resource is in use and cannot be given up now' },
  { name: 'E_NONE', code: 7, text: 'none left' },
  { name: 'E_ENVIRONMENT', code: 8, text: 'no such environment, or it has been destroyed' },
  { name: 'E_ENTRY', code: 9, text: 'the environment has named no entry for this transfer' },
  { name: 'E_QUOTA', code: 10, text: 'more than an environment may have without the machine capability' },
  { name: 'E_AGAIN', code: 11, text: 'nothing to do now; try again after the next event' },
  { name: 'E_DEVICE', code: 12, text: 'the device reported an error, or there is none' },
  { name: 'E_REPOSSESSED', code: 13, text: 'the page was taken while the request was queued' },
  {
    name: 'E_OVERLAP',
    code: 14,
    text: "packets would belong to another's filter as well, and its owner has not allowed it",
  },
  { name: 'E_CODE', code: 15, text: 'the handler has an instruction that it may not have' },
];

export const LIBRARY_ERRORS: readonly ErrorDefinition[] = [
  { name: 'EXO_ENOENT', code: 64, text: 'no such file or directory' },
  { name: 'EXO_EBADF', code: 65, text: 'bad file descriptor' },
  { name: 'EXO_EINVAL', code: 66, text: 'invalid argument' },
  { name: 'EXO_ENOMEM', code: 67, text: 'out of memory' },
  { name: 'EXO_EACCES', code: 68, text: 'permission denied' },
  { name: 'EXO_ENOTDIR', code: 69, text: 'not a directory' },
  { name: 'EXO_EISDIR', code: 70, text: 'is a directory' },
  { name: 'EXO_EMFILE', code: 71, text: 'too many open files' },
  { name: 'EXO_EIO', code: 72, text: 'input or output error' },
  { name: 'EXO_ENOEXEC', code: 73, text: 'not a program file for this machine' },
  { name: 'EXO_ENOSYS', code: 74, text: 'this library OS does not offer the call' },
  { name: 'EXO_ECHILD', code: 75, text: 'no such child' },
  { name: 'EXO_EROFS', code: 76, text: 'read-only file system' },
  { name: 'EXO_EAGAIN', code: 77, text: 'try again' },
  { name: 'EXO_ENAMETOOLONG', code: 78, text: 'name too long' },
];
