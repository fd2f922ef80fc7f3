/**
 * Snapshots as files: the state of a run, under a header that says which run and at which cycle. Disks are named by the hash of
 * their image; what the guest has written to them since is part of the state.
 */

import { InputError } from './input-error.js';
import { checkIdentity, isRecord, parseIdentity, type RunIdentity } from './run-identity.js';
import { readSealedFile, tryFile, writeSealedFile } from './sealed-file.js';
import { digestState, wholeDigest } from './state-digest.js';
import { misfit } from './state-shape.js';
import type { Workstation, WorkstationState } from './workstation.js';

export interface SnapshotFile {
  /** `snapshot PATH`, for errors. */
  readonly name: string;
  readonly identity: RunIdentity;
  readonly cycle: number;
  /** Puts the state into a workstation that was built for the identity. Throws InputError. */
  restore(workstation: Workstation): void;
}

/** Throws InputError when the run cannot be saved, or not to that file. Leaves all as it is. */
export function checkSnapshot(path: string, workstation: Workstation): void {
  void workstation.identity;
  tryFile('snapshot', path);
}

/** Between two runs. */
export function writeSnapshot(path: string, workstation: Workstation): void {
  const { identity, machine } = workstation;
  const state = workstation.snapshot();
  const header = { cycle: machine.cycle, state: wholeDigest(digestState(state)), run: identity };
  writeSealedFile('snapshot', path, header, state);
}

export function readSnapshot(path: string): SnapshotFile {
  const file = readSealedFile('snapshot', path);
  const name = `snapshot ${path}`;
  const { header } = file;
  if (!isRecord(header) || !Number.isSafeInteger(header.cycle)) {
    throw new InputError(`${name}: its header names no cycle; make it again`);
  }
  const identity = parseIdentity(header.run, name);
  return {
    name,
    identity,
    cycle: header.cycle as number,
    restore(workstation) {
      checkIdentity(workstation.identity, identity, name);
      restoreState(workstation, file.unpack(workstation.maxStateBytes), name);
      const isWhole = wholeDigest(digestState(workstation.snapshot())) === header.state;
      if (!isWhole || workstation.machine.cycle !== header.cycle) {
        throw new InputError(`${name}: its state is not the one that its header names; make it again`);
      }
    },
  };
}

/** Restores what came out of a file, if it can be a state of this run. `name` is the file's, for errors. */
export function restoreState(workstation: Workstation, state: unknown, name: string): void {
  const model = workstation.snapshot();
  const { memory } = model.machine;
  const wrong = misfit(
    {
      ...model,
      // RAM may hold any number of pages, whatever it holds now.
      machine: { ...model.machine, memory: { ...memory, pages: new Int32Array(), ram: new Uint8Array() } },
    },
    state as WorkstationState,
  );
  if (wrong !== undefined) throw new InputError(`${name}: no state of this machine: ${wrong} is wrong`);
  try {
    workstation.restore(state as WorkstationState);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError(`${name}: no state of this machine: ${error.message}`);
  }
}
