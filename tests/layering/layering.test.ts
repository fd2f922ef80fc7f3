/**
 * The layers of src/ and who may import whom; that layers talk through index.ts only; that machine/ is pure; that every
 * folder says in a README what it is. A failure names the file and the rule, so that the fix is plain.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importsOf, withoutComments } from './source-text.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SRC = join(ROOT, 'src');

/** Layer -> layers that it may import. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  machine: [],
  abi: [],
  terminal: [],
  observe: ['machine', 'abi'],
  debug: ['machine', 'abi'],
  workstation: ['machine', 'abi', 'observe', 'debug'],
  export: ['observe'],
  ui: ['observe', 'terminal', 'workstation'],
  bench: ['workstation', 'observe'],
  guest: ['abi'],
  cli: ['machine', 'abi', 'terminal', 'observe', 'debug', 'workstation', 'export', 'ui', 'bench', 'guest'],
};

/** Between these layers only types may pass: the desktop sees data and messages, never a machine. */
const TYPES_ONLY: readonly (readonly [from: string, to: string])[] = [['ui', 'observe']];

const TOP_FOLDERS = ['.ci', 'bin', 'disk-images', 'rom', 'src', 'tests'];
const UNTRACKED_FOLDERS = ['.git', 'build', 'coverage', 'dist', 'node_modules'];

/** What no file of the machine may name: its only time is the cycle counter, its only input a method call. */
const IMPURE: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Date', /\bDate\b(?!['"])/],
  ['Math.random', /\bMath\.random\b/],
  ['performance', /\bperformance\./],
  ['crypto', /\bcrypto\b/],
  ['process', /\bprocess\./],
  ['Buffer', /\bBuffer\./],
  ['timers', /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/],
  ['console output', /\bconsole\.(?:log|error|warn|info|debug)\b/],
];

interface SourceFile {
  readonly path: string;
  readonly layer: string;
  readonly text: string;
}

function sourceFiles(): SourceFile[] {
  const files: SourceFile[] = [];
  for (const entry of readdirSync(SRC, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const layer = relative(SRC, path).split(sep)[0] ?? '';
    files.push({ path: relative(ROOT, path), layer, text: readFileSync(path, 'utf8') });
  }
  return files;
}

const files = sourceFiles();

describe('layers', () => {
  it('are the known ones', () => {
    const unknown = readdirSync(SRC).filter((name) => name !== 'README.md' && !(name in ALLOWED));
    expect(unknown).toEqual([]);
  });

  it('import only the layers below them, and those through index.ts only', () => {
    const broken: string[] = [];
    for (const { path, layer, text } of files) {
      for (const { specifier, isTypeOnly } of importsOf(text)) {
        if (!specifier.startsWith('.')) continue;
        const target = relative(SRC, join(ROOT, dirname(path), specifier)).split(sep);
        const targetLayer = target[0] ?? '';
        if (targetLayer === layer) continue;
        const rule = `${path} imports ${specifier}`;
        if (targetLayer === '..') broken.push(`${rule}: outside of src`);
        else if (ALLOWED[layer]?.includes(targetLayer) !== true)
          broken.push(`${rule}: ${layer} may not import ${targetLayer}`);
        else if (target.length !== 2 || target[1] !== 'index.js')
          broken.push(`${rule}: only ../${targetLayer}/index.js is its face`);
        else if (!isTypeOnly && TYPES_ONLY.some(([from, to]) => from === layer && to === targetLayer)) {
          broken.push(`${rule}: ${layer} may import only types of ${targetLayer}`);
        }
      }
    }
    expect(broken).toEqual([]);
  });

  it('keep React and Ink in ui, and blessed in terminal', () => {
    const broken: string[] = [];
    for (const { path, layer, text } of files) {
      for (const { specifier } of importsOf(text)) {
        if (/^(?:react|ink)\b/.test(specifier) && layer !== 'ui' && layer !== 'cli')
          broken.push(`${path}: ${specifier}`);
        if (/^blessed\b/.test(specifier) && layer !== 'terminal') broken.push(`${path}: ${specifier}`);
      }
    }
    expect(broken).toEqual([]);
  });
});

describe('machine/', () => {
  const machineFiles = files.filter((file) => file.layer === 'machine');

  it('imports nothing from outside its folder', () => {
    const broken = machineFiles.flatMap(({ path, text }) =>
      importsOf(text)
        .filter(({ specifier }) => !specifier.startsWith('.'))
        .map(({ specifier }) => `${path}: ${specifier}`),
    );
    expect(broken).toEqual([]);
  });

  it('reads no clock, draws no random number, prints nothing', () => {
    const broken: string[] = [];
    for (const { path, text } of machineFiles) {
      const code = withoutComments(text);
      for (const [name, pattern] of IMPURE) if (pattern.test(code)) broken.push(`${path}: ${name}`);
    }
    expect(broken).toEqual([]);
  });
});

describe('folders', () => {
  it('at the top are the known ones', () => {
    const folders = readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !UNTRACKED_FOLDERS.includes(entry.name))
      .map((entry) => entry.name);
    expect(folders.filter((name) => !TOP_FOLDERS.includes(name))).toEqual([]);
  });

  it('have a README each', () => {
    const missing = foldersToDescribe().filter((folder) => !existsSync(join(ROOT, folder, 'README.md')));
    expect(missing).toEqual([]);
  });
});

/** Every folder of src that holds files of its own, every suite of tests, and what is shipped. */
function foldersToDescribe(): string[] {
  const folders = ['rom', 'disk-images'];
  for (const entry of readdirSync(join(ROOT, 'tests'), { withFileTypes: true })) {
    if (entry.isDirectory() && !(entry.name in ALLOWED)) folders.push(join('tests', entry.name));
  }
  for (const entry of readdirSync(SRC, { recursive: true, withFileTypes: true })) {
    const folder = join(entry.parentPath, entry.name);
    // What a generator wrote, headers beside their library, and what is copied to the guest's disk as it is.
    const isContent = /\b(?:generated|include|guest\/build\/disk)\b/.test(
      relative(SRC, folder).split(sep).join('/'),
    );
    if (!entry.isDirectory() || isContent) continue;
    const hasFiles = readdirSync(folder, { withFileTypes: true }).some((inner) => inner.isFile());
    if (hasFiles) folders.push(relative(ROOT, folder));
  }
  return folders;
}
