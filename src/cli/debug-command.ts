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
  const { gdb } = flags;
  parseGdbAddress(gdb);
  return runHeadless(flags, given, (workstation) => {
    const isShipped = workstation.kernel === undefined && flags.disk === undefined;
    return openDebugger(gdb, workstation, isShipped ? assetPath(AEGIS_ELF) : (flags.kernel?.[0] ?? ''));
  });
}

/**
 * Opens the port, and says how to attach, with symbols from that file when there is one; `only`: the program whose user
 * addresses they are. Throws InputError.
 */
export async function openDebugger(
  text: string,
  workstation: Workstation,
  symbols: string,
  only?: string,
): Promise<GdbServer> {
  const address = parseGdbAddress(text);
  const server = await GdbServer.open(address, workstation, printNotice);
  const place = workstation.cycle === 0 ? 'the reset vector' : `cycle ${workstation.cycle}`;
  const command = [DEBUGGER, ...(existsSync(symbols) ? [shown(symbols)] : []), attach(address, server.port)];
  if (only !== undefined) command.push(`-ex 'monitor only ${only}'`);
  printNotice(`held at ${place}; in another terminal: ${command.join(' ')}`);
  return server;
}

/** As short as it can be typed here. */
function shown(path: string): string {
  const near = relative('', path);
  return near.startsWith('..') ? path : near;
}

function attach({ host }: GdbAddress, port: number): string {
  const isHere = /^(?:127\.|localhost$|0\.0\.0\.0$)/.test(host);
  return `-ex 'target remote ${isHere ? '' : host.includes(':') ? `[${host}]` : host}:${port}'`;
}
