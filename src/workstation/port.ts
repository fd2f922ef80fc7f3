/** The main thread's end of the worker: posts commands, hands reports on, ends the thread. */

import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { MachineChoice } from './machine-choice.js';
import type { Speed, WorkstationCommand, WorkstationPort, WorkstationReport } from './messages.js';

/** What the worker is started with. */
export interface WorkerData {
  readonly choice: MachineChoice;
  readonly speed: Speed;
  /** Data folder to lock and keep disk and NVRAM in; undefined = ephemeral. */
  readonly folderPath: string | undefined;
  /** Whether frames on the machine's wire are to be reported. */
  readonly areFramesWanted: boolean;
  /** File to record the session in. */
  readonly recordPath: string | undefined;
}

/** How long a thread may take to end. */
const END_MILLISECONDS = 1000;

export function startWorkstation(data: WorkerData): WorkstationPort {
  return new WorkerPort(data);
}

class WorkerPort implements WorkstationPort {
  readonly #worker: Worker;
  readonly #early: WorkstationReport[] = [];
  #receive: ((report: WorkstationReport) => void) | undefined;

  constructor(data: WorkerData) {
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: data });
    this.#worker.on('message', (report: WorkstationReport) => this.#take(report));
    this.#worker.on('error', (error: Error) =>
      this.#take({ kind: 'failed', text: error.message, details: error.stack ?? '' }),
    );
  }

  post(command: WorkstationCommand): void {
    this.#worker.postMessage(command);
  }

  onReport(receive: (report: WorkstationReport) => void): void {
    this.#receive = receive;
    for (const report of this.#early.splice(0)) receive(report);
  }

  async dispose(): Promise<void> {
    const ended = this.#worker.terminate();
    const isEnded = await Promise.race([
      ended.then(() => true),
      delay(END_MILLISECONDS, false, { ref: false }),
    ]);
    // A thread that sits in a system call cannot be ended, and process.exit would wait for it too.
    if (isEnded) return;
    process.stderr.write('exostation: the thread of the machine does not answer: killed\n');
    process.kill(process.pid, 'SIGKILL');
  }

  #take(report: WorkstationReport): void {
    if (this.#receive === undefined) this.#early.push(report);
    else this.#receive(report);
  }
}
