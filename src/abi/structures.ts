/**
 * Structures shared by Aegis, library operating systems, the assembler and the host: the exported read-only records,
 * the upage, the boot information page, the library image header and the start page. Fields lie in the order given,
 * naturally aligned, little-endian; `at` moves on to an offset, `size` fixes the whole. Physical addresses unless said.
 */

export interface FieldDefinition {
  readonly name: string;
  readonly type: 'u32' | 'u16' | 'u8';
  /** Array length; absent for a single value. */
  readonly count?: number;
  readonly at?: number;
  readonly text?: string;
}

export interface StructureDefinition {
  readonly name: string;
  readonly size: number;
  readonly text: string;
  readonly fields: readonly FieldDefinition[];
}

/** At EXPORT_HEADER. Valid when `magic` is AEGIS.MAGIC. */
export const HEADER = {
  name: 'aegis_header',
  size: 2048,
  text: 'Exported: what there is, what runs, counters.',
  fields: [
    { name: 'magic', type: 'u32' },
    { name: 'version', type: 'u32' },
    { name: 'page_count', type: 'u32', text: 'physical pages of the machine' },
    { name: 'free_count', type: 'u32' },
    {
      name: 'free_head',
      type: 'u32',
      text: 'first free page, linked through page records; AEGIS_ANY when none',
    },
    { name: 'free_tail', type: 'u32', text: 'last free page' },
    { name: 'tick_count', type: 'u32', text: 'ticks of 64 Hz since boot' },
    {
      name: 'current',
      type: 'u32',
      text: 'kseg0 address of the record of the environment that has the processor; of none when idle',
    },
    { name: 'current_position', type: 'u32', text: 'position of the slice vector being served' },
    {
      name: 'fast_clock',
      type: 'u32',
      text: '1 while the clock chip runs at 8192 Hz: for a deadline, or for who saves at the end of its slice',
    },
    {
      name: 'cached_base',
      type: 'u32',
      text: 'first page that is not the kernel image: image end, rounded up',
    },
    { name: 'idle_ticks', type: 'u32', text: 'ticks that found nobody to run' },
    { name: 'switch_count', type: 'u32', text: 'changes of environment at slice ends and yields' },
    { name: 'stlb_insert_count', type: 'u32' },
    {
      name: 'page_color_count',
      type: 'u32',
      text: 'pages per cache: page number modulo this is its cache colour',
    },
    {
      name: 'seconds_at_boot',
      type: 'u32',
      text: 'clock chip at boot: seconds | minutes << 8 | hours << 16 | day << 24',
    },
    { name: 'date_at_boot', type: 'u32', text: 'month | year << 8, as the chip holds them' },
    { name: 'fpu_owner', type: 'u32', text: 'envid of whom the FPU registers belong to; 0: nobody' },
    { name: 'tile_count', type: 'u32', text: 'tiles of the frame buffer; 0: no colour frame buffer' },
    { name: 'tile_page', type: 'u32', text: 'physical page number of tile 0; the others follow' },
    { name: 'asid_revoked_count', type: 'u32', text: 'ASIDs taken from a context, for another' },
    { name: 'disk_sectors', type: 'u32', count: 8, at: 0x80, text: 'per SCSI id; 0: no disk' },
    {
      name: 'call_count',
      type: 'u32',
      count: 96,
      at: 0x100,
      text: 'by call number; direct and primitive calls are not counted',
    },
    {
      name: 'asid_owner',
      type: 'u32',
      count: 64,
      at: 0x300,
      text: 'by ASID: envid of whose contexts it names one, or named one that was freed; 0: free, and nothing is mapped',
    },
  ],
} as const;

/** At EXPORT_CONTEXTS + context * 8. The first context of an environment has the number of its slot. */
export const CONTEXT = {
  name: 'aegis_context',
  size: 8,
  text: 'Exported: one addressing context.',
  fields: [
    { name: 'owner', type: 'u32', text: 'envid; 0 when free' },
    { name: 'entry_hi', type: 'u32', text: 'its ASID, in place for EntryHi; 0: none at present' },
  ],
} as const;

/** At EXPORT_ENVIRONMENTS + slot * 1024. */
export const ENVIRONMENT = {
  name: 'aegis_env',
  size: 1024,
  text: 'Exported: one environment with its contexts and its account.',
  fields: [
    { name: 'id', type: 'u32', text: 'slot | generation << 8; 0 when free' },
    { name: 'parent', type: 'u32', text: 'envid of the creator; 0 for init' },
    { name: 'state', type: 'u32', text: 'AEGIS_ENV_*' },
    { name: 'reason', type: 'u32', text: 'AEGIS_REASON_*, when dead' },
    { name: 'exit_status', type: 'u32' },
    {
      name: 'fault_cause',
      type: 'u32',
      text: 'Cause, EPC and BadVAddr of the fault that could not be forwarded',
    },
    { name: 'fault_epc', type: 'u32' },
    { name: 'fault_address', type: 'u32' },
    {
      name: 'entry_hi',
      type: 'u32',
      text: 'that of its context: the ASID in place for EntryHi; 0: none at present',
    },
    {
      name: 'stlb_tag',
      type: 'u32',
      text: 'kseg0 address of the STLB xor ASID * 512: xor VPN * 8, modulo 4096 * 8, of its entry',
    },
    { name: 'status', type: 'u32', text: 'processor status word of user mode' },
    { name: 'is_bereft', type: 'u32', text: '1: goes on at its scall entry, for its callee was destroyed' },
    { name: 'slot_mask', type: 'u32', text: '1 << slot' },
    { name: 'upage', type: 'u32', text: 'kseg0 address of the upage; 0: none' },
    { name: 'frame', type: 'u32', text: 'kseg0 address of its two interrupt frames' },
    { name: 'frame_depth', type: 'u32', text: '0 or 1: index of the current interrupt frame' },
    { name: 'slice_start', type: 'u32', text: 'handler PCs' },
    { name: 'slice_end', type: 'u32' },
    { name: 'repossession', type: 'u32' },
    { name: 'scall_entry', type: 'u32' },
    { name: 'acall_entry', type: 'u32' },
    { name: 'caller', type: 'u32', text: 'envid of the last protected control transfer into it' },
    { name: 'callee', type: 'u32', text: 'envid it last transferred to by scall: whom it awaits while away' },
    { name: 'controllers', type: 'u32', text: 'bit per slot that may control it' },
    { name: 'privileges', type: 'u32', text: '1: holds the machine binding' },
    { name: 'epoch', type: 'u32' },
    { name: 'wait_address', type: 'u32', text: 'kseg0 address of the word it waits on; 0: none' },
    { name: 'wait_value', type: 'u32' },
    { name: 'wait_deadline', type: 'u32', text: 'tick count; 0: none' },
    {
      name: 'events',
      type: 'u32',
      text: 'moves with every line event, completion, child end and pending bit: the word to wait on',
    },
    { name: 'revoke_stage', type: 'u32', text: 'AEGIS_REVOKE_*' },
    { name: 'revoke_count', type: 'u32', text: 'resources an open demand still asks for' },
    { name: 'revoke_slices', type: 'u32', text: 'slices left to answer a request' },
    { name: 'revoke_ticks', type: 'u32', text: '8192 Hz ticks left of an imperative' },
    { name: 'repossessed_count', type: 'u32', text: 'resources taken so far' },
    { name: 'excess', type: 'u32', text: 'excess ticks still owed' },
    { name: 'excess_total', type: 'u32' },
    { name: 'forfeited', type: 'u32', text: 'slices lost for excess time' },
    { name: 'page_count', type: 'u32', text: 'pages owned' },
    { name: 'slice_count', type: 'u32', text: 'positions owned' },
    { name: 'extent_count', type: 'u32', text: 'extents owned' },
    { name: 'child_count', type: 'u32', text: 'live children' },
    { name: 'tick_count', type: 'u32', text: 'ticks that found it running' },
    { name: 'stlb_insert_count', type: 'u32', text: 'mappings accepted by tlb_write' },
    { name: 'dispatch_count', type: 'u32', text: 'times it was given the processor' },
    {
      name: 'linear_base',
      type: 'u32',
      text: 'linear guaranteed mapping (init): virtual address, first page, pages',
    },
    { name: 'linear_page', type: 'u32' },
    { name: 'linear_count', type: 'u32', text: '0: none' },
    { name: 'revoke_kind', type: 'u32', text: 'AEGIS_KIND_* of the demand' },
    { name: 'fpu_save', type: 'u32', text: 'kseg0 address of the save area of the FPU; 0: none' },
    { name: 'fpu_saved', type: 'u32', text: '1: its FPU registers are there' },
    { name: 'upcall_due', type: 'u32', text: '1: a pending bit was set since its last slice upcall' },
    { name: 'context', type: 'u32', text: 'addressing context that it installed last' },
    { name: 'context_count', type: 'u32', text: 'contexts that it allocated' },
    {
      name: 'refused_count',
      type: 'u32',
      text: 'calls of it that were refused for protection: E_CALL, E_CAPABILITY, E_RIGHTS, E_RANGE, E_OWNER, E_QUOTA, E_OVERLAP, E_CODE',
    },
    {
      name: 'label',
      type: 'u8',
      count: 32,
      at: 0x0e0,
      text: 'program name (16, NUL-padded), library OS name (16)',
    },
    {
      name: 'exceptions',
      type: 'u32',
      count: 64,
      at: 0x100,
      text: 'per ExcCode: handler PC (0xbffffff0: none), kseg0 address of its save area, 0, 0',
    },
    {
      name: 'guaranteed',
      type: 'u32',
      count: 64,
      at: 0x200,
      text: 'EntryLo of the guaranteed mapping n; 0: none',
    },
    { name: 'page_limit', type: 'u32', text: 'pages that it may own; AEGIS_ANY: no limit' },
  ],
} as const;

/** At EXPORT_PAGES + page * 32. */
export const PAGE = {
  name: 'aegis_page',
  size: 32,
  text: 'Exported: one physical page.',
  fields: [
    { name: 'owner', type: 'u32', text: 'envid, AEGIS_OWNER_FREE, AEGIS_OWNER_KERNEL' },
    { name: 'readers', type: 'u32', text: 'bit per slot that may map it for reading' },
    { name: 'writers', type: 'u32', text: 'bit per slot that may map it for writing' },
    { name: 'epoch', type: 'u32', text: 'capabilities of other epochs are dead' },
    { name: 'next', type: 'u16', text: 'free list; 0xffff ends it' },
    { name: 'previous', type: 'u16' },
    { name: 'pins', type: 'u16', text: 'guaranteed mappings and upages that use it: not repossessed' },
    { name: 'dma', type: 'u16', text: 'queued disk transfers that use it' },
    {
      name: 'mapped',
      type: 'u32',
      text: 'EntryHi of its only mapping in TLB and STLB, 0: none, 1: perhaps several',
    },
    { name: 'last_owner', type: 'u32', text: 'whose data it may still hold while free' },
  ],
} as const;

/** At EXPORT_SLICES. */
export const SLICES = {
  name: 'aegis_slices',
  size: 512,
  text: 'Exported: the vector of time slices.',
  fields: [
    { name: 'owner', type: 'u32', count: 64, text: 'envid; 0 when free' },
    {
      name: 'runner',
      type: 'u32',
      count: 64,
      text: 'envid that runs in it: the owner, or who has it by synchronous transfer; brought up to date when the slice ends',
    },
  ],
} as const;

/** At EXPORT_LINES + line * 32; line 16 is the serial console. */
export const LINE = {
  name: 'aegis_line',
  size: 32,
  text: 'Exported: one terminal line.',
  fields: [
    { name: 'owner', type: 'u32', text: 'envid; 0 when nobody has bound it' },
    { name: 'readers', type: 'u32' },
    { name: 'writers', type: 'u32' },
    { name: 'epoch', type: 'u32' },
    { name: 'events', type: 'u32', text: 'moves with every receive or transmit event' },
    { name: 'received', type: 'u32', text: 'bytes' },
    { name: 'sent', type: 'u32', text: 'bytes' },
    { name: 'flags', type: 'u32', text: '1: there is such a line' },
  ],
} as const;

/** At EXPORT_EXTENTS + extent * 32. */
export const EXTENT = {
  name: 'aegis_extent',
  size: 32,
  text: 'Exported: one disk extent.',
  fields: [
    { name: 'owner', type: 'u32', text: 'envid; 0 when free' },
    { name: 'readers', type: 'u32' },
    { name: 'writers', type: 'u32' },
    { name: 'epoch', type: 'u32' },
    { name: 'disk', type: 'u32', text: 'SCSI id' },
    { name: 'start', type: 'u32', text: 'sector of 512 bytes' },
    { name: 'count', type: 'u32' },
    { name: 'transfers', type: 'u32', text: 'completed' },
  ],
} as const;

/** At EXPORT_TILES + tile * 16. */
export const TILE = {
  name: 'aegis_tile',
  size: 16,
  text: 'Exported: one tile of the frame buffer, a page of pixels of a byte each, which are entries of the colour map.',
  fields: [
    { name: 'owner', type: 'u32', text: 'envid; 0 when free' },
    { name: 'readers', type: 'u32', text: 'bit per slot that may map it for reading' },
    { name: 'writers', type: 'u32', text: 'bit per slot that may map it for writing' },
    { name: 'epoch', type: 'u32' },
  ],
} as const;

/** At EXPORT_COLOURS + entry * 32. */
export const COLOUR = {
  name: 'aegis_colour',
  size: 32,
  text: 'Exported: one entry of the colour map. A free one has its usual colour, rrrgggbb by its number.',
  fields: [
    { name: 'owner', type: 'u32', text: 'envid; 0 when free' },
    { name: 'readers', type: 'u32' },
    { name: 'writers', type: 'u32', text: 'bit per slot that may set it' },
    { name: 'epoch', type: 'u32' },
    { name: 'value', type: 'u32', text: '0xrrggbb' },
  ],
} as const;

/** At EXPORT_DMA + index * 32: the disk queue. The transfer under way has state 2. */
export const DMA = {
  name: 'aegis_dma',
  size: 32,
  text: 'Exported: one queued disk transfer.',
  fields: [
    { name: 'envid', type: 'u32', text: 'who asked; 0 when free' },
    { name: 'extent', type: 'u16' },
    {
      name: 'state',
      type: 'u8',
      text: "1 queued, 2 under way, 3 under way into the kernel's sink page: its own was repossessed",
    },
    { name: 'is_write', type: 'u8', text: '1: memory to disk' },
    { name: 'sector', type: 'u32', text: 'absolute' },
    { name: 'count', type: 'u32', text: 'sectors' },
    { name: 'address', type: 'u32', text: 'physical' },
    { name: 'completion', type: 'u32', text: 'physical' },
    { name: 'order', type: 'u32', text: 'requests are served in this order' },
    { name: 'saves', type: 'u32', text: "1: saves a repossessed page, which is the kernel's until then" },
  ],
} as const;

/** At EXPORT_STLB + index * 8. */
export const STLB_ENTRY = {
  name: 'aegis_stlb_entry',
  size: 8,
  text: 'Exported: one STLB entry. Index = (VPN xor ASID << 6) & 4095; the ASID is the tag.',
  fields: [
    { name: 'entry_hi', type: 'u32', text: '0xffffffff: empty' },
    { name: 'entry_lo', type: 'u32' },
  ],
} as const;

/** One condition of a packet filter, as an environment writes it. Filters are arrays of these; all must hold. */
export const ATOM = {
  name: 'aegis_atom',
  size: 16,
  text: 'One condition of a packet filter. Offsets count from the base, 0 at first, which shifts move on.',
  fields: [
    { name: 'op', type: 'u8', text: 'AEGIS_ATOM_*' },
    { name: 'size', type: 'u8', text: '1, 2 or 4 bytes; a shift: 1' },
    { name: 'offset', type: 'u16', text: 'of the field from the base' },
    { name: 'mask', type: 'u32', text: 'fields are numbers in network byte order' },
    { name: 'value', type: 'u32' },
    { name: 'right', type: 'u8' },
    { name: 'left', type: 'u8' },
    { name: 'reserved', type: 'u16' },
  ],
} as const;

/** At EXPORT_FILTERS + filter * 128. */
export const FILTER = {
  name: 'aegis_filter',
  size: 128,
  text: 'Exported: one packet filter.',
  fields: [
    { name: 'owner', type: 'u32', text: 'envid; 0 when free' },
    { name: 'readers', type: 'u32' },
    { name: 'writers', type: 'u32', text: 'bit per slot that may install filters overlapping it' },
    { name: 'epoch', type: 'u32' },
    { name: 'order', type: 'u32', text: 'counts installations: of two that overlap the later one claims' },
    { name: 'flags', type: 'u32', text: 'AEGIS_FILTER_*' },
    { name: 'atom_count', type: 'u32', text: 'its atoms are at AEGIS_EXPORT_ATOMS' },
    { name: 'ash', type: 'u32', text: 'handler that sees its packets first, counted from 1; 0: none' },
    { name: 'received', type: 'u32', text: 'packets that it claimed: a word to wait on' },
    { name: 'delivered', type: 'u32', text: 'of these put into the ring' },
    { name: 'handled', type: 'u32', text: 'of these dealt with by the handler' },
    { name: 'dropped', type: 'u32', text: 'of these lost: no ring, ring full, or its page taken' },
    { name: 'byte_count', type: 'u32' },
    { name: 'next_slot', type: 'u32', text: 'ring slot that the next packet goes to' },
    { name: 'ring_count', type: 'u32', text: 'ring pages, from index 0 on' },
    { name: 'ring_page', type: 'u32', count: 8, text: 'page numbers' },
    {
      name: 'ring_epoch',
      type: 'u32',
      count: 8,
      text: 'epochs they were bound in: another one breaks the binding',
    },
  ],
} as const;

/** Two to a ring page. Belongs to the environment; Aegis trusts nothing in it. */
export const SLOT = {
  name: 'aegis_slot',
  size: 2048,
  text: 'A slot of a receive ring: full when length is not 0; its reader sets it back to 0.',
  fields: [
    { name: 'length', type: 'u32', text: 'bytes of the frame, check sequence not counted; written last' },
    { name: 'filter', type: 'u32' },
    { name: 'sequence', type: 'u32', text: "the filter's received count" },
    { name: 'reserved', type: 'u32' },
    { name: 'frame', type: 'u8', count: 2032 },
  ],
} as const;

/** At EXPORT_ASHS + handler * 128. */
export const ASH = {
  name: 'aegis_ash',
  size: 128,
  text: 'Exported: one application-specific handler.',
  fields: [
    { name: 'owner', type: 'u32', text: 'envid; 0 when free' },
    { name: 'filter_count', type: 'u32', text: 'filters it is attached to' },
    { name: 'source_count', type: 'u32', text: 'instructions as downloaded' },
    { name: 'code_count', type: 'u32', text: 'instructions as they run, checks included' },
    { name: 'page_count', type: 'u32', text: 'pages it may touch, from index 0 on' },
    { name: 'page', type: 'u32', count: 4, text: 'page numbers; loads and stores reach the first' },
    { name: 'page_epoch', type: 'u32', count: 4 },
    { name: 'runs', type: 'u32' },
    { name: 'instructions', type: 'u32', text: 'charged to its budget over all runs' },
    { name: 'aborted', type: 'u32' },
    { name: 'abort_reason', type: 'u32', text: 'of the last: AEGIS_ASH_ABORT_*' },
    { name: 'sent', type: 'u32', text: 'frames' },
    { name: 'refused', type: 'u32', text: 'helper calls that were refused' },
    { name: 'tick', type: 'u32', text: 'tick count of its last run' },
    { name: 'tick_used', type: 'u32', text: 'instructions that it has used since' },
    {
      name: 'run_cost',
      type: 'u32',
      text: 'charged for each run besides loops and helpers: its code once, in the time of instructions',
    },
  ],
} as const;

/** At EXPORT_NETWORK. */
export const NETWORK = {
  name: 'aegis_network',
  size: 128,
  text: 'Exported: the network interface and the classifier, which is compiled code that anybody may read.',
  fields: [
    { name: 'is_present', type: 'u32' },
    { name: 'station', type: 'u8', count: 8, text: 'station address, six bytes' },
    { name: 'received', type: 'u32', text: 'frames' },
    { name: 'unclaimed', type: 'u32', text: 'frames that no filter claims' },
    { name: 'missed', type: 'u32', text: 'times the chip found no buffer' },
    { name: 'errors', type: 'u32', text: 'damaged frames, transmit errors' },
    { name: 'sent', type: 'u32', text: 'frames' },
    { name: 'filter_count', type: 'u32' },
    { name: 'refused', type: 'u32', text: 'filters and handlers that were refused' },
    { name: 'code_address', type: 'u32', text: 'physical address of the compiled classifier' },
    { name: 'code_count', type: 'u32', text: 'its instructions' },
    { name: 'node_count', type: 'u32', text: 'nodes of the trie it was made from' },
    {
      name: 'layout',
      type: 'u32',
      text: 'of a frame as it reads it: 16: 16 bytes every 32; 2: 2 bytes every 4',
    },
    { name: 'bad_index', type: 'u32', text: 'instruction at which the last refused handler failed' },
  ],
} as const;

/** The upage: an ordinary page of the environment that Aegis reaches by physical address. */
export const UPAGE = {
  name: 'aegis_upage',
  size: 4096,
  text: 'Upage: save areas, pending upcalls, repossession vector. Belongs to the environment; Aegis trusts nothing in it.',
  fields: [
    {
      name: 'exception_save',
      type: 'u32',
      count: 64,
      text: 'by convention: 16 bytes per ExcCode {t0, t1, t2, free}',
    },
    {
      name: 'frames',
      type: 'u32',
      count: 8,
      at: 0x100,
      text: 'two interrupt frames of 4 words {epc, k1, v0, free}',
    },
    {
      name: 'pending',
      type: 'u32',
      at: 0x140,
      text: 'AEGIS_PENDING_*: set by Aegis, cleared by the library',
    },
    {
      name: 'frame_depth',
      type: 'u32',
      text: 'written by Aegis before each slice upcall: which frame is current',
    },
    { name: 'revoke_count', type: 'u32', text: 'resources asked for' },
    { name: 'revoke_deadline', type: 'u32', text: '8192 Hz ticks left when told' },
    {
      name: 'repossessed_count',
      type: 'u32',
      text: 'resources taken so far; entry n % 512 of the vector holds the nth',
    },
    { name: 'envid', type: 'u32' },
    { name: 'revoke_kind', type: 'u32', text: 'AEGIS_KIND_* of what is asked for' },
    { name: 'revoke_server', type: 'u32', text: 'in an emergency: envid of the swap server' },
    {
      name: 'library',
      type: 'u32',
      count: 256,
      at: 0x200,
      text: 'for the library: register frames and the like',
    },
    {
      name: 'backing',
      type: 'u32',
      count: 128,
      at: 0x600,
      text: 'places for the content of repossessed pages, two words each: AEGIS_BACKING_*, sector',
    },
    {
      name: 'repossessed',
      type: 'u32',
      count: 512,
      at: 0x800,
      text: 'repossession vector: AEGIS_KIND_* << 24 | number',
    },
  ],
} as const;

/** Guaranteed mapping 1 of init. */
export const BOOT_INFO = {
  name: 'aegis_boot_info',
  size: 4096,
  text: 'What Aegis hands to init.',
  fields: [
    { name: 'magic', type: 'u32', text: 'AEGIS_MAGIC' },
    { name: 'envid', type: 'u32' },
    { name: 'machine_capability', type: 'u32', count: 4 },
    { name: 'line_capability', type: 'u32', count: 68, text: 'four words for each of the 17 lines' },
    {
      name: 'disk_capability',
      type: 'u32',
      count: 32,
      text: 'four words for each SCSI id: an extent over the whole disk; zero without a disk',
    },
    { name: 'disk_extent', type: 'u32', count: 8, text: 'its extent number' },
    {
      name: 'linear_page',
      type: 'u32',
      text: "first page of init's image, contiguous from AEGIS_INIT_BASE on",
    },
    { name: 'linear_count', type: 'u32', text: 'its pages' },
    { name: 'pages', type: 'u32', count: 64, text: 'page number of guaranteed mapping n; AEGIS_ANY: none' },
  ],
} as const;

/** First bytes of a library OS image file. Virtual addresses. */
export const IMAGE_HEADER = {
  name: 'exo_image_header',
  size: 128,
  text: 'Library OS image: header, then pages of the file as laid out in memory from `base` on (text, guaranteed part, data).',
  fields: [
    { name: 'magic', type: 'u32', text: 'EXO_IMAGE_MAGIC' },
    { name: 'version', type: 'u32', text: 'EXO_INTERFACE_VERSION' },
    { name: 'base', type: 'u32', text: 'virtual address of the first byte of the file: 0x0f000000' },
    {
      name: 'text_size',
      type: 'u32',
      text: 'bytes of read-only pages at the start, header and call vector included; a multiple of 4096',
    },
    { name: 'data_size', type: 'u32', text: 'bytes of initialised data that follow in file and memory' },
    { name: 'bss_size', type: 'u32', text: 'bytes of zeros that follow in memory' },
    {
      name: 'vector',
      type: 'u32',
      text: 'virtual address of the call vector: `j function; nop` per call number',
    },
    { name: 'vector_count', type: 'u32' },
    {
      name: 'guaranteed_offset',
      type: 'u32',
      text: 'file offset of the part that runs in guaranteed mappings; a multiple of 4096',
    },
    { name: 'guaranteed_size', type: 'u32', text: 'its bytes; a multiple of 4096' },
    { name: 'guaranteed_index', type: 'u32', text: 'first guaranteed mapping it occupies' },
    { name: 'guaranteed_data_index', type: 'u32', text: 'first guaranteed mapping of private zeroed pages' },
    { name: 'guaranteed_data_count', type: 'u32' },
    { name: 'slice_start', type: 'u32', text: 'handler PCs, in guaranteed mappings; 0: none' },
    { name: 'slice_end', type: 'u32' },
    { name: 'repossession', type: 'u32' },
    { name: 'scall_entry', type: 'u32' },
    { name: 'acall_entry', type: 'u32' },
    { name: 'tlb_modified_handler', type: 'u32', text: 'for Mod' },
    { name: 'tlb_load_handler', type: 'u32', text: 'for TLBL' },
    { name: 'tlb_store_handler', type: 'u32', text: 'for TLBS' },
    { name: 'exception_handler', type: 'u32', text: 'for every other cause' },
    { name: 'name', type: 'u8', count: 16 },
    { name: 'boot', type: 'u32', text: 'PC at which the first slice begins' },
    { name: 'reserved', type: 'u32', count: 5 },
  ],
} as const;

export const STRUCTURES: readonly StructureDefinition[] = [
  HEADER,
  CONTEXT,
  ENVIRONMENT,
  PAGE,
  SLICES,
  LINE,
  EXTENT,
  TILE,
  COLOUR,
  DMA,
  STLB_ENTRY,
  ATOM,
  FILTER,
  SLOT,
  ASH,
  NETWORK,
  UPAGE,
  BOOT_INFO,
  IMAGE_HEADER,
];
