/**
 * `exostation run`: one machine, or several on one wire. Headless the first one's console is stdin and stdout; a shell on
 * the first terminal line joins it as soon as init serves, whatever the machine was booted from. The run ends with status 0
 * when all guests have halted.
 */

import { readFileSync } from 'node:fs';
import {
  CONSOLE_LINE,
  FIRST_PANE_LINE,
  fileError,
  InputError,
  listFolder,
  Recorder,
  readSnapshot,
  type StartRequest,
  Workstation,
  writeStats,
} from '../workstation/index.js';
import { Consoles } from './consoles.js';
import type { GdbServer } from './gdb-server.js';
import { HeadlessRun } from './headless.js';
import { attachWire } from './headless-wire.js';
import {
  type MachineFlags,
  machineChoice,
  parseExpect,
  parseMaxCycles,
  parseSpeed,
  recordPaths,
} from './machine-options.js';
import { checkOutputs } from './output-files.js';
import { restoredChoice } from './restored-choice.js';
import { openScreenshot } from './screenshot.js';
import { parseSnapshotPoints, SnapshotPoints } from './snapshot-points.js';
import { END_OF_INPUT, StandardInput } from './standard-input.js';
import { type WireFlags, wireChoice } from './wire.js';

const STATUS_NOT_SHOWN = 1;

export interface RunFlags extends MachineFlags, WireFlags {
  readonly screenshot?: string;
  /** Files for the consoles of the second machine and those that follow, and files that are typed there. */
  readonly console?: readonly string[];
  readonly input?: readonly string[];
  readonly restore?: string;
  /** `CYCLE,FILE` each. */
  readonly snapshotAt?: readonly string[];
}

/** Where a console's input comes from: `receive` is given what there is and will be, `onEnd` is called after it. */
interface InputSource {
  connect(receive: (bytes: Uint8Array) => void, onEnd: () => void): void;
}

/** `given`: names of the flags that stand on the command line, not by default. */
export async function runCommand(flags: RunFlags, given: readonly string[]): Promise<number> {
  if (flags.headless !== true && process.stdout.isTTY && process.stdin.isTTY) {
    for (const [option, value] of [
      ['--screenshot', flags.screenshot],
      ['--restore', flags.restore],
      ['--snapshot-at', flags.snapshotAt],
    ] as const) {
      if (value !== undefined) throw new InputError(`${option}: works with --headless only`);
    }
    const { desktopCommand } = await import('./desktop-command.js');
    return desktopCommand({ ...flags, ephemeral: true });
  }
  return runHeadless(flags, given);
}

/** `given`: as for `runCommand`; `attach`: puts a debugger between the command line and the machine. */
export async function runHeadless(
  flags: RunFlags,
  given: readonly string[],
  attach?: (workstation: Workstation) => Promise<GdbServer>,
): Promise<number> {
  const wire = wireChoice(flags);
  const count = wire.machines.length;
  for (const [option, values] of [
    ['--console', flags.console],
    ['--input', flags.input],
  ] as const) {
    if ((values?.length ?? 0) < count) continue;
    throw new InputError(
      `${option}: only for the machines after the first, here ${count - 1}; see --machines`,
    );
  }
  if (count > 1 && (flags.restore !== undefined || flags.snapshotAt !== undefined)) {
    throw new InputError('--restore, --snapshot-at: work with one machine; leave --machines out');
  }
  const points = parseSnapshotPoints(flags.snapshotAt ?? []);
  const snapshot = flags.restore === undefined ? undefined : readSnapshot(flags.restore);
  const choices = wire.machines.map((machine, index) =>
    snapshot === undefined
      ? { ...machineChoice(flags, true, index, count), ...machine }
      : restoredChoice(flags, given, machine.stationAddress, snapshot.identity, snapshot.name),
  );
  const expect = parseExpect(flags.expect);
  const options = {
    maxCycles: parseMaxCycles(flags.maxCycles),
    speed: parseSpeed(flags.speed) ?? wire.speed,
  };
  checkOutputs(
    [
      ['--stats', flags.stats],
      ['--screenshot', flags.screenshot],
      ['--pcap', flags.pcap],
      ...(flags.record ?? []).map((path) => ['--record', path] as const),
      ...(flags.console ?? []).map((path) => ['--console', path] as const),
      ...points.map(({ path }) => ['--snapshot-at', path] as const),
    ],
    [
      ['--restore', flags.restore],
      ...(flags.kernel ?? []).map((path) => ['--kernel', path] as const),
      ...(flags.input ?? []).map((path) => ['--input', path] as const),
      ...choices.flatMap(({ disks }) => disks.map(({ path }) => ['--disk', path] as const)),
    ],
  );
  const takeScreenshot = openScreenshot(flags.screenshot);
  const inputs = (flags.input ?? []).map(readInput);
  const workstations = choices.map((choice, index) => {
    const prefix = count === 1 ? '' : `machine ${index + 1}: `;
    return new Workstation({ ...choice, notice: (text) => printNotice(prefix + text) });
  });
  const first = workstations[0] as Workstation;
  snapshot?.restore(first);
  const snapshots = new SnapshotPoints(first, points);
  const recorders = recordPaths(flags.record, count).map(
    (path, index) => new Recorder(workstations[index] as Workstation, path),
  );
  let notice = printNotice;
  const attached = await attachWire(workstations, wire, (text) => notice(text));
  const input = await StandardInput.open();
  const server = await attach?.(first);
  const run = new HeadlessRun(server ?? attached.machine, { ...options, milestones: [snapshots] });
  notice = (text) => run.notice(text);
  server?.control(run);
  const consoles = new Consoles(run, flags.console ?? [], expect);
  workstations.forEach((workstation, index) => {
    workstation.onOutput = (line, byte) => {
      if (line === CONSOLE_LINE || line === FIRST_PANE_LINE) consoles.take(index, byte);
    };
    const source = index === 0 ? input : (inputs[index - 1] ?? NO_INPUT);
    connectKeyboard(workstation, source, index === 0 ? run : undefined);
  });
  let exit = await run.toEnd();
  await server?.dispose(exit.status);
  if (expect !== undefined && exit.reason !== 'expected' && exit.status === 0) {
    exit = { ...exit, status: STATUS_NOT_SHOWN };
    notice(`the run ended without the console showing /${expect.source}/`);
  }
  if (exit.reason === 'max-cycles') notice(stoppedText(attached.machine.cycle));
  if (flags.stats !== undefined) {
    const statistics = workstations.map(({ machine }) => machine.statistics());
    writeStats(flags.stats, statistics, run.wallSeconds, exit);
  }
  takeScreenshot?.(first.machine);
  for (const recorder of recorders) recorder.finish();
  snapshots.finish(notice);
  input.dispose();
  await consoles.dispose();
  attached.dispose();
  for (const workstation of workstations) workstation.dispose();
  return exit.status;
}

/** What a run that `--max-cycles` has ended says. */
export function stoppedText(cycle: number): string {
  return `stopped at cycle ${cycle} (--max-cycles)`;
}

const NO_INPUT: InputSource = { connect: () => {} };

/** The first that is connected gets all of the file. */
function readInput(path: string): InputSource {
  let bytes: Uint8Array = new Uint8Array();
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw fileError(error, 'input', path);
  }
  return {
    connect: (receive, onEnd) => {
      receive(bytes);
      bytes = new Uint8Array();
      onEnd();
    },
  };
}

/**
 * Who hears `source`: the shell that starts on the first line once init serves; until then a system that is not ours, or
 * the firmware's prompt, on the console. `run`, when given, ends when the shell does.
 */
function connectKeyboard(workstation: Workstation, source: InputSource, run: HeadlessRun | undefined): void {
  const { init } = workstation;
  const connectConsole = (): void =>
    source.connect(
      (bytes) => workstation.send(CONSOLE_LINE, bytes),
      () => {},
    );
  const shell: StartRequest = {
    line: FIRST_PANE_LINE,
    libraryOs: 'exos',
    program: 'sh',
    arguments: [],
    onStarted: (reply) => {
      if ('error' in reply) throw new InputError(`the shell did not start: ${reply.error}`);
      source.connect(
        (bytes) => workstation.send(FIRST_PANE_LINE, bytes),
        () => workstation.send(FIRST_PANE_LINE, END_OF_INPUT),
      );
    },
    onEnded: (end) => {
      if (end.kind === 'exit') run?.end({ reason: 'program-exit', status: end.status });
      else run?.end({ reason: 'program-killed', status: 137 });
    },
  };
  init.onReady = () => init.start(shell);
  workstation.onFirmwarePrompt = connectConsole;
  // A run that goes on from a snapshot may have come further than that.
  if (init.isReady) {
    if (!init.adopt(FIRST_PANE_LINE, shell)) init.start(shell);
  } else if (workstation.hasShownPrompt || !holdsOurSystem(workstation)) connectConsole();
}

/** What boots will have an init: no kernel of the user's, and library OSes on the disk. */
function holdsOurSystem({ kernel, rootDisk }: Workstation): boolean {
  return kernel === undefined && rootDisk !== undefined && listFolder(rootDisk, '/lib').length > 0;
}

export function printNotice(text: string): void {
  process.stderr.write(`exostation: ${text}\n`);
}
