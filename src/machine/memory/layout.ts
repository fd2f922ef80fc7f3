/**
 * The one linear memory. Everything the guest's state consists of lies in one shared WebAssembly.Memory at the byte
 * offsets below; the interpreter works on typed-array views of it, translated code addresses it directly.
 *
 *   0x0000_0000  32 general registers, then hi, lo
 *   0x0000_0100  CP0 registers 0..15, one word each
 *   0x0000_0180  32 FPU registers, then FCR31
 *   0x0000_0300  TLB: 64 EntryHi, then 64 EntryLo
 *   0x0000_0600  when the FPU's results are ready (f64, see FPU_RESULTS)
 *   0x0000_1000  counters (f64), then the cycle accounts: 64 x 16 f64
 *   0x0001_0000  I-cache tags, D-cache tags (64 KB each), then the words that isolated stores left in each
 *   0x0040_0000  translation table: 2^20 words, one per virtual page (see TRANSLATION)
 *   0x0100_0000  RAM, physical address 0; behind it a copy of the boot ROM (see ROM)
 */

export const LAYOUT = {
  generalRegisters: 0x0,
  hiLo: 0x80,
  cp0: 0x100,
  fpuRegisters: 0x180,
  fpuControl: 0x200,
  tlbHi: 0x300,
  tlbLo: 0x400,
  fpuReady: 0x600,
  counters: 0x1000,
  accounts: 0x2000,
  instructionTags: 0x1_0000,
  dataTags: 0x2_0000,
  instructionWords: 0x3_0000,
  dataWords: 0x4_0000,
  translation: 0x40_0000,
  ram: 0x100_0000,
} as const;

/**
 * Translation table entry: physical page in bits 31:12 and permission bits. Present only for pages that are cached
 * RAM, and for cached ROM, which has `kernelFetch` alone; zero sends the access down the slow path. Kernel-only pages
 * lack the user bits.
 */
export const TRANSLATION = {
  kernelRead: 1,
  kernelWrite: 2,
  userRead: 4,
  userWrite: 8,
  kernelFetch: 16,
} as const;

/**
 * The boot ROM: physical base and size of its window. Its copy lies behind RAM, as if at the physical address
 * `ramBytes` (which keeps its place in the caches): translation entries and cache tags of ROM name that address.
 */
export const ROM = { base: 0x1fc0_0000, bytes: 0x4_0000 } as const;

/**
 * Cache tag: physical word address, or -1 when invalid. Bit 0: the word carries a trace point, so the fast compare
 * misses. Bit 1: the line holds data of an isolated store, not memory.
 */
export const TAG = { invalid: -1, traced: 1, isolated: 2 } as const;

/** Words in each cache: 64 KB of 4-byte lines. */
export const CACHE_WORDS = 16384;

/** Indices into the counters (f64). */
export const COUNTER = {
  icacheMisses: 0,
  dcacheMisses: 1,
  romInstructions: 2,
  tlbRefills: 3,
  /** 13 counters, by Cause.ExcCode. */
  exceptions: 8,
} as const;

/** Indices into one cycle account (f64), and its length. */
export const ACCOUNT = {
  userCycles: 0,
  kernelCycles: 1,
  refillCycles: 2,
  instructions: 3,
  icacheMisses: 4,
  dcacheMisses: 5,
  tlbMisses: 6,
  exceptions: 7,
  length: 16,
  count: 64,
} as const;

/** Views of the linear memory; all share one buffer. */
export interface GuestMemory {
  readonly buffer: ArrayBufferLike;
  readonly ramBytes: number;
  readonly words: Int32Array;
  readonly halves: Uint16Array;
  readonly bytes: Uint8Array;
  readonly ram: Uint8Array;
}

/** The compiler's library declares WebAssembly only together with a browser's. */
declare const WebAssembly: {
  Memory: new (limits: { initial: number; maximum: number; shared: true }) => { buffer: SharedArrayBuffer };
};

/** `ramBytes`: guest RAM, at most 128 MiB; `rom`: firmware, at most ROM.bytes. Throws RangeError when the host cannot provide the memory. */
export function createGuestMemory(ramBytes: number, rom: Uint8Array = new Uint8Array()): GuestMemory {
  const pages = (LAYOUT.ram + ramBytes + ROM.bytes) / 65536;
  const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  new Uint8Array(buffer).set(rom, LAYOUT.ram + ramBytes);
  return {
    buffer,
    ramBytes,
    words: new Int32Array(buffer),
    halves: new Uint16Array(buffer),
    bytes: new Uint8Array(buffer),
    ram: new Uint8Array(buffer, LAYOUT.ram, ramBytes),
  };
}
