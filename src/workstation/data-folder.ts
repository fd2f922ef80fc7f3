/**
 * The folder where the desktop keeps what outlives a run (disk overlay, NVRAM): XDG_DATA_HOME/exostation. One desktop
 * at a time owns it, by a lock file that holds the owner's process id; a lock whose process is gone is taken over.
 */

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

export function dataFolderPath(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment.XDG_DATA_HOME;
  return join(base?.startsWith('/') ? base : join(homedir(), '.local', 'share'), 'exostation');
}

/**
 * With its parents, one by one: mkdir's own 'recursive' never returns where the system denies that a parent exists which
 * it has just found, as in /proc.
 */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another desktop may start at the same moment.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

export class DataFolder {
  readonly path: string;
  /** True when the folder did not exist before. */
  readonly isNew: boolean;
  readonly #lockPath: string;

  private constructor(path: string, isNew: boolean) {
    this.path = path;
    this.isNew = isNew;
    this.#lockPath = join(path, 'lock');
  }

  /** Locks the folder, creating it when needed; undefined when another process owns it. */
  static acquire(path: string = dataFolderPath()): DataFolder | undefined {
    const isNew = !existsSync(path);
    makeFolder(path);
    const folder = new DataFolder(path, isNew);
    return folder.#lock() || (folder.#isStale() && folder.#takeOver()) ? folder : undefined;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  dispose(): void {
    rmSync(this.#lockPath, { force: true });
  }

  #lock(): boolean {
    try {
      const file = openSync(this.#lockPath, 'wx');
      writeSync(file, `${process.pid}\n`);
      closeSync(file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  #takeOver(): boolean {
    rmSync(this.#lockPath, { force: true });
    return this.#lock();
  }

  #isStale(): boolean {
    let owner: number;
    try {
      owner = Number.parseInt(readFileSync(this.#lockPath, 'utf8'), 10);
    } catch {
      return true;
    }
    if (!(owner > 0)) return true;
    try {
      process.kill(owner, 0);
      return false;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ESRCH';
    }
  }
}
