/**
 * The face that every CPU engine shows to the conformance tests: put words and state in, attempt a number of
 * instructions, look at what came out. The tests are written against `Engine`, so that a second engine is held to the
 * same rules by adding it to `ENGINES`.
 */
import { CP0 } from '../../src/machine/cpu/cp0.js';
import { Cpu } from '../../src/machine/cpu/cpu.js';
import { interpret } from '../../src/machine/cpu/interpreter.js';
import type { AccessSize, Bus } from '../../src/machine/memory/bus.js';
import { createGuestMemory, type GuestMemory, LAYOUT } from '../../src/machine/memory/layout.js';
import { Clock } from '../../src/machine/time/clock.js';
import { type CpuTiming, TIMING_5000_125 } from '../../src/machine/time/cpu-timing.js';

/** Where test programs usually lie: kseg0, clear of the vectors. */
export const TEXT = 0x8000_2000;
/** Where test data usually lies. */
export const DATA = 0x8000_4000;

export type Cp0Name = keyof typeof CP0;

export interface InitialState {
  /** Register number -> value. The others keep what they had; all are 0 in a new engine. */
  readonly registers?: Readonly<Record<number, number>>;
  readonly hi?: number;
  readonly lo?: number;
  readonly cp0?: Readonly<Partial<Record<Cp0Name, number>>>;
  /** A load just before, whose value arrives behind the first instruction. */
  readonly pendingLoad?: { readonly register: number; readonly value: number };
  /** A branch just before, which makes the first instruction its delay slot, and where it goes. */
  readonly branchTarget?: number;
}

export interface FinalState {
  /** 32 unsigned values; a load that is still in its delay slot has not arrived. */
  readonly registers: readonly number[];
  readonly hi: number;
  readonly lo: number;
  readonly pc: number;
  readonly isDelaySlot: boolean;
  /** What follows the instruction at `pc`, unless that decides otherwise. */
  readonly nextPc: number;
  /** The load that is still in its delay slot; register 0 when none is. */
  readonly pendingLoad: { readonly register: number; readonly value: number };
  readonly cp0: Readonly<Record<Cp0Name, number>>;
  readonly cycles: number;
  readonly instructions: number;
}

export interface Engine {
  readonly timing: CpuTiming;
  readonly bus: TestBus;
  /** Places words at a kseg0 or kseg1 address. */
  write(address: number, words: readonly number[]): void;
  /** The word at a kseg0 or kseg1 address, unsigned. */
  read(address: number): number;
  setTlb(index: number, entryHi: number, entryLo: number): void;
  setInterrupt(ip: 2 | 3 | 4 | 5 | 6 | 7, isRaised: boolean): void;
  /** Starts at `pc` with this state, outside of any delay slot unless the state says so. */
  start(pc: number, state?: InitialState): void;
  /** Attempts that many instructions (the entry of an interrupt is none, nor is a fetch that faults). */
  advance(instructions: number): FinalState;
  /** Advances to an absolute cycle. */
  advanceToCycle(cycle: number): FinalState;
  state(): FinalState;
}

/** Places `words` at TEXT and runs them from a given state: as many instructions as there are words, if not told. */
export function runProgram(
  engine: Engine,
  words: readonly number[],
  state: InitialState = {},
  instructions: number = words.length,
): FinalState {
  engine.write(TEXT, words);
  engine.start(TEXT, { ...state, cp0: { Status: 0, ...state.cp0 } });
  return engine.advance(instructions);
}

/** Everything that is not RAM: one word-wide register file at 0x1e000000, everything else times out. */
export class TestBus implements Bus {
  hasTimedOut = false;
  lastCycles = 20;
  /** Every access, as text: `read 1e000000 4`. */
  readonly log: string[] = [];
  readonly #words = new Map<number, number>();

  read(physical: number, size: AccessSize): number {
    this.log.push(`read ${physical.toString(16)} ${size}`);
    this.hasTimedOut = physical >>> 24 !== 0x1e;
    const word = this.#words.get(physical & ~3) ?? 0;
    const value = (word >>> ((physical & 3) * 8)) >>> 0;
    return size === 4 ? value : value & (size === 2 ? 0xffff : 0xff);
  }

  write(physical: number, value: number, size: AccessSize): void {
    this.log.push(`write ${physical.toString(16)} ${size} ${(value >>> 0).toString(16)}`);
    if (size === 4) this.#words.set(physical, value >>> 0);
  }
}

const RAM_BYTES = 8 << 20;
let sharedMemory: GuestMemory | undefined;

/** The reference interpreter. One at a time, made in beforeAll or beforeEach: a new one takes the memory over. */
export class InterpreterEngine implements Engine {
  readonly timing: CpuTiming;
  readonly bus: TestBus = new TestBus();
  readonly cpu: Cpu;
  readonly #memory: GuestMemory;

  readonly #isStepping: boolean;

  /** `isStepping`: return to the caller after every instruction, as single-stepping does. */
  constructor(isStepping: boolean = false, timing: CpuTiming = TIMING_5000_125) {
    this.#isStepping = isStepping;
    this.timing = timing;
    sharedMemory ??= createGuestMemory(RAM_BYTES);
    this.#memory = sharedMemory;
    this.#memory.bytes.fill(0, 0, LAYOUT.translation);
    this.#memory.ram.fill(0, 0, 0x10_0000);
    this.cpu = new Cpu(this.#memory, new Clock(timing.hertz), timing);
    this.cpu.bus = this.bus;
    this.cpu.reset();
  }

  write(address: number, words: readonly number[]): void {
    const at = (LAYOUT.ram + (address & 0x1fff_ffff)) >>> 2;
    for (let index = 0; index < words.length; index++) this.#memory.words[at + index] = words[index] ?? 0;
  }

  read(address: number): number {
    return (this.#memory.words[(LAYOUT.ram + (address & 0x1fff_ffff)) >>> 2] ?? 0) >>> 0;
  }

  setTlb(index: number, entryHi: number, entryLo: number): void {
    const { cp0 } = this.cpu;
    const [hi = 0, lo = 0] = [cp0[CP0.EntryHi], cp0[CP0.EntryLo]];
    cp0[CP0.EntryHi] = entryHi;
    cp0[CP0.EntryLo] = entryLo;
    this.cpu.tlbWrite(index);
    cp0[CP0.EntryHi] = hi;
    cp0[CP0.EntryLo] = lo;
  }

  setInterrupt(ip: 2 | 3 | 4 | 5 | 6 | 7, isRaised: boolean): void {
    this.cpu.setInterrupt(ip, isRaised);
  }

  start(pc: number, state: InitialState = {}): void {
    const { cpu } = this;
    for (const [register, value] of Object.entries(state.registers ?? {})) cpu.gpr[Number(register)] = value;
    if (state.hi !== undefined) cpu.hiLo[0] = state.hi;
    if (state.lo !== undefined) cpu.hiLo[1] = state.lo;
    for (const [name, value] of Object.entries(state.cp0 ?? {}))
      cpu.writeCp0(CP0[name as Cp0Name], value | 0);
    cpu.pc = pc | 0;
    cpu.nextPc = (state.branchTarget ?? pc + 4) | 0;
    cpu.inDelaySlot = state.branchTarget !== undefined;
    cpu.pendingRegister = state.pendingLoad?.register ?? 0;
    if (state.pendingLoad !== undefined) cpu.pendingValue = state.pendingLoad.value;
  }

  advance(instructions: number): FinalState {
    const goal = this.#attempted() + instructions;
    for (let left = instructions; left > 0; left = goal - this.#attempted()) {
      // An instruction takes one cycle or more, so this never goes too far.
      interpret(this.cpu, this.cpu.clock.now + (this.#isStepping ? 1 : left));
    }
    return this.state();
  }

  advanceToCycle(cycle: number): FinalState {
    while (this.cpu.clock.now < cycle) interpret(this.cpu, this.#isStepping ? this.cpu.clock.now + 1 : cycle);
    return this.state();
  }

  state(): FinalState {
    const { cpu } = this;
    const cp0 = Object.fromEntries(
      Object.entries(CP0).map(([name, number]) => [name, cpu.readCp0(number, this.#attempted()) >>> 0]),
    ) as Record<Cp0Name, number>;
    return {
      registers: Array.from(cpu.gpr, (value) => value >>> 0),
      hi: (cpu.hiLo[0] ?? 0) >>> 0,
      lo: (cpu.hiLo[1] ?? 0) >>> 0,
      pc: cpu.pc >>> 0,
      isDelaySlot: cpu.inDelaySlot,
      nextPc: cpu.nextPc >>> 0,
      pendingLoad: {
        register: cpu.pendingRegister,
        value: cpu.pendingRegister === 0 ? 0 : cpu.pendingValue >>> 0,
      },
      cp0,
      cycles: cpu.clock.now,
      instructions: this.#attempted(),
    };
  }

  #attempted(): number {
    return this.cpu.clock.now - this.cpu.stalls;
  }
}

/** Every engine that the conformance suites run on. */
export const ENGINES: readonly (readonly [name: string, create: () => Engine])[] = [
  ['interpreter', () => new InterpreterEngine()],
  ['interpreter, stepping', () => new InterpreterEngine(true)],
];
