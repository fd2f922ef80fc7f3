/**
 * Sources to objects: every *.c and *.S of a folder, or one file. Objects lie under the object folder at the source's
 * own path; headers that a source read are known from the compiler's dependency file.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { step } from './incremental.js';
import { COMPILE, inParallel, PREFIX, run } from './toolchain.js';

const PARALLEL_COMPILERS = 2;

export interface Paths {
  /** The project. */
  readonly root: string;
  /** Where objects and intermediate files go. */
  readonly objects: string;
  readonly guest: string;
}

export interface CompileOptions {
  readonly flags: readonly string[];
  readonly includes: readonly string[];
  /** Files that every source depends on besides what the compiler reports (`.incbin`). */
  readonly extraInputs?: readonly string[];
}

/** C and assembler files of a folder, sorted by name; none when there is no such folder. */
export function sourcesOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.[cS]$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** Compiles what is not up to date; returns the objects in the order of the sources. */
export function compileAll(
  paths: Paths,
  variant: string,
  sources: readonly string[],
  options: CompileOptions,
): Promise<string[]> {
  return inParallel(sources, PARALLEL_COMPILERS, (source) => compileOne(paths, variant, source, options));
}

async function compileOne(
  paths: Paths,
  variant: string,
  source: string,
  options: CompileOptions,
): Promise<string> {
  const object = join(paths.objects, 'objects', variant, `${relative(paths.guest, source)}.o`);
  const dependencies = `${object}.d`;
  const prefixMap = [paths.root, paths.objects].map(
    (path, index) => `-ffile-prefix-map=${path}=${index === 0 ? '.' : 'build/guest'}`,
  );
  const args = [...COMPILE, ...options.flags, ...options.includes.map((folder) => `-I${folder}`), '-c'];
  const record = args.map((arg) => arg.replace(paths.objects, 'build/guest'));
  mkdirSync(dirname(object), { recursive: true });
  await step(object, record, [source, ...(options.extraInputs ?? [])], async () => {
    process.stdout.write(`  ${relative(paths.guest, source)}\n`);
    await run(`${PREFIX}gcc`, [...args, ...prefixMap, '-MMD', '-MF', dependencies, source, '-o', object]);
    return readDependencies(dependencies);
  });
  return object;
}

function readDependencies(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8').replaceAll('\\\n', ' ');
  return text
    .slice(text.indexOf(':') + 1)
    .trim()
    .split(/\s+/);
}
