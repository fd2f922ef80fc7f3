/**
 * ELF32 for little-endian MIPS, as the System V ABI describes it: program headers make the segments, the symbol table
 * makes the symbols. Only what is linked for good is accepted: ET_EXEC, nothing dynamic.
 */

import type { Executable, ImageSymbol, Segment } from './executable.js';
import { FileReader, MAX_PARTS } from './executable.js';
import { InputError } from './input-error.js';

const HEADER_BYTES = 52;
const PROGRAM_HEADER_BYTES = 32;
const SECTION_HEADER_BYTES = 40;
const SYMBOL_BYTES = 16;
const MACHINE_MIPS = 8;
const TYPE_EXECUTABLE = 2;
const SEGMENT_LOAD = 1;
const SEGMENT_DYNAMIC = 2;
const SEGMENT_INTERPRETER = 3;
const SECTION_SYMBOLS = 2;
const FLAG_EXECUTE = 1;
/** Limits that no linked kernel comes near, and that keep a hostile file from taking for ever. */
const MAX_SYMBOLS = 1 << 18;
const MAX_NAME_BYTES = 256;

/** `advice`: what to do about a file that cannot be run here. */
export function parseElf(bytes: Uint8Array, name: string, advice: string): Executable {
  const file = new FileReader(bytes, name);
  file.need(0, HEADER_BYTES, 'the ELF header');
  if (file.u8(4) !== 1) throw new InputError(`${name}: a 64-bit ELF file; the DECstation runs 32-bit MIPS I`);
  if (file.u8(5) !== 1)
    throw new InputError(`${name}: a big-endian ELF file; the DECstation is little-endian`);
  if (file.u16(18) !== MACHINE_MIPS) {
    throw new InputError(`${name}: an ELF file for another processor; ${advice}`);
  }
  if (file.u16(16) !== TYPE_EXECUTABLE) {
    throw new InputError(
      `${name}: not a linked, static executable (ELF type ${file.u16(16)}); link it first`,
    );
  }
  const headerOffset = file.u32(28);
  const headerSize = file.u16(42);
  const headerCount = file.u16(44);
  if (headerCount > MAX_PARTS) {
    throw new InputError(`${name}: corrupt ELF file: ${headerCount} program headers; build it again`);
  }
  if (headerCount === 0 || headerSize < PROGRAM_HEADER_BYTES) {
    throw new InputError(`${name}: corrupt ELF file: it has no program headers; build it again`);
  }
  file.need(headerOffset, headerSize * headerCount, 'the program header table');
  const segments: Segment[] = [];
  for (let index = 0; index < headerCount; index++) {
    const segment = readSegment(file, headerOffset + index * headerSize, advice);
    if (segment !== undefined) segments.push(segment);
  }
  if (segments.length === 0)
    throw new InputError(`${name}: corrupt ELF file: nothing to load; build it again`);
  const entry = file.u32(24);
  const isEntryLoaded = segments.some((s) => entry >= s.address && entry < s.address + s.data.length);
  if (entry % 4 !== 0) {
    throw new InputError(
      `${name}: corrupt ELF file: its entry 0x${entry.toString(16)} is not aligned to a word`,
    );
  }
  if (!isEntryLoaded) {
    throw new InputError(`${name}: corrupt ELF file: its entry 0x${entry.toString(16)} is in no segment`);
  }
  return { format: 'elf', entry, segments, symbols: readSymbols(file) };
}

function readSegment(file: FileReader, at: number, advice: string): Segment | undefined {
  const type = file.u32(at);
  if (type === SEGMENT_DYNAMIC || type === SEGMENT_INTERPRETER) {
    throw new InputError(`${file.name}: dynamically linked, not statically; ${advice}`);
  }
  if (type !== SEGMENT_LOAD) return undefined;
  const offset = file.u32(at + 4);
  const address = file.u32(at + 8);
  const fileBytes = file.u32(at + 16);
  const memoryBytes = file.u32(at + 20);
  if (memoryBytes === 0) return undefined;
  file.need(offset, fileBytes, 'a segment');
  if (memoryBytes < fileBytes || address + memoryBytes > 0x1_0000_0000) {
    throw new InputError(`${file.name}: corrupt ELF file: a segment's sizes make no sense; build it again`);
  }
  const isExecutable = (file.u32(at + 24) & FLAG_EXECUTE) !== 0;
  return { address, data: file.bytes.subarray(offset, offset + fileBytes), memoryBytes, isExecutable };
}

/** Function, object and plain symbols with an address; a damaged symbol table gives none, since booting needs none. */
function readSymbols(file: FileReader): ImageSymbol[] {
  const tableOffset = file.u32(32);
  const entrySize = file.u16(46);
  const count = file.u16(48);
  if (tableOffset === 0 || entrySize < SECTION_HEADER_BYTES) return [];
  if (tableOffset + entrySize * count > file.bytes.length) return [];
  const symbols: ImageSymbol[] = [];
  for (let index = 0; index < count; index++) {
    const section = tableOffset + index * entrySize;
    if (file.u32(section + 4) !== SECTION_SYMBOLS) continue;
    const link = tableOffset + file.u32(section + 24) * entrySize;
    if (link + SECTION_HEADER_BYTES > file.bytes.length) continue;
    const namesOffset = file.u32(link + 16);
    const namesEnd = namesOffset + file.u32(link + 20);
    const start = file.u32(section + 16);
    const sizeBytes = Math.min(file.u32(section + 20), MAX_SYMBOLS * SYMBOL_BYTES);
    const end = Math.min(start + sizeBytes, file.bytes.length);
    for (let at = start; at + SYMBOL_BYTES <= end; at += SYMBOL_BYTES) {
      const type = file.u8(at + 12) & 0xf;
      const isDefined = file.u16(at + 14) !== 0;
      const nameOffset = namesOffset + file.u32(at);
      const name = file.text(nameOffset, Math.min(namesEnd, nameOffset + MAX_NAME_BYTES));
      if (type > 2 || !isDefined || name === '') continue;
      symbols.push({ name, address: file.u32(at + 4), sizeBytes: file.u32(at + 8) });
    }
    // A linked file has one symbol table.
    return symbols;
  }
  return symbols;
}
