/**
 * The worker's side of the desktop: runs the workstation in slices, paced, between commands; batches what it has to say.
 * Full speed until the first prompt, then the speed that was asked for. Between slices only: inputs enter at the cycle
 * where the machine stands, and are recorded there.
 */

import { type EventView, Observer, totalCycles } from '../observe/index.js';
import { listFolder } from './ext2.js';
import type { EndOfProgram } from './init-client.js';
import {
  type BootPhase,
  CONSOLE_LINE,
  type Speed,
  type WorkstationCommand,
  type WorkstationReport,
  type WorkstationStatus,
} from './messages.js';
import { Pacer } from './pacer.js';
import type { Recorder } from './recorder.js';
import { ScreenReporter } from './screen-reporter.js';
import type { Workstation } from './workstation.js';

const OUTPUT_MILLISECONDS = 33;
const SAMPLE_MILLISECONDS = 200;
/** Without output for so long the loop wakes half as often. */
const QUIET_MILLISECONDS = 500;
const MAX_EVENTS_PER_BATCH = 500;
/** Cycles without output on a line after which its prompt counts as shown. */
const PROMPT_SILENCE_CYCLES = 500_000;
/** The same for the console of a kernel that is not ours, which may think for a while between two messages. */
const CONSOLE_SILENCE_CYCLES = 50_000_000;
/** And if no program is ever started: after init has served for two seconds. */
const READY_SILENCE_CYCLES = 50_000_000;

type StartCommand = Extract<WorkstationCommand, { kind: 'start' }>;

export interface MachineThreadOptions {
  readonly speed: Speed;
  readonly isDiskKept: boolean;
  readonly areFramesWanted: boolean;
  /** Writes its file when the desktop closes. */
  readonly recorder?: Recorder | undefined;
}

export class MachineThread {
  readonly #workstation: Workstation;
  readonly #observer: Observer;
  readonly #report: (report: WorkstationReport) => void;
  readonly #options: MachineThreadOptions;
  readonly #pacer: Pacer;
  readonly #output = new Map<number, number[]>();
  #events: EventView[] = [];
  /** Programs to start as soon as init serves. */
  readonly #heldStarts: StartCommand[] = [];
  #speed: Speed;
  #phase: BootPhase = 'firmware';
  #isPaused = false;
  #isSteppingToEvent = false;
  #hasReachedEvent = false;
  #hasPrompt = false;
  #isPromptDue = false;
  #lastPaneOutput = Number.POSITIVE_INFINITY;
  #readyCycle = Number.POSITIVE_INFINITY;
  #lastConsoleOutput = Number.POSITIVE_INFINITY;
  readonly #screen: ScreenReporter;
  #inspectorLines = 0;
  #isInspectorDue = false;
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #lastOutputAt = 0;
  #lastSliceAt = 0;
  #lastNewsAt = 0;
  #lastSampleAt = 0;
  #lastSampleCycle = -1;
  #speedMark = { milliseconds: 0, cycle: 0 };
  #measuredSpeed = 0;
  #isClosed = false;

  constructor(
    workstation: Workstation,
    options: MachineThreadOptions,
    report: (report: WorkstationReport) => void,
  ) {
    this.#workstation = workstation;
    this.#options = options;
    this.#report = report;
    this.#speed = options.speed;
    this.#observer = new Observer(workstation.machine, workstation.symbols);
    this.#screen = new ScreenReporter(workstation.machine, (screen) => report({ kind: 'screen', screen }));
    this.#pacer = new Pacer(workstation.machine.hertz);
    this.#observer.onEvent = (event) => this.#takeEvent(event);
    workstation.onOutput = (line, byte) => this.#takeOutput(line, byte);
    if (options.areFramesWanted) {
      const { hertz } = workstation;
      workstation.onFrame = (frame, isInbound) =>
        report({ kind: 'frame', bytes: frame.slice(), cycle: workstation.cycle, hertz, isInbound });
    }
    workstation.init.onReady = () => {
      this.#phase = 'ready';
      this.#readyCycle = workstation.machine.cycle;
      // At once: the desktop opens its first pane on this.
      this.#sendStatus();
      for (const command of this.#heldStarts.splice(0)) this.#start(command);
    };
    workstation.onFirmwarePrompt = () => {
      this.#isPromptDue = true;
    };
  }

  start(): void {
    this.#pacer.restart('max', this.#workstation.machine.cycle);
    this.#schedule(0);
  }

  handle(command: WorkstationCommand): void {
    const { init, machine } = this.#workstation;
    switch (command.kind) {
      case 'input':
        this.#workstation.send(command.line, command.bytes);
        break;
      case 'frame':
        this.#workstation.receiveFrame(command.bytes);
        break;
      case 'start':
        this.#start(command);
        break;
      case 'kill':
        init.kill(command.environmentId, (reply) =>
          this.#answer(command.id, reply.isOk ? undefined : reply.error),
        );
        break;
      case 'revoke':
        init.revokePages(command.environmentId, command.pageCount, (reply) =>
          this.#answer(command.id, reply.isOk ? undefined : reply.error),
        );
        break;
      case 'pause':
        this.#pause();
        break;
      case 'resume':
        this.#resume();
        break;
      case 'step':
        this.#isPaused = true;
        this.#isSteppingToEvent = false;
        if (!this.#workstation.isHalted) machine.step();
        this.#isInspectorDue = true;
        this.#flush(true);
        return;
      case 'step-to-event':
        this.#isSteppingToEvent = true;
        this.#hasReachedEvent = false;
        this.#resume();
        break;
      case 'speed':
        this.#speed = command.speed;
        this.#hasPrompt = true;
        this.#pacer.restart(this.#speed, machine.cycle);
        this.#sendStatus();
        break;
      case 'inspect':
        this.#inspectorLines = command.isWanted ? command.disassemblyCount : 0;
        this.#isInspectorDue = command.isWanted;
        if (this.#isPaused) this.#flush(true);
        break;
      case 'keys':
        for (const stroke of command.strokes) this.#workstation.strike(stroke);
        break;
      case 'mouse':
        this.#workstation.moveMouse(command.change);
        break;
      case 'screen':
        this.#screen.follow(command.isWanted ? command : undefined);
        break;
      case 'catalog':
        this.#report({ kind: 'reply', id: command.id, isOk: true, value: this.#catalog() });
        break;
      case 'close':
        this.#close();
        return;
    }
    if (!this.#isPaused) this.#schedule(0);
  }

  #start(command: StartCommand): void {
    if (!this.#workstation.init.isReady) {
      this.#heldStarts.push(command);
      return;
    }
    let environmentId = 0;
    this.#workstation.init.start({
      line: command.line,
      libraryOs: command.libraryOs,
      program: command.program,
      arguments: command.arguments,
      isGranted: command.isGranted === true,
      isLent: command.isLent === true,
      onStarted: (reply) => {
        if ('error' in reply) {
          this.#report({ kind: 'reply', id: command.id, isOk: false, error: reply.error });
          return;
        }
        environmentId = reply.environmentId;
        this.#lastPaneOutput = this.#workstation.machine.cycle;
        this.#report({ kind: 'reply', id: command.id, isOk: true, value: { environmentId } });
      },
      onEnded: (end) => this.#ended(command, environmentId, end),
    });
  }

  #ended(command: StartCommand, environmentId: number, end: EndOfProgram): void {
    this.#flushOutput();
    const account = this.#observer.finalAccount(environmentId);
    this.#report({
      kind: 'ended',
      environmentId,
      line: command.line,
      program: command.program,
      arguments: command.arguments,
      libraryOs: command.libraryOs,
      status: end.kind === 'exit' ? end.status : undefined,
      reason: end.kind === 'exit' ? '' : end.reason,
      cycles: account === undefined ? 0 : totalCycles(account),
      account,
    });
  }

  #answer(id: number, error: string | undefined): void {
    if (error === undefined) this.#report({ kind: 'reply', id, isOk: true, value: undefined });
    else this.#report({ kind: 'reply', id, isOk: false, error });
  }

  #catalog(): { programs: string[]; libraryOses: string[] } {
    const disk = this.#workstation.rootDisk;
    if (disk === undefined) return { programs: [], libraryOses: [] };
    return {
      programs: listFolder(disk, '/bin').sort(),
      libraryOses: listFolder(disk, '/lib')
        .filter((name) => name.endsWith('.img'))
        .map((name) => name.slice(0, -4))
        .sort(),
    };
  }

  #takeOutput(line: number, byte: number): void {
    this.#lastNewsAt = this.#lastSliceAt;
    const bytes = this.#output.get(line);
    if (bytes === undefined) this.#output.set(line, [byte]);
    else bytes.push(byte);
    if (line === CONSOLE_LINE) this.#lastConsoleOutput = this.#workstation.machine.cycle;
    if (line >= 1 && line <= 15) this.#lastPaneOutput = this.#workstation.machine.cycle;
  }

  #takeEvent(event: EventView): void {
    this.#events.push(event);
    if (!this.#isSteppingToEvent) return;
    this.#hasReachedEvent = true;
    this.#workstation.machine.stop();
  }

  #pause(): void {
    this.#isPaused = true;
    this.#isSteppingToEvent = false;
    this.#isInspectorDue = true;
    this.#flush(true);
  }

  #resume(): void {
    this.#isPaused = false;
    this.#pacer.restart(this.#hasPrompt ? this.#speed : 'max', this.#workstation.machine.cycle);
  }

  #schedule(milliseconds: number): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
    const slice = (): void => this.#slice();
    this.#timer = milliseconds > 0 ? setTimeout(slice, milliseconds) : setImmediate(slice);
  }

  #slice(): void {
    if (this.#isPaused || this.#isClosed) return;
    const { machine } = this.#workstation;
    this.#lastSliceAt = performance.now();
    this.#workstation.run(this.#pacer.target(machine.cycle));
    this.#advancePhase();
    if (this.#isSteppingToEvent && this.#hasReachedEvent) {
      this.#pause();
      return;
    }
    this.#flush(false);
    if (this.#phase === 'halted') {
      this.#pause();
      return;
    }
    // Nothing to show for a while: fewer wake-ups. The pacer makes good the time; a command wakes the loop at once.
    const isQuiet = performance.now() - this.#lastNewsAt > QUIET_MILLISECONDS;
    this.#schedule(this.#pacer.sleepMilliseconds * (isQuiet ? 2 : 1));
  }

  #advancePhase(): void {
    const { machine, isHalted } = this.#workstation;
    if (isHalted && this.#phase !== 'halted') {
      this.#phase = 'halted';
      this.#observer.add('halt');
    }
    const isInFirmware = this.#phase === 'firmware' || this.#phase === 'prompt';
    if (isInFirmware && this.#observer.isAegisRunning) this.#phase = 'booting';
    else if (isInFirmware && this.#workstation.hasShownPrompt) this.#phase = 'prompt';
    if (!this.#hasPrompt && (this.#isPromptDue || this.#hasFallenSilent())) {
      this.#hasPrompt = true;
      this.#pacer.restart(this.#speed, machine.cycle);
    }
  }

  /** Real time from the first prompt on: the first pane has spoken and is silent; of a foreign kernel, the console. */
  #hasFallenSilent(): boolean {
    const { machine, kernel } = this.#workstation;
    if (machine.cycle - this.#readyCycle > READY_SILENCE_CYCLES) return true;
    if (kernel === undefined) return machine.cycle - this.#lastPaneOutput > PROMPT_SILENCE_CYCLES;
    return machine.cycle - this.#lastConsoleOutput > CONSOLE_SILENCE_CYCLES;
  }

  #flush(isForced: boolean): void {
    const now = performance.now();
    if (isForced || now - this.#lastOutputAt >= OUTPUT_MILLISECONDS) {
      this.#lastOutputAt = now;
      this.#flushOutput();
      this.#flushEvents();
    }
    this.#screen.look(isForced);
    if (isForced || now - this.#lastSampleAt >= SAMPLE_MILLISECONDS) {
      this.#lastSampleAt = now;
      this.#sample(now);
    }
  }

  #flushOutput(): void {
    for (const [line, bytes] of this.#output) {
      this.#report({ kind: 'output', line, bytes: Uint8Array.from(bytes) });
    }
    this.#output.clear();
  }

  #flushEvents(): void {
    if (this.#events.length === 0) return;
    const events = this.#events.slice(-MAX_EVENTS_PER_BATCH);
    this.#events = [];
    this.#report({ kind: 'events', events });
  }

  #sample(now: number): void {
    const { machine } = this.#workstation;
    if (now - this.#speedMark.milliseconds >= 900) {
      const seconds = (now - this.#speedMark.milliseconds) / 1000;
      this.#measuredSpeed = (machine.cycle - this.#speedMark.cycle) / seconds / machine.hertz;
      this.#speedMark = { milliseconds: now, cycle: machine.cycle };
    }
    if (machine.cycle !== this.#lastSampleCycle) {
      this.#lastSampleCycle = machine.cycle;
      // A paused machine stays where it is.
      if (!this.#isPaused) this.#observer.becomeQuiet((cycle) => this.#workstation.run(cycle));
      const ledger = this.#observer.ledger();
      if (ledger !== undefined) this.#report({ kind: 'ledger', ledger, counters: this.#observer.counters() });
      if (this.#inspectorLines > 0) this.#isInspectorDue = true;
    }
    if (this.#isInspectorDue && this.#inspectorLines > 0) {
      this.#isInspectorDue = false;
      this.#report({ kind: 'inspector', inspector: this.#observer.inspector(this.#inspectorLines) });
    }
    this.#sendStatus();
  }

  #sendStatus(): void {
    this.#report({ kind: 'status', status: this.#status() });
  }

  #status(): WorkstationStatus {
    const { machine } = this.#workstation;
    return {
      cycle: machine.cycle,
      hertz: machine.hertz,
      phase: this.#phase,
      isPaused: this.#isPaused,
      speed: this.#hasPrompt ? this.#speed : 'max',
      measuredSpeed: this.#isPaused ? 0 : this.#measuredSpeed,
      memoryMiB: machine.options.memoryMiB,
      model: machine.options.model,
      kernelName: this.#workstation.kernelName,
      isDiskKept: this.#options.isDiskKept,
    };
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#flush(true);
    this.#isClosed = true;
    this.#options.recorder?.finish();
    this.#workstation.dispose();
    this.#report({ kind: 'closed' });
  }
}
