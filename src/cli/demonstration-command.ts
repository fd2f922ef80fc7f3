/**
 * The demonstration, shown where there is no terminal for the desktop: boots headless, starts programs on both library
 * OSes and two that misbehave, revokes pages, prints what the lines say, and at the end who owned what and what happened.
 * Steps follow the guest's own cycles and replies, so that every run is the same.
 */

import { type EventView, type LedgerView, Observer } from '../observe/index.js';
import { CONSOLE_LINE, InputError, Recorder, Workstation } from '../workstation/index.js';
import { DemonstrationScript } from './demonstration-script.js';
import { costTable, eventTable, grouped, ownershipTable } from './demonstration-tables.js';
import { PROMPT_CYCLES } from './exec-command.js';
import { HeadlessRun } from './headless.js';
import { LineText } from './line-text.js';
import {
  type MachineFlags,
  machineChoice,
  parseMaxCycles,
  parseSpeed,
  recordPaths,
} from './machine-options.js';
import { printNotice } from './run-command.js';

/** A machine that has not finished by then never will: two minutes of its time. */
const GIVE_UP_CYCLES = 3_000_000_000;
const SAMPLE_CYCLES = 2_500_000;
const STATUS_FAILED = 1;

export async function demonstrationCommand(flags: MachineFlags): Promise<number> {
  if (flags.kernel !== undefined || flags.expect !== undefined || flags.stats !== undefined) {
    throw new InputError(
      "without a terminal this is the demonstration; for --kernel, --expect, --stats use 'exostation run --headless'",
    );
  }
  const workstation = new Workstation({ ...machineChoice(flags, true), notice: printNotice });
  const recordPath = recordPaths(flags.record, 1)[0];
  const recorder = recordPath === undefined ? undefined : new Recorder(workstation, recordPath);
  const { machine } = workstation;
  const observer = new Observer(machine, workstation.symbols);
  const run = new HeadlessRun(workstation, {
    maxCycles: Math.min(parseMaxCycles(flags.maxCycles), GIVE_UP_CYCLES),
    speed: parseSpeed(flags.speed) ?? 'max',
  });
  const print = (text: string): void => run.printText(`${text}\n`);
  const text = new LineText((line, said) => {
    print(`${lineName(line)} | ${said}`);
    script.onLine(line);
  });
  workstation.onOutput = (line, byte) => text.take(line, byte);
  const events: EventView[] = [];
  // Each event is followed by a sample, so that ownership is checked right where it changes hands.
  observer.onEvent = (event) => {
    events.push(event);
    nextSample = 0;
    machine.stop();
  };
  workstation.onFirmwarePrompt = () =>
    run.endLater(PROMPT_CYCLES, { reason: 'no-boot', status: STATUS_FAILED });
  const script = new DemonstrationScript(workstation, print, (isComplete) =>
    run.end({ reason: 'program-exit', status: isComplete ? 0 : STATUS_FAILED }),
  );

  // The last sample in which everybody was still there: the table at the end is about them.
  let fullest: LedgerView | undefined;
  let samples = 0;
  const problems = new Set<string>();
  let nextSample = SAMPLE_CYCLES;
  run.onSlice = () => {
    if (machine.cycle < nextSample || workstation.isHalted) return;
    nextSample = machine.cycle + SAMPLE_CYCLES;
    observer.becomeQuiet((cycle) => workstation.run(cycle));
    const ledger = observer.ledger();
    if (ledger === undefined) return;
    samples++;
    for (const problem of ledger.ownership.problems) problems.add(`${problem.check}: ${problem.text}`);
    if (fullest === undefined || ledger.environments.length >= fullest.environments.length) fullest = ledger;
  };
  const exit = await run.toEnd();
  text.flush();
  observer.becomeQuiet((cycle) => workstation.run(cycle));
  const last = observer.ledger() ?? fullest;
  if (fullest !== undefined && fullest !== last) {
    print(`\nWho owned what at cycle ${grouped(fullest.cycle)}, when most were there:`);
    print(ownershipTable(fullest));
  }
  if (last !== undefined) {
    print(`\nWho owns what at the end, cycle ${grouped(last.cycle)}:`);
    print(ownershipTable(last));
  }
  print('\nWhat each cost, in cycles:');
  print(
    costTable(script.ended.map((one) => ({ ...one, account: observer.finalAccount(one.environmentId) }))),
  );
  print(`\nEvents:\n${eventTable(events, machine.hertz)}`);
  print(ownershipSummary(samples, [...problems]));
  await run.flush();
  recorder?.finish();
  workstation.dispose();
  if (exit.reason !== 'program-exit') {
    printNotice(`the demonstration did not finish: ${exit.reason} at cycle ${machine.cycle}`);
    return exit.status === 0 ? STATUS_FAILED : exit.status;
  }
  return problems.size === 0 || flags.check !== true ? exit.status : STATUS_FAILED;
}

function ownershipSummary(samples: number, problems: readonly string[]): string {
  if (samples === 0) return '\nOwnership was not checked: Aegis did not run.';
  const checked = `Ownership checked three ways (owners and free list; TLB and STLB; DMA) at ${samples} samples`;
  if (problems.length === 0) return `\n${checked}: all agree.`;
  return `\n${checked}: ${problems.length} disagreements:\n  ${problems.slice(0, 20).join('\n  ')}`;
}

function lineName(line: number): string {
  return line === CONSOLE_LINE ? 'console' : `line ${line}`.padEnd(7);
}
