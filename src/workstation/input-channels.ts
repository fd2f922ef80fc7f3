/**
 * The ways by which something from outside gets into a running machine, by the names that recordings know them by. A
 * device with input of its own adds an entry here and nothing else: `Workstation.enter` records and delivers by name.
 */

import type { Machine } from '../machine/index.js';
import { deliverKeyStroke, deliverMouse } from './human-input.js';
import { CONSOLE_LINE } from './messages.js';

/** How bytes that entered on a channel reach the machine. Names are in files: add, never rename. */
const DELIVER: Readonly<Record<string, (machine: Machine, bytes: Uint8Array) => void>> = {
  console: (machine, bytes) => machine.console.send(bytes),
  /** One frame, from 14 to 1514 bytes. */
  network: (machine, bytes) => {
    if (bytes.length >= 14 && bytes.length <= 1514) machine.network.send(bytes);
  },
  /** The workstation's own: one line of text each (`human-input.ts`). */
  keyboard: deliverKeyStroke,
  mouse: deliverMouse,
  ...Object.fromEntries(
    Array.from({ length: CONSOLE_LINE }, (_, line) => [
      `line${line}`,
      (machine: Machine, bytes: Uint8Array) => machine.lines[line]?.send(bytes),
    ]),
  ),
};

export function isInputChannel(name: string): boolean {
  return Object.hasOwn(DELIVER, name);
}

/** Lines 0..15 are the multiplexer's, 16 is the console. */
export function lineChannel(line: number): string {
  return line === CONSOLE_LINE ? 'console' : `line${line}`;
}

export function deliver(machine: Machine, channel: string, bytes: Uint8Array): void {
  DELIVER[channel]?.(machine, bytes);
}
