/**
 * Tests that need a program from outside (objdump, qemu, tmux, e2fsck) say so with `hasTools`: without the program they
 * are skipped, so that a machine with only Node passes; with CI=true a missing program is a failure, so that the
 * continuous build never goes green by skipping.
 *
 *     describe.skipIf(!hasTools('mipsel-linux-gnu-objdump'))('against objdump', () => { ... });
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** True when every named program is on the PATH (or in sbin). Throws when one is missing and CI=true. */
export function hasTools(...names: string[]): boolean {
  const missing = names.filter((name) => findTool(name) === undefined);
  if (missing.length === 0) return true;
  if (process.env.CI === 'true') {
    throw new Error(
      `CI=true and these programs are missing: ${missing.join(', ')}. Install them (see .ci/run).`,
    );
  }
  return false;
}

/** Absolute path of a program, undefined when there is none. */
export function findTool(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  for (const folder of folders) {
    if (folder === '') continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here; look further.
    }
  }
  return undefined;
}
