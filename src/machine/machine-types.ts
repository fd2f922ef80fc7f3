/**
 * What a machine is to the rest of the program: the public types of `machine.ts`. A machine is built once, advanced
 * with `run`, watched through trace points and statistics, and fed through its serial lines.
 */

import type { CpuCoreState } from './cpu/cpu.js';
import type { AccountState } from './cpu/cycle-accounts.js';
import type { DebugStop, WatchKind } from './cpu/debug-points.js';
import type { MemoryState } from './snapshot/memory-state.js';
import type { State } from './snapshot/state.js';
import type { ClockState } from './time/clock.js';

export type { DebugStop, WatchKind };
export type ModelName = '5000/125' | '3100' | '2100';

/** Monitor and frame buffer of a 3100 or 2100. */
export type DisplayKind = 'colour' | 'mono';

/** A disk as the SCSI controller sees it: 512-byte sectors, synchronous. Implemented outside of the machine. */
export interface BlockDevice {
  readonly sectorCount: number;
  readonly isReadOnly: boolean;
  /** Fills `into` (a multiple of 512 bytes) from `sector` on. */
  read(sector: number, into: Uint8Array): void;
  /** Writes `data` (a multiple of 512 bytes) from `sector` on. */
  write(sector: number, data: Uint8Array): void;
}

export interface MachineOptions {
  readonly model: ModelName;
  /** 8 to 128, a multiple of 8; on the 3100 and 2100 4 to 24, a multiple of 4. */
  readonly memoryMiB: number;
  /** The frame buffer; 'colour' is the default, and all that a 5000/125 has. */
  readonly display?: DisplayKind;
  /** Firmware, at most 256 KiB, mapped at physical 0x1fc00000. */
  readonly rom: Uint8Array;
  /** SCSI ids 0, 1, ... in order; at most 7. */
  readonly disks: readonly BlockDevice[];
  /** 16 bytes that the clock chip's RAM holds at cycle 0 (registers 0x20..0x2f): the seed of Aegis's capability key. */
  readonly seed: Uint8Array;
  /** Date that the clock chip starts with, seconds since 1970 UTC. */
  readonly epochSeconds: number;
  /** Six bytes, an individual address; the board has one of its own. */
  readonly stationAddress?: readonly number[];
  /** Initial content of the clock chip's RAM 14..63 (index 0 = register 14), under the seed; e.g. saved NVRAM. */
  readonly nvram?: Uint8Array;
}

/**
 * One serial line as its other end sees it. Input waits in a host-side queue and enters by the guest's own flow
 * control: the next byte when the line is idle, the receiver enabled and its FIFO not full, one character time each.
 */
export interface SerialLine {
  send(bytes: Uint8Array): void;
  /** Bytes queued that the guest has not received yet. */
  readonly pendingCount: number;
  /** Called at the cycle at which the guest's byte has left the line. */
  onOutput: ((byte: number) => void) | undefined;
}

/**
 * The Ethernet as its other end sees it. Frames begin with the destination address and end before the frame check
 * sequence. The wire carries one at a time at 10 Mbit/s; a frame that the guest does not listen for passes by.
 */
export interface NetworkPort {
  /** Queues a frame of 14 to 1514 bytes toward the guest (short ones get padded); lost while 256 are waiting. */
  send(frame: Uint8Array): void;
  /** Frames queued that are not on the wire yet. */
  readonly pendingCount: number;
  /** Called at the cycle at which the guest's frame has left the wire. */
  onFrame: ((frame: Uint8Array) => void) | undefined;
  /** Called at the cycle at which a frame toward the guest has passed, whether or not the guest took it. */
  onArrival: ((frame: Uint8Array) => void) | undefined;
}

/**
 * Everything that has a bearing on the guest's future, and, in `accounts`, what observers made of its past. What is on
 * the disks is their owner's to save. Trace points are no state: who restores keeps those that are attached.
 */
export type MachineState = {
  readonly clock: ClockState;
  readonly cpu: CpuCoreState;
  readonly memory: MemoryState;
  readonly board: State;
  readonly accounts: AccountState;
};

/** The keyboard, as fingers find it. Keys have names (`LK401_KEYS`); others are a RangeError. */
export interface Keyboard {
  /** A key that is down already stays so. */
  press(key: string): void;
  release(key: string): void;
  /** Lamps: wait 1, compose 2, lock 4, hold 8. */
  readonly leds: number;
  /** How often the bell has rung. */
  readonly bellCount: number;
}

/** The mouse, as a hand finds it. */
export interface Mouse {
  /** In the mouse's own steps, to the right and down. */
  move(right: number, down: number): void;
  /** Left 0, middle 1, right 2; other numbers do nothing. */
  button(number: number, isDown: boolean): void;
}

/** What a monitor on the machine's frame buffer shows. */
export interface Screen {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Grows whenever the picture may have changed. */
  readonly generation: number;
  /** Draws the picture, cursor included: red, green and blue of each pixel, top left first, 3 * width * height bytes. */
  copyPixels(into: Uint8Array): void;
}

export type StopReason = 'cycle-limit' | 'stopped';

/** What a trace point's handler may look at. Reading is free; the guest is never changed. */
export interface TraceContext {
  readonly cycle: number;
  readonly pc: number;
  /** 32 general registers. A view, valid during the call only. */
  readonly registers: Int32Array;
}

export type TraceHandler = (context: TraceContext) => void;

export type RegisterSet = 'general' | 'hi' | 'lo' | 'pc' | 'cp0' | 'fpu' | 'fcsr' | 'fir';

/** A debugger's way in, for use between two runs. Points are on virtual addresses and cost the guest no cycle. */
export interface DebugPort {
  /** What ended the last `run` or `step` early: the machine is just before that instruction, and passes it when it goes on. */
  readonly stop: DebugStop | undefined;
  /** True when the next instruction is in a branch delay slot: the branch has been executed. */
  readonly isDelaySlot: boolean;
  /** One per address, in whichever address space is current there. */
  addBreakpoint(address: number): void;
  removeBreakpoint(address: number): void;
  /** `length` bytes; those with the same arguments count. Accesses with isolated caches do not. */
  addWatchpoint(kind: WatchKind, address: number, length: number): void;
  removeWatchpoint(kind: WatchKind, address: number, length: number): void;
  /** `index`: of general, CP0 or FPU registers. Unsigned; a load still in its delay slot is shown as arrived. */
  readRegister(set: RegisterSet, index?: number): number;
  /** Pc: outside of any delay slot. False when that register cannot be written. */
  writeRegister(set: RegisterSet, index: number, value: number): boolean;
  /** Physical address of what the TLB maps there now, kseg0 and kseg1 in any mode; undefined where it has no valid entry. */
  translate(address: number): number | undefined;
  /** A copy of RAM or ROM, at most a page; undefined where something else is. */
  readPhysical(physical: number, length: number): Uint8Array | undefined;
  /** RAM only, at most a page; false, and nothing written, elsewhere. */
  writePhysical(physical: number, bytes: Uint8Array): boolean;
}

export interface MachineStatistics {
  readonly cycles: number;
  readonly instructions: { readonly attempted: number; readonly prom: number; readonly program: number };
  /** Keyed by the MIPS mnemonics Int Mod TLBL TLBS AdEL AdES IBE DBE Sys Bp RI CpU Ov. */
  readonly exceptions: Readonly<Record<string, number>>;
  readonly tlb: { readonly refills: number };
  readonly icache: { readonly misses: number };
  readonly dcache: { readonly misses: number };
}

/** Cycle account of one environment: what the machine counted while `accountIndex` named it. */
export interface CycleAccount {
  readonly userCycles: number;
  readonly kernelCycles: number;
  /** Kernel cycles of entries through the UTLB refill vector. */
  readonly refillCycles: number;
  readonly instructions: number;
  readonly icacheMisses: number;
  readonly dcacheMisses: number;
  readonly tlbMisses: number;
  readonly exceptions: number;
}

export interface Machine {
  readonly options: MachineOptions;
  /** CPU clock rate, cycles per second. */
  readonly hertz: number;
  readonly cycle: number;
  /** Guest RAM, byte 0 = physical 0. */
  readonly ram: Uint8Array;
  /** Serial console (SCC1 channel B, or the DZ's line 3). */
  readonly console: SerialLine;
  /** The 16 lines of the terminal multiplexer. */
  readonly lines: readonly SerialLine[];
  readonly network: NetworkPort;
  readonly keyboard: Keyboard;
  readonly mouse: Mouse;
  /** The monitor on the frame buffer. */
  readonly screen: Screen;
  /** Clock chip RAM, registers 14..63, as it is now (for keeping NVRAM between runs). */
  readonly nvram: Uint8Array;

  /** Runs to the absolute cycle, or until `stop` was called by a trace handler. */
  run(untilCycle: number): StopReason;
  /** Ends the current `run` after the present instruction. */
  stop(): void;
  /**
   * Lets something from outside in: calls `action`, which sends on a line or the network, as soon as the machine stands
   * between two instructions with nothing due, at once unless it is running. What enters so at a cycle enters the same
   * way whenever the run is repeated up to that cycle.
   */
  enter(action: () => void): void;
  /** Executes one instruction (with whatever interrupt or timer is due before it). */
  step(): void;
  /**
   * Calls `handler` whenever an instruction at virtual address `pc` (kseg0, kseg1 or, for user programs, a physical
   * address given in kseg0 form) is about to execute. Returns a function that removes it. Costs the guest nothing.
   */
  trace(pc: number, handler: TraceHandler): () => void;
  statistics(): MachineStatistics;
  /** Names the account (0..63) that cycles are charged to from now on; the observer sets it at Aegis's trace points. */
  setAccount(index: number): void;
  account(index: number): CycleAccount;

  /** Between two `run` calls. */
  snapshot(): MachineState;
  /** Takes the state of a machine with the same options. Throws RangeError when it cannot be one. */
  restore(state: MachineState): void;

  readonly debugPort: DebugPort;
  /** CPU state for the inspector and debugger: registers, hi, lo, pc, CP0 by name, TLB entries. */
  cpuState(): CpuState;
  /** Disassembles `count` instructions at a virtual address as the current mode sees it; unreadable words are null. */
  readVirtualWord(address: number): number | undefined;
}

export interface CpuState {
  readonly registers: readonly number[];
  readonly hi: number;
  readonly lo: number;
  readonly pc: number;
  /** True when `pc` is in a branch delay slot. */
  readonly isDelaySlot: boolean;
  readonly cp0: Readonly<
    Record<
      | 'Index'
      | 'Random'
      | 'EntryLo'
      | 'Context'
      | 'BadVAddr'
      | 'EntryHi'
      | 'Status'
      | 'Cause'
      | 'EPC'
      | 'PRId',
      number
    >
  >;
  /** 64 entries. */
  readonly tlb: readonly { readonly entryHi: number; readonly entryLo: number }[];
}
