/** The file format: what goes in comes out, and what is cut, mangled or made up gives one line. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { StateValue } from '../../src/machine/index.js';
import {
  choiceOf,
  FIXED_EPOCH_SECONDS,
  FIXED_SEED,
  InputError,
  Recorder,
  Replay,
  readRecording,
  readSnapshot,
  Workstation,
  writeSnapshot,
} from '../../src/workstation/index.js';
import { readSealedFile, writeSealedFile } from '../../src/workstation/sealed-file.js';
import { decodeState, encodeState } from '../../src/workstation/state-codec.js';

const folder = mkdtempSync(join(tmpdir(), 'exostation-sealed-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'file');

const arrays = fc.oneof(
  fc.uint8Array({ maxLength: 70_000, size: 'max' }),
  fc.int32Array({ maxLength: 40 }),
  fc.float64Array({ maxLength: 40, noNaN: true }),
);
const { state } = fc.letrec<{ state: StateValue }>((tie) => ({
  state: fc.oneof(
    { maxDepth: 5 },
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.string(),
    fc.constant(null),
    arrays,
    fc.array(tie('state'), { maxLength: 6 }),
    fc.dictionary(fc.string(), tie('state'), { maxKeys: 6 }),
  ) as fc.Arbitrary<StateValue>,
}));

describe('a state as bytes', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(state, (value) => {
        expect(decodeState(encodeState(value))).toEqual(value);
      }),
    );
  });

  it('throws RangeError and nothing else when it is cut or changed', () => {
    fc.assert(
      fc.property(state, fc.nat(), fc.nat({ max: 255 }), fc.boolean(), (value, at, byte, isCut) => {
        const bytes = encodeState(value).slice();
        const spoilt = isCut ? bytes.subarray(0, at % bytes.length) : bytes.with(at % bytes.length, byte);
        try {
          decodeState(spoilt);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

describe('a file', () => {
  const workstation = new Workstation({
    model: '5000/125',
    memoryMiB: 8,
    disks: [],
    append: [],
    seed: FIXED_SEED,
    epochSeconds: FIXED_EPOCH_SECONDS,
    notice: () => {},
  });
  const recorder = new Recorder(workstation, join(folder, 'recording'));
  workstation.run(2_000_000);
  workstation.send(1, Uint8Array.of(65));
  workstation.run(2_100_000);
  writeSnapshot(join(folder, 'snapshot'), workstation);
  recorder.finish();

  /** What the command line would do with the file. */
  function use(kind: 'snapshot' | 'recording', bytes: Uint8Array): void {
    writeFileSync(path, bytes);
    const file = kind === 'snapshot' ? readSnapshot(path) : readRecording(path);
    const machine = new Workstation({ ...choiceOf(file.identity), notice: () => {} });
    if ('restore' in file) file.restore(machine);
    else {
      const replay = new Replay(file, machine);
      machine.run(Math.min(replay.nextCycle, 100_000));
    }
    machine.dispose();
  }

  function expectRefused(kind: 'snapshot' | 'recording', bytes: Uint8Array): void {
    try {
      use(kind, bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toMatch(/^[^\n]+$/);
      return;
    }
    throw new Error('it was taken');
  }

  /** The same file with other contents and a hash that is right. */
  function sealed(kind: string, header: unknown, body: Uint8Array): Uint8Array {
    const content = Buffer.concat([Buffer.from(`exostation ${kind} 1\n${JSON.stringify(header)}\n`), body]);
    return Buffer.concat([content, createHash('sha256').update(content).digest()]);
  }

  for (const kind of ['snapshot', 'recording'] as const) {
    const whole = new Uint8Array(readFileSync(join(folder, kind)));
    const { header } = readSealedFile(kind, join(folder, kind)) as { header: Record<string, unknown> };
    const body = readSealedFile(kind, join(folder, kind)).unpack(1 << 28);

    it(`that is a ${kind} is taken`, () => {
      expect(() => use(kind, whole)).not.toThrow();
      expect(() => use(kind, sealed(kind, header, deflateSync(encodeState(body))))).not.toThrow();
    });

    it(`that was a ${kind} and is cut or changed anywhere is refused`, () => {
      fc.assert(
        fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, change, isCut) => {
          const place = at % whole.length;
          expectRefused(
            kind,
            isCut ? whole.subarray(0, place) : whole.with(place, (whole[place] as number) ^ change),
          );
        }),
        { numRuns: 60 },
      );
    });

    it(`made up as a ${kind}, with a right hash, is refused whatever is in its header`, () => {
      const run = header.run as Record<string, unknown>;
      const anything = fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        fc.constantFrom(-1, 1e300, '', [], {}, null, 'a\0b'),
      );
      fc.assert(
        fc.property(fc.constantFrom(...Object.keys(run)), anything, (name, value) => {
          fc.pre(JSON.stringify(value) !== JSON.stringify(run[name]));
          expectRefused(
            kind,
            sealed(kind, { ...header, run: { ...run, [name]: value } }, deflateSync(encodeState(body))),
          );
        }),
        { numRuns: 60 },
      );
      expectRefused(kind, sealed(kind, null, deflateSync(encodeState(body))));
      expectRefused(
        kind,
        sealed(kind, { ...header, cycle: 5, startCycle: 5, endCycle: 4 }, deflateSync(encodeState(body))),
      );
    });

    it(`made up as a ${kind}, with a right hash, is refused whatever state it holds`, () => {
      fc.assert(
        fc.property(state, (value) => {
          expectRefused(kind, sealed(kind, header, deflateSync(encodeState(value))));
        }),
        { numRuns: 40 },
      );
      expectRefused(kind, sealed(kind, header, new Uint8Array(100)));
    });
  }

  it('that unpacks to more than a state can be is refused before it does', () => {
    const { header } = readSealedFile('snapshot', join(folder, 'snapshot'));
    const zeros = encodeState({ a: new Uint8Array(200 << 20) });
    expectRefused('snapshot', sealed('snapshot', header, deflateSync(zeros, { level: 1 })));
  });

  it('of one kind is not taken for the other, nor one of another version', () => {
    writeSealedFile('snapshot', path, {}, {});
    expect(() => readRecording(path)).toThrow(`recording ${path}: is a snapshot; use 'run --restore'`);
    writeFileSync(path, 'exostation snapshot 99\n{}\n');
    expect(() => readSnapshot(path)).toThrow(
      /format 99, this exostation reads 1; use the version that wrote it/,
    );
    writeFileSync(path, '');
    expect(() => readSnapshot(path)).toThrow('the file is empty');
  });
});
