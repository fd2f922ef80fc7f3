/** The worker's loop without a thread around it: a bare kernel, what is reported of it, and the commands that need no init. */

import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import {
  CONSOLE_LINE,
  FIXED_EPOCH_SECONDS,
  FIXED_SEED,
  Workstation,
  type WorkstationReport,
} from '../../src/workstation/index.js';
import { MachineThread } from '../../src/workstation/machine-thread.js';

const EXC = fileURLToPath(new URL('../workloads/bare/exc.elf', import.meta.url));

class Desk {
  readonly reports: WorkstationReport[] = [];
  readonly thread: MachineThread;
  readonly workstation: Workstation;
  #waiting:
    | { readonly isMet: (report: WorkstationReport) => boolean; readonly resolve: () => void }
    | undefined;

  constructor() {
    this.workstation = new Workstation({
      model: '5000/125',
      memoryMiB: 8,
      disks: [],
      kernelPath: EXC,
      append: [],
      seed: FIXED_SEED,
      epochSeconds: FIXED_EPOCH_SECONDS,
      notice: () => {},
    });
    this.thread = new MachineThread(this.workstation, { speed: 'max', isDiskKept: false }, (report) => {
      this.reports.push(report);
      if (this.#waiting?.isMet(report) === true) this.#waiting.resolve();
    });
  }

  until(isMet: (report: WorkstationReport) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = { isMet, resolve };
    });
  }

  get consoleText(): string {
    return this.reports
      .map((report) =>
        report.kind === 'output' && report.line === CONSOLE_LINE
          ? new TextDecoder().decode(report.bytes)
          : '',
      )
      .join('');
  }
}

let desk: Desk;
afterEach(() => desk.thread.handle({ kind: 'close' }));

describe('machine thread', () => {
  it('runs to the halt, and reports console text, the halt and the phase', async () => {
    desk = new Desk();
    const halted = desk.until((report) => report.kind === 'status' && report.status.phase === 'halted');
    desk.thread.start();
    await halted;
    expect(desk.consoleText).toContain('checksum=73a4c901');
    const events = desk.reports.flatMap((report) => (report.kind === 'events' ? report.events : []));
    expect(events.map((event) => event.kind)).toEqual(['halt']);
    const ledgers = desk.reports.filter((report) => report.kind === 'ledger');
    expect(ledgers).toEqual([]);
  });

  it('pauses, steps one instruction at a time with the CPU state, and goes on', async () => {
    desk = new Desk();
    const running = desk.until((report) => report.kind === 'status' && report.status.cycle > 100_000);
    desk.thread.start();
    await running;
    desk.thread.handle({ kind: 'inspect', isWanted: true, disassemblyCount: 12 });
    desk.thread.handle({ kind: 'pause' });
    const before = desk.workstation.machine.statistics().instructions.attempted;
    desk.thread.handle({ kind: 'step' });
    desk.thread.handle({ kind: 'step' });
    expect(desk.workstation.machine.statistics().instructions.attempted).toBe(before + 2);
    const inspectors = desk.reports.flatMap((report) =>
      report.kind === 'inspector' ? [report.inspector] : [],
    );
    expect(inspectors).toHaveLength(3);
    const last = inspectors.at(-1);
    expect(last?.pc).toBe(desk.workstation.machine.cpuState().pc);
    expect(last?.disassembly.filter((line) => line.isCurrent)).toHaveLength(1);
    expect(last?.disassembly).toHaveLength(12);
    expect(['PROM', 'kernel']).toContain(last?.pcOwner);
    const halted = desk.until((report) => report.kind === 'status' && report.status.phase === 'halted');
    desk.thread.handle({ kind: 'resume' });
    await halted;
  });

  it('ends with a last report', () => {
    desk = new Desk();
    desk.thread.start();
    desk.thread.handle({ kind: 'close' });
    expect(desk.reports.at(-1)).toEqual({ kind: 'closed' });
  });
});
