/** Several parts of the machine as one: their states by name. A board saves its chips with it. */

import type { State, Stateful } from './state.js';

export type Parts = Readonly<Record<string, Stateful>>;

export function snapshotParts(parts: Parts): State {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.snapshot()]));
}

export function restoreParts(parts: Parts, state: State): void {
  for (const [name, part] of Object.entries(parts)) part.restore(state[name] as State);
}
