/**
 * `exostation run`: one machine. Headless its console is stdin and stdout; when the shipped system boots, a shell on the
 * first terminal line joins it as soon as init serves. The guest's halt ends the run with status 0.
 */

import { CONSOLE_LINE, FIRST_PANE_LINE, InputError, Workstation, writeStats } from '../workstation/index.js';
import { HeadlessRun } from './headless.js';
import {
  type MachineFlags,
  machineChoice,
  parseExpect,
  parseMaxCycles,
  parseSpeed,
} from './machine-options.js';
import { openScreenshot } from './screenshot.js';
import { StandardInput } from './standard-input.js';
import { attachWire, refuseWire, type WireFlags, wireChoice } from './wire.js';

const EXPECT_TAIL_CHARACTERS = 8192;
const END_OF_TRANSMISSION = 4;
const STATUS_NOT_SHOWN = 1;

export interface RunFlags extends MachineFlags, WireFlags {
  readonly screenshot?: string;
}

export async function runCommand(flags: RunFlags): Promise<number> {
  if (flags.headless !== true && process.stdout.isTTY && process.stdin.isTTY) {
    refuseWire(flags);
    if (flags.screenshot !== undefined) throw new InputError('--screenshot: works with --headless only');
    const { desktopCommand } = await import('./desktop-command.js');
    return desktopCommand({ ...flags, ephemeral: true });
  }
  const wire = wireChoice(flags);
  const choice = { ...machineChoice(flags, true), ...wire.machine };
  const expect = parseExpect(flags.expect);
  const options = {
    maxCycles: parseMaxCycles(flags.maxCycles),
    speed: parseSpeed(flags.speed) ?? wire.speed,
  };
  const takeScreenshot = openScreenshot(flags.screenshot);
  const workstation = new Workstation({ ...choice, notice: printNotice });
  const endWire = await attachWire(workstation, wire, printNotice);
  const input = await StandardInput.open();
  const run = new HeadlessRun(workstation, options);
  const hasOwnSystem = flags.kernel === undefined && flags.disk === undefined;
  if (hasOwnSystem) startShell(run, input);
  else
    input.connect(
      (bytes) => workstation.send(CONSOLE_LINE, bytes),
      () => {},
    );

  let tail = '';
  workstation.onOutput = (line, byte) => {
    if (line !== CONSOLE_LINE && line !== FIRST_PANE_LINE) return;
    run.print(byte);
    if (expect === undefined) return;
    tail = (tail + String.fromCharCode(byte)).slice(-EXPECT_TAIL_CHARACTERS);
    if (expect.test(tail)) run.end({ reason: 'expected', status: 0 });
  };
  let exit = await run.toEnd();
  if (expect !== undefined && exit.reason !== 'expected' && exit.status === 0) {
    exit = { ...exit, status: STATUS_NOT_SHOWN };
    printNotice(`the run ended without the console showing /${expect.source}/`);
  }
  if (flags.stats !== undefined) {
    writeStats(flags.stats, workstation.machine.statistics(), run.wallSeconds, exit);
  }
  takeScreenshot?.(workstation.machine);
  input.dispose();
  endWire();
  workstation.dispose();
  return exit.status;
}

/** Once init serves: a shell on the first line, with stdin as its keyboard; the run ends when the shell does. */
function startShell(run: HeadlessRun, input: StandardInput): void {
  const { workstation } = run;
  // Nothing to boot: the keyboard goes to the firmware's prompt.
  workstation.onFirmwarePrompt = () =>
    input.connect(
      (bytes) => workstation.send(CONSOLE_LINE, bytes),
      () => {},
    );
  workstation.init.onReady = () => {
    workstation.init.start({
      line: FIRST_PANE_LINE,
      libraryOs: 'exos',
      program: 'sh',
      arguments: [],
      onStarted: (reply) => {
        if ('error' in reply) throw new InputError(`the shell did not start: ${reply.error}`);
        input.connect(
          (bytes) => workstation.send(FIRST_PANE_LINE, bytes),
          () => workstation.send(FIRST_PANE_LINE, Uint8Array.of(END_OF_TRANSMISSION)),
        );
      },
      onEnded: (end) => {
        if (end.kind === 'exit') run.end({ reason: 'program-exit', status: end.status });
        else run.end({ reason: 'program-killed', status: 137 });
      },
    });
  };
}

export function printNotice(text: string): void {
  process.stderr.write(`exostation: ${text}\n`);
}
