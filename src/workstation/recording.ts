/**
 * A recording: where a run began, everything that entered it from outside and at which cycle, where it ended and in which
 * state; and every second or so how it stood, so that a replay which goes astray can say since when. The header says
 * which run it is of; a run that began from a snapshot carries that state along.
 */

import type { StateValue } from '../machine/index.js';
import type { DiskChanges } from './disk-file.js';
import { isInputChannel } from './input-channels.js';
import { InputError } from './input-error.js';
import { isRecord, parseIdentity, type RunIdentity } from './run-identity.js';
import { readSealedFile, writeSealedFile } from './sealed-file.js';
import { type StateDigests, wholeDigest } from './state-digest.js';

export interface InputRecord {
  readonly cycle: number;
  readonly channel: string;
  readonly bytes: Uint8Array;
}

/** How a run stood at some cycle. */
export interface Checkpoint {
  readonly cycle: number;
  /** Instructions attempted, and the address of the next. */
  readonly instructions: number;
  readonly pc: number;
  /** Hash of registers, TLB and counts. */
  readonly digest: string;
}

export interface Recording {
  readonly identity: RunIdentity;
  readonly startCycle: number;
  readonly endCycle: number;
  /** State at the start, when that was not power-on. */
  readonly startState: StateValue;
  /** What had been written to the disks before. */
  readonly startDisks: readonly DiskChanges[];
  readonly inputs: readonly InputRecord[];
  readonly checkpoints: readonly Checkpoint[];
  readonly end: StateDigests;
}

/** A recording as read from a file, before its run has been built. */
export interface RecordingFile {
  /** `recording PATH`, for errors. */
  readonly name: string;
  readonly identity: RunIdentity;
  /** Throws InputError. `maxStateBytes` is that of a workstation built for the identity. */
  read(maxStateBytes: number): Recording;
}

/** What inputs may amount to, beside the state at the start. */
const MAX_INPUT_BYTES = 512 << 20;

export function writeRecording(path: string, recording: Recording): void {
  const { identity, startCycle, endCycle, startState, startDisks, inputs, checkpoints, end } = recording;
  const channels = [...new Set(inputs.map(({ channel }) => channel))];
  const bytes = new Uint8Array(inputs.reduce((sum, input) => sum + input.bytes.length, 0));
  let at = 0;
  for (const input of inputs) {
    bytes.set(input.bytes, at);
    at += input.bytes.length;
  }
  const state = wholeDigest(end);
  writeSealedFile(
    'recording',
    path,
    { startCycle, endCycle, inputs: inputs.length, state, run: identity },
    {
      startState,
      startDisks,
      inputs: {
        channels,
        cycles: Float64Array.from(inputs, ({ cycle }) => cycle),
        channelNumbers: Int32Array.from(inputs, ({ channel }) => channels.indexOf(channel)),
        lengths: Int32Array.from(inputs, (input) => input.bytes.length),
        bytes,
      },
      checkpoints: {
        cycles: Float64Array.from(checkpoints, ({ cycle }) => cycle),
        instructions: Float64Array.from(checkpoints, ({ instructions }) => instructions),
        pcs: Float64Array.from(checkpoints, ({ pc }) => pc),
        digests: checkpoints.map(({ digest }) => digest),
      },
      end,
    },
  );
}

export function readRecording(path: string): RecordingFile {
  const file = readSealedFile('recording', path);
  const name = `recording ${path}`;
  const { header } = file;
  if (!isRecord(header)) throw new InputError(`${name}: its header names no run; make it again`);
  const { startCycle, endCycle } = header;
  const isInOrder =
    Number.isSafeInteger(startCycle) &&
    Number.isSafeInteger(endCycle) &&
    (startCycle as number) >= 0 &&
    (endCycle as number) >= (startCycle as number);
  if (!isInOrder) throw new InputError(`${name}: its header names no cycles; make it again`);
  const identity = parseIdentity(header.run, name);
  return {
    name,
    identity,
    read(maxStateBytes) {
      const body = file.unpack(maxStateBytes + MAX_INPUT_BYTES);
      const cycles = { startCycle: startCycle as number, endCycle: endCycle as number };
      return { identity, ...cycles, ...parseBody(body, cycles, name) };
    },
  };
}

type Body = Omit<Recording, 'identity' | 'startCycle' | 'endCycle'>;
type Span = Pick<Recording, 'startCycle' | 'endCycle'>;

function parseBody(body: StateValue, span: Span, name: string): Body {
  const wrong = (what: string): InputError => new InputError(`${name}: its ${what} are wrong; make it again`);
  if (!isRecord(body)) throw wrong('contents');
  const { startState, startDisks, inputs, checkpoints, end } = body;
  if (!Array.isArray(startDisks) || !startDisks.every(isDiskChanges)) throw wrong('disks');
  if (!isRecord(end) || !Object.values(end).every((hash) => typeof hash === 'string')) throw wrong('hashes');
  return {
    startState: (startState ?? null) as StateValue,
    startDisks,
    inputs: parseInputs(inputs, span, wrong),
    checkpoints: parseCheckpoints(checkpoints, span, wrong),
    end: end as StateDigests,
  };
}

function isDiskChanges(value: unknown): value is DiskChanges {
  return isRecord(value) && value.sectors instanceof Int32Array && value.bytes instanceof Uint8Array;
}

type Complaint = (what: string) => InputError;

function parseInputs(value: unknown, span: Span, wrong: Complaint): InputRecord[] {
  if (!isRecord(value)) throw wrong('inputs');
  const { channels, cycles, channelNumbers, lengths, bytes } = value;
  if (
    !Array.isArray(channels) ||
    !(cycles instanceof Float64Array && isAscending(cycles, span)) ||
    !(channelNumbers instanceof Int32Array && channelNumbers.length === cycles.length) ||
    !(
      lengths instanceof Int32Array &&
      lengths.length === cycles.length &&
      lengths.every((length) => length >= 0)
    ) ||
    !(bytes instanceof Uint8Array && lengths.reduce((sum, length) => sum + length, 0) === bytes.length)
  ) {
    throw wrong('inputs');
  }
  let at = 0;
  return Array.from(cycles, (cycle, index) => {
    const channel: unknown = channels[channelNumbers[index] as number];
    if (typeof channel !== 'string' || !isInputChannel(channel)) throw wrong('ways of input');
    const from = at;
    at += lengths[index] as number;
    return { cycle, channel, bytes: bytes.slice(from, at) };
  });
}

function parseCheckpoints(value: unknown, span: Span, wrong: Complaint): Checkpoint[] {
  if (!isRecord(value)) throw wrong('checkpoints');
  const { cycles, instructions, pcs, digests } = value;
  if (
    !(cycles instanceof Float64Array && isAscending(cycles, span)) ||
    !(instructions instanceof Float64Array && instructions.length === cycles.length) ||
    !(pcs instanceof Float64Array && pcs.length === cycles.length) ||
    !(Array.isArray(digests) && digests.length === cycles.length)
  ) {
    throw wrong('checkpoints');
  }
  return Array.from(cycles, (cycle, index) => ({
    cycle,
    instructions: instructions[index] as number,
    pc: pcs[index] as number,
    digest: String(digests[index]),
  }));
}

function isAscending(cycles: Float64Array, { startCycle, endCycle }: Span): boolean {
  return cycles.every(
    (cycle, index) =>
      Number.isSafeInteger(cycle) &&
      cycle >= (index === 0 ? startCycle : (cycles[index - 1] as number)) &&
      cycle <= endCycle,
  );
}
