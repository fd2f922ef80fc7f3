/**
 * Where the process begins and ends: runs the command line, turns what it throws into one clear line, flushes the output
 * and exits with the status. The only place that ends the process on purpose.
 */

import { InputError } from '../workstation/index.js';
import { runCommandLine } from './program.js';
import { outputLossStatus, watchOutput } from './standard-output.js';

export const STATUS_BAD_INPUT = 2;
const STATUS_HOST_BUG = 70;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
const CONTROL_CHARACTERS = /[\x00-\x1f\x7f]+/g;

export async function start(argv: readonly string[]): Promise<void> {
  watchOutput();
  const status = await statusOf(argv);
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  await new Promise<void>((resolve) => process.stderr.write('', () => resolve()));
  process.exit(outputLossStatus() ?? status);
}

async function statusOf(argv: readonly string[]): Promise<number> {
  try {
    return await runCommandLine(argv);
  } catch (error) {
    if (error instanceof InputError) {
      // Names that the user gave are in it, whatever they hold.
      process.stderr.write(`exostation: ${error.message.replace(CONTROL_CHARACTERS, ' ')}\n`);
      return STATUS_BAD_INPUT;
    }
    const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`exostation: this is a bug in exostation, please report it:\n${details}\n`);
    return STATUS_HOST_BUG;
  }
}
