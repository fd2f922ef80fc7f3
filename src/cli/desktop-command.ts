/**
 * `exostation` without a command: the desktop, with its machine in a worker thread that boots while the desktop's code is
 * still being loaded. Without a terminal: the demonstration.
 */

import { existsSync } from 'node:fs';
import { explain } from '../observe/index.js';
import { checkChoice, dataFolderPath, InputError, startWorkstation } from '../workstation/index.js';
import { DesktopWire } from './desktop-wire.js';
import { type MachineFlags, machineChoice, parseSpeed, recordPaths } from './machine-options.js';
import { checkOutputs } from './output-files.js';
import { type WireFlags, wireChoice } from './wire.js';

const HEADLESS_ONLY = {
  maxCycles: '--max-cycles',
  stats: '--stats',
  expect: '--expect',
  console: '--console',
  input: '--input',
  machines: '--machines',
} as const;

export interface DesktopFlags extends MachineFlags, WireFlags {
  readonly console?: readonly string[];
  readonly input?: readonly string[];
}

export async function desktopCommand(flags: DesktopFlags): Promise<number> {
  if (!process.stdout.isTTY || !process.stdin.isTTY) {
    if (flags.net !== undefined || flags.mac !== undefined || flags.pcap !== undefined) {
      throw new InputError(
        "--net, --mac, --pcap: the demonstration has no wire; use 'exostation run --headless'",
      );
    }
    const { demonstrationCommand } = await import('./demonstration-command.js');
    return demonstrationCommand(flags);
  }
  for (const [name, option] of Object.entries(HEADLESS_ONLY)) {
    if (flags[name as keyof typeof HEADLESS_ONLY] === undefined) continue;
    throw new InputError(`${option}: the desktop has no use for it; add it to 'exostation run --headless'`);
  }
  const folderPath = dataFolderPath();
  const isFirstStart = !existsSync(folderPath);
  const recordPath = recordPaths(flags.record, 1)[0];
  const wireOptions = wireChoice(flags);
  const choice = { ...machineChoice(flags, false), ...wireOptions.machines[0] };
  checkChoice(choice);
  checkOutputs(
    [
      ['--record', recordPath],
      ['--pcap', flags.pcap],
    ],
    [['--kernel', choice.kernelPath], ...choice.disks.map(({ path }) => ['--disk', path] as const)],
  );
  const wire = await DesktopWire.open(wireOptions, choice.epochSeconds);
  const worker = startWorkstation({
    choice,
    speed: parseSpeed(flags.speed) ?? 1,
    folderPath: flags.ephemeral === true ? undefined : folderPath,
    areFramesWanted: wire.isWanted,
    recordPath,
  });
  const port = wire.attach(worker);
  try {
    const { runDesktop } = await import('../ui/index.js');
    // A kernel of the user's own has no init that would start programs.
    const firstProgram = flags.kernel === undefined ? 'sh' : '';
    return await runDesktop({ port, isFirstStart, firstProgram, firstLibraryOs: 'exos', explain });
  } finally {
    await port.dispose();
    wire.dispose();
  }
}
