/**
 * Aegis's system calls. `syscall` with the number in v0. Arguments in a0 a1 a2 a3 t0 t1 t2 t3, in that order; a
 * capability takes four words and always comes first (a0..a3). Result in v0: zero or more, or a negated error. A
 * returned capability arrives in a0..a3.
 *
 * Three paths (paper 1.8). `primitive`: alters no application-visible register when it succeeds (v0 keeps the call
 * number, which is positive); on refusal v0 is a negated error. `direct`: runs without a stack; v0 alone changes.
 * `wait` and `yield` come back through the start-of-slice handler and `resume`, with v0 from the frame (0).
 * `stack`: runs C; at, v1, a0-a3, t0-t9, hi and lo are lost (zero after calls that touch capabilities), s0-s8, gp, sp, ra and
 * k1 are kept (k1 is the library OS's own: only a forwarded exception destroys it). `demands` says what is checked before anything is done; "binding" means a bit that `bind` set earlier.
 */

export interface CallArgument {
  readonly name: string;
  readonly text: string;
}

export interface CallDefinition {
  readonly number: number;
  readonly name: string;
  readonly path: 'primitive' | 'direct' | 'stack';
  /** First argument is a capability in a0..a3. */
  readonly takesCapability: boolean;
  readonly arguments: readonly CallArgument[];
  readonly returns: string;
  /** A capability comes back in a0..a3. */
  readonly returnsCapability: boolean;
  /** Does not return to the instruction after it. */
  readonly noReturn: boolean;
  readonly demands: string;
  readonly errors: readonly string[];
  readonly paper: string;
  readonly text: string;
}

type Options = Partial<
  Pick<CallDefinition, 'takesCapability' | 'returnsCapability' | 'noReturn' | 'errors' | 'returns'>
>;

function call(
  number: number,
  name: string,
  path: CallDefinition['path'],
  args: string,
  demands: string,
  paper: string,
  text: string,
  options: Options = {},
): CallDefinition {
  const list =
    args === ''
      ? []
      : args.split('; ').map((entry) => {
          const space = entry.indexOf(' ');
          return space < 0
            ? { name: entry, text: '' }
            : { name: entry.slice(0, space), text: entry.slice(space + 1) };
        });
  return {
    number,
    name,
    path,
    arguments: list,
    demands,
    paper,
    text,
    takesCapability: false,
    returnsCapability: false,
    noReturn: false,
    errors: [],
    returns: '0',
    ...options,
  };
}

/** Size of the call table; numbers at or above it are refused with E_CALL. */
export const CALL_COUNT = 96;

export const AEGIS_CALLS: readonly CallDefinition[] = [
  call(1, 'null', 'direct', '', 'nothing', 'Table 4, without stack', 'Does nothing: the null system call.'),
  call(
    2,
    'null_stack',
    'stack',
    '',
    'nothing',
    'Table 4, with stack',
    'Does nothing, on the path of calls written in C.',
  ),
  call(3, 'env_self', 'direct', '', 'nothing', '3.1', 'Names the calling environment.', {
    returns: 'its envid',
  }),
  call(
    4,
    'yield',
    'stack',
    'envid or 0: whoever is next in the slice vector',
    'nothing',
    'Table 2',
    'Gives up the rest of the slice. While running, EPC and k1 go to the current interrupt frame (v0 slot 0) first, as at an end of slice; in an end-of-slice handler the frame is left alone. The environment goes on in its start-of-slice handler. s registers, sp, ra must be in memory before.',
    { errors: ['E_ENVIRONMENT'] },
  ),
  call(
    5,
    'scall',
    'primitive',
    'envid',
    "nothing: access control is the callee's",
    'Table 2, 5.4',
    'Synchronous protected control transfer: callee goes on at its scall entry with all registers as they are, and has this slice and its future instantiations until it transfers back. The caller goes on, by its own scall entry, when someone transfers into it; if the callee is destroyed, it is entered there by nobody (caller 0), with v0 = -E_ENVIRONMENT and every other register zero. Refused with E_BUSY inside of a slice upcall, and while both frames of the callee are in use. Into oneself it is a jump to the entry.',
    { errors: ['E_ENVIRONMENT', 'E_ENTRY', 'E_BUSY'] },
  ),
  call(
    6,
    'acall',
    'primitive',
    'envid',
    "nothing: access control is the callee's",
    'Table 2, 5.4',
    'Asynchronous protected control transfer: donates the rest of this slice only; callee goes on at its acall entry. The caller is left as by yield.',
    { errors: ['E_ENVIRONMENT', 'E_ENTRY', 'E_BUSY'] },
  ),
  call(
    7,
    'resume',
    'primitive',
    '',
    'nothing',
    '5.1.1',
    'Ends a start-of-slice handler: loads v0, k1 and the PC from the current interrupt frame, alters no other register. Whoever was entered by a transfer while its frame 0 is in use goes back to that frame by it, and keeps the slice.',
    { noReturn: true },
  ),
  call(
    8,
    'tlb_write',
    'primitive',
    'virtual VPN in 31:12; entry_lo PFN 31:12, N 11, D 10, V 9, G must be 0, 7:0 are ignored',
    'reader binding of the page; writer binding when D is set',
    'Table 3 TLBwr, 5.3',
    'Puts a mapping into the TLB and the STLB, replacing one of the same address.',
    { errors: ['E_RANGE', 'E_RIGHTS'] },
  ),
  call(
    9,
    'tlb_delete',
    'primitive',
    'virtual',
    'nothing',
    'Table 3 TLBvadelete',
    'Removes the mapping of a virtual address from the TLB and the STLB.',
    { errors: ['E_RANGE'] },
  ),
  call(
    10,
    'fpu_mod',
    'primitive',
    'enable 0 or 1',
    'nothing',
    'Table 3 FPUmod',
    'Sets coprocessor 1 usable or not for the caller. Who enables it owns its registers until another does; then they go to the save area of AEGIS_FIELD_FPU and come back when the former owner enables it again. Without a save area they are lost, and zero then.',
  ),
  call(
    11,
    'wait',
    'stack',
    'address physical, of a word the caller may read; old value; deadline tick count, 0 for none',
    'reader binding of the page',
    '',
    'Like yield, but slices are skipped until the word differs from old, an upcall is pending, or the exported tick count reaches deadline. Returns at once (E_AGAIN not used) when that is so already.',
    { errors: ['E_RANGE', 'E_RIGHTS'] },
  ),
  call(
    12,
    'cid_switch',
    'primitive',
    'context number',
    'ownership',
    'Table 3 CIDswitch, 5.1',
    'Installs another addressing context of the caller: from the next instruction on its mappings hold, and they alone but for guaranteed mappings. Upcalls, exceptions and transfers find the environment in the context that it installed last.',
    { errors: ['E_RANGE', 'E_OWNER'] },
  ),

  call(
    16,
    'page_alloc',
    'stack',
    'page number, or AEGIS_ANY',
    'nothing',
    'Table 2 Alloc, 3.2',
    'Allocates one physical page by name, or any. Owner and both bindings become the caller. A page that last belonged to another is cleared.',
    {
      returns: 'the page number',
      returnsCapability: true,
      errors: ['E_RANGE', 'E_BUSY', 'E_NONE', 'E_QUOTA'],
    },
  ),
  call(
    17,
    'page_free',
    'stack',
    'page',
    'ownership',
    'Table 2 Dealloc',
    'Frees a page: every binding of it is broken, its capabilities die. Refused while a guaranteed mapping, upage or DMA uses it. Counts as an answer to an open demand.',
    { errors: ['E_RANGE', 'E_OWNER', 'E_BUSY'] },
  ),
  call(
    18,
    'page_give',
    'stack',
    'page; envid',
    'ownership, or control of the owner',
    '3.2',
    'Makes another environment the owner, bound for reading and writing. Every other binding is broken, capabilities die. Of a limited receiver the limit grows by one, and that of a limited giver shrinks.',
    { errors: ['E_RANGE', 'E_OWNER', 'E_BUSY', 'E_ENVIRONMENT'] },
  ),
  call(
    19,
    'revoke',
    'stack',
    'envid; kind AEGIS_KIND_PAGE, LINE, EXTENT, FILTER, SLICE, TILE, COLOUR or ENV; count; server envid, for AEGIS_KIND_ENV',
    'machine binding',
    '3.3, 3.4',
    'Opens a demand: the environment is asked for count resources of the kind, then told with a deadline, then they are repossessed; at once, when it is given no slice for two rounds of the vector. Pages, filters, tiles, colours and slices that it owns, lines and extents that it has bound. It answers by page_free, filter_remove, tile_free, colour_free, slice_free or slice_give, unbind or extent_free. AEGIS_KIND_ENV, count 1, is an emergency: the environment is asked for itself, and answers by submitting itself to the server, which stops it (env_set AEGIS_FIELD_UPAGE); without that it is destroyed.',
    { errors: ['E_RIGHTS', 'E_ENVIRONMENT', 'E_BUSY', 'E_RANGE'] },
  ),
  call(
    20,
    'revoke_refuse',
    'stack',
    '',
    'nothing',
    '3.3',
    'Answers the open request with no; the imperative follows at once.',
    { errors: ['E_AGAIN'] },
  ),
  call(
    21,
    'cache_flush',
    'stack',
    'address physical; bytes at most AEGIS_FLUSH_MAX',
    'reader binding of each page',
    '',
    'Invalidates both caches for a physical range (after writing code).',
    { errors: ['E_RANGE', 'E_RIGHTS'] },
  ),

  call(
    22,
    'page_alloc_colour',
    'stack',
    'colour page number modulo page_color_count',
    'nothing',
    'Table 2 Alloc, 3.2',
    'Allocates a page of a cache colour, as page_alloc.',
    { returns: 'the page number', returnsCapability: true, errors: ['E_RANGE', 'E_NONE', 'E_QUOTA'] },
  ),

  call(
    24,
    'bind',
    'stack',
    'envid 0 for the caller, or one it controls',
    'the capability itself; control of envid',
    '3.2',
    'Authenticates a capability once. From then on the environment holds the binding: pages, tiles, colours and extents by reader and writer bits, lines likewise, environments by a controller bit, the machine by a flag.',
    {
      takesCapability: true,
      returns: 'the instance the capability names',
      errors: ['E_CAPABILITY', 'E_ENVIRONMENT'],
    },
  ),
  call(
    25,
    'unbind',
    'stack',
    'kind; instance',
    'nothing',
    '3.2',
    "Gives up the caller's own binding; an owner keeps its, but for that of a line.",
    { errors: ['E_RANGE', 'E_BUSY'] },
  ),
  call(
    26,
    'mint',
    'stack',
    'kind; instance; rights',
    'ownership (environment: control, or to be it; machine: machine binding)',
    '3.2',
    'Makes a capability for something the caller owns. An environment may make one of control of itself, and so put itself into the hands of another.',
    { returnsCapability: true, errors: ['E_RANGE', 'E_OWNER'] },
  ),
  call(
    27,
    'derive',
    'stack',
    'rights a subset',
    'the capability itself',
    '3.2',
    'Makes a capability with fewer rights, for handing on.',
    { takesCapability: true, returnsCapability: true, errors: ['E_CAPABILITY', 'E_RIGHTS'] },
  ),
  call(
    28,
    'recap',
    'stack',
    'kind; instance',
    'ownership (environment, machine: control)',
    '3.2',
    'Changes the epoch: every earlier capability dies and bindings of others are broken, queued disk transfers too. An environment stays under the control of its parent.',
    { returnsCapability: true, errors: ['E_RANGE', 'E_OWNER', 'E_BUSY'] },
  ),

  call(
    32,
    'env_create',
    'stack',
    '',
    'nothing (at most AEGIS_CHILD_QUOTA children, live or not reaped, without machine binding)',
    '5.1',
    'Creates an environment without contexts, controlled by the caller.',
    { returns: 'the envid', returnsCapability: true, errors: ['E_NONE', 'E_QUOTA'] },
  ),
  call(
    33,
    'env_destroy',
    'stack',
    'envid 0 or own for exit; status',
    'control',
    '5.1',
    'Destroys an environment. Its pages, tiles, colours, extents and lines become free, its slices go to its parent; the record stays with reason and status until reaped.',
    { errors: ['E_ENVIRONMENT', 'E_RIGHTS'] },
  ),
  call(34, 'env_reap', 'stack', 'envid', 'control', '', 'Frees the record of a destroyed environment.', {
    returns: 'its exit status',
    errors: ['E_ENVIRONMENT', 'E_RIGHTS', 'E_BUSY'],
  }),
  call(
    35,
    'env_set',
    'stack',
    'envid 0 for the caller; field AEGIS_FIELD_*; value; value2',
    'control',
    '5.1',
    'Sets one part of the contexts. Every address is validated: handler PCs below 0x80000000, pages owned by or bound to the environment. AEGIS_FIELD_UPAGE with AEGIS_ANY stops an environment: E_BUSY while it runs, is away in a transfer, has disk transfers queued or owns the FPU; AEGIS_FIELD_RUN starts it again, in its start-of-slice handler.',
    { errors: ['E_ENVIRONMENT', 'E_RIGHTS', 'E_RANGE', 'E_OWNER', 'E_BUSY', 'E_QUOTA'] },
  ),
  call(
    36,
    'context_alloc',
    'stack',
    '',
    'nothing up to AEGIS_CONTEXT_QUOTA contexts, beyond it machine binding',
    'Table 2 Alloc, 5.1',
    'Allocates an addressing context, in which nothing is mapped. The first one of an environment, numbered as its slot, is not allocated and stays.',
    { returns: 'the context number', errors: ['E_NONE', 'E_QUOTA'] },
  ),
  call(
    37,
    'context_free',
    'stack',
    'context number, of one that is not installed',
    'ownership',
    'Table 2 Dealloc',
    'Frees an addressing context that the caller allocated.',
    { errors: ['E_RANGE', 'E_OWNER', 'E_BUSY'] },
  ),

  call(
    40,
    'slice_alloc',
    'stack',
    'position or AEGIS_ANY',
    'nothing up to AEGIS_SLICE_QUOTA positions, beyond it machine binding',
    '5.1.1',
    'Allocates a free position of the slice vector.',
    { returns: 'the position', errors: ['E_RANGE', 'E_BUSY', 'E_NONE', 'E_QUOTA'] },
  ),
  call(41, 'slice_free', 'stack', 'position', 'ownership', '5.1.1', 'Frees a position.', {
    errors: ['E_RANGE', 'E_OWNER'],
  }),
  call(
    42,
    'slice_give',
    'stack',
    'position; envid',
    'ownership',
    '5.1.1',
    'Gives a position to another environment.',
    { errors: ['E_RANGE', 'E_OWNER', 'E_ENVIRONMENT'] },
  ),
  call(
    43,
    'slice_set',
    'stack',
    'position; envid 0: free',
    'machine binding',
    '5.1.1',
    'Sets the owner of any position.',
    { errors: ['E_RANGE', 'E_RIGHTS', 'E_ENVIRONMENT'] },
  ),

  call(
    48,
    'line_read',
    'stack',
    'line; address physical; count within one page',
    'line reader binding; writer binding of the page',
    '',
    'Moves received bytes to memory. E_AGAIN when there are none: an event follows when there are.',
    { returns: 'bytes moved', errors: ['E_RANGE', 'E_RIGHTS', 'E_AGAIN'] },
  ),
  call(
    49,
    'line_write',
    'stack',
    'line; address physical; count within one page',
    'line writer binding; reader binding of the page',
    '',
    'Moves bytes to the transmitter, as many as it has room for. E_AGAIN when none: an event follows when there is.',
    { returns: 'bytes moved', errors: ['E_RANGE', 'E_RIGHTS', 'E_AGAIN'] },
  ),
  call(50, 'line_get', 'stack', 'line', 'line reader binding', '', 'One received byte.', {
    returns: 'the byte',
    errors: ['E_RANGE', 'E_RIGHTS', 'E_AGAIN'],
  }),
  call(51, 'line_put', 'stack', 'line; byte', 'line writer binding', '', 'Sends one byte.', {
    errors: ['E_RANGE', 'E_RIGHTS', 'E_AGAIN'],
  }),

  call(
    56,
    'extent_create',
    'stack',
    'disk; start sector; count',
    'machine binding, or a writer binding of an extent that contains it',
    '',
    'Makes an extent of a disk; the caller owns it, at most AEGIS_EXTENT_QUOTA without machine binding. It ends when the extent whose binding was used is freed or recalled, or that binding is taken back.',
    {
      returns: 'the extent number',
      returnsCapability: true,
      errors: ['E_RANGE', 'E_RIGHTS', 'E_NONE', 'E_DEVICE', 'E_QUOTA'],
    },
  ),
  call(57, 'extent_free', 'stack', 'extent', 'ownership', '', 'Ends an extent and every binding of it.', {
    errors: ['E_RANGE', 'E_OWNER', 'E_BUSY'],
  }),
  call(
    58,
    'disk_read',
    'stack',
    'extent; sector offset in the extent; address physical, sector-aligned; count sectors, within one page; completion physical word',
    'extent reader binding; writer binding of the page',
    '',
    'Queues a transfer by DMA. The completion word, in a page bound for writing, becomes the sector count or a negated error, and the events word of the environment moves. E_AGAIN when the queue is full, or full but for the places of those who have nothing in it.',
    { errors: ['E_RANGE', 'E_RIGHTS', 'E_AGAIN'] },
  ),
  call(
    59,
    'disk_write',
    'stack',
    'extent; sector offset in the extent; address physical, sector-aligned; count sectors, within one page; completion physical word',
    'extent writer binding; reader binding of the page',
    '',
    'As disk_read, from memory to disk.',
    { errors: ['E_RANGE', 'E_RIGHTS', 'E_AGAIN'] },
  ),
  call(
    60,
    'clock_read',
    'stack',
    'index 0 to 13: register of the DS1287',
    'nothing',
    '',
    'Reads a time or status register of the clock chip; never its RAM.',
    { returns: 'the byte', errors: ['E_RANGE'] },
  ),
  call(61, 'halt', 'stack', '', 'machine binding', '', 'Stops the machine through the firmware.', {
    noReturn: true,
    errors: ['E_RIGHTS'],
  }),

  call(
    64,
    'filter_install',
    'stack',
    'address physical, of an array of aegis_atom within one page; count 0 to AEGIS_FILTER_ATOM_COUNT; flags AEGIS_FILTER_*',
    'reader binding of the page; for every filter of another that overlaps it, a writer binding of that filter; machine binding instead of either, and for AEGIS_FILTER_LAST',
    '5.5.1',
    'Installs a packet filter: merges it with all others and compiles the whole to machine code. Of two filters that overlap by permission the later one claims.',
    {
      returns: 'the filter number',
      returnsCapability: true,
      errors: ['E_RANGE', 'E_RIGHTS', 'E_OVERLAP', 'E_NONE', 'E_QUOTA', 'E_DEVICE'],
    },
  ),
  call(65, 'filter_remove', 'stack', 'filter', 'ownership', '5.5.1', 'Removes a filter and its ring.', {
    errors: ['E_RANGE', 'E_OWNER'],
  }),
  call(
    66,
    'filter_ring',
    'stack',
    'filter; index 0 to AEGIS_FILTER_RING_PAGES - 1; page number',
    'ownership of the filter; writer binding of the page',
    '5.5.1',
    'Makes a page part of the receive ring: two slots of AEGIS_RING_SLOT bytes. Indices are filled in order; a page may be exchanged. When the page changes hands the binding is broken and packets are dropped.',
    { errors: ['E_RANGE', 'E_OWNER', 'E_RIGHTS'] },
  ),
  call(
    67,
    'filter_handler',
    'stack',
    'filter; ash number, or AEGIS_ANY for none',
    'ownership of both',
    '5.5.2',
    'Has a handler see the packets of a filter first.',
    { errors: ['E_RANGE', 'E_OWNER'] },
  ),
  call(
    69,
    'packet_send',
    'stack',
    'address physical; bytes within its page; address2 physical; bytes2 0: one piece only',
    'reader binding of each page',
    '5.5.1',
    "Copies a frame, in one or two pieces, to a transmit buffer. The source address becomes the station's own.",
    { errors: ['E_RANGE', 'E_RIGHTS', 'E_AGAIN', 'E_DEVICE'] },
  ),
  call(
    70,
    'ash_download',
    'stack',
    'address physical, of the code within one page; count instructions; origin virtual address the code was linked for',
    'reader binding of the page',
    '5.5.2',
    'Inspects a handler and makes the sandboxed copy that runs.',
    { returns: 'the handler number', errors: ['E_RANGE', 'E_RIGHTS', 'E_CODE', 'E_NONE', 'E_QUOTA'] },
  ),
  call(
    71,
    'ash_remove',
    'stack',
    'ash',
    'ownership',
    '5.5.2',
    'Removes a handler from its filters, and its code.',
    {
      errors: ['E_RANGE', 'E_OWNER'],
    },
  ),
  call(
    72,
    'ash_page',
    'stack',
    'ash; index 0 to AEGIS_ASH_PAGES - 1; page number',
    'ownership of the handler; writer binding of the page',
    '5.5.2',
    "Makes a page part of the handler's memory. Index 0 is where its loads and stores go; helpers reach all.",
    { errors: ['E_RANGE', 'E_OWNER', 'E_RIGHTS'] },
  ),

  call(
    80,
    'tile_alloc',
    'stack',
    'tile number',
    'nothing',
    '3.1, 3.2',
    'Allocates one tile of the frame buffer by name. Owner and both bindings become the caller; its pixels become 0.',
    { returns: 'the tile number', returnsCapability: true, errors: ['E_RANGE', 'E_BUSY'] },
  ),
  call(
    81,
    'tile_free',
    'stack',
    'tile',
    'ownership',
    '3.1',
    'Frees a tile: every mapping and binding of it is broken, its capabilities die. Its pixels stay on the screen until somebody allocates it. Counts as an answer to an open demand.',
    { errors: ['E_RANGE', 'E_OWNER'] },
  ),
  call(
    82,
    'tile_map',
    'stack',
    'virtual VPN in 31:12; tile; writable 0 or 1',
    'reader binding of the tile; writer binding when writable is 1',
    '3.1, 3.2',
    'Puts a mapping of a tile, uncached, into the STLB, in the place of one of the same address. From then on the environment draws without the kernel, until the binding is broken, or another mapping takes that place in the STLB: then the miss comes to the library OS, which calls again.',
    { errors: ['E_RANGE', 'E_RIGHTS'] },
  ),
  call(
    83,
    'colour_alloc',
    'stack',
    'entry of the colour map, 0 to AEGIS_COLOUR_COUNT - 1',
    'nothing',
    '3.1, 3.2',
    'Allocates one entry of the colour map by name. Owner and both bindings become the caller; nobody else changes that colour from then on.',
    { returns: 'the entry', returnsCapability: true, errors: ['E_RANGE', 'E_BUSY'] },
  ),
  call(
    84,
    'colour_free',
    'stack',
    'entry',
    'ownership',
    '3.1',
    'Frees an entry: every binding of it is broken, its capabilities die, and it shows its usual colour again. Counts as an answer to an open demand.',
    { errors: ['E_RANGE', 'E_OWNER'] },
  ),
  call(
    85,
    'colour_set',
    'stack',
    'entry; value 0xrrggbb',
    'writer binding of the entry',
    '3.1, 3.2',
    'Sets the colour of all pixels that hold the number of the entry, on whatever tiles they are.',
    { errors: ['E_RANGE', 'E_RIGHTS'] },
  ),
];
