/**
 * What is built from which folder, and how: the table of images. Objects, archives and ELF files go to the object
 * folder; `rom.ts` and `disk.ts` make the shipped files out of them.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type CompileOptions, compileAll, type Paths, sourcesOf } from './compile.js';
import { step } from './incremental.js';
import { checkNoFloating, checkOpcodes } from './opcodes.js';
import { BuildError, LINK, PREFIX, run } from './toolchain.js';

export interface Image {
  readonly name: string;
  /** ELF with symbols. */
  readonly elf: string;
  /** What is shipped: a flat image, or the ELF without symbols. */
  readonly file: string;
}

export interface GuestImages {
  /** What could not be built, for people; everything else was. */
  readonly failures: readonly string[];
  /** One for each board; fewer when one was not built. */
  readonly firmware: readonly Image[];
  readonly aegis: Image | undefined;
  readonly init: Image | undefined;
  readonly libraries: readonly Image[];
  readonly programs: readonly Image[];
  readonly tests: readonly Image[];
}

/** Contents of a folder's `build.json`. */
interface FolderOptions {
  readonly flags?: readonly string[];
  readonly static?: string;
  readonly folders?: readonly string[];
}

/** Folders of `prom`; the image of each is called by its name. */
export const BOARDS: readonly string[] = ['kn01', 'kn02ba'];
const FIRMWARE_FLAGS = ['-Os', '-msoft-float', '-fno-jump-tables'];
const KERNEL_FLAGS = ['-O2', '-msoft-float'];
const KERNEL_LIBRARY = ['memory.c', 'divide.c'];
const USER_FLAGS = ['-O2'];
/** The only function of a library OS that touches the FPU, whose registers are the program's. */
const FLOATING_FUNCTIONS: ReadonlySet<string> = new Set(['call_handler']);

export async function buildImages(paths: Paths): Promise<GuestImages> {
  const build = new ImageBuild(paths);
  const firmware = await build.firmware();
  await build.attempt(() => build.runtime());
  const init = await build.attempt(() => build.program('programs', 'init'));
  const blobs = init === undefined ? [] : [init.file];
  const aegis = await build.attempt(() =>
    build.flatImage('aegis', 'aegis.img', 'aegis.ld', KERNEL_FLAGS, blobs),
  );
  const libraries = await build.libraries();
  const programs = await build.programs('programs', ['init']);
  const tests = await build.programs('tests', []);
  return { firmware, aegis, init, libraries, programs, tests, failures: build.failures };
}

class ImageBuild {
  readonly #paths: Paths;
  #runtime: string | undefined;
  /** Undefined when they do not compile: then there is no library OS either. */
  #common: readonly string[] | undefined;
  readonly #archives: Map<string, string> = new Map();
  readonly failures: string[] = [];

  constructor(paths: Paths) {
    this.#paths = paths;
  }

  /** One thing that does not build is reported and left out, so that work on the others can go on. */
  async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      this.failures.push(error.message);
      return undefined;
    }
  }

  /** `guest/lib` as an archive, and the objects that all library OSes share. */
  async runtime(): Promise<void> {
    const objects = await this.#compile('user', 'lib', USER_FLAGS);
    if (objects.length > 0) this.#runtime = await this.#archive('libguest.a', objects);
    this.#common = await this.#compile('user', 'libos/common', USER_FLAGS);
  }

  /** A boot ROM for each board: what all share, compiled with the board's own header, and the board's own files. */
  async firmware(): Promise<Image[]> {
    const images: Image[] = [];
    for (const board of BOARDS) {
      const image = await this.attempt(() => this.#firmwareOf(board));
      if (image !== undefined) images.push(image);
    }
    return images;
  }

  async #firmwareOf(board: string): Promise<Image> {
    const folders = [join(this.#paths.guest, 'prom', board), join(this.#paths.guest, 'prom')];
    const options = { flags: FIRMWARE_FLAGS, includes: folders };
    const objects: string[] = [];
    for (const folder of folders) {
      objects.push(...(await compileAll(this.#paths, `prom-${board}`, sourcesOf(folder), options)));
    }
    return this.#flat(board, objects, [], `${board}.bin`, 'prom.ld');
  }

  /** A whole folder linked into one flat image. */
  async flatImage(
    folder: string,
    output: string,
    script: string,
    flags: readonly string[],
    blobs: readonly string[],
  ): Promise<Image | undefined> {
    const objects = await this.#compile(folder, folder, flags, blobs);
    if (objects.length === 0) return undefined;
    const archives = folder === 'aegis' ? [await this.#kernelLibrary(flags)] : [];
    return this.#flat(folder, objects, archives, output, script);
  }

  async libraries(): Promise<Image[]> {
    const images: Image[] = [];
    for (const name of this.#folders('libos')) {
      if (name === 'common') continue;
      const image = await this.attempt(() => this.#library(name));
      if (image !== undefined) images.push(image);
    }
    return images;
  }

  async #library(name: string): Promise<Image | undefined> {
    const own = await this.#compile('user', `libos/${name}`, USER_FLAGS);
    if (own.length === 0 || this.#common === undefined) return undefined;
    const objects = [...own, ...this.#common];
    this.#archives.set(name, await this.#archive(`lib${name}.a`, objects));
    const archives = this.#runtime === undefined ? [] : [this.#runtime];
    const image = await this.#flat(name, objects, archives, `${name}.img`, 'libos.ld');
    await checkNoFloating(image.elf, FLOATING_FUNCTIONS);
    return image;
  }

  /** Every program of a folder: NAME.c, or the folder NAME. */
  async programs(folder: string, except: readonly string[]): Promise<Image[]> {
    const files = sourcesOf(join(this.#paths.guest, folder)).map((path) =>
      basename(path).replace(/\.[cS]$/, ''),
    );
    const images: Image[] = [];
    for (const name of [...new Set([...files, ...this.#folders(folder)])].sort()) {
      const image = except.includes(name) ? undefined : await this.attempt(() => this.program(folder, name));
      if (image !== undefined) images.push(image);
    }
    return images;
  }

  async program(folder: string, name: string): Promise<Image | undefined> {
    const path = `${folder}/${name}`;
    const options = this.#options(path);
    const single = sourcesOf(join(this.#paths.guest, folder)).filter((file) =>
      [`${name}.c`, `${name}.S`].includes(basename(file)),
    );
    const objects = [
      ...(await compileAll(this.#paths, 'user', single, this.#compileOptions(folder, USER_FLAGS, []))),
      ...(await this.#compile('user', path, USER_FLAGS)),
    ];
    if (objects.length === 0) return undefined;
    const archives = [this.#runtime].filter((archive) => archive !== undefined);
    if (options.static !== undefined) {
      const archive = this.#archives.get(options.static);
      if (archive === undefined)
        throw new BuildError(`${path}/build.json: no library OS '${options.static}'`);
      archives.unshift(archive);
    }
    const elf = await this.#link(path, objects, archives, 'program.ld');
    const file = join(this.#paths.objects, folder, `${name}.elf`);
    await step(file, ['strip'], [elf], async () => {
      await run(`${PREFIX}objcopy`, ['--strip-all', '--remove-section=.shstrtab', elf, file]);
      return [];
    });
    return { name, elf, file };
  }

  /** The few files of `guest/lib` that need nothing else, compiled with the kernel's flags. */
  async #kernelLibrary(flags: readonly string[]): Promise<string> {
    const sources = KERNEL_LIBRARY.map((name) => join(this.#paths.guest, 'lib', name)).filter(existsSync);
    const objects = await compileAll(this.#paths, 'aegis', sources, this.#compileOptions('lib', flags, []));
    return this.#archive('libkernel.a', objects);
  }

  async #flat(
    name: string,
    objects: readonly string[],
    archives: readonly string[],
    output: string,
    script: string,
  ): Promise<Image> {
    const elf = await this.#link(name, objects, archives, script);
    const file = join(this.#paths.objects, output);
    await step(file, ['flat'], [elf], async () => {
      await run(`${PREFIX}objcopy`, ['-O', 'binary', elf, file]);
      return [];
    });
    return { name, elf, file };
  }

  async #link(
    name: string,
    objects: readonly string[],
    archives: readonly string[],
    script: string,
  ): Promise<string> {
    const elf = join(this.#paths.objects, 'linked', `${name}.elf`);
    const scriptPath = join(this.#paths.guest, 'link', script);
    const args = [
      ...LINK,
      `-Wl,-T,${scriptPath}`,
      ...objects,
      '-Wl,--start-group',
      ...archives,
      '-Wl,--end-group',
    ];
    await step(elf, args, [scriptPath, ...objects, ...archives], async () => {
      process.stdout.write(`  ${name}\n`);
      await run(`${PREFIX}gcc`, [...args, '-o', elf]);
      await checkOpcodes(elf);
      return [];
    });
    return elf;
  }

  async #archive(name: string, objects: readonly string[]): Promise<string> {
    const archive = join(this.#paths.objects, name);
    await step(archive, ['ar', ...objects], objects, async () => {
      rmSync(archive, { force: true });
      await run(`${PREFIX}ar`, ['rcsD', archive, ...objects]);
      return [];
    });
    return archive;
  }

  async #compile(
    variant: string,
    folder: string,
    flags: readonly string[],
    extraInputs: readonly string[] = [],
  ): Promise<string[]> {
    const options = this.#options(folder);
    const folders = [folder, ...(options.folders ?? []).map((other) => join(folder, other))];
    const objects: string[] = [];
    for (const each of folders) {
      const compile = this.#compileOptions(folder, [...flags, ...(options.flags ?? [])], extraInputs);
      objects.push(
        ...(await compileAll(this.#paths, variant, sourcesOf(join(this.#paths.guest, each)), compile)),
      );
    }
    return objects;
  }

  #compileOptions(folder: string, flags: readonly string[], extraInputs: readonly string[]): CompileOptions {
    const { guest, objects } = this.#paths;
    const own = join(guest, folder);
    const shared = ['include', 'include/generated', 'lib/include', 'lib', 'libos/common'];
    const includes = [own, ...shared.map((each) => join(guest, each)), join(objects, 'programs')];
    mkdirSync(join(objects, 'programs'), { recursive: true });
    return { flags, includes: includes.filter(existsSync), extraInputs };
  }

  #options(folder: string): FolderOptions {
    const path = join(this.#paths.guest, folder, 'build.json');
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as FolderOptions) : {};
  }

  #folders(folder: string): readonly string[] {
    const path = join(this.#paths.guest, folder);
    if (!existsSync(path)) return [];
    return readdirSync(path)
      .filter((name) => statSync(join(path, name)).isDirectory())
      .sort();
  }
}
