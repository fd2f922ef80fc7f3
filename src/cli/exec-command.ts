/**
 * `exostation exec`: boots headless, starts one program on one library OS through init, passes its output and its exit
 * status on. A name runs from the disk's /bin; a host file (a word with a slash or a dot) comes to the guest raw on a
 * second disk.
 */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  assetPath,
  CONSOLE_LINE,
  endText,
  FIRST_PANE_LINE,
  FIXED_EPOCH_SECONDS,
  FIXED_SEED,
  fileError,
  InputError,
  parseDiskChoice,
  parseExecutable,
  Workstation,
  writeStats,
} from '../workstation/index.js';
import { openDebugger } from './debug-command.js';
import { HeadlessRun } from './headless.js';
import { DEFAULT_MODEL, parseMaxCycles, parseMemory, parseModel, parseSeed } from './machine-options.js';
import { checkOutputs } from './output-files.js';
import { printNotice, stoppedText } from './run-command.js';
import { END_OF_INPUT, StandardInput } from './standard-input.js';

/** Time for the firmware's last line to get through the serial line. */
export const PROMPT_CYCLES = 5_000_000;
const STATUS_BAD_INPUT = 2;
const STATUS_KILLED = 137;
/** Of the name that Aegis shows for an environment. */
const LABEL_CHARACTERS = 15;

export interface ExecWords {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  readonly isVerbose: boolean;
  /** The program is given the machine owner's capability. */
  readonly isGranted: boolean;
}

const VALUE_OPTIONS: readonly string[] = [
  '--libos',
  '--model',
  '--memory',
  '--disk',
  '--stats',
  '--max-cycles',
  '--seed',
  '--gdb',
];

/** Takes our options out of the words, up to '--'; an unknown option before the program is an error. */
export function parseExecWords(words: readonly string[]): ExecWords {
  const options: Record<string, string> = {};
  const rest: string[] = [];
  let isVerbose = false;
  let isGranted = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    const [name = '', inline] = word.split(/=(.*)/s);
    if (word === '--') {
      rest.push(...words.slice(index + 1));
      break;
    }
    if (VALUE_OPTIONS.includes(name)) {
      const value = inline ?? words[++index];
      if (value === undefined || value === '') throw new InputError(`exec: ${name} needs a value`);
      options[name] = value;
    } else if (word === '--verbose' && rest.length === 0) isVerbose = true;
    else if (word === '--grant' && rest.length === 0) isGranted = true;
    else if (word.startsWith('-') && rest.length === 0) {
      throw new InputError(`exec: unknown option '${word}'; see 'exostation exec --help'`);
    } else rest.push(word);
  }
  const [program, ...programArguments] = rest;
  if (program === undefined)
    throw new InputError('exec: give a program, e.g. exostation exec hello --libos exos');
  return { program, arguments: programArguments, options, isVerbose, isGranted };
}

export async function execCommand(words: readonly string[]): Promise<number> {
  const { program, arguments: programArguments, options, isVerbose, isGranted } = parseExecWords(words);
  const hostFile = /[./]/.test(program) ? readProgram(program) : undefined;
  const maxCycles = parseMaxCycles(options['--max-cycles']);
  const model = parseModel(options['--model'] ?? DEFAULT_MODEL);
  const disk = options['--disk'];
  const disks = disk === undefined ? [] : [parseDiskChoice(disk)];
  checkOutputs(
    [['--stats', options['--stats']]],
    [
      ['the program', hostFile === undefined ? undefined : program],
      ['--disk', disks[0]?.path],
    ],
  );
  const workstation = new Workstation({
    model,
    memoryMiB: parseMemory(options['--memory'], model),
    disks,
    append: [],
    seed: options['--seed'] === undefined ? FIXED_SEED : parseSeed(options['--seed']),
    epochSeconds: FIXED_EPOCH_SECONDS,
    ...(hostFile === undefined ? {} : { secondDiskFile: hostFile }),
    notice: printNotice,
  });
  const input = await StandardInput.open();
  const gdb = options['--gdb'];
  const shortName = basename(program)
    .replace(/[^\w.+-]/g, '_')
    .slice(0, LABEL_CHARACTERS);
  const guestName = hostFile === undefined ? program : `disk1:${hostFile.length}:${shortName}`;
  const server =
    gdb === undefined ? undefined : await openDebugger(gdb, workstation, symbolFile(program), shortName);
  const run = new HeadlessRun(server ?? workstation, { maxCycles, speed: 'max' });
  server?.control(run);
  let bootText = '';
  workstation.onOutput = (line, byte) => {
    if (line === FIRST_PANE_LINE) run.print(byte);
    else if (line === CONSOLE_LINE && isVerbose) process.stderr.write(Uint8Array.of(byte));
    if (line === CONSOLE_LINE) bootText = (bootText + String.fromCharCode(byte)).slice(-400);
  };
  workstation.onFirmwarePrompt = () => run.endLater(PROMPT_CYCLES, { reason: 'no-boot', status: 1 });
  workstation.init.onReady = () => {
    workstation.init.start({
      line: FIRST_PANE_LINE,
      isQuiet: !input.isTerminal,
      isGranted,
      libraryOs: options['--libos'] ?? 'exos',
      program: guestName,
      arguments: programArguments,
      onStarted: (reply) => {
        if ('error' in reply) {
          run.notice(`${reply.error}${adviceFor(reply.error)}`);
          run.end({ reason: 'error', status: STATUS_BAD_INPUT });
          return;
        }
        input.connect(
          (bytes) => workstation.send(FIRST_PANE_LINE, bytes),
          () => workstation.send(FIRST_PANE_LINE, END_OF_INPUT),
        );
      },
      onEnded: (end) => {
        if (end.kind === 'exit') run.end({ reason: 'program-exit', status: end.status });
        else {
          run.notice(`${program} ${endText(end.reason)}`);
          run.end({ reason: 'program-killed', status: STATUS_KILLED });
        }
      },
    });
  };
  let exit = await run.toEnd();
  await server?.dispose(exit.status);
  if (exit.reason === 'halt' || exit.reason === 'no-boot') {
    const what = exit.reason === 'halt' ? `halted before ${program} ended` : 'did not boot';
    run.notice(`the machine ${what}; its last words: ${lastLine(bootText)}`);
    exit = { reason: exit.reason, status: 1 };
  }
  if (exit.reason === 'max-cycles') run.notice(stoppedText(workstation.cycle));
  await run.flush();
  const stats = options['--stats'];
  if (stats !== undefined) writeStats(stats, [workstation.machine.statistics()], run.wallSeconds, exit);
  input.dispose();
  workstation.dispose();
  return exit.status;
}

/** What to do about what init answered. */
function adviceFor(error: string): string {
  if (error.startsWith('no such program'))
    return "; 'exostation exec ls /bin' lists them, and ./FILE is a file of the host";
  return error.startsWith('no library OS') ? "; 'exostation exec ls /lib' lists them" : '';
}

/** What GDB reads symbols from: the host file, or what the guest build has made of a program of that name. */
function symbolFile(program: string): string {
  return /[./]/.test(program) ? program : assetPath(`build/guest/linked/programs/${program}.elf`);
}

/** Reads a host file and checks that it is a program, so that the guest need not boot to say that it is not. */
function readProgram(path: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw fileError(error, 'program', path);
  }
  const executable = parseExecutable(bytes, path, 'program');
  if (executable.format !== 'elf')
    throw new InputError(`${path}: not an ELF file; library OSes load ELF only`);
  if (executable.entry >= 0x8000_0000) {
    throw new InputError(`${path}: linked as a kernel; boot it with 'exostation run --kernel ${path}'`);
  }
  return bytes;
}

function lastLine(text: string): string {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== '' && !line.startsWith('>>'));
  return lines.at(-1) ?? '(none)';
}
