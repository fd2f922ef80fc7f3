/**
 * A machine on which Aegis boots with a test environment in place of init. The environment prints TAP on terminal line
 * 1; the kernel's symbols serve as trace points, so that tests can count cycles between them.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EVENTS, viewOf } from '../../../src/abi/index.js';
import { ARCHITECTURE, COMPILE, LINK, PREFIX } from '../../../src/guest/build/toolchain.js';
import {
  type BlockDevice,
  createMachine,
  type DisplayKind,
  type Machine,
  MODELS,
  type ModelName,
} from '../../../src/machine/index.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const KERNEL_PHYSICAL = 0x20000;
const BOOT_REQUEST = 0xfe00;
const BOOT_REQUEST_MAGIC = 0x544f_424e;
const TEST_LINE = 1;

export interface KernelImage {
  readonly bytes: Uint8Array;
  readonly symbols: ReadonlyMap<string, number>;
  /** Of the test environment. */
  readonly initSymbols: ReadonlyMap<string, number>;
}

function symbolsOf(elf: string): Map<string, number> {
  const symbols = new Map<string, number>();
  for (const line of execFileSync(`${PREFIX}nm`, [elf], { encoding: 'utf8' }).split('\n')) {
    const [address, , name] = line.split(' ');
    if (address !== undefined && name !== undefined)
      symbols.set(name, Number.parseInt(address.slice(-8), 16));
  }
  return symbols;
}

/** True when the cross compiler is there; without it the kernel cannot be built around a test environment. */
export function hasCompiler(): boolean {
  try {
    execFileSync(`${PREFIX}gcc`, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function compile(
  folder: string,
  output: string,
  includes: readonly string[],
  flags: readonly string[],
): string[] {
  return readdirSync(folder)
    .filter((name) => /\.[cS]$/.test(name))
    .sort()
    .map((name) => {
      const object = join(output, `${name}.o`);
      const paths = [
        folder,
        join(ROOT, 'src/guest/include/generated'),
        join(ROOT, 'src/guest/lib/include'),
        ...includes,
      ];
      execFileSync(`${PREFIX}gcc`, [
        ...COMPILE,
        '-O2',
        // What the bytes are must not depend on where the sources lie: `__FILE__` and debug information are in them.
        `-ffile-prefix-map=${ROOT.slice(0, -1)}=.`,
        ...flags,
        ...paths.map((path) => `-I${path}`),
        '-c',
        join(folder, name),
        '-o',
        object,
      ]);
      return object;
    });
}

function link(objects: readonly string[], script: string, output: string): void {
  execFileSync(`${PREFIX}gcc`, [...ARCHITECTURE, ...LINK, `-Wl,-T,${script}`, ...objects, '-o', output]);
}

/**
 * Builds Aegis from its sources around the environment of `init/` beside this file; another folder's files are added,
 * and its `test_main` takes the place of the one there. `flags` are the compiler's, for those files.
 */
export function buildKernel(suite?: string, flags: readonly string[] = []): KernelImage {
  const work = mkdtempSync(join(tmpdir(), 'aegis-'));
  try {
    const folder = join(ROOT, 'tests/guest/aegis/init');
    for (const name of ['init', 'suite', 'kernel']) mkdirSync(join(work, name));
    const environment = compile(folder, join(work, 'init'), [], []);
    if (suite !== undefined)
      environment.push(
        ...compile(join(ROOT, 'tests/guest/aegis', suite), join(work, 'suite'), [folder], flags),
      );
    link(environment, join(folder, 'test.ld'), join(work, 'init.elf'));
    const objects = compile(join(ROOT, 'src/guest/aegis'), join(work, 'kernel'), [work], ['-msoft-float']);
    const elf = join(work, 'aegis.elf');
    link(objects, join(ROOT, 'src/guest/link/aegis.ld'), elf);
    execFileSync(`${PREFIX}objcopy`, ['-O', 'binary', elf, join(work, 'aegis.img')]);
    return {
      bytes: readFileSync(join(work, 'aegis.img')),
      symbols: symbolsOf(elf),
      initSymbols: symbolsOf(join(work, 'init.elf')),
    };
  } finally {
    rmSync(work, { recursive: true });
  }
}

export function memoryDisk(bytes: Uint8Array): BlockDevice {
  return {
    sectorCount: bytes.length / 512,
    isReadOnly: false,
    read: (sector, into) => into.set(bytes.subarray(sector * 512, sector * 512 + into.length)),
    write: (sector, data) => bytes.set(data, sector * 512),
  };
}

export class KernelMachine {
  readonly machine: Machine;
  readonly view: DataView;
  readonly #image: KernelImage;
  /** What the test environment printed, and what the console showed. */
  output = '';
  console = '';
  isHalted = false;

  constructor(
    image: KernelImage,
    disks: readonly Uint8Array[] = [],
    model: ModelName = '5000/125',
    display: DisplayKind = 'colour',
  ) {
    this.#image = image;
    const { boardName } = MODELS[model];
    this.machine = createMachine({
      model,
      display,
      memoryMiB: 8,
      rom: readFileSync(join(ROOT, `rom/${boardName}.bin`)),
      disks: disks.map(memoryDisk),
      seed: Uint8Array.from({ length: 16 }, (_, index) => index + 1),
      epochSeconds: 817_948_800,
    });
    this.view = viewOf(this.machine.ram);
    this.machine.console.onOutput = (byte) => {
      this.console += String.fromCharCode(byte);
    };
    const line = this.machine.lines[TEST_LINE];
    if (line === undefined) throw new Error('no terminal lines');
    line.onOutput = (byte) => {
      this.output += String.fromCharCode(byte);
    };
    this.#placeKernel(image.bytes);
    const romSymbols = JSON.parse(readFileSync(join(ROOT, 'rom/symbols.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    this.machine.trace(Number.parseInt(romSymbols[boardName]?.prom_halted ?? '', 16), () => {
      this.isHalted = true;
      this.machine.stop();
    });
  }

  symbol(name: string): number {
    const address = this.#image.symbols.get(name);
    if (address === undefined) throw new Error(`no symbol ${name} in the kernel`);
    return address;
  }

  /** Runs until the machine halts, at most so many more cycles. */
  runToHalt(cycles: number): void {
    const end = this.machine.cycle + cycles;
    while (!this.isHalted && this.machine.cycle < end) this.machine.run(end);
  }

  /** Network boot: the image in memory, and the request where the firmware looks for it. */
  #placeKernel(bytes: Uint8Array): void {
    this.machine.ram.set(bytes, KERNEL_PHYSICAL);
    const words = [BOOT_REQUEST_MAGIC, 0x8000_0000 + KERNEL_PHYSICAL, 1, 0x8000_0000 + BOOT_REQUEST + 16];
    for (const [index, word] of words.entries()) this.view.setUint32(BOOT_REQUEST + 4 * index, word, true);
    this.machine.ram.set(new TextEncoder().encode('boot\0'), BOOT_REQUEST + 16);
  }
}

/** Event kinds whose trace points the kernel passes from now on; the network's have suites of their own. */
export function watchEvents(kernel: KernelMachine): Set<string> {
  const seen = new Set<string>();
  for (const { name, symbol } of EVENTS) kernel.machine.trace(kernel.symbol(symbol), () => seen.add(name));
  return seen;
}

export function isNetworkEvent(name: string): boolean {
  return /^(filter|packet|handler)-/.test(name);
}

/** Names of the failed lines of a TAP text, and whether it came to its plan. */
export function readTap(text: string): {
  readonly failed: readonly string[];
  readonly passed: number;
  readonly isComplete: boolean;
} {
  const lines = text.split('\n');
  const passed = lines.filter((line) => line.startsWith('ok ')).length;
  const failed = lines.filter((line) => line.startsWith('not ok '));
  const plan = lines.find((line) => /^1\.\.\d+$/.test(line));
  return {
    failed,
    passed,
    isComplete: plan !== undefined && Number(plan.slice(3)) === passed + failed.length,
  };
}
