/**
 * `exostation image ls|cp|verify`: thin wrappers over e2fsprogs' debugfs and e2fsck. A gzipped image is unpacked to a
 * temporary file first; writing needs a raw one.
 */

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InputError, openDisk, tryFile } from '../workstation/index.js';
import { readTool, runTool } from './host-tool.js';

const INSTALL = 'e2fsprogs';

export function imageList(image: string, folder: string): Promise<number> {
  return withRawImage(image, async (raw) => {
    if ((await kindOf(raw, image, folder)) !== 'directory')
      throw new InputError(`image ls: ${folder} in ${image} is not a folder; see 'exostation image ls'`);
    process.stdout.write(await askDebugfs([], `ls -l ${quote(folder)}`, raw, `image ls ${image}`));
    return 0;
  });
}

export function imageVerify(image: string): Promise<number> {
  return withRawImage(image, async (raw) => {
    await kindOf(raw, image, '/');
    return runTool('e2fsck', ['-fn', raw], INSTALL);
  });
}

export function imageCopy(from: string, to: string): Promise<number> {
  const source = insideImage(from);
  const target = insideImage(to);
  if (source !== undefined && target === undefined) return copyOut(source, to);
  if (source === undefined && target !== undefined) return copyIn(from, target);
  throw new InputError('image cp: one side must be IMAGE:/path and the other a host file');
}

function copyOut(source: InImage, to: string): Promise<number> {
  return withRawImage(source.image, async (raw) => {
    const kind = await kindOf(raw, source.image, source.path);
    if (kind !== 'regular') {
      throw new InputError(
        `image cp: ${source.path} in ${source.image} is no file but a ${kind}; see 'exostation image ls'`,
      );
    }
    tryFile('image cp:', to);
    await askDebugfs([], `dump ${quote(source.path)} ${quote(to)}`, raw, `image cp: ${to}`);
    return 0;
  });
}

async function copyIn(from: string, target: InImage): Promise<number> {
  const { image, path } = target;
  if (!existsSync(from)) throw new InputError(`image cp: ${from}: no such file; check the name`);
  if (!statSync(from).isFile()) throw new InputError(`image cp: ${from}: is a folder, not a file`);
  if (image.endsWith('.gz')) {
    throw new InputError(`image cp: ${image}: a gzipped image cannot be written; gunzip it first`);
  }
  checkImage(image);
  if ((await kindOf(image, image, posix.dirname(path))) !== 'directory')
    throw new InputError(`image cp: ${posix.dirname(path)} in ${image} is not a folder`);
  if ((await findKind(image, path)).kind !== undefined)
    throw new InputError(`image cp: ${path} exists in ${image}; give another name`);
  await askDebugfs(['-w'], `write ${quote(from)} ${quote(path)}`, image, `image cp: ${image}`);
  return 0;
}

/** 'regular', 'directory', ... Throws InputError when there is no such file, or no file system. */
async function kindOf(raw: string, image: string, path: string): Promise<string> {
  const { kind, trouble } = await findKind(raw, path);
  if (kind !== undefined) return kind;
  if (/while trying to open/.test(trouble))
    throw new InputError(`image: ${image}: no ext2 file system in it; give a disk image that has one`);
  throw new InputError(`image: no ${path} in ${image}; see 'exostation image ls'`);
}

async function findKind(raw: string, path: string): Promise<{ kind: string | undefined; trouble: string }> {
  const { stdout, stderr } = await readTool('debugfs', ['-R', `stat ${quote(path)}`, raw], INSTALL);
  return { kind: /\bType: (\S+)/.exec(stdout)?.[1], trouble: stderr };
}

/** debugfs ends with 0 whatever happened; what it has to complain of is on stderr, behind its name and version. */
async function askDebugfs(
  options: readonly string[],
  request: string,
  raw: string,
  what: string,
): Promise<string> {
  const { stdout, stderr } = await readTool('debugfs', [...options, '-R', request, raw], INSTALL);
  const [complaint] = stderr.split('\n').filter((line) => line.trim() !== '' && !/^debugfs \d/.test(line));
  if (complaint !== undefined) throw new InputError(`${what}: ${complaint.trim()}`);
  return stdout;
}

interface InImage {
  readonly image: string;
  readonly path: string;
}

function insideImage(text: string): InImage | undefined {
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
