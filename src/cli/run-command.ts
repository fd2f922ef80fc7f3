/**
 * `exostation run`: one machine, or several on one wire. Headless the first one's console is stdin and stdout; when the
 * shipped system boots, a shell on the first terminal line joins it as soon as init serves. The run ends with status 0 when
 * all guests have halted.
 */

import { readFileSync } from 'node:fs';
import {
  CONSOLE_LINE,
  FIRST_PANE_LINE,
  fileError,
  InputError,
  Workstation,
  writeStats,
} from '../workstation/index.js';
import { Consoles } from './consoles.js';
import { HeadlessRun } from './headless.js';
import { attachWire } from './headless-wire.js';
import {
  type MachineFlags,
  machineChoice,
  parseExpect,
  parseMaxCycles,
  parseSpeed,
} from './machine-options.js';
import { openScreenshot } from './screenshot.js';
import { StandardInput } from './standard-input.js';
import { type WireFlags, wireChoice } from './wire.js';

const END_OF_TRANSMISSION = 4;
const STATUS_NOT_SHOWN = 1;

export interface RunFlags extends MachineFlags, WireFlags {
  readonly screenshot?: string;
  /** Files for the consoles of the second machine and those that follow, and files that are typed there. */
  readonly console?: readonly string[];
  readonly input?: readonly string[];
}

/** Where a console's input comes from: `receive` is given what there is and will be, `onEnd` is called after it. */
interface InputSource {
  connect(receive: (bytes: Uint8Array) => void, onEnd: () => void): void;
}

export async function runCommand(flags: RunFlags): Promise<number> {
  if (flags.headless !== true && process.stdout.isTTY && process.stdin.isTTY) {
    if (flags.screenshot !== undefined) throw new InputError('--screenshot: works with --headless only');
    const { desktopCommand } = await import('./desktop-command.js');
    return desktopCommand({ ...flags, ephemeral: true });
  }
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
  const choices = wire.machines.map((machine, index) => ({
    ...machineChoice(flags, true, index, count),
    ...machine,
  }));
  const expect = parseExpect(flags.expect);
  const options = {
    maxCycles: parseMaxCycles(flags.maxCycles),
    speed: parseSpeed(flags.speed) ?? wire.speed,
  };
  const takeScreenshot = openScreenshot(flags.screenshot);
  const inputs = (flags.input ?? []).map(readInput);
  const workstations = choices.map((choice, index) => {
    const prefix = count === 1 ? '' : `machine ${index + 1}: `;
    return new Workstation({ ...choice, notice: (text) => printNotice(prefix + text) });
  });
  const attached = await attachWire(workstations, wire, printNotice);
  const input = await StandardInput.open();
  const run = new HeadlessRun(attached.machine, options);
  const consoles = new Consoles(run, flags.console ?? [], expect);
  workstations.forEach((workstation, index) => {
    workstation.onOutput = (line, byte) => {
      if (line === CONSOLE_LINE || line === FIRST_PANE_LINE) consoles.take(index, byte);
    };
    const source = index === 0 ? input : (inputs[index - 1] ?? NO_INPUT);
    if (workstation.kernel === undefined && flags.disk === undefined) {
      startShell(workstation, source, index === 0 ? run : undefined);
    } else connectConsole(workstation, source);
  });
  let exit = await run.toEnd();
  if (expect !== undefined && exit.reason !== 'expected' && exit.status === 0) {
    exit = { ...exit, status: STATUS_NOT_SHOWN };
    printNotice(`the run ended without the console showing /${expect.source}/`);
  }
  if (flags.stats !== undefined) {
    const statistics = workstations.map(({ machine }) => machine.statistics());
    writeStats(flags.stats, statistics, run.wallSeconds, exit);
  }
  takeScreenshot?.((workstations[0] as Workstation).machine);
  input.dispose();
  await consoles.dispose();
  attached.dispose();
  for (const workstation of workstations) workstation.dispose();
  return exit.status;
}

const NO_INPUT: InputSource = { connect: () => {} };

function readInput(path: string): InputSource {
  try {
    const bytes = readFileSync(path);
    return {
      connect: (receive, onEnd) => {
        receive(bytes);
        onEnd();
      },
    };
  } catch (error) {
    throw fileError(error, 'input', path);
  }
}

function connectConsole(workstation: Workstation, source: InputSource): void {
  source.connect(
    (bytes) => workstation.send(CONSOLE_LINE, bytes),
    () => {},
  );
}

/** Once init serves: a shell on the first line, with `source` as its keyboard; `run`, when given, ends when the shell does. */
function startShell(workstation: Workstation, source: InputSource, run: HeadlessRun | undefined): void {
  // Nothing to boot: the keyboard goes to the firmware's prompt.
  workstation.onFirmwarePrompt = () => connectConsole(workstation, source);
  workstation.init.onReady = () => {
    workstation.init.start({
      line: FIRST_PANE_LINE,
      libraryOs: 'exos',
      program: 'sh',
      arguments: [],
      onStarted: (reply) => {
        if ('error' in reply) throw new InputError(`the shell did not start: ${reply.error}`);
        source.connect(
          (bytes) => workstation.send(FIRST_PANE_LINE, bytes),
          () => workstation.send(FIRST_PANE_LINE, Uint8Array.of(END_OF_TRANSMISSION)),
        );
      },
      onEnded: (end) => {
        if (end.kind === 'exit') run?.end({ reason: 'program-exit', status: end.status });
        else run?.end({ reason: 'program-killed', status: 137 });
      },
    });
  };
}

export function printNotice(text: string): void {
  process.stderr.write(`exostation: ${text}\n`);
}
