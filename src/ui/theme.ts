/**
 * Colours by meaning. Library OSes and kinds of events use the terminal's own 16 colours; environments, of which there
 * are more, use a palette. Each also has a name or a letter beside it: nothing here is said by colour alone.
 */

import type { EventKind } from '../observe/index.js';

/** Slots that are no environments, as in observe's page owners. */
export const FREE_SLOT = -1;
export const KERNEL_SLOT = -2;

const LIBRARY_OS_COLOURS: Readonly<Record<string, string>> = {
  exos: 'green',
  'exos-ipt': 'cyan',
  static: 'yellow',
  Aegis: 'magenta',
  PROM: 'blue',
};
const OTHER_COLOURS = ['yellow', 'blue', 'magenta', 'redBright', 'cyanBright', 'greenBright'] as const;

/** undefined is the terminal's own foreground, readable on any background. */
export function libraryOsColour(name: string): string | undefined {
  if (name === '') return undefined;
  const known = LIBRARY_OS_COLOURS[name];
  if (known !== undefined) return known;
  let sum = 0;
  for (let index = 0; index < name.length; index++) sum += name.charCodeAt(index);
  return OTHER_COLOURS[sum % OTHER_COLOURS.length] ?? 'yellow';
}

const SLOT_COLOURS = [
  'ansi256(246)',
  'ansi256(42)',
  'ansi256(39)',
  'ansi256(214)',
  'ansi256(171)',
  'ansi256(203)',
  'ansi256(228)',
  'ansi256(80)',
  'ansi256(147)',
  'ansi256(112)',
  'ansi256(209)',
  'ansi256(218)',
  'ansi256(33)',
  'ansi256(178)',
  'ansi256(99)',
  'ansi256(36)',
] as const;

export function slotColour(slot: number): string {
  if (slot === KERNEL_SLOT) return 'magenta';
  if (slot < 0) return 'gray';
  return SLOT_COLOURS[slot % SLOT_COLOURS.length] ?? 'gray';
}

/** One character per owner: 0-9, a-v for slots, K for the kernel, a dot for nobody. */
export function slotLetter(slot: number): string {
  if (slot === KERNEL_SLOT) return 'K';
  return slot < 0 ? '·' : slot.toString(36);
}

const EVENT_COLOURS: Readonly<Record<EventKind, string>> = {
  'environment-created': 'green',
  'environment-stopped': 'cyan',
  'environment-destroyed': 'yellow',
  'revocation-asked': 'cyan',
  'revocation-answered': 'green',
  'revocation-refused': 'yellow',
  'revocation-told': 'yellow',
  'emergency-raised': 'red',
  repossessed: 'red',
  'call-refused': 'yellow',
  'asid-revoked': 'cyan',
  'slice-overrun': 'yellow',
  'slice-forfeited': 'red',
  'filter-installed': 'green',
  'filter-refused': 'yellow',
  'filter-removed': 'cyan',
  'packet-dropped': 'yellow',
  'handler-downloaded': 'green',
  'handler-refused': 'yellow',
  'handler-aborted': 'red',
  fault: 'red',
  'kernel-panic': 'red',
  halt: 'magenta',
};

export function eventColour(kind: EventKind): string {
  return EVENT_COLOURS[kind];
}
