/**
 * ECOFF for little-endian MIPS, the format of DECstation kernels before ELF: a COFF header, an a.out header with the
 * entry, and section headers that say what lies where. Symbols are in a format of their own and are not read.
 */

import type { Executable, Segment } from './executable.js';
import { FileReader, MAX_PARTS } from './executable.js';
import { InputError } from './input-error.js';

const HEADER_BYTES = 20;
const AOUT_HEADER_BYTES = 56;
const SECTION_HEADER_BYTES = 40;
const SECTION_TEXT = 0x20;
/** Sections without file content: .bss and .sbss. */
const SECTION_ZEROS = 0x80 | 0x400;
/** Sections that take no memory: .comment, .debug and the like. */
const SECTION_NOT_LOADED = 0x02 | 0x0200_0000 | 0x0210_0000;

export function parseEcoff(bytes: Uint8Array, name: string): Executable {
  const file = new FileReader(bytes, name);
  file.need(0, HEADER_BYTES, 'the ECOFF header');
  const sectionCount = file.u16(2);
  const optionalBytes = file.u16(16);
  if (sectionCount > MAX_PARTS) {
    throw new InputError(`${name}: corrupt ECOFF file: ${sectionCount} sections; build it again`);
  }
  if (optionalBytes < AOUT_HEADER_BYTES) {
    throw new InputError(`${name}: an ECOFF object, not an executable; link it first`);
  }
  file.need(HEADER_BYTES, optionalBytes, 'the a.out header');
  const entry = file.u32(HEADER_BYTES + 16);
  const table = HEADER_BYTES + optionalBytes;
  file.need(table, sectionCount * SECTION_HEADER_BYTES, 'the section table');
  const segments: Segment[] = [];
  for (let index = 0; index < sectionCount; index++) {
    const at = table + index * SECTION_HEADER_BYTES;
    const address = file.u32(at + 12);
    const size = file.u32(at + 16);
    const offset = file.u32(at + 20);
    const flags = file.u32(at + 36);
    if (size === 0 || (flags & SECTION_NOT_LOADED) !== 0) continue;
    if (address + size > 0x1_0000_0000) {
      throw new InputError(`${name}: corrupt ECOFF file: a section's address makes no sense`);
    }
    const isZeros = (flags & SECTION_ZEROS) !== 0;
    if (!isZeros) file.need(offset, size, `section ${index + 1}`);
    const data = isZeros ? bytes.subarray(0, 0) : bytes.subarray(offset, offset + size);
    segments.push({ address, data, memoryBytes: size, isExecutable: (flags & SECTION_TEXT) !== 0 });
  }
  if (segments.length === 0) throw new InputError(`${name}: corrupt ECOFF file: nothing to load`);
  if (entry % 4 !== 0) {
    throw new InputError(
      `${name}: corrupt ECOFF file: its entry 0x${entry.toString(16)} is not aligned to a word`,
    );
  }
  if (!segments.some((s) => entry >= s.address && entry < s.address + s.memoryBytes)) {
    throw new InputError(`${name}: corrupt ECOFF file: its entry 0x${entry.toString(16)} is in no section`);
  }
  return { format: 'ecoff', entry, segments, symbols: [] };
}
