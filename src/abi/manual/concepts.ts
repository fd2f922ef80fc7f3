/**
 * A page per concept: what it is, how Aegis does it, and which calls, upcalls, events and exported structures belong to
 * it. Every call and every event kind belongs to exactly one concept; a test holds this list to that.
 */

export interface Concept {
  readonly name: string;
  readonly title: string;
  readonly paper: string;
  readonly paragraphs: readonly string[];
  /** Names of calls, event kinds and structures. */
  readonly calls: readonly string[];
  readonly events: readonly string[];
  readonly structures: readonly string[];
  /** Kernel sources, in src/guest/aegis. */
  readonly sources: readonly string[];
}

export const CONCEPTS: readonly Concept[] = [
  {
    name: 'environment',
    title: 'Environment',
    paper: '5.1',
    paragraphs: [
      'What Aegis must know to deliver events to a program and to charge it for what it uses. It holds four contexts. The exception context names a handler and a save area for each cause; the interrupt context names the handlers of the start and the end of a slice; the protected entry context names the entries of synchronous and asynchronous transfers; the addressing context is what virtual addresses mean, with a status word.',
      'Each part is set by `env_set`, which checks every address: handlers lie below 0x80000000, pages belong or are bound to the environment. The record is exported, so that anybody may read who it is, what it owns and how far a demand on it has come. Save areas, interrupt frames and pending bits lie in the upage, an ordinary page of the environment that Aegis reaches by its physical address and trusts in nothing.',
      'Whoever creates an environment controls it, and may pass that control on by a capability. A destroyed environment gives up everything at once; its record stays, with reason and status, until it is reaped.',
    ],
    calls: ['env_self', 'env_create', 'env_destroy', 'env_reap', 'env_set'],
    events: ['environment-created', 'environment-started', 'environment-stopped', 'environment-destroyed'],
    structures: ['aegis_env', 'aegis_upage', 'exo_image_header'],
    sources: ['env.c'],
  },
  {
    name: 'capability',
    title: 'Capability',
    paper: '3.2',
    paragraphs: [
      'Four words that prove a right to a resource: kind and instance, rights and epoch, and two words that only Aegis can compute, from a key that it never shows. Aegis keeps no list of capabilities: it authenticates the words themselves, so they can be copied, stored and sent like any data.',
      "The owner of a resource makes capabilities for it, and anybody makes one with fewer rights from one that it holds. The owner takes them all back by changing the epoch: earlier ones are dead then, and the bindings of others broken. The first environment gets the machine owner's capability at boot; who has bound it may revoke, destroy and exceed the quotas.",
    ],
    calls: ['mint', 'derive', 'recap'],
    events: [],
    structures: ['aegis_boot_info'],
    sources: ['capability.c'],
  },
  {
    name: 'secure-binding',
    title: 'Secure binding',
    paper: '3.2',
    paragraphs: [
      'A secure binding takes authorisation, which is dear, apart from use, which must be cheap. A capability is authenticated once, by `bind`; what remains is a bit for the environment in the record of the resource, one for reading and one for writing, and each use looks at that bit alone.',
      'All three kinds of the paper are here. By hardware: a TLB entry is a binding that the processor checks on every access. By software caching: the STLB keeps bindings for which the TLB has no room. By downloading code: packet filters and handlers are looked at when they are installed and run without their owner.',
      'When a resource changes hands every binding to it is broken: mappings leave TLB and STLB, transfers that are queued are cut off, ring and handler pages are recognised by their epoch and used no more.',
    ],
    calls: ['bind', 'unbind'],
    events: [],
    structures: [],
    sources: ['capability.c', 'page.c', 'stlb.c'],
  },
  {
    name: 'page',
    title: 'Page',
    paper: '3.1, 3.2',
    paragraphs: [
      'Physical memory is handed out in pages of 4096 bytes, by their physical numbers. A library OS asks for the very page that it wants, for one of a cache colour, or for any; the free list and every owner can be read in the exported records. Aegis allocates nothing of its own accord.',
      'Owning a page means to be bound to it for reading and writing, to pass it on and to make capabilities for it. To map a page a binding is enough. A page that goes to another owner is cleared; a page in a guaranteed mapping, a upage and a page under DMA cannot be given up before that use ends.',
      'Whoever controls an environment may limit how many pages it owns (AEGIS_FIELD_PAGE_LIMIT). An environment with a limit hands down out of its own: what it creates may own no page before that, and what is handed down comes back at the end, so that all below a limit own no more together. Without a limit, visible revocation is what keeps a hoarder in bounds.',
    ],
    calls: ['page_alloc', 'page_alloc_colour', 'page_free', 'page_give', 'cache_flush'],
    events: [],
    structures: ['aegis_page', 'aegis_header'],
    sources: ['page.c', 'export.c'],
  },
  {
    name: 'stlb',
    title: 'STLB: the software TLB',
    paper: '5.3',
    paragraphs: [
      'The hardware TLB has 64 entries; the software TLB, in unmapped memory, has 4096 of 8 bytes, direct-mapped: index = (VPN xor ASID << 6) & 4095. A miss of the first that the second can serve never leaves the refill vector. A miss of both goes to the application, which looks into its own page table and calls `tlb_write`.',
      '`tlb_write` checks the binding of the page and fills both. Aegis has no page tables. The STLB is exported: anybody may map it for reading and see what is cached.',
    ],
    calls: ['tlb_write', 'tlb_delete'],
    events: ['stlb-missed'],
    structures: ['aegis_stlb_entry'],
    sources: ['vectors.S', 'stlb.c', 'tlb.S', 'primitive.S'],
  },
  {
    name: 'addressing-context',
    title: 'Addressing context and ASID',
    paper: '5.1, 3.3, Table 3',
    paragraphs: [
      'A set of mappings in TLB and STLB, told from all others by an address space identifier (ASID) of six bits. An environment starts with one, numbered as its slot, and may allocate eight more; `cid_switch` installs another of its own, in a few instructions and without changing a register. Two contexts may map one address to two pages, or the same page with other rights. What is not a mapping belongs to the environment and holds in each of its contexts: bindings, guaranteed mappings, handlers and frames. Time slices, exceptions and transfers find an environment in the context that it installed last.',
      'There are 128 contexts and 63 ASIDs: these are a cache of names. A context gets one when it is used, and keeps it until another needs it. Then Aegis takes eight at once, in turn, never that of what runs, and flushes what TLB and STLB hold for them. This revocation is invisible: nobody is asked, nobody is told, and nothing is lost that cannot be mapped again. The header counts it, and its table `asid_owner` says whose every entry of TLB and STLB is.',
    ],
    calls: ['cid_switch', 'context_alloc', 'context_free'],
    events: ['asid-revoked'],
    structures: ['aegis_context'],
    sources: ['context.c', 'primitive.S'],
  },
  {
    name: 'guaranteed-mapping',
    title: 'Guaranteed mapping',
    paper: '5.1, 5.3',
    paragraphs: [
      'Up to 64 virtual pages, from 0x7f000000 on, whose mappings Aegis itself installs when they miss: handlers, their stack and the page table must be there when a miss of anything else is handled. `env_set` with AEGIS_FIELD_GUARANTEED + n names the EntryLo of mapping n; zero removes it. They hold in all addressing contexts of the environment.',
      'A page that its owner has pinned this way is never repossessed: guaranteed mappings are the guaranteed minimum. Convention: mapping 0 is the upage; in the first environment mapping 1 is the boot information page.',
    ],
    calls: [],
    events: [],
    structures: [],
    sources: ['vectors.S', 'env.c'],
  },
  {
    name: 'exception-forwarding',
    title: 'Exception forwarding',
    paper: '5.3',
    paragraphs: [
      "Every exception but interrupts and system calls goes to the environment's own handler. Aegis stores three scratch registers in a save area that the environment has named, by physical address, so that storing cannot miss; loads EPC, BadVAddr and Cause into those registers; and jumps to the handler in user mode. The handler returns by itself: everything that was saved lies in its own memory.",
      'An environment that has no handler for the cause, or faults where none can be entered, is destroyed; its record keeps Cause, EPC and BadVAddr.',
    ],
    calls: [],
    events: ['exception-forwarded', 'fault'],
    structures: [],
    sources: ['vectors.S', 'env.c'],
  },
  {
    name: 'time-slice',
    title: 'Time slice',
    paper: '5.1.1',
    paragraphs: [
      'The processor is a vector of 64 slices of 1/64 s, served round robin and allocated like pages: by position. Positions next to each other mean fewer switches, positions far apart a shorter wait. Everybody may read who owns which.',
      'The end of a slice is announced: the environment is entered at its end-of-slice handler, saves what it needs and yields. Every further tick that finds it still there is excess time; each such tick costs a later slice, and eight that are still owed end the environment. A slice may be given to somebody by name, for a while (`yield`) or for good (`slice_give`).',
      '`wait` names a word: slices are skipped until it changes. An environment waits for events, a line, a completion or a packet that way, and when all wait the processor idles.',
    ],
    calls: ['yield', 'wait', 'resume', 'slice_alloc', 'slice_free', 'slice_give', 'slice_set'],
    events: ['environment-switched', 'slice-overrun', 'slice-forfeited'],
    structures: ['aegis_slices'],
    sources: ['slice.c', 'entry.S', 'transfer.S'],
  },
  {
    name: 'protected-control-transfer',
    title: 'Protected control transfer',
    paper: '5.4',
    paragraphs: [
      'The processor goes from one environment to an agreed place in another, with every register as it is: the register file is the message. A synchronous transfer takes the slice along with all its future instantiations, until the callee transfers back; an asynchronous one lends what is left of the slice.',
      "A transfer that has begun arrives: nothing can come between. Anybody may transfer into any environment that has named an entry; whom it serves is the callee's own decision, and the caller's name stands in its record.",
    ],
    calls: ['scall', 'acall'],
    events: ['control-transferred'],
    structures: [],
    sources: ['transfer.S'],
  },
  {
    name: 'revocation',
    title: 'Visible revocation and abort',
    paper: '3.3, 3.4',
    paragraphs: [
      'What Aegis takes back it asks for first. The environment sees how many resources of which kind are wanted, and chooses which it gives up. It has four slices to answer; when it refuses or says nothing, the imperative follows, with a deadline that runs only while the environment does, and that four more slices end in any case; so do two rounds of the vector in which it is given none. What is missing then is repossessed: bindings are broken by force, each loss is listed in the repossession vector of the upage, and the environment is entered at its repossession handler.',
      'The one mechanism serves pages, time slices, lines, extents, packet filters, tiles and colours. Pages in guaranteed mappings of their owner and the last slice are never taken. A page that its owner named a place on disk for is written there first.',
      'When even the guaranteed minimum must go, the demand is for the environment itself: an emergency. The library OS submits itself to a swap server, an environment like any other: it gives it control by a capability and waits. The server stops it, takes its pages and keeps their content, and later gives it pages of the same content and starts it again; what a controller may do is all that this takes. An environment that is not stopped in time is destroyed, for without its upage there is nowhere to tell it of a loss.',
      'Address space identifiers are the exception: they carry no state, and are taken without a word (see addressing-context).',
    ],
    calls: ['revoke', 'revoke_refuse'],
    events: [
      'revocation-asked',
      'revocation-answered',
      'revocation-refused',
      'revocation-told',
      'repossessed',
      'emergency-raised',
    ],
    structures: [],
    sources: ['revoke.c', 'page.c'],
  },
  {
    name: 'packet-filter',
    title: 'Packet filter',
    paper: '5.5.1',
    paragraphs: [
      "A filter says by conditions on fields of a frame which packets are its owner's: field & mask == value, and shifts that move the base by a field. All filters together are merged into one trie and compiled to machine code at each change; an arriving frame runs through that code once, whatever the number of filters.",
      "A filter that could claim packets of another's is refused, unless that one's owner gave a capability for it. Packets go into a ring of pages that the owner provides, two slots to a page; without room they are dropped and counted. To send, an environment hands over a frame in one or two pieces.",
    ],
    calls: ['filter_install', 'filter_remove', 'filter_ring', 'filter_handler', 'packet_send'],
    events: ['filter-installed', 'filter-refused', 'filter-removed', 'packet-dropped'],
    structures: ['aegis_atom', 'aegis_filter', 'aegis_slot', 'aegis_network'],
    sources: ['filter.c', 'filter-form.c', 'filter-trie.c', 'filter-code.c', 'network.c'],
  },
  {
    name: 'ash',
    title: 'ASH: application-specific safe handler',
    paper: '5.5.2',
    paragraphs: [
      "MIPS code that an application hands to Aegis, to run when a packet for one of its filters arrives, whether or not it has the processor. Aegis looks at every instruction, refuses what a handler may not have, and makes a copy in which loads, stores and jumps stay inside the handler's own page and code, and in which every branch backwards counts against a budget.",
      'A handler says where in its memory the message goes, copies and sums in one pass, replies at once, and wakes its owner. One that runs out of budget is stopped, and its message is treated as if there were no handler.',
    ],
    calls: ['ash_download', 'ash_remove', 'ash_page'],
    events: ['handler-downloaded', 'handler-refused', 'handler-aborted'],
    structures: ['aegis_ash'],
    sources: ['ash.c', 'ash-sandbox.c', 'ash-enter.S'],
  },
  {
    name: 'terminal-line',
    title: 'Terminal line',
    paper: '3.1',
    paragraphs: [
      "Sixteen lines of a multiplexer and the serial console. The first environment gets a capability for each line and lends them; a binding for reading takes received bytes, one for writing sends. There is no line discipline in Aegis: echo and editing are the library OS's.",
      'Nothing blocks in the kernel. A call that can move no byte says E_AGAIN, and the events word of everybody who is bound moves when there is room or input.',
    ],
    calls: ['line_read', 'line_write', 'line_get', 'line_put'],
    events: [],
    structures: ['aegis_line'],
    sources: ['line.c', 'scc.c', 'dz.c'],
  },
  {
    name: 'disk-extent',
    title: 'Disk extent',
    paper: '3.1',
    paragraphs: [
      'A run of sectors of a disk that an environment owns. Aegis knows no file system: it checks that a transfer lies inside an extent that the caller is bound to and a page that it may write (or read), queues it, and writes the result to a word that the caller named.',
      "Transfers go to and from the caller's own page. An extent inside of another may be made by whoever may write that one; the first environment gets a capability for each whole disk.",
    ],
    calls: ['extent_create', 'extent_free', 'disk_read', 'disk_write'],
    events: [],
    structures: ['aegis_extent', 'aegis_dma'],
    sources: ['disk.c', 'scsi.c'],
  },
  {
    name: 'frame-buffer-tile',
    title: 'Frame-buffer tile',
    paper: '3.1, 3.2',
    paragraphs: [
      'Four whole lines of the screen: a page of 4096 pixels of a byte each, for a page is what the MMU can guard. A tile is allocated by name, shared by capability like a page, and mapped by a call of its own, uncached; from then on its owner draws by plain stores, and Aegis is not asked. Where one window ends and another begins is for library code.',
      'A pixel names an entry of the colour map, which all tiles share. Its 256 entries are owned one by one, so that nobody changes the colours that another owns and draws in; a free entry has the colour that its number spells, rrrgggbb. To set one is a call: the chip has all of them in one page.',
      'Mappings of tiles live in the STLB alone. When another mapping takes the place of one, the miss comes to the library OS, which maps the tile again. The header says how many tiles there are, and none on a monochrome screen.',
    ],
    calls: ['tile_alloc', 'tile_free', 'tile_map', 'colour_alloc', 'colour_free', 'colour_set'],
    events: [],
    structures: ['aegis_tile', 'aegis_colour'],
    sources: ['tile.c', 'colour.c', 'bt459.c'],
  },
  {
    name: 'system-call',
    title: 'System call and primitive operation',
    paper: '5.2, Tables 3 and 4',
    paragraphs: [
      '`syscall` with the number in v0; arguments in a0 a1 a2 a3 t0 t1 t2 t3, in that order; a capability takes the four words a0 to a3 and comes first. Result in v0: zero or more, or a negated error. A capability that is returned arrives in a0 to a3.',
      'There are three paths. A primitive operation wraps a privileged instruction and alters no register that the application sees, as long as it succeeds. A direct call runs without a stack and changes v0 alone. Every other call runs in C: at, v1, a0 to a3, t0 to t9, hi and lo are lost; s0 to s8, gp, sp, ra and k1 are kept.',
      'Each call checks what it demands before it does anything. What is refused for protection is counted in the record of the environment that tried.',
    ],
    calls: ['null', 'null_stack', 'fpu_mod', 'clock_read', 'halt'],
    events: ['kernel-entered', 'call-refused', 'kernel-panic'],
    structures: [],
    sources: ['entry.S', 'calls.c', 'primitive.S', 'fpu.S'],
  },
];
