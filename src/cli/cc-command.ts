/**
 * `exostation cc`: the cross compiler with the guest's headers, flags, C library and linker script, so that one command
 * makes a program that runs on any library OS. The small C library is compiled along, in the same call; it is ours, since
 * the distribution's is neither MIPS I nor free of a kernel below it.
 */

import { existsSync, readdirSync } from 'node:fs';
import { assetPath, InputError } from '../workstation/index.js';
import { runTool } from './host-tool.js';

const COMPILER = 'mipsel-linux-gnu-gcc';
const PACKAGE = 'gcc-mipsel-linux-gnu';
const DEFAULT_LIBRARY_OS = 'exos';
const COMPILE_FLAGS: readonly string[] = [
  ...'-march=r3000 -mfp32 -mabi=32 -mno-abicalls -fno-pic -fno-pie -G0 -std=gnu11 -ffreestanding'.split(' '),
  ...'-fno-stack-protector -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables'.split(' '),
  ...'-ffunction-sections -nostdinc'.split(' '),
];
const LINK_FLAGS: readonly string[] = [
  ...'-no-pie -nostdlib -static -Wl,--build-id=none -Wl,-z,noexecstack -Wl,-z,max-page-size=4096'.split(' '),
  ...'-Wl,--no-warn-rwx-segments -Wl,--gc-sections'.split(' '),
];
const INCLUDE_FOLDERS: readonly string[] = [
  'src/guest/lib/include',
  'src/guest/include',
  'src/guest/include/generated',
  'src/guest/lib',
  'src/guest/libos/common',
];
/** Options whose value is a word of its own. */
const TAKES_WORD = new Set([
  ...'-o -I -D -U -L -T -x -u -z -e -A -MF -MT -MQ -include -imacros -isystem -iquote -idirafter'.split(' '),
  ...'-iprefix -iwithprefix -isysroot --param -Xlinker -Xassembler -Xpreprocessor -aux-info'.split(' '),
]);
/** Asks gcc about itself. */
const IS_QUESTION = /^(-v|-###|--version|--help.*|--target-help|-dump(machine|version|specs)|-print-.*)$/;
/** What would choose another machine; the flags above name ours. */
const CHOOSES_MACHINE = /^-(march=|mips|mabi=|mfp|EB$|meb$)/;
const STOPS_BEFORE_LINKING = new Set(['-c', '-S', '-E', '-fsyntax-only', '-M', '-MM']);

export interface CcWords {
  readonly words: readonly string[];
  readonly libraryOs: string;
  readonly isLinked: boolean;
}

/** Takes --libos out of the words; the rest is gcc's. */
export function parseCcWords(all: readonly string[]): CcWords {
  const words: string[] = [];
  let libraryOs = DEFAULT_LIBRARY_OS;
  for (let index = 0; index < all.length; index++) {
    const word = all[index] as string;
    if (word === '--libos') {
      const name = all[++index];
      if (name === undefined) throw new InputError('cc: --libos needs a name, e.g. --libos exos');
      libraryOs = name;
    } else if (word.startsWith('--libos=')) libraryOs = word.slice('--libos='.length);
    else words.push(word);
  }
  // Without one, gcc would link the library alone, and remove what -o names when that fails.
  if (!words.some((word) => IS_QUESTION.test(word)) && !hasInput(words)) {
    throw new InputError('cc: give a C file, e.g. exostation cc -O2 hello.c -o hello');
  }
  const other = words.find(
    (word) => CHOOSES_MACHINE.test(word) && word !== '-mips1' && !COMPILE_FLAGS.includes(word),
  );
  if (other !== undefined)
    throw new InputError(
      `cc: ${other}: the machine is an R3000, little-endian, with the o32 ABI; leave it out`,
    );
  return { words, libraryOs, isLinked: !words.some((word) => STOPS_BEFORE_LINKING.has(word)) };
}

function hasInput(words: readonly string[]): boolean {
  return words.some(
    (word, index) => (word === '-' || !word.startsWith('-')) && !TAKES_WORD.has(words[index - 1] ?? ''),
  );
}

export function ccCommand(all: readonly string[]): Promise<number> {
  const { words, libraryOs, isLinked } = parseCcWords(all);
  const libraries = assetPath('src/guest/libos');
  const library = assetPath('src/guest/lib');
  if (!existsSync(library)) {
    throw new InputError(
      'cc: the guest headers are not installed; run it from a clone of the exostation repository',
    );
  }
  const known = readdirSync(libraries).filter((name) => name !== 'common' && name !== 'README.md');
  if (!known.includes(libraryOs)) {
    throw new InputError(`cc: no library OS named '${libraryOs}'; there are: ${known.sort().join(', ')}`);
  }
  const includes = INCLUDE_FOLDERS.map(assetPath)
    .filter(existsSync)
    .map((folder) => `-I${folder}`);
  const sources = readdirSync(library)
    .filter((name) => /\.[cS]$/.test(name))
    .sort()
    .map((name) => `${library}/${name}`);
  const link = isLinked ? [...sources, ...LINK_FLAGS, '-T', assetPath('src/guest/link/program.ld')] : [];
  return runTool(COMPILER, [...COMPILE_FLAGS, ...includes, ...words, ...link], PACKAGE);
}
