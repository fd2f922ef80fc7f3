/**
 * Guest memory by virtual address, as the environment that runs sees it: through the TLB, and where that has no entry,
 * through Aegis's software TLB (an exported structure), so that a page is there although its entry was just replaced.
 * Reading has no side effects; devices cannot be read, ROM cannot be written.
 */

import {
  AEGIS,
  type EnvironmentRecord,
  isAegisRunning,
  readEnvironment,
  readLabel,
  readSpaceSlot,
  readStlb,
  viewOf,
} from '../abi/index.js';
import type { Machine } from '../machine/index.js';

const PAGE_BYTES = 0x1000;
const KSEG0 = 0x8000_0000;
const ENTRY_HI = 10;
const VALID = 0x200;
const FRAME = 0x1fff_f000;

/** An environment, as Aegis exports it. */
export interface Environment {
  readonly slot: number;
  readonly record: EnvironmentRecord;
  /** Program and library OS. */
  readonly name: string;
  readonly libraryOs: string;
}

export class GuestView {
  readonly machine: Machine;
  readonly #view: DataView;

  constructor(machine: Machine) {
    this.machine = machine;
    this.#view = viewOf(machine.ram);
  }

  /** The bytes from `address` on, up to the first that cannot be read. */
  read(address: number, length: number): Uint8Array {
    const parts: Uint8Array[] = [];
    for (const { at, count } of pieces(address, length)) {
      const physical = this.translate(at);
      const bytes = physical === undefined ? undefined : this.machine.debugPort.readPhysical(physical, count);
      if (bytes === undefined) break;
      parts.push(bytes);
    }
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let end = 0;
    for (const part of parts) {
      all.set(part, end);
      end += part.length;
    }
    return all;
  }

  /** Writes all or, where some byte is not in RAM, nothing. */
  write(address: number, bytes: Uint8Array): boolean {
    const targets: { readonly physical: number; readonly data: Uint8Array }[] = [];
    for (const { at, count, offset } of pieces(address, bytes.length)) {
      const physical = this.translate(at);
      if (physical === undefined || physical + count > this.machine.ram.length) return false;
      targets.push({ physical, data: bytes.subarray(offset, offset + count) });
    }
    return targets.every(({ physical, data }) => this.machine.debugPort.writePhysical(physical, data));
  }

  translate(address: number): number | undefined {
    return this.machine.debugPort.translate(address) ?? this.#translateSoftly(address);
  }

  get isAegisRunning(): boolean {
    return isAegisRunning(this.#view);
  }

  /** Who has the CPU: by the address space that is current. */
  get current(): Environment | undefined {
    if (!this.isAegisRunning) return undefined;
    return this.#environment(readSpaceSlot(this.#view, this.machine.debugPort.readRegister('cp0', ENTRY_HI)));
  }

  get environments(): readonly Environment[] {
    if (!this.isAegisRunning) return [];
    return Array.from({ length: AEGIS.ENV_COUNT }, (_, slot) => this.#environment(slot)).filter(
      (one) => one !== undefined,
    );
  }

  #environment(slot: number): Environment | undefined {
    if (slot < 0) return undefined;
    const record = readEnvironment(this.#view, slot);
    return record.id === 0 ? undefined : { slot, record, ...readLabel(record) };
  }

  #translateSoftly(address: number): number | undefined {
    if (address >>> 0 >= KSEG0 || !this.isAegisRunning) return undefined;
    const space = this.machine.debugPort.readRegister('cp0', ENTRY_HI) & 0xfc0;
    const wanted = ((address & 0xffff_f000) | space) >>> 0;
    const entry = readStlb(this.#view).find(({ entryHi }) => entryHi === wanted);
    if (entry === undefined || (entry.entryLo & VALID) === 0) return undefined;
    return (entry.entryLo & FRAME) | (address & 0xfff);
  }
}

/** Cuts a range at page borders; it ends at the last address. */
function* pieces(
  address: number,
  length: number,
): Generator<{ readonly at: number; readonly count: number; readonly offset: number }> {
  for (let offset = 0; offset < length; ) {
    const at = (address >>> 0) + offset;
    if (at > 0xffff_ffff) return;
    const count = Math.min(length - offset, PAGE_BYTES - (at & (PAGE_BYTES - 1)));
    yield { at, count, offset };
    offset += count;
  }
}
