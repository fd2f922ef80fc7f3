/**
 * The command line as commander sees it: names, options, help. Each command's work is in its own file, loaded only when
 * it runs. Every usage error is one line on stderr and status 2.
 */

import { Command, CommanderError } from 'commander';
import { InputError } from '../workstation/index.js';
import type { DebugFlags } from './debug-command.js';
import type { DesktopFlags } from './desktop-command.js';
import { addMachineOptions, collect, MODEL_NAMES } from './machine-options.js';
import type { ReplayFlags } from './replay-command.js';
import type { RunFlags } from './run-command.js';
import { joinSnapshotWords } from './snapshot-points.js';

const VERSION = '0.1.0';

export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let status = 0;
  const program = buildProgram(argv.slice(3), (ended) => {
    status = ended;
  });
  const first = argv[2];
  if (
    first !== undefined &&
    !first.startsWith('-') &&
    !program.commands.some((one) => one.name() === first)
  ) {
    throw new InputError(`unknown command '${first}'; see 'exostation --help'`);
  }
  try {
    await program.parseAsync(joinSnapshotWords(argv));
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    if (error.code === 'commander.help')
      throw new InputError(`${first}: give a command of it; see 'exostation ${first} --help'`);
    throw new InputError(oneLine(error.message, commandNames(program, argv.slice(2))));
  }
  return status;
}

/** The command that the words name: none, one, or one and its own. */
function commandNames(program: Command, words: readonly string[]): readonly string[] {
  const command = program.commands.find((one) => one.name() === words[0]);
  return command === undefined ? [] : [command.name(), ...commandNames(command, words.slice(1))];
}

/** `command`: whose help to see. */
function oneLine(message: string, command: readonly string[]): string {
  const text = message
    .replace(/^error: /, '')
    .replace(/\. Expected .*$/s, '')
    .split('\n')
    .join(' ');
  return `${text}; see '${['exostation', ...command, '--help'].join(' ')}'`;
}

/** The options that mean something on the desktop only, in the demonstration only, or in neither. */
function markForDesktop(program: Command): Command {
  for (const option of program.options) {
    if (option.long === '--kernel') option.description += ' (desktop only)';
    if (option.long === '--max-cycles') option.description += ' (without a terminal only)';
    if (option.long === '--stats' || option.long === '--expect') option.hideHelp();
  }
  return program;
}

function addWireOptions(command: Command): Command {
  return command
    .option(
      '--net <wire>',
      'Ethernet: listen:[ADDR:]PORT, connect:HOST:PORT, mcast:ADDR:PORT, or lan',
      collect,
    )
    .option(
      '--mac <address>',
      'Ethernet address (default 08:00:2b:12:50:01, with connect: 08:00:2b:12:50:02)',
    )
    .option('--pcap <file>', 'keep the frames on the wire as pcapng');
}

/** `words`: what stands behind the command, as it stands there. */
function buildProgram(words: readonly string[], end: (status: number) => void): Command {
  const program = new Command('exostation')
    .description(
      'A DECstation in the terminal, running the Aegis exokernel and its library operating systems.',
    )
    .version(VERSION)
    .enablePositionalOptions()
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError: () => {}, writeErr: () => {} })
    .hook('preSubcommand', refuseOptionsBefore)
    .option('--ephemeral', 'keep nothing of this session: neither changes to the disk nor NVRAM')
    .option('--check', 'in the demonstration: check ownership three ways at every sample')
    .addHelpText(
      'after',
      '\nWithout a command: the desktop. Without a terminal: boots headless and runs the demonstration.',
    );

  addWireOptions(markForDesktop(addMachineOptions(program))).action(async (flags: DesktopFlags) => {
    const { desktopCommand } = await import('./desktop-command.js');
    end(await desktopCommand(flags));
  });

  addWireOptions(addMachineOptions(program.command('run')))
    .description('run one machine, or several on one wire')
    .option('--headless', "put the machine's console on stdin and stdout")
    .option('--machines <n>', 'headless: so many machines on one wire; --kernel and --append once for each')
    .option(
      '--console <file>',
      'console of machine 2 (then 3, ...), instead of lines behind its number',
      collect,
    )
    .option('--input <file>', 'what is typed at the console of machine 2 (then 3, ...)', collect)
    .option('--screenshot <file>', "headless: the screen at the end, as '.png' or '.ppm'")
    .option(SNAPSHOT_OPTION, SNAPSHOT_HELP, collect)
    .option('--restore <file>', 'go on from a snapshot; the machine is the one that it was made on')
    .action(async (flags: RunFlags, command: Command) => {
      const { runCommand } = await import('./run-command.js');
      end(await runCommand(flags, givenNames(flags, command)));
    });

  program
    .command('replay')
    .description('repeat a recorded run, and check that it ends in the same state')
    .argument('<file>', "what 'run --record', or the desktop's --record, has written")
    .option('--disk <file>', 'where a disk of the run is now (repeatable, all or none)', collect)
    .option('--kernel <file>', 'where the kernel of the run is now', collect)
    .option('--max-cycles <n>', 'stop at this cycle, status 3')
    .option('--stats <file>', 'write what the run cost as JSON')
    .option('--screenshot <file>', "the screen where it ends, as '.png' or '.ppm'")
    .option(SNAPSHOT_OPTION, SNAPSHOT_HELP, collect)
    .action(async (file: string, flags: ReplayFlags) => {
      const { replayCommand } = await import('./replay-command.js');
      end(await replayCommand(file, flags));
    });

  addWireOptions(addMachineOptions(program.command('debug')))
    .description('run one machine under GDB, its console on stdin and stdout')
    .option('--gdb <address>', '[HOST:]PORT at which the debugger attaches (loopback unless told otherwise)')
    .option('--screenshot <file>', "the screen at the end, as '.png' or '.ppm'")
    .option('--restore <file>', 'start from a snapshot instead of the reset vector')
    .addHelpText('after', `\n${DEBUG_HELP}`)
    .action(async (flags: DebugFlags, command: Command) => {
      const { debugCommand } = await import('./debug-command.js');
      end(await debugCommand(flags, givenNames(flags, command)));
    });

  program
    .command('exec')
    .description('boot headless, run a program on a library OS, pass its output and status on')
    .usage('FILE|NAME [--libos NAME] [args...]')
    .argument('[words...]', 'FILE (with a slash or a dot) or NAME in /bin, and its arguments')
    .addHelpText('after', `\n${EXEC_HELP}`)
    .allowUnknownOption()
    .helpOption(false)
    .action(async (_words: string[], _flags: unknown, command: Command) => {
      if (words[0] === '--help' || words[0] === '-h') command.outputHelp();
      else {
        const { execCommand } = await import('./exec-command.js');
        end(await execCommand(words));
      }
    });

  program
    .command('cc')
    .description('compile C against the guest headers with mipsel-linux-gnu-gcc')
    .usage('[gcc args] --libos NAME')
    .argument('[words...]')
    .allowUnknownOption()
    .addHelpText('after', `\n${CC_HELP}`)
    .helpOption(false)
    .action(async (_words: string[], _flags: unknown, command: Command) => {
      if (words[0] === '--help' || words[0] === '-h') command.outputHelp();
      else {
        const { ccCommand } = await import('./cc-command.js');
        end(await ccCommand(words));
      }
    });

  program
    .command('bench')
    .description(
      "the paper's experiments, ours beside the paper's; 'calibrate': figures of all models that do not involve Aegis",
    )
    .argument(
      '[experiment...]',
      "names of experiments, 'tables' for all of Tables 4 to 7, or 'calibrate' (default: Tables 4 to 6)",
    )
    .option('--model <model>', `machine: ${MODEL_NAMES}`)
    .option('--json', 'print JSON')
    .action(async (experiments: string[], flags: { model: string | undefined; json?: boolean }) => {
      const { benchCommand } = await import('./bench-command.js');
      end(await benchCommand(experiments, flags));
    });

  program
    .command('manual')
    .description("print a page of Aegis's manual: a concept, call, upcall, event, error or structure")
    .argument('[name...]', 'its name; without one, what there is')
    .action(async (words: string[]) => {
      const { manualCommand } = await import('./manual-command.js');
      end(manualCommand(words.length === 0 ? undefined : words.join(' ')));
    });

  const image = program.command('image').description('look into a disk image (needs e2fsprogs)');
  image
    .command('ls')
    .description('list a folder of the image')
    .argument('<image>')
    .argument('[folder]', 'folder in the image', '/')
    .action(async (path: string, folder: string) => {
      const { imageList } = await import('./image-command.js');
      end(await imageList(path, folder));
    });
  image
    .command('cp')
    .description(
      'copy a file out of an image (IMAGE:/path HOSTFILE) or into a raw one (HOSTFILE IMAGE:/path)',
    )
    .argument('<from>')
    .argument('<to>')
    .action(async (from: string, to: string) => {
      const { imageCopy } = await import('./image-command.js');
      end(await imageCopy(from, to));
    });
  image
    .command('verify')
    .description('check the file system in the image, and change nothing')
    .argument('<image>')
    .action(async (path: string) => {
      const { imageVerify } = await import('./image-command.js');
      end(await imageVerify(path));
    });
  return program;
}

/** They would be lost: each command has its own. */
function refuseOptionsBefore(program: Command, command: Command): void {
  const option = program.options.find((one) => program.getOptionValueSource(one.attributeName()) === 'cli');
  if (option === undefined) return;
  const name = command.name();
  throw new InputError(
    `${option.long}: stands before '${name}'; options of a command stand behind it, see 'exostation ${name} --help'`,
  );
}

/** Names of the flags that stand on the command line. */
function givenNames(flags: object, command: Command): string[] {
  return Object.keys(flags).filter((name) => command.getOptionValueSource(name) === 'cli');
}

const SNAPSHOT_OPTION = '--snapshot-at <cycle> <file>';
const SNAPSHOT_HELP = 'save the run at this cycle, and go on (repeatable)';

const DEBUG_HELP = `The machine stands still at the reset vector until a debugger attaches, in another terminal:
  gdb-multiarch -ex 'target remote :PORT'
Symbols, after 'npm run guest:build', in the root of the clone:
  file build/guest/linked/aegis.elf                            Aegis
  add-symbol-file build/guest/linked/kn02ba.elf                the firmware; kn01.elf on a 3100 or 2100
  add-symbol-file build/guest/linked/exos.elf                  a library OS
  add-symbol-file build/guest/linked/programs/matmul.elf       a program, or one of 'exostation cc -g'
  directory DIRECTORY                                          where the sources are, when GDB runs elsewhere
  monitor only matmul                                          stop at user addresses in that program only
  monitor help                                                 more: cycle, stats, env, step, tlb, translate
'exostation exec --gdb PORT ./hi' debugs a host file. Breakpoints, watchpoints and steps change nothing in the run: not a cycle. detach lets the machine run on; kill ends it.`;

const CC_HELP = `Options:
  --libos NAME     library OS that the program is for (default: exos)
All others are gcc's ('mipsel-linux-gnu-gcc --help'), e.g. exostation cc -O2 -g hello.c -o hello

float and double are computed by the R3010, and printf has %e, %f and %g. There is no math library: no
sqrt, no sin (an R3010 knows neither). A NaN or denormal operand, a denormal result, or a conversion to an
integer that it does not fit ends the program: an R3010 leaves them to software.`;

const EXEC_HELP = `Options:
  --libos NAME     library OS under the program (default: exos)
  --model MODEL    machine (default: 5000/125)
  --memory MiB     memory of the machine
  --disk FILE      disk to boot (default: the shipped one; copy-on-write unless FILE,rw)
  --stats FILE     write what the run cost as JSON
  --max-cycles N   stop there, status 3
  --seed HEX       seed of the machine's capabilities
  --gdb [HOST:]PORT hold the machine for GDB to attach; see 'exostation debug --help'
  --grant          give the program the machine owner's capability (before the program only)
  --verbose        show the console of the machine on stderr (before the program only)
Options stand before the program, or after it; after '--' all words go to the program.`;
