/**
 * `exostation` without a command: the desktop, its machine in a worker thread. Without a terminal: the demonstration.
 */

import { InputError } from '../workstation/index.js';
import type { MachineFlags } from './machine-options.js';

export async function desktopCommand(flags: MachineFlags): Promise<number> {
  if (!process.stdout.isTTY || !process.stdin.isTTY) throw new InputError('demonstration: not yet');
  void flags;
  return 0;
}
