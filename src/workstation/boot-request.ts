/**
 * `--kernel FILE`: places an executable in RAM as a network boot's DMA would, and leaves a boot request where the
 * firmware looks after its self test. Nothing else is touched: the machine still starts at the reset vector, and the
 * firmware enters the kernel by its own protocol.
 */

import { type Machine, MODELS, type Model } from '../machine/index.js';
import type { Executable } from './executable.js';
import { InputError } from './input-error.js';

export const BOOT_REQUEST_ADDRESS = 0xfe00;
export const BOOT_REQUEST_END = 0x10000;
/** "NBOT", little-endian. */
export const BOOT_REQUEST_MAGIC = 0x544f424e;
const KSEG0 = 0x8000_0000;
const KSEG1_END = 0xc000_0000;
const PHYSICAL_MASK = 0x1fff_ffff;

/** What each board's firmware calls its network. */
const NETWORK_DEVICE: Readonly<Record<Model['boardName'], string>> = { kn02ba: '3/tftp/', kn01: 'tftp()' };

/** Copies the segments to RAM and writes the boot request. `appended` are the words of --append. */
export function placeKernel(
  machine: Machine,
  kernel: Executable,
  name: string,
  appended: readonly string[],
): void {
  const { ram } = machine;
  const { boardName, memory } = MODELS[machine.options.model];
  for (const segment of kernel.segments) {
    if (segment.address < KSEG0 || segment.address >= KSEG1_END) {
      throw new InputError(
        `${name}: linked at ${hex(segment.address)}, where programs live, not kernels; run it with 'exostation exec'`,
      );
    }
    const physical = segment.address & PHYSICAL_MASK;
    if (physical + segment.memoryBytes > ram.length) {
      const isTooLarge = physical + segment.memoryBytes > memory.maximum << 20;
      const advice = isTooLarge
        ? `a ${machine.options.model} has at most ${memory.maximum} MiB`
        : 'raise --memory';
      throw new InputError(`${name}: needs memory up to ${hex(physical + segment.memoryBytes)}; ${advice}`);
    }
    if (physical < BOOT_REQUEST_END) {
      throw new InputError(
        `${name}: linked at ${hex(segment.address)}, below 64 KB, which is the firmware's`,
      );
    }
    ram.set(segment.data, physical);
    ram.fill(0, physical + segment.data.length, physical + segment.memoryBytes);
  }
  writeRequest(ram, kernel.entry, ['boot', `${NETWORK_DEVICE[boardName]}${name}`, ...appended]);
}

function writeRequest(ram: Uint8Array, entry: number, argv: readonly string[]): void {
  const words = new DataView(ram.buffer, ram.byteOffset, ram.byteLength);
  const encoded = argv.map((argument) => new TextEncoder().encode(`${argument}\0`));
  let at = BOOT_REQUEST_ADDRESS + 12 + 4 * argv.length;
  const end = at + encoded.reduce((sum, bytes) => sum + bytes.length, 0);
  if (end > BOOT_REQUEST_END)
    throw new InputError('--append: too long; the boot arguments must fit in 480 bytes');
  words.setUint32(BOOT_REQUEST_ADDRESS, BOOT_REQUEST_MAGIC, true);
  words.setUint32(BOOT_REQUEST_ADDRESS + 4, entry, true);
  words.setUint32(BOOT_REQUEST_ADDRESS + 8, argv.length, true);
  encoded.forEach((bytes, index) => {
    words.setUint32(BOOT_REQUEST_ADDRESS + 12 + 4 * index, KSEG0 + at, true);
    ram.set(bytes, at);
    at += bytes.length;
  });
}

function hex(value: number): string {
  const digits = (value >>> 0).toString(16).padStart(8, '0');
  return `0x${digits.slice(0, 4)}_${digits.slice(4)}`;
}
