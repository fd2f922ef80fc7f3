/** Machines to save and restore, and their states made comparable: one line a field, long arrays as hashes. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import {
  type BlockDevice,
  createMachine,
  type Machine,
  type MachineState,
  MODELS,
  type ModelName,
} from '../../../src/machine/index.js';
import type { StateValue } from '../../../src/machine/snapshot/state.js';
import { placeKernel } from '../../../src/workstation/boot-request.js';
import { parseExecutable } from '../../../src/workstation/executable.js';
import { decodeState, encodeState } from '../../../src/workstation/state-codec.js';

const path = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

/** Every field of a state by its path, without the observers' accounts. */
export function fields(state: StateValue, at = ''): Record<string, string> {
  if (ArrayBuffer.isView(state)) {
    const view = state as Uint8Array | Int32Array | Float64Array;
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    return { [at]: `${view.length}:${createHash('sha1').update(bytes).digest('hex').slice(0, 16)}` };
  }
  if (typeof state !== 'object' || state === null) return { [at]: String(state) };
  return Object.assign(
    {},
    ...Object.entries(state)
      .filter(([name]) => name !== 'accounts')
      .map(([name, value]) => fields(value as StateValue, `${at}/${name}`)),
  );
}

/** A disk in memory. */
export class TestDisk implements BlockDevice {
  readonly bytes: Uint8Array;
  readonly sectorCount: number;
  readonly isReadOnly = false;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.sectorCount = bytes.length / 512;
  }

  read(sector: number, into: Uint8Array): void {
    into.set(this.bytes.subarray(sector * 512, sector * 512 + into.length));
  }

  write(sector: number, data: Uint8Array): void {
    this.bytes.set(data, sector * 512);
  }
}

export function shippedDisk(): TestDisk {
  return new TestDisk(new Uint8Array(gunzipSync(readFileSync(path('disk-images/exostation.img.gz')))));
}

export function testMachine(
  memoryMiB: number,
  disks: readonly BlockDevice[] = [],
  model: ModelName = '5000/125',
): Machine {
  return createMachine({
    model,
    memoryMiB,
    rom: readFileSync(path(`rom/${MODELS[model].boardName}.bin`)),
    disks,
    seed: new Uint8Array(16).map((_, index) => index * 17),
    epochSeconds: 817_981_200,
  });
}

/** A machine about to boot one of the bare workloads. */
export function workloadMachine(name: string, model: ModelName): Machine {
  const machine = testMachine(8, [], model);
  const elf = readFileSync(path(`tests/workloads/bare/${name}.elf`));
  placeKernel(machine, parseExecutable(elf, name), name, []);
  return machine;
}

/** A second machine in the state of the first, which went through bytes as files hold them; its disks are copies. */
export function twin(machine: Machine): Machine {
  const disks = machine.options.disks.map((disk) => new TestDisk((disk as TestDisk).bytes.slice()));
  const other = createMachine({ ...machine.options, disks });
  other.restore(decodeState(encodeState(machine.snapshot())) as MachineState);
  return other;
}
