/**
 * A workstation for tests: no machine, only plausible reports and recorded commands. It lives here because nothing in
 * src/ may show numbers that no machine has counted.
 */

import type {
  CountersView,
  CycleAccountView,
  EnvironmentView,
  EventView,
  InspectorView,
  LedgerView,
} from '../../src/observe/index.js';
import type {
  BootPhase,
  WorkstationCommand,
  WorkstationPort,
  WorkstationReport,
} from '../../src/workstation/index.js';

export const HERTZ = 25_000_000;

export function account(cycles: number): CycleAccountView {
  return {
    userCycles: Math.floor(cycles * 0.9),
    kernelCycles: Math.floor(cycles * 0.1),
    refillCycles: Math.floor(cycles * 0.04),
    instructions: Math.floor(cycles * 0.7),
    icacheMisses: Math.floor(cycles / 1000),
    dcacheMisses: Math.floor(cycles / 500),
    tlbMisses: Math.floor(cycles / 2000),
    exceptions: Math.floor(cycles / 3000),
  };
}

export function environment(slot: number, name: string, libraryOs: string, cycles: number): EnvironmentView {
  return {
    slot,
    environmentId: slot | 0x100,
    parentSlot: slot === 0 ? -1 : 0,
    name,
    libraryOs,
    state: slot === 1 ? 'running' : 'waiting',
    asid: slot + 1,
    pageCount: 20 + slot * 7,
    boundPageCount: 3,
    sliceCount: 4,
    excessTicks: 0,
    forfeitedSlices: 0,
    refusedCount: 0,
    tlbEntryCount: 5,
    stlbEntryCount: 40,
    extentCount: 1,
    tileCount: 0,
    colourCount: 0,
    filterCount: 0,
    packetCount: 0,
    droppedPacketCount: 0,
    handlerCount: 0,
    abortedHandlerCount: 0,
    lines: slot === 0 ? [0] : [slot],
    repossessedCount: 0,
    demandedPageCount: 0,
    cycles: account(cycles),
  };
}

export function ledger(cycle: number, environments: readonly EnvironmentView[]): LedgerView {
  const pageOwners = new Int8Array(8192).fill(-1);
  pageOwners.fill(-2, 0, 128);
  let page = 128;
  for (const { slot, pageCount } of environments) {
    pageOwners.fill(slot, page, page + pageCount);
    page += pageCount;
  }
  return {
    cycle,
    currentSlot: 1,
    environments,
    pageOwners,
    freePageCount: 8192 - page,
    slices: Array.from({ length: 64 }, (_, index) => environments[index % 8]?.slot ?? -1),
    currentSlice: Math.floor(cycle / 390_625) % 64,
    ownership: {
      cycle,
      pagesChecked: 8192,
      freePages: 8192 - page,
      tlbBindings: 12,
      stlbBindings: 80,
      dmaBindings: 0,
      problems: [],
    },
  };
}

export function counters(cycle: number): CountersView {
  return {
    cycle,
    hertz: HERTZ,
    instructions: {
      attempted: Math.floor(cycle * 0.7),
      prom: 400_000,
      program: Math.floor(cycle * 0.7) - 400_000,
    },
    icacheMisses: Math.floor(cycle / 1000),
    dcacheMisses: Math.floor(cycle / 500),
    tlbRefills: Math.floor(cycle / 2000),
    exceptions: [
      { name: 'Int', count: Math.floor(cycle / 390_625) },
      { name: 'TLBL', count: 120 },
      { name: 'Sys', count: 900 },
    ],
    systemCalls: [
      { name: 'yield', count: 500 },
      { name: 'page_alloc', count: 140 },
    ],
    unaccounted: account(cycle * 0.5),
  };
}

export function event(sequence: number, cycle: number, fields: Partial<EventView> = {}): EventView {
  return {
    sequence,
    cycle,
    kind: 'revocation-asked',
    slot: 1,
    environmentId: 0x101,
    name: 'sh',
    libraryOs: 'exos',
    text: `sh on exos is asked for ${sequence + 1} pages`,
    details: [{ label: 'pages', value: String(sequence + 1) }],
    ...fields,
  };
}

export function inspector(cycle: number): InspectorView {
  return {
    cycle,
    pc: 0x00400104,
    pcSymbol: 'main+0x4',
    isDelaySlot: false,
    pcOwner: 'program',
    currentSlot: 1,
    registers: Array.from({ length: 32 }, (_, index) => index * 0x1111),
    hi: 1,
    lo: 2,
    cp0: {
      index: 0,
      status: 0x3000ff0c,
      cause: 0,
      epc: 0x400100,
      badvaddr: 0x7fff0000,
      entryhi: 0x80,
      context: 0,
    },
    tlb: Array.from({ length: 64 }, (_, index) => ({
      index,
      virtualPage: 0x400 + index,
      asid: 2,
      physicalPage: 0x200 + index,
      isValid: index < 12,
      isWritable: index % 2 === 0,
      isGlobal: false,
      isUncached: false,
    })),
    disassembly: Array.from({ length: 20 }, (_, index) => ({
      address: 0x400100 + index * 4,
      word: 0,
      text: index % 5 === 2 ? 'jal\t0x400200 <work>' : 'addiu\tv0,v0,1',
      symbol: index === 0 ? 'main' : '',
      isCurrent: index === 1,
      isDelaySlot: index % 5 === 3,
    })),
  };
}

/** Answers 'start' (once it is ready), 'kill', 'revoke' and 'catalog' at once, echoes typed bytes, and keeps every command. */
export class FakeWorkstation implements WorkstationPort {
  readonly commands: WorkstationCommand[] = [];
  environments: EnvironmentView[] = [environment(0, 'init', '', 200_000)];
  cycle = 30_000_000;
  isPaused = false;
  kernelName: string | undefined;
  speed: number | 'max' = 1;
  /** Set to refuse the next 'start'. */
  refusal = '';
  isDisposed = false;
  /** Holds replies back until releaseReplies(). */
  delayReplies = false;
  #held: WorkstationReport[] = [];
  #receive: (report: WorkstationReport) => void = () => {};
  #sequence = 0;
  #isReady = false;
  /** Starts that came before the first 'ready'. */
  readonly #starts: WorkstationCommand[] = [];

  onReport(receive: (report: WorkstationReport) => void): void {
    this.#receive = receive;
  }

  report(report: WorkstationReport): void {
    if (this.delayReplies && report.kind === 'reply') this.#held.push(report);
    else this.#receive(report);
  }

  releaseReplies(): void {
    this.delayReplies = false;
    for (const report of this.#held.splice(0)) this.#receive(report);
  }

  print(line: number, text: string): void {
    this.report({ kind: 'output', line, bytes: Buffer.from(text) });
  }

  status(phase: BootPhase = 'ready'): void {
    this.report({
      kind: 'status',
      status: {
        cycle: this.cycle,
        hertz: HERTZ,
        phase,
        isPaused: this.isPaused,
        speed: this.speed,
        measuredSpeed: 1,
        memoryMiB: 32,
        model: '5000/125',
        kernelName: this.kernelName,
        isDiskKept: true,
      },
    });
    if (phase !== 'ready') return;
    this.#isReady = true;
    for (const command of this.#starts.splice(0)) this.post(command);
  }

  sample(): void {
    this.report({
      kind: 'ledger',
      ledger: ledger(this.cycle, this.environments),
      counters: counters(this.cycle),
    });
  }

  happen(fields: Partial<EventView> = {}): void {
    this.report({ kind: 'events', events: [event(this.#sequence++, this.cycle, fields)] });
  }

  post(command: WorkstationCommand): void {
    this.commands.push(command);
    switch (command.kind) {
      case 'input':
        this.print(command.line, Buffer.from(command.bytes).toString().replace(/\r/g, '\n$ '));
        return;
      case 'start': {
        if (!this.#isReady) {
          this.#starts.push(command);
          return;
        }
        if (this.refusal !== '') {
          this.report({ kind: 'reply', id: command.id, isOk: false, error: this.refusal });
          this.refusal = '';
          return;
        }
        const slot = this.environments.length;
        this.environments = [
          ...this.environments,
          environment(slot, command.program, command.libraryOs, 1000),
        ];
        this.report({ kind: 'reply', id: command.id, isOk: true, value: { environmentId: slot | 0x100 } });
        this.print(command.line, '$ ');
        this.sample();
        return;
      }
      case 'kill':
        this.environments = this.environments.filter(
          ({ environmentId }) => environmentId !== command.environmentId,
        );
        this.report({ kind: 'reply', id: command.id, isOk: true, value: undefined });
        this.sample();
        return;
      case 'revoke':
        this.report({ kind: 'reply', id: command.id, isOk: true, value: undefined });
        this.happen();
        return;
      case 'catalog':
        this.report({
          kind: 'reply',
          id: command.id,
          isOk: true,
          value: {
            programs: ['sh', 'ls', 'cat', 'hello', 'matmul', 'primes', 'vmstress', 'hog'],
            libraryOses: ['exos', 'exos-ipt'],
          },
        });
        return;
      case 'pause':
      case 'resume':
        this.isPaused = command.kind === 'pause';
        this.status();
        return;
      case 'step':
        this.isPaused = true;
        this.cycle++;
        this.status();
        this.report({ kind: 'inspector', inspector: inspector(this.cycle) });
        return;
      case 'speed':
        this.speed = command.speed;
        this.status();
        return;
      case 'inspect':
        if (command.isWanted) this.report({ kind: 'inspector', inspector: inspector(this.cycle) });
        return;
      case 'close':
        this.report({ kind: 'closed' });
        return;
      default:
        return;
    }
  }

  dispose(): Promise<void> {
    this.isDisposed = true;
    return Promise.resolve();
  }
}
