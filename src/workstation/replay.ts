/**
 * Replays a recording in a workstation that was built for it: lets in what entered, at the same cycles, and compares how the run
 * stands. It ends at the recording's last cycle, in the same state, or with what differs first.
 */

import { checkpointOf } from './recorder.js';
import type { Checkpoint, InputRecord, Recording, RecordingFile } from './recording.js';
import { checkIdentity } from './run-identity.js';
import { restoreState } from './snapshot-file.js';
import { digestState } from './state-digest.js';
import type { Workstation } from './workstation.js';

/** Where the recorded run spoke with init. */
const INIT_CHANNEL = 'line0';

export class Replay {
  readonly #workstation: Workstation;
  readonly #recording: Recording;
  #inputs = 0;
  #checkpoints = 0;
  #isComplete = false;
  #difference: string | undefined;

  /** Brings the workstation, which has not run yet, to where the recording begins. Throws InputError. */
  constructor(file: RecordingFile, workstation: Workstation) {
    checkIdentity(workstation.identity, file.identity, file.name);
    const recording = file.read(workstation.maxStateBytes);
    const model = workstation.snapshot();
    const start = recording.startState ?? { ...model, disks: recording.startDisks };
    restoreState(workstation, start, file.name);
    this.#workstation = workstation;
    this.#recording = recording;
  }

  get endCycle(): number {
    return this.#recording.endCycle;
  }

  /** The run has come to the recording's end, in the same state. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** What differs first, as one line; undefined while nothing does. */
  get difference(): string | undefined {
    return this.#difference;
  }

  /** The cycle to run to before `reach` has to be called. */
  get nextCycle(): number {
    if (this.#isComplete || this.#difference !== undefined) return Number.POSITIVE_INFINITY;
    const cycles = [this.#nextInput?.cycle, this.#nextCheckpoint?.cycle, this.#recording.endCycle];
    return Math.min(...cycles.filter((cycle) => cycle !== undefined));
  }

  /** Call when the machine stands at `nextCycle`, or past it. */
  reach(): void {
    while (this.nextCycle <= this.#workstation.machine.cycle) {
      const checkpoint = this.#nextCheckpoint;
      const input = this.#nextInput;
      if (checkpoint !== undefined && checkpoint.cycle <= (input?.cycle ?? this.endCycle)) {
        this.#checkpoints++;
        this.#compare(checkpoint);
      } else if (input !== undefined) {
        this.#inputs++;
        this.#enter(input);
      } else this.#end();
    }
  }

  /** Call when the machine will not run on although the recording does. */
  stopShort(): void {
    const { cycle } = this.#workstation.machine;
    this.#difference ??= `the guest halted at cycle ${cycle}; in the recording it ran to ${this.endCycle}`;
  }

  get #nextInput(): InputRecord | undefined {
    return this.#recording.inputs[this.#inputs];
  }

  get #nextCheckpoint(): Checkpoint | undefined {
    return this.#recording.checkpoints[this.#checkpoints];
  }

  #enter({ cycle, channel, bytes }: InputRecord): void {
    if (!this.#isAt(cycle, `input on ${channel}`)) return;
    this.#workstation.enter(channel, bytes);
    if (channel === INIT_CHANNEL) this.#workstation.init.overhear(bytes);
  }

  #compare(recorded: Checkpoint): void {
    if (!this.#isAt(recorded.cycle, 'a checkpoint')) return;
    const now = checkpointOf(this.#workstation);
    const at = `at cycle ${recorded.cycle}`;
    if (now.instructions !== recorded.instructions) {
      this.#difference = `${at} ${now.instructions} instructions have run; in the recording it was ${recorded.instructions}`;
    } else if (now.pc !== recorded.pc) {
      this.#difference = `${at} the next instruction is at ${hex(now.pc)}; in the recording it was at ${hex(recorded.pc)}`;
    } else if (now.digest !== recorded.digest) {
      this.#difference = `${at} registers, TLB or counts are not those of the recording`;
    }
  }

  #end(): void {
    if (!this.#isAt(this.endCycle, 'the end')) return;
    const now = digestState(this.#workstation.snapshot());
    const recorded = this.#recording.end;
    const names = [...new Set([...Object.keys(recorded), ...Object.keys(now)])];
    const different = names.filter((name) => now[name] !== recorded[name]);
    if (different.length === 0) this.#isComplete = true;
    else {
      this.#difference = `at the end, cycle ${this.endCycle}, these are not as in the recording: ${different.join(', ')}`;
    }
  }

  /** A run that is the same stands wherever the first one stood. */
  #isAt(cycle: number, what: string): boolean {
    const { machine } = this.#workstation;
    if (machine.cycle === cycle) return true;
    this.#difference = `the recording has ${what} at cycle ${cycle}, between two instructions; here one runs on to ${machine.cycle}`;
    return false;
  }
}

function hex(value: number): string {
  const digits = (value >>> 0).toString(16).padStart(8, '0');
  return `0x${digits.slice(0, 4)}_${digits.slice(4)}`;
}
