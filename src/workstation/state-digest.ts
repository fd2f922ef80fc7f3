/**
 * What two runs are compared by: a hash of each part of the state, and one of all of them. Left out is what is no part of
 * the guest: the observers' accounts and the host's end of init's protocol.
 */

import { createHash } from 'node:crypto';
import type { StateValue } from '../machine/index.js';
import { encodeState } from './state-codec.js';
import type { WorkstationState } from './workstation.js';

/** SHA-256 in hexadecimal, by the part's name. */
export type StateDigests = Readonly<Record<string, string>>;

export function digestState({ machine, disks }: WorkstationState): StateDigests {
  const parts: [name: string, value: StateValue][] = [
    ['clock', machine.clock],
    ['cpu', machine.cpu],
    ...within('memory', machine.memory),
    ...within('board', machine.board),
    ...disks.map((disk, id): [string, StateValue] => [`what was written to disk ${id}`, disk]),
  ];
  return Object.fromEntries(parts.map(([name, value]) => [name, sha256(encodeState(value))]));
}

/** One hash for all of them. */
export function wholeDigest(digests: StateDigests): string {
  return sha256(new TextEncoder().encode(JSON.stringify(digests)));
}

function within(name: string, fields: Readonly<Record<string, StateValue>>): [string, StateValue][] {
  return Object.entries(fields).map(([field, value]) => [`${name}.${field}`, value]);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
