/**
 * Where the process begins and ends: runs the command line, turns what it throws into one clear line, flushes the output
 * and exits with the status. The only place that ends the process on purpose.
 */

import { InputError } from '../workstation/index.js';
import { runCommandLine } from './program.js';

export const STATUS_BAD_INPUT = 2;
const STATUS_HOST_BUG = 70;
const STATUS_BROKEN_PIPE = 141;
const STATUS_HANGUP = 129;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
const CONTROL_CHARACTERS = /[\x00-\x1f\x7f]+/g;

export async function start(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(STATUS_BROKEN_PIPE);
    // The terminal is gone.
    if (error.code === 'EIO') process.exit(STATUS_HANGUP);
    throw error;
  });
  const status = await statusOf(argv);
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  await new Promise<void>((resolve) => process.stderr.write('', () => resolve()));
  process.exit(status);
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
