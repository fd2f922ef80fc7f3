/** Records a run from where it stands: listens to what enters the workstation, and writes the file when told to. */

import { createHash } from 'node:crypto';
import type { Checkpoint, InputRecord } from './recording.js';
import { writeRecording } from './recording.js';
import { tryFile } from './sealed-file.js';
import { digestState } from './state-digest.js';
import type { Workstation, WorkstationState } from './workstation.js';

/** Seconds of the guest's time between two checkpoints, at least. */
const CHECKPOINT_SECONDS = 1;

export class Recorder {
  readonly #workstation: Workstation;
  readonly #path: string;
  readonly #startCycle: number;
  readonly #start: WorkstationState;
  readonly #inputs: InputRecord[] = [];
  readonly #checkpoints: Checkpoint[] = [];
  #nextCheckpoint: number;

  /** Begins. Throws InputError when the run cannot be recorded, or the file not be written. */
  constructor(workstation: Workstation, path: string) {
    this.#workstation = workstation;
    this.#path = path;
    void workstation.identity;
    tryFile('recording', path);
    const { machine } = workstation;
    this.#startCycle = machine.cycle;
    this.#start = workstation.snapshot();
    this.#nextCheckpoint = machine.cycle;
    workstation.onInput = (cycle, channel, bytes) =>
      this.#inputs.push({ cycle, channel, bytes: bytes.slice() });
    workstation.onStand = () => this.#stand();
  }

  /** Ends the recording where the machine stands now, and writes it. */
  finish(): void {
    const { identity, machine } = this.#workstation;
    this.#workstation.onInput = undefined;
    this.#workstation.onStand = undefined;
    writeRecording(this.#path, {
      identity,
      startCycle: this.#startCycle,
      endCycle: machine.cycle,
      startState: this.#startCycle === 0 ? null : this.#start,
      startDisks: this.#start.disks,
      inputs: this.#inputs,
      checkpoints: this.#checkpoints,
      end: digestState(this.#workstation.snapshot()),
    });
  }

  #stand(): void {
    const { machine } = this.#workstation;
    if (machine.cycle < this.#nextCheckpoint) return;
    this.#nextCheckpoint = machine.cycle + CHECKPOINT_SECONDS * machine.hertz;
    this.#checkpoints.push(checkpointOf(this.#workstation));
  }
}

/** How the run stands now. Cheap: no look at memory and chips. */
export function checkpointOf({ machine }: Workstation): Checkpoint {
  const statistics = machine.statistics();
  const cpu = machine.cpuState();
  const text = JSON.stringify([cpu, statistics]);
  return {
    cycle: machine.cycle,
    instructions: statistics.instructions.attempted,
    pc: cpu.pc,
    digest: createHash('sha256').update(text).digest('hex'),
  };
}
