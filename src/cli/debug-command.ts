/**
 * `exostation debug --gdb [HOST:]PORT`: one machine as `run --headless` has it, held at the reset vector until a debugger
 * attaches and says what it does. Ends when the machine halts, or when the debugger kills it.
 */

import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { assetPath, InputError, type Workstation } from '../workstation/index.js';
import { type GdbAddress, GdbServer, parseGdbAddress } from './gdb-server.js';
import { printNotice, type RunFlags, runHeadless } from './run-command.js';
import { wireChoice } from './wire.js';

const AEGIS_ELF = 'build/guest/linked/aegis.elf';
const DEBUGGER = 'gdb-multiarch';

export interface DebugFlags extends RunFlags {
  readonly gdb?: string;
}

/** `given`: names of the flags that stand on the command line. */
export function debugCommand(flags: DebugFlags, given: readonly string[]): Promise<number> {
  if (flags.gdb === undefined) throw new InputError('debug: give --gdb [HOST:]PORT, such as --gdb 1234');
  if (wireChoice(flags).isShared)
    throw new InputError('--net: with a debugger one connection only, not a wire of several');
  if (flags.record !== undefined)
    throw new InputError('--record: a debugger may change what no recording has; leave it out');
  const address = parseGdbAddress(flags.gdb);
  return runHeadless(flags, given, async (workstation) => {
    const server = await GdbServer.open(address, workstation, printNotice);
    const place = flags.restore === undefined ? 'the reset vector' : `cycle ${workstation.cycle}`;
    printNotice(
      `held at ${place}; in another terminal: ${invitation(flags, workstation, address, server.port)}`,
    );
    return server;
  });
}

/** The command that attaches, with the symbols that fit. */
function invitation(flags: DebugFlags, workstation: Workstation, { host }: GdbAddress, port: number): string {
  const remote = /^(?:127\.|localhost$|0\.0\.0\.0$)/.test(host)
    ? ''
    : host.includes(':')
      ? `[${host}]`
      : host;
  const attach = `-ex 'target remote ${remote}:${port}'`;
  const aegis = assetPath(AEGIS_ELF);
  const ownSymbols = flags.disk === undefined && existsSync(aegis) ? relative('', aegis) : undefined;
  const symbols = workstation.kernel === undefined ? ownSymbols : flags.kernel?.[0];
  return [DEBUGGER, ...(symbols === undefined ? [] : [symbols]), attach].join(' ');
}
