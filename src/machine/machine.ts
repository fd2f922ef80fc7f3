/**
 * A whole machine: clock, CPU, board. `run` alternates between the interpreter, up to the earliest armed timer, and
 * the timers that are due. How a run is cut into `run` calls changes nothing that the guest can see.
 */

import { type Board, fits, MODELS, type Model } from './boards/index.js';
import { CP0, EXCEPTION_NAMES } from './cpu/cp0.js';
import { Cpu } from './cpu/cpu.js';
import { interpret } from './cpu/interpreter.js';
import { completeAccess } from './cpu/suspended-access.js';
import { warmUp } from './cpu/warm-up.js';
import { CpuDebugPort } from './debug-port.js';
import type {
  CpuState,
  CycleAccount,
  DebugPort,
  Keyboard,
  Machine,
  MachineOptions,
  MachineState,
  MachineStatistics,
  Mouse,
  NetworkPort,
  Screen,
  SerialLine,
  StopReason,
  TraceHandler,
} from './machine-types.js';
import { COUNTER, createGuestMemory } from './memory/layout.js';
import { restoreMemory, snapshotMemory } from './snapshot/memory-state.js';
import { Clock } from './time/clock.js';

const PHYSICAL = 0x1fff_ffff;

class Decstation implements Machine {
  readonly hertz: number;
  readonly ram: Uint8Array;
  readonly debugPort: DebugPort;
  readonly #clock: Clock;
  readonly #cpu: Cpu;
  readonly #board: Board;
  readonly #registers: Int32Array = new Int32Array(32);
  /** What waits to enter, while the machine runs. */
  readonly #entering: (() => void)[] = [];
  #isRunning = false;

  readonly options: MachineOptions;

  constructor(options: MachineOptions, model: Model) {
    this.options = options;
    const { memoryMiB } = options;
    const { timing, identity, memory: sizes, createBoard } = model;
    if (!fits(memoryMiB, sizes)) {
      throw new RangeError(
        `memory of ${memoryMiB} MiB: the ${options.model} takes ${sizes.minimum} to ${sizes.maximum} in steps of ${sizes.step}`,
      );
    }
    this.hertz = timing.hertz;
    warmUp();
    const memory = createGuestMemory(memoryMiB * 1024 * 1024, options.rom);
    this.#clock = new Clock(timing.hertz);
    this.#cpu = new Cpu(memory, this.#clock, timing, identity);
    this.#board = createBoard({ clock: this.#clock, interrupts: this.#cpu, dma: this.#cpu, options });
    this.#cpu.bus = this.#board.bus;
    this.ram = memory.ram;
    this.debugPort = new CpuDebugPort(this.#cpu, this.#clock);
    this.#board.reset();
    this.#cpu.reset();
  }

  get cycle(): number {
    return this.#clock.now;
  }

  get console(): SerialLine {
    return this.#board.console;
  }

  get lines(): readonly SerialLine[] {
    return this.#board.lines;
  }

  get network(): NetworkPort {
    return this.#board.network;
  }

  get keyboard(): Keyboard {
    return this.#board.keyboard;
  }

  get mouse(): Mouse {
    return this.#board.mouse;
  }

  get screen(): Screen {
    return this.#board.screen;
  }

  get nvram(): Uint8Array {
    return this.#board.nvram;
  }

  run(untilCycle: number): StopReason {
    const clock = this.#clock;
    const cpu = this.#cpu;
    cpu.stopRequested = false;
    cpu.points.stop = undefined;
    if (clock.now >= untilCycle) return 'cycle-limit';
    this.#isRunning = true;
    try {
      completeAccess(cpu);
      // What was sent to the machine since the last run may be due at once; its action may ask to stop.
      this.#settle();
      while (clock.now < untilCycle && !cpu.stopRequested) {
        interpret(cpu, Math.min(untilCycle, clock.nextAt));
        this.#settle();
      }
    } finally {
      this.#isRunning = false;
    }
    return cpu.stopRequested ? 'stopped' : 'cycle-limit';
  }

  /**
   * Fires what is due and lets in what waits: afterwards the machine stands at a cycle, whoever asked it to. Not in the
   * middle of an instruction.
   */
  #settle(): void {
    const clock = this.#clock;
    if (this.#cpu.points.suspended !== undefined) return;
    for (;;) {
      if (clock.nextAt <= clock.now) clock.fire();
      const action = this.#entering.shift();
      if (action === undefined) return;
      action();
    }
  }

  enter(action: () => void): void {
    this.#entering.push(action);
    if (this.#isRunning) this.#cpu.attention = true;
    else this.#settle();
  }

  stop(): void {
    this.#cpu.stopRequested = true;
    this.#cpu.attention = true;
  }

  step(): void {
    const { points } = this.#cpu;
    points.stop = undefined;
    this.#isRunning = true;
    try {
      if (points.suspended !== undefined) completeAccess(this.#cpu);
      else {
        this.#settle();
        interpret(this.#cpu, this.#clock.now + 1);
      }
      this.#settle();
    } finally {
      this.#isRunning = false;
    }
  }

  trace(pc: number, handler: TraceHandler): () => void {
    return this.#cpu.trace(pc & PHYSICAL, (cycle, at) => {
      const registers = this.#registers;
      registers.set(this.#cpu.gpr);
      if (this.#cpu.pendingRegister !== 0) registers[this.#cpu.pendingRegister] = this.#cpu.pendingValue;
      handler({ cycle, pc: at >>> 0, registers });
    });
  }

  statistics(): MachineStatistics {
    const { counters, stalls } = this.#cpu;
    const cycles = this.#clock.now;
    const attempted = cycles - stalls;
    const prom = counters[COUNTER.romInstructions] as number;
    const exceptions: Record<string, number> = {};
    EXCEPTION_NAMES.forEach((name, code) => {
      exceptions[name] = counters[COUNTER.exceptions + code] as number;
    });
    return {
      cycles,
      instructions: { attempted, prom, program: attempted - prom },
      exceptions,
      tlb: { refills: counters[COUNTER.tlbRefills] as number },
      icache: { misses: counters[COUNTER.icacheMisses] as number },
      dcache: { misses: counters[COUNTER.dcacheMisses] as number },
    };
  }

  setAccount(index: number): void {
    this.#cpu.accounts.name(index, this.#clock.now, this.#clock.now - this.#cpu.stalls);
  }

  account(index: number): CycleAccount {
    return this.#cpu.accounts.read(index);
  }

  snapshot(): MachineState {
    const cpu = this.#cpu;
    return {
      clock: this.#clock.snapshot(),
      cpu: cpu.snapshot(),
      memory: snapshotMemory(cpu.memory),
      board: this.#board.snapshot(),
      accounts: cpu.accounts.snapshot(),
    };
  }

  restore(state: MachineState): void {
    this.#clock.restore(state.clock);
    restoreMemory(this.#cpu.memory, state.memory);
    this.#cpu.restore(state.cpu);
    this.#cpu.accounts.restore(state.accounts);
    this.#board.restore(state.board);
  }

  cpuState(): CpuState {
    const { gpr, hiLo, pc, inDelaySlot, cp0, tlbHi, tlbLo, stalls } = this.#cpu;
    const read = (register: number): number => (cp0[register] as number) >>> 0;
    return {
      registers: Array.from(gpr, (value) => value >>> 0),
      hi: (hiLo[0] as number) >>> 0,
      lo: (hiLo[1] as number) >>> 0,
      pc: pc >>> 0,
      isDelaySlot: inDelaySlot,
      cp0: {
        Index: read(CP0.Index),
        Random: this.#cpu.random(this.#clock.now - stalls),
        EntryLo: read(CP0.EntryLo),
        Context: read(CP0.Context),
        BadVAddr: read(CP0.BadVAddr),
        EntryHi: read(CP0.EntryHi),
        Status: read(CP0.Status),
        Cause: read(CP0.Cause),
        EPC: read(CP0.EPC),
        PRId: read(CP0.PRId),
      },
      tlb: Array.from(tlbHi, (entryHi, index) => ({
        entryHi: entryHi >>> 0,
        entryLo: (tlbLo[index] as number) >>> 0,
      })),
    };
  }

  readVirtualWord(address: number): number | undefined {
    const physical = this.debugPort.translate(address & ~3);
    const bytes = physical === undefined ? undefined : this.debugPort.readPhysical(physical, 4);
    return bytes && new DataView(bytes.buffer).getUint32(0, true);
  }
}

/**
 * Builds a machine at cycle 0, about to fetch from the reset vector. `model`: what it is built from, when that is not the
 * named model as it leaves the factory. Throws RangeError on impossible options.
 */
export function createMachine(options: MachineOptions, model: Model = MODELS[options.model]): Machine {
  return new Decstation(options, model);
}
