/**
 * The linear memory's share of a machine's state: registers, counters, cache tags and RAM. Pages of RAM that hold nothing
 * but zeros are left out. Three things are not the guest's and not here: the table of translations, which the CPU
 * makes again; the mark that trace points leave on cache tags; and the cycle accounts, which depend on who
 * watches (`observed`).
 */

import { CACHE_WORDS, type GuestMemory, LAYOUT, TAG } from '../memory/layout.js';

const PAGE_BYTES = 4096;

export type MemoryState = {
  /** General registers, CP0, FPU registers, TLB, ready times: everything below the counters. */
  readonly registers: Uint8Array;
  readonly counters: Float64Array;
  readonly instructionTags: Int32Array;
  readonly dataTags: Int32Array;
  readonly instructionWords: Int32Array;
  readonly dataWords: Int32Array;
  /** Numbers of the pages of RAM that are not all zeros, ascending, and their bytes one after the other. */
  readonly pages: Int32Array;
  readonly ram: Uint8Array;
};

interface Regions {
  readonly registers: Uint8Array;
  readonly counters: Float64Array;
  readonly instructionTags: Int32Array;
  readonly dataTags: Int32Array;
  readonly instructionWords: Int32Array;
  readonly dataWords: Int32Array;
}

function regions({ buffer }: GuestMemory): Regions {
  return {
    registers: new Uint8Array(buffer, 0, LAYOUT.counters),
    counters: new Float64Array(buffer, LAYOUT.counters, (LAYOUT.accounts - LAYOUT.counters) / 8),
    instructionTags: new Int32Array(buffer, LAYOUT.instructionTags, CACHE_WORDS),
    dataTags: new Int32Array(buffer, LAYOUT.dataTags, CACHE_WORDS),
    instructionWords: new Int32Array(buffer, LAYOUT.instructionWords, CACHE_WORDS),
    dataWords: new Int32Array(buffer, LAYOUT.dataWords, CACHE_WORDS),
  };
}

export function snapshotMemory(memory: GuestMemory): MemoryState {
  const { registers, counters, instructionTags, dataTags, instructionWords, dataWords } = regions(memory);
  const pages = usedPages(memory);
  const ram = new Uint8Array(pages.length * PAGE_BYTES);
  pages.forEach((page, index) => {
    ram.set(memory.ram.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES), index * PAGE_BYTES);
  });
  return {
    registers: registers.slice(),
    counters: counters.slice(),
    instructionTags: instructionTags.map(withoutTrace),
    dataTags: dataTags.map(withoutTrace),
    instructionWords: instructionWords.slice(),
    dataWords: dataWords.slice(),
    pages,
    ram,
  };
}

/** Puts a state back. Trace points that are attached now are the CPU's to mark again. */
export function restoreMemory(memory: GuestMemory, state: MemoryState): void {
  if (state.ram.length !== state.pages.length * PAGE_BYTES) throw new RangeError('pages of RAM are missing');
  const target = regions(memory);
  target.registers.set(state.registers);
  target.counters.set(state.counters);
  target.instructionTags.set(state.instructionTags);
  target.dataTags.set(state.dataTags);
  target.instructionWords.set(state.instructionWords);
  target.dataWords.set(state.dataWords);
  memory.ram.fill(0);
  state.pages.forEach((page, index) => {
    memory.ram.set(state.ram.subarray(index * PAGE_BYTES, (index + 1) * PAGE_BYTES), page * PAGE_BYTES);
  });
}

function withoutTrace(tag: number): number {
  return tag === TAG.invalid ? tag : tag & ~TAG.traced;
}

function usedPages(memory: GuestMemory): Int32Array {
  const pages: number[] = [];
  const words = new Int32Array(memory.buffer, LAYOUT.ram, memory.ramBytes >>> 2);
  const pageWords = PAGE_BYTES >>> 2;
  for (let at = 0; at < words.length; at += pageWords) {
    for (let word = at; word < at + pageWords; word++) {
      if (words[word] === 0) continue;
      pages.push(at / pageWords);
      break;
    }
  }
  return Int32Array.from(pages);
}
