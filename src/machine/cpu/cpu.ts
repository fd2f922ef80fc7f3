/**
 * The R3000A's state and everything off the hot path: exceptions, CP0, translation, uncached and isolated accesses,
 * trace points. The hot path is `interpreter.ts`; both work on the same linear memory.
 *
 * True at all times: an entry of the translation table is what a TLB lookup (or kseg0) would give for the current
 * ASID; caches hold tags only, memory is the sole truth; `stalls` is the number of cycles in which no instruction
 * was issued, so instructions attempted = cycles - stalls.
 */

import type { Bus, DmaMemory, InterruptInputs } from '../memory/bus.js';
import { CACHE_WORDS, COUNTER, type GuestMemory, LAYOUT, ROM, TAG, TRANSLATION } from '../memory/layout.js';
import { inRange, type Stateful } from '../snapshot/state.js';
import type { Clock } from '../time/clock.js';
import type { CpuTiming } from '../time/cpu-timing.js';
import { FPU_RESULTS, TIMING_R3010 } from '../time/fpu-timing.js';
import { CAUSE, CP0, type CpuIdentity, ENTRY_HI, ENTRY_LO, EXCEPTION, R3000A, STATUS } from './cp0.js';
import { CycleAccounts } from './cycle-accounts.js';
import { DebugPoints, type SuspendedAccess } from './debug-points.js';
import { Fpu } from './fpu.js';

const CACHE_MASK = CACHE_WORDS - 1;

/** Why an access went wrong: an ExcCode, or one of these. Stopped: not wrong, but a debugger wants to see it first. */
export const FAULT = { none: -1, refillLoad: 0x42, refillStore: 0x43, stopped: 0x80 } as const;

/** No buffer, DMA or unit of the FPU keeps the CPU waiting for so long. */
const MAX_BUSY_CYCLES = 1 << 24;

/** True for pages that the TLB translates: kuseg and kseg2. */
function isMapped(page: number): boolean {
  return page < 0x8_0000 || page >= 0xc_0000;
}

const KSEG0 = 0x8000_0000 | 0;

/** What is not in the linear memory. Absolute cycles that have passed count as the present one. */
export type CpuCoreState = {
  readonly pc: number;
  readonly nextPc: number;
  readonly inDelaySlot: boolean;
  readonly pendingRegister: number;
  readonly pendingValue: number;
  readonly stalls: number;
  readonly writeBufferEmptyAt: number;
  readonly multiplyReadyAt: number;
  /** A load or store that a watchpoint has stopped half-way. */
  readonly suspended: SuspendedAccess | null;
};

export class Cpu implements InterruptInputs, DmaMemory, Stateful<CpuCoreState> {
  readonly gpr: Int32Array;
  readonly hiLo: Int32Array;
  readonly cp0: Int32Array;
  readonly fpr: Int32Array;
  readonly fcr31: Int32Array;
  readonly fpu: Fpu;
  /** When the FPU's results are ready: FPU_RESULTS. */
  readonly fpuResults: Float64Array;
  readonly tlbHi: Int32Array;
  readonly tlbLo: Int32Array;
  readonly counters: Float64Array;
  readonly accounts: CycleAccounts;
  readonly translation: Int32Array;
  /** As the pipeline sees them: exchanged while Status.SwC is set. */
  instructionTags: Int32Array;
  dataTags: Int32Array;
  readonly ram: Uint8Array;

  pc = 0;
  nextPc = 0;
  /** True when the instruction at `pc` is in a branch delay slot. */
  inDelaySlot = false;
  /** Load whose result is not visible yet; register 0 when there is none. */
  pendingRegister = 0;
  pendingValue = 0;
  /** Cycles without an issue since reset. */
  stalls = 0;
  /** Absolute cycles: write buffer empty; multiplier result ready. */
  writeBufferEmptyAt = 0;
  multiplyReadyAt = 0;
  /** Skip iterations of a branch to itself; off only in tests that compare with stepping. */
  idleSkip = true;
  /** Set by anything that the interpreter must look at before the next instruction. */
  attention = false;
  /** Absolute cycle up to which the interpreter was told to run: a timer armed before it needs attention. */
  until = 0;
  stopRequested = false;

  /** Permission bits that loads and stores need in the present mode; 0 sends all of them down the slow path. */
  readMask = 0;
  writeMask = 0;
  /** The same for fetches, which isolation does not touch. */
  fetchMask = 0;

  /** Results of `loadSlow`, `storeSlow` and `fetchSlow`. */
  fault: number = FAULT.none;
  slowCycles = 0;

  readonly traced: Map<number, ((cycle: number, pc: number) => void)[]> = new Map();
  readonly points: DebugPoints = new DebugPoints((page) => {
    this.translation[page] = isMapped(page) ? 0 : this.#directEntry(page);
  });

  /** Virtual pages below kseg0 or in kseg2 that have an entry in the translation table. */
  readonly #filled: Int32Array = new Int32Array(256);
  #filledCount = 0;
  /** How many TLB entries have a page number with these low 12 bits: zero spares the search. */
  readonly #entriesByPage: Uint8Array = new Uint8Array(4096);
  readonly #isolatedInstruction: Int32Array;
  readonly #isolatedData: Int32Array;

  bus!: Bus;

  readonly memory: GuestMemory;
  readonly clock: Clock;
  readonly timing: CpuTiming;
  readonly identity: CpuIdentity;

  constructor(memory: GuestMemory, clock: Clock, timing: CpuTiming, identity: CpuIdentity = R3000A) {
    this.memory = memory;
    this.clock = clock;
    this.timing = timing;
    this.identity = identity;
    const { buffer } = memory;
    this.gpr = new Int32Array(buffer, LAYOUT.generalRegisters, 32);
    this.hiLo = new Int32Array(buffer, LAYOUT.hiLo, 2);
    this.cp0 = new Int32Array(buffer, LAYOUT.cp0, 16);
    this.fpr = new Int32Array(buffer, LAYOUT.fpuRegisters, 32);
    this.fcr31 = new Int32Array(buffer, LAYOUT.fpuControl, 1);
    this.fpuResults = new Float64Array(buffer, LAYOUT.fpuReady, FPU_RESULTS.count);
    this.fpu = new Fpu(memory, TIMING_R3010, (isRaised) => this.setInterrupt(7, isRaised));
    this.tlbHi = new Int32Array(buffer, LAYOUT.tlbHi, 64);
    this.tlbLo = new Int32Array(buffer, LAYOUT.tlbLo, 64);
    this.counters = new Float64Array(buffer, LAYOUT.counters, 32);
    this.accounts = new CycleAccounts(memory);
    this.translation = new Int32Array(buffer, LAYOUT.translation, 1 << 20);
    this.instructionTags = new Int32Array(buffer, LAYOUT.instructionTags, CACHE_WORDS);
    this.dataTags = new Int32Array(buffer, LAYOUT.dataTags, CACHE_WORDS);
    this.#isolatedInstruction = new Int32Array(buffer, LAYOUT.instructionWords, CACHE_WORDS);
    this.#isolatedData = new Int32Array(buffer, LAYOUT.dataWords, CACHE_WORDS);
    this.ram = memory.ram;
  }

  /** Power-on reset. Registers, caches and TLB hold zeros and invalid tags; real ones hold anything. */
  reset(): void {
    this.instructionTags.fill(TAG.invalid);
    this.dataTags.fill(TAG.invalid);
    this.translation.fill(0);
    for (let page = 0x8_0000; page < 0xa_0000; page++) this.translation[page] = this.#directEntry(page);
    this.#entriesByPage.fill(0);
    this.#entriesByPage[0] = 64;
    this.cp0[CP0.PRId] = this.identity.processor;
    this.cp0[CP0.Status] = STATUS.BEV;
    this.pc = 0xbfc0_0000 | 0;
    this.nextPc = this.pc + 4;
    this.modeChanged();
  }

  // ---- state ----------------------------------------------------------------------------------------------------

  snapshot(): CpuCoreState {
    const { now } = this.clock;
    return {
      pc: this.pc,
      nextPc: this.nextPc,
      inDelaySlot: this.inDelaySlot,
      pendingRegister: this.pendingRegister,
      pendingValue: this.pendingRegister === 0 ? 0 : this.pendingValue,
      stalls: this.stalls,
      writeBufferEmptyAt: Math.max(this.writeBufferEmptyAt, now),
      multiplyReadyAt: Math.max(this.multiplyReadyAt, now),
      suspended: this.points.suspended ?? null,
    };
  }

  /** Call when linear memory and clock hold their part of the state. */
  restore(state: CpuCoreState): void {
    const { now } = this.clock;
    const soon = now + MAX_BUSY_CYCLES;
    for (const ready of this.fpuResults) inRange(ready, 0, soon);
    this.pc = state.pc | 0;
    this.nextPc = state.nextPc | 0;
    this.inDelaySlot = state.inDelaySlot;
    this.pendingRegister = state.pendingRegister & 31;
    this.pendingValue = state.pendingValue | 0;
    this.stalls = inRange(state.stalls, 0, now);
    this.writeBufferEmptyAt = inRange(state.writeBufferEmptyAt, 0, soon);
    this.multiplyReadyAt = inRange(state.multiplyReadyAt, 0, soon);
    this.#forgetMapped();
    this.#entriesByPage.fill(0);
    for (const hi of this.tlbHi) {
      const page = (hi >>> 12) & 0xfff;
      this.#entriesByPage[page] = (this.#entriesByPage[page] as number) + 1;
    }
    const isSwapped = ((this.cp0[CP0.Status] as number) & STATUS.SwC) !== 0;
    if (isSwapped !== (this.instructionTags.byteOffset !== LAYOUT.instructionTags)) this.#swapCaches();
    this.points.forgetStop();
    this.points.suspended = state.suspended ?? undefined;
    this.modeChanged();
    for (const physical of this.traced.keys()) this.#markTraced(physical);
  }

  // ---- interrupts, DMA ------------------------------------------------------------------------------------------

  setInterrupt(ip: 2 | 3 | 4 | 5 | 6 | 7, isRaised: boolean): void {
    const bit = 0x100 << ip;
    const cause = this.cp0[CP0.Cause] as number;
    if (((cause & bit) !== 0) === isRaised) return;
    this.cp0[CP0.Cause] = cause ^ bit;
    this.attention = true;
  }

  get isInterruptPending(): boolean {
    const status = this.cp0[CP0.Status] as number;
    return (status & STATUS.IEc) !== 0 && (status & (this.cp0[CP0.Cause] as number) & STATUS.IM) !== 0;
  }

  stealCycles(cycles: number): void {
    this.writeBufferEmptyAt = Math.max(this.writeBufferEmptyAt, this.clock.now) + cycles;
    this.attention = true;
  }

  // ---- exceptions -----------------------------------------------------------------------------------------------

  /**
   * Enters the handler of an exception: saves EPC, BD, CE, shifts the mode stack, sets `pc`. `code` is an ExcCode or
   * FAULT.refill*; `epc` the instruction, `cycle` and `instructions` the totals at entry, for the accounts.
   */
  enterException(
    code: number,
    epc: number,
    isDelaySlot: boolean,
    coprocessor: number,
    cycle: number,
    instructions: number,
  ): void {
    const isRefill = code >= FAULT.refillLoad;
    const excCode = isRefill ? code & 0x3f : code;
    const status = this.cp0[CP0.Status] as number;
    const wasUser = (status & STATUS.KUc) !== 0;
    const cause = (this.cp0[CP0.Cause] as number) & STATUS.IM;
    this.cp0[CP0.Cause] = cause | (excCode << 2) | (coprocessor << 28) | (isDelaySlot ? CAUSE.BD : 0);
    this.cp0[CP0.EPC] = isDelaySlot ? epc - 4 : epc;
    this.cp0[CP0.Status] = (status & ~0x3f) | ((status << 2) & 0x3c);
    const counter = COUNTER.exceptions + excCode;
    this.counters[counter] = (this.counters[counter] as number) + 1;
    if (isRefill) this.counters[COUNTER.tlbRefills] = (this.counters[COUNTER.tlbRefills] as number) + 1;
    const base = (status & STATUS.BEV) !== 0 ? 0xbfc0_0100 : KSEG0;
    this.pc = (isRefill ? base : base + 0x80) | 0;
    this.nextPc = (this.pc + 4) | 0;
    this.inDelaySlot = false;
    this.accounts.enter(wasUser, isRefill, cycle, instructions);
    if (wasUser) this.modeChanged();
  }

  /** `rfe`: pops the mode stack. */
  returnFromException(cycle: number, instructions: number): void {
    const status = this.cp0[CP0.Status] as number;
    this.cp0[CP0.Status] = (status & ~0xf) | ((status >>> 2) & 0xf);
    if ((status & 0x8) !== 0) this.accounts.leave(cycle, instructions);
    this.modeChanged();
    if (this.isInterruptPending) this.attention = true;
  }

  // ---- modes and translation ------------------------------------------------------------------------------------

  /** Call after any change of Status: recomputes what depends on mode, isolation and swapping. */
  modeChanged(): void {
    const status = this.cp0[CP0.Status] as number;
    const isUser = (status & STATUS.KUc) !== 0;
    const isIsolated = (status & STATUS.IsC) !== 0;
    this.fetchMask = isUser ? TRANSLATION.userRead : TRANSLATION.kernelRead | TRANSLATION.kernelFetch;
    this.readMask = isIsolated ? 0 : isUser ? TRANSLATION.userRead : TRANSLATION.kernelRead;
    this.writeMask = isIsolated ? 0 : isUser ? TRANSLATION.userWrite : TRANSLATION.kernelWrite;
  }

  #swapCaches(): void {
    const tags = this.instructionTags;
    this.instructionTags = this.dataTags;
    this.dataTags = tags;
  }

  /** Drops the translations of every mapped page: the ASID changed. */
  #forgetMapped(): void {
    for (let i = 0; i < this.#filledCount; i++) this.translation[this.#filled[i] as number] = 0;
    this.#filledCount = 0;
  }

  /** Index of the entry that matches a virtual address under the current ASID, or -1. The lowest index wins. */
  tlbProbe(entryHi: number): number {
    const { tlbHi, tlbLo } = this;
    const page = entryHi & ENTRY_HI.VPN;
    const asid = entryHi & ENTRY_HI.ASID;
    if (this.#entriesByPage[(page >>> 12) & 0xfff] === 0) return -1;
    for (let i = 0; i < 64; i++) {
      const hi = tlbHi[i] as number;
      if ((hi & ENTRY_HI.VPN) !== page) continue;
      if ((hi & ENTRY_HI.ASID) === asid || ((tlbLo[i] as number) & ENTRY_LO.G) !== 0) return i;
    }
    return -1;
  }

  tlbWrite(index: number): void {
    const old = (this.tlbHi[index] as number) >>> 12;
    const hi = this.cp0[CP0.EntryHi] as number;
    const lo = this.cp0[CP0.EntryLo] as number;
    const page = hi >>> 12;
    const counts = this.#entriesByPage;
    counts[old & 0xfff] = (counts[old & 0xfff] as number) - 1;
    counts[page & 0xfff] = (counts[page & 0xfff] as number) + 1;
    this.tlbHi[index] = hi;
    this.tlbLo[index] = lo;
    if (isMapped(old)) this.translation[old] = 0;
    if (!isMapped(page)) return;
    this.translation[page] = 0;
    // EntryHi holds the current ASID; with no other entry of this page about, the new one is what a lookup gives.
    if ((lo & (ENTRY_LO.V | ENTRY_LO.N)) === ENTRY_LO.V && counts[page & 0xfff] === 1) this.#fill(page, lo);
  }

  /** Entry of a page outside kuseg and kseg2: kseg0 has RAM and, to be fetched only, ROM. */
  #directEntry(page: number): number {
    if (page >= 0xa_0000 || this.points.isHeld(page)) return 0;
    const address = (page << 12) & 0x1fff_ffff;
    if (address < this.memory.ramBytes) return address | TRANSLATION.kernelRead | TRANSLATION.kernelWrite;
    const offset = address - ROM.base;
    if (offset < 0 || offset >= ROM.bytes) return 0;
    return (this.memory.ramBytes + offset) | TRANSLATION.kernelFetch;
  }

  /** Enters a mapped page of cached RAM into the translation table. `lo` is its valid EntryLo. */
  #fill(page: number, lo: number): void {
    const frame = lo & ENTRY_HI.VPN & 0x1fff_ffff;
    if (frame >= this.memory.ramBytes || this.points.isHeld(page)) return;
    const isUser = page < 0x8_0000;
    const reads = isUser ? TRANSLATION.kernelRead | TRANSLATION.userRead : TRANSLATION.kernelRead;
    const writes = isUser ? TRANSLATION.kernelWrite | TRANSLATION.userWrite : TRANSLATION.kernelWrite;
    if (this.#filledCount === this.#filled.length) this.#forgetMapped();
    this.#filled[this.#filledCount++] = page;
    this.translation[page] = frame | reads | ((lo & ENTRY_LO.D) !== 0 ? writes : 0);
  }

  /** Random decrements once an instruction over 63..8. */
  random(instructions: number): number {
    return (63 - (instructions % 56)) << 8;
  }

  /**
   * Translates a virtual address. Returns the physical address with bit 31 set when the access is cached (as a
   * negative number), or sets `fault` and the CP0 fault registers. Fills the translation table for cached RAM.
   */
  #translate(address: number, isStore: boolean): number {
    const isUser = ((this.cp0[CP0.Status] as number) & STATUS.KUc) !== 0;
    this.fault = FAULT.none;
    if (address < 0) {
      if (isUser) return this.#addressError(address, isStore);
      const segment = address >>> 29;
      if (segment === 4) return (address & 0x1fff_ffff) | KSEG0;
      if (segment === 5) return address & 0x1fff_ffff;
    }
    const page = address & ENTRY_HI.VPN;
    const index = this.tlbProbe(page | ((this.cp0[CP0.EntryHi] as number) & ENTRY_HI.ASID));
    if (index < 0) {
      const code = isStore ? EXCEPTION.TLBS : EXCEPTION.TLBL;
      return this.#tlbFault(address, address >= 0 ? code | 0x40 : code);
    }
    const lo = this.tlbLo[index] as number;
    if ((lo & ENTRY_LO.V) === 0) return this.#tlbFault(address, isStore ? EXCEPTION.TLBS : EXCEPTION.TLBL);
    if (isStore && (lo & ENTRY_LO.D) === 0) return this.#tlbFault(address, EXCEPTION.Mod);
    const physical = (lo & ENTRY_HI.VPN & 0x1fff_ffff) | (address & 0xfff);
    if ((lo & ENTRY_LO.N) !== 0) return physical;
    this.#fill(address >>> 12, lo);
    return physical | KSEG0;
  }

  #addressError(address: number, isStore: boolean): number {
    this.cp0[CP0.BadVAddr] = address;
    this.fault = isStore ? EXCEPTION.AdES : EXCEPTION.AdEL;
    return 0;
  }

  #tlbFault(address: number, fault: number): number {
    const { cp0 } = this;
    cp0[CP0.BadVAddr] = address;
    cp0[CP0.Context] = ((cp0[CP0.Context] as number) & 0xffe0_0000) | ((address >>> 10) & 0x1f_fffc);
    cp0[CP0.EntryHi] = (address & ENTRY_HI.VPN) | ((cp0[CP0.EntryHi] as number) & ENTRY_HI.ASID);
    this.fault = fault;
    return 0;
  }

  // ---- the slow path of loads, stores and fetches ---------------------------------------------------------------

  /** What load `opcode` reads, when the fast path could not, as `loadSlow` does: lwl and lwr take the whole word. */
  loadInstruction(opcode: number, address: number, cycle: number): number {
    if (opcode !== 34 && opcode !== 38) {
      const size = opcode === 32 || opcode === 36 ? 1 : opcode === 33 || opcode === 37 ? 2 : 4;
      return this.loadSlow(address, size, cycle);
    }
    const value = this.loadSlow(address & ~3, 4, cycle);
    const { fault } = this;
    if (fault !== FAULT.none && fault !== EXCEPTION.DBE && fault !== FAULT.stopped) {
      this.cp0[CP0.BadVAddr] = address;
    }
    return value;
  }

  /** What store `opcode` does, when the fast path could not, as `storeSlow` does. */
  storeInstruction(opcode: number, address: number, value: number, cycle: number): void {
    if (opcode === 42 || opcode === 46) this.#storeUnaligned(opcode === 42, address, value, cycle);
    else this.storeSlow(address, opcode === 40 ? 1 : opcode === 41 ? 2 : 4, value, cycle);
  }

  /** swl and swr: one access, that moves the bytes from `address` to one end of its word. */
  #storeUnaligned(isLeft: boolean, address: number, value: number, cycle: number): void {
    this.slowCycles = 0;
    const status = this.cp0[CP0.Status] as number;
    if ((status & STATUS.IsC) !== 0) {
      this.#isolatedStore(address, 1, value, status);
      return;
    }
    const lane = address & 3;
    const first = isLeft ? address & ~3 : address;
    const count = isLeft ? lane + 1 : 4 - lane;
    const translated = this.#translate(address, true);
    if (this.fault !== FAULT.none || this.#isStopped(first, count, true)) return;
    const physical = (translated & 0x7fff_ffff) - (address - first);
    const moved = isLeft ? value >>> ((3 - lane) << 3) : value;
    let drain = this.timing.writeDrain;
    if (translated < 0) {
      const word = physical & ~3;
      if (this.dataTags[(word >>> 2) & CACHE_MASK] === word) this.slowCycles = this.timing.partialStore;
    }
    this.clock.now = cycle;
    for (let i = 0; i < count; i++) {
      const byte = (moved >>> (i << 3)) & 0xff;
      if (physical < this.memory.ramBytes) this.memory.bytes[LAYOUT.ram + physical + i] = byte;
      else {
        this.bus.write(physical + i, byte, 1);
        drain = this.bus.lastCycles;
        if (this.clock.nextAt < this.until) this.attention = true;
      }
    }
    this.#occupyWriteBuffer(cycle, drain);
  }

  /** True when a watchpoint wants this access to wait. */
  #isStopped(address: number, size: number, isStore: boolean): boolean {
    if (!this.points.hasWatchpoints || !this.points.stopsAccess(address, size, isStore)) return false;
    this.#stopBefore();
    return true;
  }

  #stopBefore(): void {
    this.fault = FAULT.stopped;
    this.stopRequested = true;
  }

  /**
   * Loads 1, 2 or 4 bytes, zero-extended, when the fast path could not. `cycle` is absolute. Sets `fault`, and
   * `slowCycles` to the stall.
   */
  loadSlow(address: number, size: 1 | 2 | 4, cycle: number): number {
    this.slowCycles = 0;
    if ((address & (size - 1)) !== 0) return this.#addressError(address, false);
    const status = this.cp0[CP0.Status] as number;
    if ((status & STATUS.IsC) !== 0) return this.#isolatedLoad(address, size, status);
    const translated = this.#translate(address, false);
    if (this.fault !== FAULT.none || this.#isStopped(address, size, false)) return 0;
    const physical = translated & 0x7fff_ffff;
    const waiting = Math.max(this.writeBufferEmptyAt - cycle, 0);
    if (translated < 0) {
      const word = physical & ~3;
      const line = (word >>> 2) & CACHE_MASK;
      if (this.dataTags[line] !== word) {
        this.dataTags[line] = word;
        this.counters[COUNTER.dcacheMisses] = (this.counters[COUNTER.dcacheMisses] as number) + 1;
        this.slowCycles = waiting + this.timing.readMiss;
      }
    } else {
      this.slowCycles = waiting + this.timing.readMiss;
    }
    if (physical < this.memory.ramBytes) return this.#ramRead(physical, size);
    this.clock.now = cycle + waiting;
    this.bus.hasTimedOut = false;
    const value = this.bus.read(physical, size);
    this.slowCycles = waiting + this.bus.lastCycles;
    if (this.clock.nextAt < this.until) this.attention = true;
    if (this.bus.hasTimedOut) this.fault = EXCEPTION.DBE;
    return value;
  }

  #ramRead(physical: number, size: 1 | 2 | 4): number {
    const at = LAYOUT.ram + physical;
    if (size === 4) return this.memory.words[at >>> 2] as number;
    if (size === 2) return this.memory.halves[at >>> 1] as number;
    return this.memory.bytes[at] as number;
  }

  /**
   * Stores the low 1, 2 or 4 bytes of `value` when the fast path could not. Sets `fault`, `slowCycles` (stall on a
   * full write buffer) and updates `writeBufferEmptyAt`.
   */
  storeSlow(address: number, size: 1 | 2 | 4, value: number, cycle: number): void {
    this.slowCycles = 0;
    if ((address & (size - 1)) !== 0) {
      this.#addressError(address, true);
      return;
    }
    const status = this.cp0[CP0.Status] as number;
    if ((status & STATUS.IsC) !== 0) {
      this.#isolatedStore(address, size, value, status);
      return;
    }
    const translated = this.#translate(address, true);
    if (this.fault !== FAULT.none || this.#isStopped(address, size, true)) return;
    const physical = translated & 0x7fff_ffff;
    let drain = this.timing.writeDrain;
    if (translated < 0) {
      const word = physical & ~3;
      const line = (word >>> 2) & CACHE_MASK;
      if (size === 4) this.dataTags[line] = word;
      else if (this.dataTags[line] === word) this.slowCycles = this.timing.partialStore;
    }
    if (physical < this.memory.ramBytes) {
      const at = LAYOUT.ram + physical;
      if (size === 4) this.memory.words[at >>> 2] = value;
      else if (size === 2) this.memory.halves[at >>> 1] = value;
      else this.memory.bytes[at] = value;
    } else {
      this.clock.now = cycle;
      this.bus.write(physical, size === 4 ? value >>> 0 : size === 2 ? value & 0xffff : value & 0xff, size);
      drain = this.bus.lastCycles;
      if (this.clock.nextAt < this.until) this.attention = true;
    }
    this.#occupyWriteBuffer(cycle, drain);
  }

  /** One write of `drain` cycles enters the buffer, after `slowCycles`; adds the stall when the buffer was full. */
  #occupyWriteBuffer(cycle: number, drain: number): void {
    const { writeDrain, writeBufferDepth } = this.timing;
    this.writeBufferEmptyAt = Math.max(this.writeBufferEmptyAt, cycle + this.slowCycles) + drain;
    const excess = this.writeBufferEmptyAt - cycle - writeDrain * writeBufferDepth;
    if (excess > this.slowCycles) this.slowCycles = excess;
  }

  /**
   * Fetches the instruction at `pc` when the fast path could not: another page, uncached or ROM text, a traced word.
   * Sets `fault` and `slowCycles`.
   */
  fetchSlow(pc: number, cycle: number): number {
    this.slowCycles = 0;
    if ((pc & 3) !== 0) return this.#addressError(pc, false);
    const translated = this.#translate(pc, false);
    if (this.fault !== FAULT.none) return 0;
    if (this.points.hasBreakpoints && this.points.stopsFetch(pc, cycle)) {
      this.#stopBefore();
      return 0;
    }
    const physical = translated & 0x7fff_ffff;
    const waiting = Math.max(this.writeBufferEmptyAt - cycle, 0);
    const isRam = physical < this.memory.ramBytes;
    const isTraced = this.traced.size !== 0 && this.traced.has(physical);
    let isMiss = true;
    if (translated < 0) {
      const line = (physical >>> 2) & CACHE_MASK;
      const tag = this.instructionTags[line] as number;
      const present = this.#present(physical);
      isMiss = (tag & ~TAG.traced) !== present;
      if (isMiss) this.counters[COUNTER.icacheMisses] = (this.counters[COUNTER.icacheMisses] as number) + 1;
      this.instructionTags[line] = isTraced ? present | TAG.traced : present;
    }
    if (isTraced) this.#callTraces(physical, pc, cycle);
    if (isRam) {
      if (isMiss) this.slowCycles = waiting + this.timing.readMiss;
      return this.memory.words[(LAYOUT.ram + physical) >>> 2] as number;
    }
    this.clock.now = cycle + waiting;
    this.bus.hasTimedOut = false;
    const word = this.bus.read(physical, 4) | 0;
    if (isMiss) this.slowCycles = waiting + this.bus.lastCycles;
    if (this.bus.hasTimedOut) this.fault = EXCEPTION.IBE;
    else if (physical >= ROM.base)
      this.counters[COUNTER.romInstructions] = (this.counters[COUNTER.romInstructions] as number) + 1;
    return word;
  }

  /** The address by which caches and translations know a word: ROM's is that of its copy. */
  #present(physical: number): number {
    return physical < ROM.base ? physical : physical - ROM.base + this.memory.ramBytes;
  }

  /** Counts instructions from ROM that did not come through `fetchSlow`. */
  countRomInstructions(count: number): void {
    this.counters[COUNTER.romInstructions] = (this.counters[COUNTER.romInstructions] as number) + count;
  }

  // ---- isolated caches ------------------------------------------------------------------------------------------

  #isolatedLoad(address: number, size: 1 | 2 | 4, status: number): number {
    this.fault = FAULT.none;
    const line = (address >>> 2) & CACHE_MASK;
    const tag = this.dataTags[line] as number;
    const isHit = tag !== TAG.invalid && (tag & ~3) === (address & 0x1fff_fffc);
    this.cp0[CP0.Status] = isHit ? status & ~STATUS.CM : status | STATUS.CM;
    let word: number;
    if (tag === TAG.invalid) word = 0;
    else if ((tag & TAG.isolated) !== 0) word = this.#isolatedWords(status)[line] as number;
    else
      word = tag < this.memory.ramBytes ? (this.memory.words[(LAYOUT.ram + (tag & ~3)) >>> 2] as number) : 0;
    if (size === 4) return word;
    return (word >>> ((address & 3) * 8)) & (size === 2 ? 0xffff : 0xff);
  }

  #isolatedStore(address: number, size: 1 | 2 | 4, value: number, status: number): void {
    this.fault = FAULT.none;
    const line = (address >>> 2) & CACHE_MASK;
    if (size === 4) {
      this.#isolatedWords(status)[line] = value;
      this.dataTags[line] = (address & 0x1fff_fffc) | TAG.isolated;
    } else {
      this.dataTags[line] = TAG.invalid;
    }
  }

  #isolatedWords(status: number): Int32Array {
    return (status & STATUS.SwC) !== 0 ? this.#isolatedInstruction : this.#isolatedData;
  }

  // ---- CP0 and the FPU's control side ---------------------------------------------------------------------------

  readCp0(register: number, instructions: number): number {
    if (register === CP0.Random) return this.random(instructions);
    if (register >= 16) return 0;
    return this.cp0[register] as number;
  }

  writeCp0(register: number, value: number): void {
    const { cp0 } = this;
    switch (register) {
      case CP0.Index:
        cp0[CP0.Index] = ((cp0[CP0.Index] as number) & (1 << 31)) | (value & 0x3f00);
        break;
      case CP0.EntryLo:
        cp0[CP0.EntryLo] = value & ENTRY_LO.writable;
        break;
      case CP0.Context:
        cp0[CP0.Context] = (value & 0xffe0_0000) | ((cp0[CP0.Context] as number) & 0x1f_fffc);
        break;
      case CP0.EntryHi: {
        const changed = (cp0[CP0.EntryHi] as number) ^ value;
        cp0[CP0.EntryHi] = value & (ENTRY_HI.VPN | ENTRY_HI.ASID);
        if ((changed & ENTRY_HI.ASID) !== 0) this.#forgetMapped();
        break;
      }
      case CP0.Status: {
        const old = cp0[CP0.Status] as number;
        const parity = old & STATUS.PE & ~value;
        cp0[CP0.Status] = (value & STATUS.writable) | (old & STATUS.CM) | parity;
        if (((old ^ value) & STATUS.SwC) !== 0) this.#swapCaches();
        this.modeChanged();
        this.attention = true;
        break;
      }
      case CP0.Cause:
        cp0[CP0.Cause] =
          ((cp0[CP0.Cause] as number) & ~CAUSE.softwareInterrupts) | (value & CAUSE.softwareInterrupts);
        this.attention = true;
        break;
    }
  }

  tlbRead(): void {
    const index = ((this.cp0[CP0.Index] as number) >>> 8) & 63;
    const hi = this.tlbHi[index] as number;
    if ((((this.cp0[CP0.EntryHi] as number) ^ hi) & ENTRY_HI.ASID) !== 0) this.#forgetMapped();
    this.cp0[CP0.EntryHi] = hi;
    this.cp0[CP0.EntryLo] = this.tlbLo[index] as number;
  }

  readFpuControl(register: number): number {
    if (register === 0) return this.identity.fpu;
    return register === 31 ? (this.fcr31[0] as number) : 0;
  }

  writeFpuControl(register: number, value: number): void {
    if (register === 31) this.fpu.writeControl(value);
  }

  // ---- trace points ---------------------------------------------------------------------------------------------

  #callTraces(physical: number, pc: number, cycle: number): void {
    this.clock.now = cycle;
    for (const handler of this.traced.get(physical) ?? []) handler(cycle, pc);
    if (this.stopRequested) this.attention = true;
  }

  /** Adds a handler for the instruction at a physical address; returns its removal. */
  trace(physical: number, handler: (cycle: number, pc: number) => void): () => void {
    this.traced.set(physical, [...(this.traced.get(physical) ?? []), handler]);
    this.#markTraced(physical);
    return () => {
      const rest = (this.traced.get(physical) ?? []).filter((other) => other !== handler);
      if (rest.length === 0) this.traced.delete(physical);
      else this.traced.set(physical, rest);
      this.#markTraced(physical);
    };
  }

  /** The tag may neither let the fast path pass a traced word by, nor keep a mark that is gone. */
  #markTraced(physical: number): void {
    const line = (physical >>> 2) & CACHE_MASK;
    const present = this.#present(physical);
    const tag = this.instructionTags[line] as number;
    if (tag === TAG.invalid || (tag & ~TAG.traced) !== present) return;
    this.instructionTags[line] = this.traced.has(physical) ? present | TAG.traced : present;
  }
}
