/**
 * `exostation replay FILE`: the recorded run again, without terminal and network, at full speed. What its console and first
 * terminal line say goes to standard output. Status 0 only when it ends at the same cycle in the same state.
 */

import {
  CONSOLE_LINE,
  choiceOf,
  FIRST_PANE_LINE,
  InputError,
  type Places,
  Replay,
  type RunIdentity,
  readRecording,
  Workstation,
  writeStats,
} from '../workstation/index.js';
import { HeadlessRun } from './headless.js';
import { parseMaxCycles } from './machine-options.js';
import { checkOutputs } from './output-files.js';
import { printNotice } from './run-command.js';
import { openScreenshot } from './screenshot.js';
import { parseSnapshotPoints, SnapshotPoints } from './snapshot-points.js';

const STATUS_DIVERGED = 1;

export interface ReplayFlags {
  readonly stats?: string;
  readonly screenshot?: string;
  readonly maxCycles?: string;
  readonly snapshotAt?: readonly string[];
  readonly disk?: readonly string[];
  readonly kernel?: readonly string[];
}

export async function replayCommand(path: string, flags: ReplayFlags): Promise<number> {
  const maxCycles = parseMaxCycles(flags.maxCycles);
  const points = parseSnapshotPoints(flags.snapshotAt ?? []);
  checkOutputs(
    [
      ['--stats', flags.stats],
      ['--screenshot', flags.screenshot],
      ...points.map(({ path: file }) => ['--snapshot-at', file] as const),
    ],
    [['the recording', path]],
  );
  const takeScreenshot = openScreenshot(flags.screenshot);
  const file = readRecording(path);
  const places = placesOf(flags, file.identity, file.name);
  const workstation = new Workstation({ ...choiceOf(file.identity, places), notice: printNotice });
  const replay = new Replay(file, workstation);
  const snapshots = new SnapshotPoints(workstation, points);
  const run = new HeadlessRun(workstation, {
    maxCycles,
    speed: 'max',
    milestones: [
      snapshots,
      {
        get nextCycle() {
          return replay.nextCycle;
        },
        reach() {
          replay.reach();
          if (replay.isComplete) run.end({ reason: 'replayed', status: 0 });
          if (replay.difference !== undefined) run.end({ reason: 'diverged', status: STATUS_DIVERGED });
        },
      },
    ],
  });
  workstation.onOutput = (line, byte) => {
    if (line === CONSOLE_LINE || line === FIRST_PANE_LINE) run.print(byte);
  };
  let exit = await run.toEnd();
  if (exit.reason === 'halt') {
    replay.stopShort();
    exit = { reason: 'diverged', status: STATUS_DIVERGED };
  }
  const { cycle } = workstation.machine;
  if (replay.difference !== undefined) printNotice(`${path}: not the same run: ${replay.difference}`);
  else if (replay.isComplete)
    printNotice(`${path}: the same run, to cycle ${cycle}: the same state at its end`);
  else printNotice(`${path}: left at cycle ${cycle}; the recording goes on to ${replay.endCycle}`);
  snapshots.finish(printNotice);
  takeScreenshot?.(workstation.machine);
  if (flags.stats !== undefined) {
    writeStats(flags.stats, [workstation.machine.statistics()], run.wallSeconds, exit);
  }
  workstation.dispose();
  return exit.status;
}

/** `--disk` and `--kernel` of a run that comes from a file say where things are now, not what they are. */
export function placesOf(
  flags: { readonly disk?: readonly string[]; readonly kernel?: readonly string[] },
  identity: RunIdentity,
  name: string,
): Places {
  const { disk, kernel } = flags;
  if ((kernel?.length ?? 0) > 1) throw new InputError('--kernel: given more than once for one machine');
  if (disk !== undefined && disk.length !== identity.disks.length) {
    throw new InputError(`--disk: ${name} has ${identity.disks.length} of them; name as many, or none`);
  }
  if (disk?.some((one) => one.endsWith(',rw')) === true) {
    throw new InputError(`--disk: ${name} goes on with what had been written then; leave out ,rw`);
  }
  if (kernel !== undefined && identity.kernel === undefined) {
    throw new InputError(`--kernel: ${name} booted from its disk; leave it out`);
  }
  return {
    ...(disk === undefined ? {} : { disks: disk }),
    ...(kernel?.[0] === undefined ? {} : { kernelPath: kernel[0] }),
  };
}
