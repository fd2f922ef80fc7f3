/**
 * `exostation image ls|cp|verify`: thin wrappers over e2fsprogs' debugfs and e2fsck. A gzipped image is unpacked to a
 * temporary file first; writing needs a raw one.
 */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InputError, openDisk } from '../workstation/index.js';
import { runTool } from './host-tool.js';

const INSTALL = 'e2fsprogs';

export function imageList(image: string, folder: string): Promise<number> {
  return withRawImage(image, (raw) => runTool('debugfs', ['-R', `ls -l ${quote(folder)}`, raw], INSTALL));
}

export function imageVerify(image: string): Promise<number> {
  return withRawImage(image, (raw) => runTool('e2fsck', ['-fn', raw], INSTALL));
}

export function imageCopy(from: string, to: string): Promise<number> {
  const source = insideImage(from);
  const target = insideImage(to);
  if (source !== undefined && target === undefined) {
    return withRawImage(source.image, async (raw) => {
      const status = await runTool(
        'debugfs',
        ['-R', `dump ${quote(source.path)} ${quote(to)}`, raw],
        INSTALL,
      );
      if (status === 0 && !existsSync(to)) {
        throw new InputError(
          `image cp: no file ${source.path} in ${source.image}; see 'exostation image ls'`,
        );
      }
      return status;
    });
  }
  if (source === undefined && target !== undefined) {
    if (!existsSync(from)) throw new InputError(`image cp: ${from}: no such file; check the name`);
    if (target.image.endsWith('.gz')) {
      throw new InputError(`image cp: ${target.image}: a gzipped image cannot be written; gunzip it first`);
    }
    checkImage(target.image);
    return runTool(
      'debugfs',
      ['-w', '-R', `write ${quote(from)} ${quote(target.path)}`, target.image],
      INSTALL,
    );
  }
  throw new InputError('image cp: one side must be IMAGE:/path and the other a host file');
}

function insideImage(text: string): { readonly image: string; readonly path: string } | undefined {
  const parts = /^([^:]+):(\/.*)$/.exec(text);
  return parts === null ? undefined : { image: parts[1] as string, path: parts[2] as string };
}

/** Opens the image as the machine would, for its checks and their messages. */
function checkImage(path: string): void {
  openDisk({ path, isWrittenThrough: false }, { folder: undefined, notice: () => {} }).dispose();
}

async function withRawImage(path: string, use: (raw: string) => Promise<number>): Promise<number> {
  checkImage(path);
  if (!path.endsWith('.gz')) return use(path);
  const folder = mkdtempSync(join(tmpdir(), 'exostation-'));
  try {
    const raw = join(folder, 'image');
    writeFileSync(raw, gunzipSync(readFileSync(path)));
    return await use(raw);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** debugfs splits its command at spaces unless quoted. */
function quote(word: string): string {
  if (/["\n]/.test(word))
    throw new InputError(`${word}: names with quotes do not pass through debugfs; rename it`);
  return `"${word}"`;
}
