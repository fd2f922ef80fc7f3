/**
 * The POSIX-like call vector of a library OS. A program reaches call n by `jal` to EXO_VECTOR_BASE + n * 8 (generated
 * stubs). Numbers are append-only. Standard C calling convention; failure is -1 (or a null pointer) with `errno`.
 */

export interface LibraryCallDefinition {
  readonly number: number;
  /** Function name as programs see it. */
  readonly name: string;
  /** C prototype without the name: [result, parameters]. */
  readonly result: string;
  readonly parameters: string;
  readonly text: string;
}

export const LIBRARY = {
  /** 'XIMG' */
  IMAGE_MAGIC: 0x474d4958,
  INTERFACE_VERSION: 1,
  IMAGE_BASE: 0x0f000000,
  IMAGE_END: 0x10000000,
  /** The vector lies behind the 128-byte header. */
  VECTOR_BASE: 0x0f000080,
  VECTOR_COUNT: 64,
  PROGRAM_BASE: 0x00400000,
  HEAP_BASE: 0x10000000,
} as const;

function entry(
  number: number,
  name: string,
  result: string,
  parameters: string,
  text: string,
): LibraryCallDefinition {
  return { number, name, result, parameters, text };
}

export const LIBRARY_CALLS: readonly LibraryCallDefinition[] = [
  entry(
    0,
    'exo_exit',
    'void',
    'int status',
    'ends the program with the low eight bits of status; does not return',
  ),
  entry(1, 'exo_open', 'int', 'const char *path, int flags', 'EXO_O_*'),
  entry(2, 'exo_read', 'int', 'int fd, void *buffer, uint32_t count', ''),
  entry(3, 'exo_write', 'int', 'int fd, const void *buffer, uint32_t count', ''),
  entry(4, 'exo_close', 'int', 'int fd', ''),
  entry(5, 'exo_lseek', 'int32_t', 'int fd, int32_t offset, int whence', 'EXO_SEEK_*'),
  entry(6, 'exo_readdir', 'int', 'int fd, struct exo_dirent *into', '1: an entry, 0: end'),
  entry(7, 'exo_stat', 'int', 'const char *path, struct exo_stat *into', ''),
  entry(8, 'exo_fstat', 'int', 'int fd, struct exo_stat *into', ''),
  entry(9, 'exo_sbrk', 'void *', 'int32_t increment', ''),
  entry(
    10,
    'exo_page_map',
    'void *',
    'void *address, uint32_t count, int protection',
    'zeroed pages at an address, or anywhere with 0; EXO_PROT_*',
  ),
  entry(
    11,
    'exo_page_unmap',
    'int',
    'void *address, uint32_t count',
    'gives the physical pages back to Aegis',
  ),
  entry(12, 'exo_page_protect', 'int', 'void *address, uint32_t count, int protection', ''),
  entry(
    13,
    'exo_page_map_physical',
    'void *',
    'uint32_t page, int protection',
    'maps a page by its physical number (exported bookkeeping)',
  ),
  entry(14, 'exo_errno', 'int *', 'void', 'address of errno'),
  entry(15, 'exo_getpid', 'int', 'void', ''),
  entry(16, 'exo_envid', 'uint32_t', 'void', "Aegis's name of this environment"),
  entry(17, 'exo_yield', 'void', 'uint32_t envid', '0: whoever is next'),
  entry(18, 'exo_ticks', 'uint32_t', 'void', '64 Hz ticks since boot'),
  entry(19, 'exo_sleep', 'void', 'uint32_t ticks', ''),
  entry(
    20,
    'exo_on_revoke',
    'void *',
    'uint32_t (*policy)(uint32_t wanted)',
    'called when pages are asked for; returns pages given up; 0 restores the default policy, EXO_REVOKE_IGNORE ignores requests',
  ),
  entry(
    21,
    'exo_on_fault',
    'void *',
    'int (*handler)(uint32_t address, int is_write, uint32_t epc)',
    'memory faults; returns 1 when repaired; 0 restores the default',
  ),
  entry(
    22,
    'exo_on_slice_end',
    'void *',
    'void (*handler)(void)',
    'called instead of saving and yielding; 0 restores the default',
  ),
  entry(
    23,
    'exo_on_repossession',
    'void *',
    'void (*handler)(uint32_t address)',
    'told of each virtual page that was taken',
  ),
  entry(
    24,
    'exo_spawn',
    'int',
    'const char *path, const char *const *argv, const char *libos',
    'child with this library OS (0: the same); its pid',
  ),
  entry(25, 'exo_wait', 'int', 'int pid, int *status', 'pid that ended; -1: any'),
  entry(26, 'exo_kill', 'int', 'int pid', ''),
  entry(
    27,
    'exo_scall',
    'uint32_t',
    'uint32_t envid, uint32_t argument',
    'synchronous protected control transfer and its reply',
  ),
  entry(
    28,
    'exo_on_scall',
    'void *',
    'uint32_t (*handler)(uint32_t caller, uint32_t argument)',
    'handler for transfers into this environment',
  ),
  entry(29, 'exo_serve', 'void', 'void', 'waits for transfers, for ever'),
  entry(30, 'exo_getcwd', 'char *', 'char *buffer, uint32_t size', ''),
  entry(31, 'exo_chdir', 'int', 'const char *path', ''),
  entry(32, 'exo_dup', 'int', 'int fd', ''),
  entry(33, 'exo_isatty', 'int', 'int fd', ''),
  entry(34, 'exo_libos_name', 'const char *', 'void', ''),
  entry(
    35,
    'exo_page_statistics',
    'int',
    'struct exo_page_statistics *into',
    "the library's own counts: refills, faults",
  ),
  entry(36, 'exo_events', 'uint32_t', 'void', "the environment's event count, to be waited on"),
  entry(
    37,
    'exo_wait_event',
    'void',
    'uint32_t seen, uint32_t deadline',
    'until the event count is not what was seen, or the tick; 0: no deadline',
  ),
  entry(
    38,
    'exo_granted',
    'int',
    'struct aegis_capability *into',
    "the machine owner's capability, when whoever started the program gave it one; EXO_EACCES when not",
  ),
  entry(
    39,
    'exo_tile_map',
    'void *',
    'uint32_t first, uint32_t count',
    'takes tiles of the frame buffer, all or none, and maps them one behind the other, a byte to a pixel (rrrgggbb)',
  ),
  entry(
    40,
    'exo_take_interrupts',
    'void',
    'void',
    'from now on Ctrl-C drops the line that is typed, and destroys a child that is waited for and does not read the line itself; without this call it ends a program that reads, status 130',
  ),
  entry(
    41,
    'exo_send',
    'int',
    'uint32_t envid, uint32_t first, uint32_t second, uint32_t third',
    'a message of three words by an asynchronous protected control transfer; EXO_EAGAIN when it cannot be entered now',
  ),
  entry(
    42,
    'exo_receive',
    'int',
    'struct exo_message *into, uint32_t deadline',
    'waits for a message until the tick (0: for ever): 1, or 0. Of each sender the last one is kept',
  ),
  entry(
    43,
    'exo_lent',
    'int',
    'struct aegis_capability *into',
    'the capability of a disk extent, when whoever started the program lent it one; EXO_EACCES when not',
  ),
];

/** Small constants and structures of the library interface, as C text after the generated prototypes' needs. */
export const LIBRARY_CONSTANTS: readonly { readonly name: string; readonly value: number }[] = [
  { name: 'EXO_IMAGE_MAGIC', value: LIBRARY.IMAGE_MAGIC },
  { name: 'EXO_INTERFACE_VERSION', value: LIBRARY.INTERFACE_VERSION },
  { name: 'EXO_IMAGE_BASE', value: LIBRARY.IMAGE_BASE },
  { name: 'EXO_IMAGE_END', value: LIBRARY.IMAGE_END },
  { name: 'EXO_VECTOR_BASE', value: LIBRARY.VECTOR_BASE },
  { name: 'EXO_VECTOR_COUNT', value: LIBRARY.VECTOR_COUNT },
  { name: 'EXO_PROGRAM_BASE', value: LIBRARY.PROGRAM_BASE },
  { name: 'EXO_HEAP_BASE', value: LIBRARY.HEAP_BASE },
  { name: 'EXO_O_RDONLY', value: 0 },
  { name: 'EXO_O_WRONLY', value: 1 },
  { name: 'EXO_O_RDWR', value: 2 },
  { name: 'EXO_SEEK_SET', value: 0 },
  { name: 'EXO_SEEK_CUR', value: 1 },
  { name: 'EXO_SEEK_END', value: 2 },
  { name: 'EXO_PROT_READ', value: 1 },
  { name: 'EXO_PROT_WRITE', value: 2 },
  { name: 'EXO_REVOKE_IGNORE', value: 1 },
  { name: 'EXO_TYPE_FILE', value: 1 },
  { name: 'EXO_TYPE_DIRECTORY', value: 2 },
  { name: 'EXO_TYPE_LINE', value: 3 },
  { name: 'EXO_NAME_MAX', value: 59 },
];
