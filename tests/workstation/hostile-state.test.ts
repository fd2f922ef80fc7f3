/**
 * A state from a file that has the right form may still hold any numbers. It is refused, or the machine runs on with it in its
 * own way; it never throws what is not about the state, and never hangs.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StateValue } from '../../src/machine/index.js';
import { FIXED_EPOCH_SECONDS, FIXED_SEED, InputError, Workstation } from '../../src/workstation/index.js';
import { restoreState } from '../../src/workstation/snapshot-file.js';
import { decodeState, encodeState } from '../../src/workstation/state-codec.js';

function workstation(): Workstation {
  return new Workstation({
    model: '5000/125',
    memoryMiB: 8,
    disks: [],
    append: [],
    seed: FIXED_SEED,
    epochSeconds: FIXED_EPOCH_SECONDS,
    notice: () => {},
  });
}

type Fields = Record<string, StateValue>;

/** Every number, boolean, text and array in a state: where it is and what it is called. */
function leaves(state: StateValue): { owner: Fields; name: string }[] {
  if (typeof state !== 'object' || state === null || ArrayBuffer.isView(state)) return [];
  return Object.entries(state).flatMap(([name, value]) => {
    const inner = leaves(value as StateValue);
    return inner.length > 0 || (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value))
      ? inner
      : [{ owner: state as Fields, name }];
  });
}

const NUMBERS = [
  0,
  1,
  -1,
  7,
  255,
  65_535,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 32,
  2 ** 52,
  -(2 ** 52),
  Infinity,
  0.5,
];

/** The value as someone with bad intentions would leave it. */
function spoilt(value: StateValue, pick: number, at: number): StateValue {
  const number = NUMBERS[pick % NUMBERS.length] as number;
  if (typeof value === 'number') return number;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string')
    return ['idle', 'receiving', 'sending', 'gap', 'init', 'error', ''][pick % 7] as string;
  if (value === null) return new Uint8Array(at % 3000).fill(pick);
  if (value instanceof Uint8Array || value instanceof Int32Array || value instanceof Float64Array) {
    const copy = value.length === 0 ? value : value.slice();
    if (copy.length > 0) copy[at % copy.length] = number === Infinity ? 0 : number;
    return copy;
  }
  return value;
}

const busy = workstation();
busy.run(9_600_000);
const states = [workstation(), busy].map((one) => encodeState(one.snapshot()));

it('refuses or survives a state with any of its numbers spoilt', () => {
  let refused = 0;
  fc.assert(
    fc.property(
      fc.nat({ max: 1 }),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 1000 }), fc.nat({ max: 1 << 20 })), {
        minLength: 1,
        maxLength: 4,
      }),
      (which, changes) => {
        const state = decodeState(states[which] as Uint8Array);
        const all = leaves(state);
        for (const [leaf, pick, at] of changes) {
          const { owner, name } = all[leaf % all.length] as { owner: Fields; name: string };
          owner[name] = spoilt(owner[name] as StateValue, pick, at);
        }
        const victim = workstation();
        try {
          restoreState(victim, state, 'snapshot x');
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          expect(error.message).toMatch(/^snapshot x: [^\n]+$/);
          refused++;
          return;
        }
        victim.run(victim.machine.cycle + 500_000);
      },
    ),
    { numRuns: 80, seed: 1 },
  );
  expect(refused).toBeGreaterThan(0);
});
