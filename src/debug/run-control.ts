/**
 * Going on and stopping: what `continue` and `step` mean on this machine, in slices of cycles. A step executes a branch
 * together with its delay slot. A step that ends in an interrupt, a TLB miss or a system call runs on until the handler
 * comes back to where it was (the same address space, mode and stack), unless it is told to go into handlers: programs
 * on demand-loaded pages could not be stepped otherwise. Nothing here costs the guest a cycle or changes its run.
 */

import type { DebugStop, Machine, WatchKind } from '../machine/index.js';

export type Resumption =
  | { readonly kind: 'continue' }
  /** Steps until the PC is outside of [first, end); once, when that is empty. */
  | { readonly kind: 'step'; readonly first: number; readonly end: number };

export type StopEvent = DebugStop | { readonly kind: 'step' };

const CP0 = { EntryHi: 10, Status: 12, Cause: 13, EPC: 14 } as const;
const ASID = 0xfc0;
const KERNEL_USER = 2;
const STACK = 29;
const VECTORS: ReadonlySet<number> = new Set([0x8000_0000, 0x8000_0080, 0xbfc0_0100, 0xbfc0_0180]);
const SYSCALL = 8;
/** Int, Mod, TLBL, TLBS, Sys, CpU: what kernels serve and return from. The others stop a step at the vector. */
const SERVED: ReadonlySet<number> = new Set([0, 1, 2, 3, SYSCALL, 11]);
const USER_END = 0x8000_0000;

/** Where a step was when a handler took over. */
interface Place {
  readonly pc: number;
  readonly space: number;
  readonly isUser: boolean;
  readonly stack: number;
}

interface Away {
  readonly from: Place;
  /** Breakpoints of our own where the handler may come back to. */
  readonly returns: readonly number[];
}

export class RunControl {
  readonly machine: Machine;
  /** When set, steps go into the handlers of interrupts, TLB misses and system calls. */
  stepsIntoHandlers = false;
  /** Says which stops at user addresses count: those in the environment that the user named. */
  isWanted: (stop: DebugStop) => boolean = () => true;
  readonly #run: (untilCycle: number) => void;
  readonly #breakpoints: Set<number> = new Set();
  readonly #watchpoints: { readonly kind: WatchKind; readonly address: number; readonly length: number }[] =
    [];
  #resumption: Resumption | undefined;
  #away: Away | undefined;

  /** `run` runs the machine to an absolute cycle at most. */
  constructor(machine: Machine, run: (untilCycle: number) => void) {
    this.machine = machine;
    this.#run = run;
  }

  get isRunning(): boolean {
    return this.#resumption !== undefined;
  }

  get pointCount(): number {
    return this.#breakpoints.size + this.#watchpoints.length;
  }

  addBreakpoint(address: number): void {
    this.#breakpoints.add(address);
    this.machine.debugPort.addBreakpoint(address);
  }

  removeBreakpoint(address: number): void {
    this.#breakpoints.delete(address);
    this.machine.debugPort.removeBreakpoint(address);
  }

  addWatchpoint(kind: WatchKind, address: number, length: number): void {
    if (this.#watchpoints.some((one) => isSame(one, kind, address, length))) return;
    this.#watchpoints.push({ kind, address, length });
    this.machine.debugPort.addWatchpoint(kind, address, length);
  }

  removeWatchpoint(kind: WatchKind, address: number, length: number): void {
    const index = this.#watchpoints.findIndex((one) => isSame(one, kind, address, length));
    if (index < 0) return;
    this.#watchpoints.splice(index, 1);
    this.machine.debugPort.removeWatchpoint(kind, address, length);
  }

  removeAll(): void {
    for (const address of [...this.#breakpoints]) this.removeBreakpoint(address);
    for (const { kind, address, length } of [...this.#watchpoints])
      this.removeWatchpoint(kind, address, length);
  }

  resume(resumption: Resumption): void {
    this.#resumption = resumption;
  }

  /** Ends what `resume` began, wherever the machine is. */
  halt(): void {
    this.#endAway();
    this.#resumption = undefined;
  }

  /** Goes on to the absolute cycle at most. Returns why it stopped, undefined when it did not. */
  advance(untilCycle: number): StopEvent | undefined {
    while (this.#resumption !== undefined && this.machine.cycle < untilCycle) {
      const resumption = this.#resumption;
      const stop =
        resumption.kind === 'continue' || this.#away !== undefined
          ? this.#continue(untilCycle)
          : this.#step(resumption);
      if (stop === undefined) return undefined;
      if (stop === 'more') continue;
      this.halt();
      return stop;
    }
    return undefined;
  }

  /** Undefined: the cycle is reached, or something else ended the run. */
  #continue(untilCycle: number): StopEvent | 'more' | undefined {
    this.#run(untilCycle);
    const { stop } = this.machine.debugPort;
    if (stop === undefined) return undefined;
    const away = this.#away;
    if (away !== undefined && stop.kind === 'breakpoint' && away.returns.includes(stop.address)) {
      const place = this.#place();
      const isBack =
        place.space === away.from.space &&
        place.isUser === away.from.isUser &&
        place.stack === away.from.stack;
      if (isBack) {
        this.#endAway();
        return this.#isInside(stop.address) || stop.address === away.from.pc ? 'more' : { kind: 'step' };
      }
      if (!this.#breakpoints.has(stop.address)) return 'more';
    }
    return this.isWanted(stop) ? stop : 'more';
  }

  #step(range: { readonly first: number; readonly end: number }): StopEvent | 'more' {
    const { machine } = this;
    const from = this.#place();
    const before = this.#exceptionCount();
    do {
      const { cycle } = machine;
      machine.step();
      let { stop } = machine.debugPort;
      // A step that begins at a breakpoint passes it, and one that nobody wants to know of is passed as well.
      const isHere = stop?.kind === 'breakpoint' && stop.address === from.pc && machine.cycle === cycle;
      if (stop !== undefined && (isHere || !this.isWanted(stop))) {
        machine.step();
        stop = machine.debugPort.stop;
      }
      if (stop !== undefined) return stop;
      if (this.#exceptionCount() !== before && VECTORS.has(this.#pc)) return this.#tookException(from);
    } while (machine.debugPort.isDelaySlot);
    return range.first <= this.#pc && this.#pc < range.end ? 'more' : { kind: 'step' };
  }

  #tookException(from: Place): StopEvent | 'more' {
    const { debugPort } = this.machine;
    const code = (debugPort.readRegister('cp0', CP0.Cause) >>> 2) & 31;
    if (this.stepsIntoHandlers || !SERVED.has(code)) return { kind: 'step' };
    const epc = debugPort.readRegister('cp0', CP0.EPC);
    const returns = code === SYSCALL ? [epc, (epc + 4) >>> 0] : [epc];
    // A branch is executed again with its delay slot: `from` stays what it was.
    this.#away = { from: { ...from, pc: epc }, returns };
    for (const address of returns) debugPort.addBreakpoint(address);
    return 'more';
  }

  #endAway(): void {
    for (const address of this.#away?.returns ?? []) {
      if (!this.#breakpoints.has(address)) this.machine.debugPort.removeBreakpoint(address);
    }
    this.#away = undefined;
  }

  #isInside(pc: number): boolean {
    const range = this.#resumption;
    return range?.kind === 'step' && range.first <= pc && pc < range.end;
  }

  get #pc(): number {
    return this.machine.debugPort.readRegister('pc');
  }

  #place(): Place {
    const { debugPort } = this.machine;
    return {
      pc: this.#pc,
      space: debugPort.readRegister('cp0', CP0.EntryHi) & ASID,
      isUser: (debugPort.readRegister('cp0', CP0.Status) & KERNEL_USER) !== 0,
      stack: debugPort.readRegister('general', STACK),
    };
  }

  #exceptionCount(): number {
    return Object.values(this.machine.statistics().exceptions).reduce((sum, count) => sum + count, 0);
  }
}

/** True for what only means something together with an address space. */
export function isUserAddress(address: number): boolean {
  return address < USER_END;
}

function isSame(
  one: { readonly kind: WatchKind; readonly address: number; readonly length: number },
  kind: WatchKind,
  address: number,
  length: number,
): boolean {
  return one.kind === kind && one.address === address && one.length === length;
}
