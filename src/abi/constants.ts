/**
 * Constants of the interface between Aegis, library operating systems and the host: sizes, addresses of the exported
 * structures, capability kinds and rights, environment states, context fields, pending bits.
 */

export interface ConstantDefinition {
  readonly name: string;
  readonly value: number;
  readonly text: string;
}

/** Numbers that TypeScript code needs by name. Physical addresses. */
export const AEGIS = {
  MAGIC: 0x49474541,
  VERSION: 1,
  PAGE_SIZE: 4096,
  ENV_COUNT: 32,
  SLICE_COUNT: 64,
  /** Slices a second. */
  TICK_HERTZ: 64,
  LINE_COUNT: 17,
  CONSOLE_LINE: 16,
  EXTENT_COUNT: 64,
  DMA_COUNT: 16,
  STLB_COUNT: 4096,
  ASID_COUNT: 64,
  CONTEXT_COUNT: 128,
  DISK_COUNT: 8,
  GUARANTEED_COUNT: 64,
  CAUSE_COUNT: 16,
  EXPORT_STLB: 0x00010000,
  EXPORT_HEADER: 0x00018000,
  EXPORT_CONTEXTS: 0x00018800,
  EXPORT_SLICES: 0x00019000,
  EXPORT_LINES: 0x00019200,
  EXPORT_DMA: 0x00019500,
  EXPORT_EXTENTS: 0x00019800,
  FILTER_COUNT: 64,
  FILTER_ATOM_COUNT: 12,
  FILTER_RING_PAGES: 8,
  ASH_COUNT: 8,
  ASH_PAGES: 4,
  EXPORT_FILTERS: 0x0001a000,
  EXPORT_ATOMS: 0x0001c000,
  EXPORT_ASHS: 0x0001f000,
  EXPORT_NETWORK: 0x0001f800,
  TILE_COUNT: 216,
  TILE_LINES: 4,
  TILE_WIDTH: 1024,
  COLOUR_COUNT: 256,
  EXPORT_COLOURS: 0x000f5000,
  EXPORT_TILES: 0x000f7000,
  EXPORT_ENVIRONMENTS: 0x000f8000,
  EXPORT_PAGES: 0x00100000,
  OWNER_FREE: 0,
  OWNER_KERNEL: 0xffffffff,
} as const;

export const ENV_STATE = {
  FREE: 0,
  /** Created, not started; or stopped: without a upage. */
  NEW: 1,
  /** Has a saved frame; goes on in its start-of-slice handler. */
  READY: 2,
  /** Has the processor (the header says who); or is away: gave its slice by scall, goes on when someone transfers into it. */
  RUNNING: 3,
  /** In its end-of-slice handler; further ticks count as excess. */
  SAVING: 4,
  /** In its start-of-slice handler, until `resume`; a tick here starts it over. */
  RESTORING: 5,
  /** In `wait`: slices are skipped. */
  WAITING: 7,
  /** Destroyed, not reaped. */
  DEAD: 8,
} as const;

export const DESTROY_REASON = {
  NONE: 0,
  EXIT: 1,
  KILLED: 2,
  EXCESS_TIME: 3,
  FAULT: 4,
  /** It did not let itself be stopped in an emergency. */
  REVOKED: 5,
} as const;

export const REVOKE_STAGE = { NONE: 0, ASKED: 1, TOLD: 2 } as const;

export const AEGIS_CONSTANTS: readonly ConstantDefinition[] = [
  ...Object.entries(AEGIS).map(([name, value]) => ({ name: `AEGIS_${name}`, value, text: '' })),
  ...Object.entries(ENV_STATE).map(([name, value]) => ({ name: `AEGIS_ENV_${name}`, value, text: '' })),
  ...Object.entries(DESTROY_REASON).map(([name, value]) => ({
    name: `AEGIS_REASON_${name}`,
    value,
    text: '',
  })),
  ...Object.entries(REVOKE_STAGE).map(([name, value]) => ({ name: `AEGIS_REVOKE_${name}`, value, text: '' })),
  { name: 'AEGIS_ANY', value: 0xffffffff, text: 'any page, any position' },
  { name: 'AEGIS_GUARANTEED_BASE', value: 0x7f000000, text: 'guaranteed mapping n is at this + n * 4096' },
  { name: 'AEGIS_SLICE_QUOTA', value: 4, text: 'positions an environment may allocate for itself' },
  { name: 'AEGIS_CHILD_QUOTA', value: 8, text: 'children, live or not reaped, without machine binding' },
  {
    name: 'AEGIS_CONTEXT_QUOTA',
    value: 8,
    text: 'contexts an environment without machine binding may allocate',
  },
  { name: 'AEGIS_EXTENT_QUOTA', value: 16, text: 'extents an environment without machine binding may make' },
  {
    name: 'AEGIS_DMA_RESERVED',
    value: 4,
    text: 'last places of the disk queue, for environments that have none in it',
  },
  {
    name: 'AEGIS_FLUSH_MAX',
    value: 16384,
    text: 'bytes of a cache_flush: they take a third of a tick',
  },
  {
    name: 'AEGIS_EXCESS_LIMIT',
    value: 8,
    text: 'excess ticks still owed at which an environment is destroyed',
  },
  { name: 'AEGIS_ASK_SLICES', value: 4, text: 'slices an environment has to answer a request' },
  {
    name: 'AEGIS_DEADLINE_TICKS',
    value: 16,
    text: 'ticks of 8192 Hz an imperative leaves (1.95 ms), running',
  },
  { name: 'AEGIS_KIND_PAGE', value: 1, text: 'capability kinds: instance = page number' },
  { name: 'AEGIS_KIND_LINE', value: 2, text: 'line number' },
  { name: 'AEGIS_KIND_EXTENT', value: 3, text: 'extent number' },
  {
    name: 'AEGIS_KIND_ENV',
    value: 4,
    text: 'slot; gives control. Revoked in an emergency: the environment itself, with all that is guaranteed to it',
  },
  { name: 'AEGIS_KIND_MACHINE', value: 5, text: 'instance 0: the machine owner' },
  {
    name: 'AEGIS_KIND_FILTER',
    value: 6,
    text: 'packet filter; writing: filters that overlap it may be installed',
  },
  {
    name: 'AEGIS_KIND_SLICE',
    value: 7,
    text: 'time slice: for revocation only; there are no capabilities of it',
  },
  {
    name: 'AEGIS_KIND_TILE',
    value: 8,
    text: 'tile of the frame buffer: AEGIS_TILE_LINES lines of the screen',
  },
  { name: 'AEGIS_KIND_COLOUR', value: 9, text: 'entry of the colour map' },
  { name: 'AEGIS_KIND_COUNT', value: 10, text: '' },
  { name: 'AEGIS_RIGHT_READ', value: 1, text: '' },
  { name: 'AEGIS_RIGHT_WRITE', value: 2, text: '' },
  { name: 'AEGIS_RIGHT_CONTROL', value: 4, text: 'of an environment, of the machine' },
  {
    name: 'AEGIS_FIELD_UPAGE',
    value: 0x01,
    text: 'value: page the environment owns; once, before any handler. AEGIS_ANY: stops it, and it gives up upage, exception handlers and FPU save area',
  },
  { name: 'AEGIS_FIELD_SLICE_START', value: 0x02, text: 'value: PC' },
  { name: 'AEGIS_FIELD_SLICE_END', value: 0x03, text: 'value: PC' },
  {
    name: 'AEGIS_FIELD_REPOSSESSION',
    value: 0x04,
    text: 'value: PC; entered instead of SLICE_START after a repossession; 0: not',
  },
  { name: 'AEGIS_FIELD_SCALL', value: 0x05, text: 'value: PC' },
  { name: 'AEGIS_FIELD_ACALL', value: 0x06, text: 'value: PC' },
  {
    name: 'AEGIS_FIELD_RUN',
    value: 0x07,
    text: 'no value: from NEW to READY; starts in SLICE_START with registers zero',
  },
  {
    name: 'AEGIS_FIELD_FPU',
    value: 0x08,
    text: 'value: offset in the upage of the 33-word save area of the FPU: f0 to f31, FCR31',
  },
  { name: 'AEGIS_FPU_SAVE_BYTES', value: 132, text: '' },
  {
    name: 'AEGIS_FIELD_PAGE_LIMIT',
    value: 0x09,
    text: "value: pages it may own, AEGIS_ANY: no limit; of another alone, out of the caller's own limit",
  },
  {
    name: 'AEGIS_FIELD_EXCEPTION',
    value: 0x10,
    text: '+ ExcCode: value PC (0: none), value2 offset in the upage of the 3-word save area',
  },
  {
    name: 'AEGIS_CAUSE_FPU',
    value: 15,
    text: 'ExcCode of what the R3010 reports by its interrupt; t1 is then FCR31',
  },
  {
    name: 'AEGIS_FIELD_LABEL',
    value: 0x30,
    text: '+ 0..7: value is a word of the label (program name 16 bytes, library OS 16 bytes)',
  },
  { name: 'AEGIS_FIELD_GUARANTEED', value: 0x80, text: '+ 0..63: value EntryLo as for tlb_write, 0 removes' },
  {
    name: 'AEGIS_PENDING_REVOKE',
    value: 1,
    text: 'upage.pending: asked for upage.revoke_count of upage.revoke_kind',
  },
  {
    name: 'AEGIS_PENDING_REVOKE_NOW',
    value: 2,
    text: 'told: give them within upage.revoke_deadline ticks of 8192 Hz',
  },
  { name: 'AEGIS_PENDING_REPOSSESSED', value: 4, text: 'upage.repossessed_count losses are listed' },
  { name: 'AEGIS_BACKING_COUNT', value: 64, text: 'places in the backing list of the upage' },
  {
    name: 'AEGIS_BACKING_READY',
    value: 0x80000000,
    text: 'set by the library, with the number of an extent that it may write; the second word is the sector in it',
  },
  {
    name: 'AEGIS_BACKING_WRITING',
    value: 0x40000000,
    text: 'Aegis writes a repossessed page, whose number follows',
  },
  { name: 'AEGIS_BACKING_DONE', value: 0x20000000, text: 'it is there' },
  { name: 'AEGIS_BACKING_FAILED', value: 0x10000000, text: 'it could not be written, and is lost' },
  { name: 'AEGIS_PENDING_CHILD', value: 8, text: 'an environment it created was destroyed' },
  {
    name: 'AEGIS_PENDING_PACKET',
    value: 16,
    text: 'a packet is in the ring of a filter that asked for upcalls',
  },
  {
    name: 'AEGIS_PENDING_FILTER',
    value: 32,
    text: 'packet filters were taken because all could not be compiled any more: their records say which',
  },
  {
    name: 'AEGIS_PENDING_EMERGENCY',
    value: 64,
    text: 'asked for itself: is to submit itself to upage.revoke_server, which stops it',
  },
  { name: 'AEGIS_ATOM_EQUAL', value: 1, text: 'field & mask == value' },
  {
    name: 'AEGIS_ATOM_SHIFT',
    value: 2,
    text: 'one-byte field: base += value + (((field & mask) >> right) << left); later offsets count from there',
  },
  {
    name: 'AEGIS_FILTER_SPAN',
    value: 256,
    text: 'an offset and its size end within this many bytes of the base',
  },
  { name: 'AEGIS_FILTER_SHIFTS', value: 3, text: 'most shifts in a filter' },
  { name: 'AEGIS_FILTER_MAX_SHIFT', value: 1024, text: 'the most that one shift may add' },
  {
    name: 'AEGIS_FILTER_UPCALL',
    value: 1,
    text: 'flags of filter_install: AEGIS_PENDING_PACKET for each packet',
  },
  {
    name: 'AEGIS_FILTER_LAST',
    value: 2,
    text: 'claims only what no other filter claims; demands the machine binding',
  },
  { name: 'AEGIS_FILTER_QUOTA', value: 16, text: 'filters of an environment without machine binding' },
  { name: 'AEGIS_RING_SLOT', value: 2048, text: 'bytes of a ring slot: two to a page' },
  { name: 'AEGIS_FRAME_MIN', value: 60, text: 'bytes of the shortest frame, check sequence not counted' },
  { name: 'AEGIS_FRAME_MAX', value: 1514, text: '' },
  {
    name: 'AEGIS_ASH_INSTRUCTIONS',
    value: 512,
    text: 'most instructions of a handler, as its owner wrote it',
  },
  { name: 'AEGIS_ASH_QUOTA', value: 2, text: 'handlers of an environment without machine binding' },
  { name: 'AEGIS_ASH_BUDGET', value: 12288, text: 'instructions that one run of a handler may take' },
  { name: 'AEGIS_ASH_SENDS', value: 2, text: 'frames that one run of a handler may send' },
  { name: 'AEGIS_ASH_CONSUMED', value: 0, text: 'v0 at the end: the message is dealt with' },
  {
    name: 'AEGIS_ASH_PASS',
    value: 1,
    text: 'v0 at the end: the message goes into the ring as without a handler',
  },
  {
    name: 'AEGIS_ASH_LOAD',
    value: 1,
    text: 'helpers, by syscall with this code field: v0 = the word of the message at offset a0, a multiple of 4',
  },
  {
    name: 'AEGIS_ASH_COPY',
    value: 2,
    text: 'copies a2 bytes of the message from offset a0 (both multiples of 4) to place a1 of the pages; v0 = 0 or an error',
  },
  {
    name: 'AEGIS_ASH_COPY_SUM',
    value: 3,
    text: 'the same; v1 = the Internet checksum (not inverted) of what was copied, in memory order',
  },
  {
    name: 'AEGIS_ASH_SEND',
    value: 4,
    text: 'sends a1 bytes from place a0 of the pages, both multiples of 4 (the last word may be partial)',
  },
  { name: 'AEGIS_ASH_WAKE', value: 5, text: "moves the owner's events word" },
  { name: 'AEGIS_ASH_ABORT_BUDGET', value: 1, text: 'why a handler was aborted: its budget was used up' },
  { name: 'AEGIS_ASH_ABORT_PAGE', value: 2, text: 'its first page was taken: not started' },
  { name: 'AEGIS_ASH_ABORT_END', value: 3, text: 'it ran past its last instruction' },
  {
    name: 'AEGIS_ASH_ABORT_TICK',
    value: 4,
    text: 'it, or all handlers together, had used up what they may use between two ticks: not started',
  },
  {
    name: 'AEGIS_ASH_TICK_BUDGET',
    value: 32768,
    text: 'instructions that a handler may take between two ticks of 64 Hz',
  },
  { name: 'AEGIS_ASH_TICK_TOTAL', value: 49152, text: 'that all handlers may take' },
  { name: 'AEGIS_ENTRYLO_UNCACHED', value: 0x800, text: 'N' },
  { name: 'AEGIS_ENTRYLO_WRITABLE', value: 0x400, text: 'D' },
  { name: 'AEGIS_ENTRYLO_VALID', value: 0x200, text: 'V' },
  {
    name: 'AEGIS_INIT_BASE',
    value: 0x00400000,
    text: 'link address of init; all of it (text, data, bss) is one linear guaranteed mapping, read and write, so it needs no refill handler',
  },
  { name: 'AEGIS_INIT_SLICES', value: 8, text: 'positions init starts with: every eighth' },
  { name: 'AEGIS_INIT_STACK_PAGES', value: 4, text: 'guaranteed mappings 60 .. 63; sp starts at 0x7f03ffe0' },
  { name: 'AEGIS_GUARANTEED_UPAGE', value: 0, text: 'convention: guaranteed mapping 0 is the upage' },
  { name: 'AEGIS_GUARANTEED_BOOT', value: 1, text: 'init only: the boot information page' },
];
