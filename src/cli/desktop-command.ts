/**
 * `exostation` without a command: the desktop, with its machine in a worker thread that boots while the desktop's code is
 * still being loaded. Without a terminal: the demonstration.
 */

import { existsSync } from 'node:fs';
import { explain } from '../observe/index.js';
import { checkChoice, dataFolderPath, InputError, startWorkstation } from '../workstation/index.js';
import { type MachineFlags, machineChoice, parseSpeed } from './machine-options.js';

const HEADLESS_ONLY = ['maxCycles', 'stats', 'expect'] as const;
const OPTION_NAMES = { maxCycles: '--max-cycles', stats: '--stats', expect: '--expect' } as const;

export async function desktopCommand(flags: MachineFlags): Promise<number> {
  if (!process.stdout.isTTY || !process.stdin.isTTY) {
    const { demonstrationCommand } = await import('./demonstration-command.js');
    return demonstrationCommand(flags);
  }
  const misplaced = HEADLESS_ONLY.find((name) => flags[name] !== undefined);
  if (misplaced !== undefined) {
    throw new InputError(
      `${OPTION_NAMES[misplaced]}: the desktop has no use for it; add it to 'exostation run --headless'`,
    );
  }
  const folderPath = dataFolderPath();
  const isFirstStart = !existsSync(folderPath);
  const choice = machineChoice(flags, false);
  checkChoice(choice);
  const port = startWorkstation({
    choice,
    speed: parseSpeed(flags.speed) ?? 1,
    folderPath: flags.ephemeral === true ? undefined : folderPath,
  });
  try {
    const { runDesktop } = await import('../ui/index.js');
    // A kernel of the user's own has no init that would start programs.
    const firstProgram = flags.kernel === undefined ? 'sh' : '';
    return await runDesktop({ port, isFirstStart, firstProgram, firstLibraryOs: 'exos', explain });
  } finally {
    await port.dispose();
  }
}
