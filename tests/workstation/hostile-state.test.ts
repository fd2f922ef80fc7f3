/**
 * A state from a file that has the right form may still hold any numbers. It is refused, or the machine runs on with it in its
 * own way; it never throws what is not about the state, and never hangs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ModelName, StateValue } from '../../src/machine/index.js';
import {
  FIXED_EPOCH_SECONDS,
  FIXED_SEED,
  InputError,
  Recorder,
  Replay,
  readRecording,
  Workstation,
} from '../../src/workstation/index.js';
import { writeRecording } from '../../src/workstation/recording.js';
import { restoreState } from '../../src/workstation/snapshot-file.js';
import { decodeState, encodeState } from '../../src/workstation/state-codec.js';

function workstation(model: ModelName): Workstation {
  return new Workstation({
    model,
    memoryMiB: 8,
    disks: [],
    append: [],
    seed: FIXED_SEED,
    epochSeconds: FIXED_EPOCH_SECONDS,
    notice: () => {},
  });
}

const encodeText = (text: string): Uint8Array => new TextEncoder().encode(text);

type Fields = Record<string, StateValue>;

/** Every number, boolean, text and array in a state: where it is and what it is called. */
function leaves(state: StateValue): { owner: Fields; name: string }[] {
  if (typeof state !== 'object' || state === null || ArrayBuffer.isView(state)) return [];
  return Object.entries(state).flatMap(([name, value]) => {
    if (Array.isArray(value) && value.length === 0) return [{ owner: state as Fields, name }];
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
  if (Array.isArray(value)) return [[number], ['Shift'], [new Uint8Array(at % 3000)]][pick % 3] as StateValue;
  if (value === null) return new Uint8Array(at % 3000).fill(pick);
  if (value instanceof Uint8Array || value instanceof Int32Array || value instanceof Float64Array) {
    const copy = value.length === 0 ? value : value.slice();
    if (copy.length > 0) copy[at % copy.length] = number === Infinity ? 0 : number;
    return copy;
  }
  return value;
}

/** Machines at power-on and with the disk at work. */
const STATES = (['5000/125', '3100'] as const).flatMap((model) => {
  const busy = workstation(model);
  busy.run(9_600_000);
  return [workstation(model), busy].map((one) => ({ model, bytes: encodeState(one.snapshot()) }));
});

it('refuses or survives a state with any of its numbers spoilt', () => {
  let refused = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...STATES),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 1000 }), fc.nat({ max: 1 << 20 })), {
        minLength: 1,
        maxLength: 4,
      }),
      ({ model, bytes }, changes) => {
        const state = decodeState(bytes);
        const all = leaves(state);
        for (const [leaf, pick, at] of changes) {
          const { owner, name } = all[leaf % all.length] as { owner: Fields; name: string };
          owner[name] = spoilt(owner[name] as StateValue, pick, at);
        }
        const victim = workstation(model);
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

it('replays what never was typed, at any cycles, to an end or to a difference', () => {
  const folder = mkdtempSync(join(tmpdir(), 'exostation-hostile-'));
  const path = join(folder, 'recording');
  const live = workstation('5000/125');
  const recorder = new Recorder(live, path);
  live.run(1_500_000);
  recorder.finish();
  const recording = readRecording(path).read(live.maxStateBytes);
  const channels = ['console', 'network', 'keyboard', 'mouse', 'line0', 'line15'];
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 1600 }),
    fc
      .constantFrom('+a', '-a', '+', 'move 1e9 -1', 'button 99 1', '1 start 1 x y\n', 'x start')
      .map(encodeText),
  );
  const input = fc.record({
    cycle: fc.nat({ max: 1_499_000 }),
    channel: fc.constantFrom(...channels),
    bytes,
  });
  fc.assert(
    fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
      inputs.sort((a, b) => a.cycle - b.cycle);
      writeRecording(path, { ...recording, inputs, checkpoints: [] });
      const victim = workstation('5000/125');
      const replay = new Replay(readRecording(path), victim);
      while (replay.nextCycle !== Number.POSITIVE_INFINITY) {
        victim.run(replay.nextCycle);
        replay.reach();
      }
      expect(replay.isComplete || replay.difference !== undefined).toBe(true);
      expect(replay.difference ?? '').not.toContain('\n');
    }),
    { numRuns: 25, seed: 1 },
  );
  rmSync(folder, { recursive: true });
});
