/**
 * What the shipped programs and library OSes are for, shown beside their names in the launcher, and arguments worth
 * trying. Programs that are not listed here start all the same; they are only shown without a note.
 */

export interface ProgramNote {
  readonly purpose: string;
  /** What the arguments mean, '' when there are none. */
  readonly usage: string;
  /** Arguments offered; typing replaces them. */
  readonly suggestion: string;
  /** Made to be measured or to test Aegis: comes last in the launcher. */
  readonly isTool?: boolean;
  /** The argument with which whoever starts it here gives it the machine owner's capability. */
  readonly grantedWith?: string;
  /** Whoever starts it here lends it the end of the disk. */
  readonly isLent?: boolean;
}

function note(purpose: string, usage = '', suggestion = '', grantedWith?: string): ProgramNote {
  return { purpose, usage, suggestion, ...(grantedWith === undefined ? {} : { grantedWith }) };
}

function tool(purpose: string, usage = '', suggestion = ''): ProgramNote {
  return { ...note(`(test) ${purpose}`, usage, suggestion), isTool: true };
}

/** In the launcher's order. */
export const PROGRAM_NOTES: Readonly<Record<string, ProgramNote>> = {
  sh: note('a shell'),
  matmul: note('the 150x150 matrix multiply of the paper'),
  vmstress: note(
    'gives pages back when asked',
    'Pages and rounds; many rounds leave time to revoke.',
    '256 2000',
  ),
  hog: note('ignores Aegis: keeps pages or the processor', '"pages" and how many, or "time".', 'pages 256'),
  pingpong: note('two environments, protected control transfers', 'How many transfers.', '1000'),
  sentinel: note(
    'watches for hoarders and over-runs',
    '"-r" gives it the capability to revoke and destroy; without, it reports.',
    '-r',
    '-r',
  ),
  swapd: {
    ...note(
      'swap server, which sentinel -r -s names',
      'Pages that must be free before it brings somebody back by itself.',
      '256',
    ),
    isLent: true,
  },
  paint: note(
    'draws into tiles of the screen (Ctrl-a g)',
    'How many tiles of the 216, and frames; without frames it goes on.',
    '54',
  ),
  mandel: note('the Mandelbrot set, in floating point', 'Columns and rows, and how far to zoom in.', '60 20'),
  ping: note('asks a machine on the wire for an echo', 'An address, and how often.', '10.0.0.2 4'),
  netecho: note(
    'answers pings and UDP echoes on the wire',
    '"-a" answers by a handler in the kernel; then the address to have.',
    '-a 10.0.0.1',
  ),
  ps: note("reads Aegis's exported tables"),
  primes: note('counts primes', 'The upper limit, 3 to 4000000.', '100000'),
  hello: note('says hello'),
  ls: note('lists files', 'Folders, for example /bin.', '/bin'),
  cat: note('prints files', 'Files, for example /etc/motd.'),
  echo: note('prints its arguments', 'Any words.', 'hello'),
  attack: tool(
    'tries to get around Aegis, is refused',
    '"all", or the name of one attack; a wrong name lists them.',
    'all',
  ),
  touch: tool('touches pages of memory, not files', '"sparse" or "dense", and rounds.', 'sparse 20'),
  bench: tool('loops that exostation bench measures'),
  calibrate: tool('loops of exostation bench calibrate'),
  classify: tool('packet filters, measured from outside'),
  hoard: tool('holds pages, measured as they go', '"keep" or "give".', 'give'),
};

/** The disk's programs as the launcher lists them: those with notes first, tools last. */
export function launcherOrder(programs: readonly string[]): readonly string[] {
  const noted = Object.keys(PROGRAM_NOTES);
  const rank = (name: string): number => {
    if (PROGRAM_NOTES[name]?.isTool === true) return noted.length + 1 + noted.indexOf(name);
    return noted.includes(name) ? noted.indexOf(name) : noted.length;
  };
  return [...programs].sort((a, b) => rank(a) - rank(b));
}

export const LIBRARY_OS_NOTES: Readonly<Record<string, string>> = {
  exos: 'linear page table',
  'exos-ipt': 'inverted page table',
};

/** Whether a program started with these words gets the machine owner's capability. */
export function isGranted(program: string, words: readonly string[]): boolean {
  const grantedWith = PROGRAM_NOTES[program]?.grantedWith;
  return grantedWith !== undefined && words.includes(grantedWith);
}

export function argumentQuestion(program: string): string {
  const usage = PROGRAM_NOTES[program]?.usage ?? '';
  return usage === ''
    ? `Arguments for ${program}? Enter alone starts it without.`
    : `Arguments for ${program}? ${usage}`;
}
