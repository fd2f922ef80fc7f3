/** A machine thread without a thread around it, and the desktop's side of its messages, for tests. */

import type { LedgerView } from '../../src/observe/index.js';
import {
  FIXED_EPOCH_SECONDS,
  FIXED_SEED,
  type Speed,
  Workstation,
  type WorkstationReport,
} from '../../src/workstation/index.js';
import { MachineThread } from '../../src/workstation/machine-thread.js';

type Report<Kind extends WorkstationReport['kind']> = Extract<WorkstationReport, { kind: Kind }>;

export class Desk {
  readonly reports: WorkstationReport[] = [];
  readonly thread: MachineThread;
  readonly workstation: Workstation;
  readonly #waiting = new Set<() => void>();

  constructor(kernelPath?: string, speed: Speed = 'max', diskPath?: string) {
    this.workstation = new Workstation({
      model: '5000/125',
      memoryMiB: kernelPath === undefined ? 16 : 8,
      disks: diskPath === undefined ? [] : [{ path: diskPath, isWrittenThrough: false }],
      ...(kernelPath === undefined ? {} : { kernelPath }),
      append: [],
      seed: FIXED_SEED,
      epochSeconds: FIXED_EPOCH_SECONDS,
      notice: () => {},
    });
    const options = { speed, isDiskKept: false, areFramesWanted: true };
    this.thread = new MachineThread(this.workstation, options, (report) => {
      this.reports.push(report);
      for (const check of this.#waiting) check();
    });
  }

  /** The first report, earlier or later, for which `find` gives something. */
  find<T>(find: (report: WorkstationReport) => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      let seen = 0;
      const check = (): void => {
        for (; seen < this.reports.length; seen++) {
          const found = find(this.reports[seen] as WorkstationReport);
          if (found === undefined) continue;
          this.#waiting.delete(check);
          resolve(found);
          return;
        }
      };
      this.#waiting.add(check);
      check();
    });
  }

  of<Kind extends WorkstationReport['kind']>(kind: Kind): Report<Kind>[] {
    return this.reports.filter((report): report is Report<Kind> => report.kind === kind);
  }

  reply(id: number): Promise<Report<'reply'>> {
    return this.find((report) => (report.kind === 'reply' && report.id === id ? report : undefined));
  }

  text(line: number): string {
    return this.of('output')
      .map((report) => (report.line === line ? new TextDecoder().decode(report.bytes) : ''))
      .join('');
  }

  get ledgers(): LedgerView[] {
    return this.of('ledger').map((report) => report.ledger);
  }
}
