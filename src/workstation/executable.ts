/**
 * Executable files as a boot loader sees them: segments, an entry address, symbols. The format is told by the magic
 * number; every offset is checked against the file's length before it is followed, so that a truncated or corrupt file
 * gives one clear error and never a half-loaded machine.
 */

import { parseEcoff } from './ecoff.js';
import { parseElf } from './elf.js';
import { InputError } from './input-error.js';

export interface Segment {
  /** Virtual address. */
  readonly address: number;
  /** File content; the rest of `memoryBytes` is zeros. */
  readonly data: Uint8Array;
  readonly memoryBytes: number;
  /** 'executable' text for symbolising and checks. */
  readonly isExecutable: boolean;
}

export interface ImageSymbol {
  readonly name: string;
  readonly address: number;
  readonly sizeBytes: number;
}

export interface Executable {
  readonly format: 'elf' | 'ecoff';
  readonly entry: number;
  readonly segments: readonly Segment[];
  readonly symbols: readonly ImageSymbol[];
}

/** What to do about a file that is no executable, by what it was to be. */
const ADVICE = {
  kernel: 'give a kernel for little-endian MIPS',
  program: "compile one with 'exostation cc'",
} as const;

/** Reads an ELF or ECOFF executable for little-endian MIPS. `name` and `role` are used in errors only. */
export function parseExecutable(
  bytes: Uint8Array,
  name: string,
  role: keyof typeof ADVICE = 'kernel',
): Executable {
  if (bytes.length === 0) throw new InputError(`${name}: the file is empty; build it again`);
  if (bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46) {
    return parseElf(bytes, name, ADVICE[role]);
  }
  if (bytes[0] === 0x62 && bytes[1] === 0x01) return parseEcoff(bytes, name);
  if (bytes[0] === 0x01 && (bytes[1] === 0x60 || bytes[1] === 0x62)) {
    throw new InputError(`${name}: a big-endian MIPS executable; the DECstation is little-endian`);
  }
  throw new InputError(`${name}: not an ELF or ECOFF executable; ${ADVICE[role]}`);
}

/** Segments or sections of one file: no linked kernel has more. */
export const MAX_PARTS = 256;

/** Bounds-checked little-endian reads over an executable file. */
export class FileReader {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, name: string) {
    this.bytes = bytes;
    this.name = name;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Fails with one line when `length` bytes at `offset` are not in the file. */
  need(offset: number, length: number, what: string): void {
    if (offset + length > this.bytes.length) {
      throw new InputError(
        `${this.name}: truncated or corrupt: ${what} ends at byte ${offset + length}, ` +
          `the file has ${this.bytes.length}; copy or build it again`,
      );
    }
  }

  u8(offset: number): number {
    return this.#view.getUint8(offset);
  }

  u16(offset: number): number {
    return this.#view.getUint16(offset, true);
  }

  u32(offset: number): number {
    return this.#view.getUint32(offset, true);
  }

  /** NUL-terminated text inside [offset, end). */
  text(offset: number, end: number): string {
    const bytes = this.bytes.subarray(offset, Math.min(end, this.bytes.length));
    const length = bytes.indexOf(0);
    return Buffer.from(length < 0 ? bytes : bytes.subarray(0, length)).toString('latin1');
  }
}
