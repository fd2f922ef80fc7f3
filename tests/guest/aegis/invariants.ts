/**
 * What must hold of Aegis whatever its environments do, as far as it can be seen from outside: owners and bindings agree,
 * its text, wired TLB entries and constant tables are as they were, gates lead to whom they name, nobody else runs in
 * kernel mode, no tick of the slice clock is lost.
 */

import {
  AEGIS,
  ENV_STATE,
  isAegisRunning,
  readCurrentSlot,
  readEnvironment,
  readPage,
  readSlices,
} from '../../../src/abi/index.js';
import type { KernelMachine } from './kernel-machine.js';
import { ownershipProblems } from './ownership.js';

const KSEG0 = 0x8000_0000;
const UNCACHED = 0x2000_0000;
const VECTOR_BYTES = 0x100;
const USER_MODE = 2; // KUc
/** Of EntryHi. */
const ASID = 0xfc0;
/** 25 MHz / 64 Hz. */
const TICK_CYCLES = 390_625;
/** Slices that one who is told may be given before its pages are taken, and one more. */
const MOST_EATEN = 6;
/** Compiled filters and sandboxed handlers. */
const NETWORK_CODE = { start: 0xd4000, end: 0xde000 } as const;
/** Tables of the state page: vectors (which change) and gates aside, records and calls. */
const STATE_RECORDS = { at: 0x80, bytes: 0x80 } as const;
const STATE_GATES = 0x100;
/** Where an exception without a handler leaves its registers. */
const STATE_NO_SAVE_AREA = 0x698;
const STATE_CALLS = { at: 0x200, bytes: 0x400 } as const;

/** True when the exported structures are in order: outside of the kernel, or in its idle loop. */
export function isInPlace(kernel: KernelMachine): boolean {
  const { pc } = kernel.machine.cpuState();
  return pc < KSEG0 || pc === kernel.symbol('idle_loop');
}

interface Range {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export class KernelWatch {
  readonly #kernel: KernelMachine;
  readonly #constant: readonly Range[];
  #copies: readonly Uint8Array[] = [];
  #wired: string | undefined;
  #lastTick = 0;
  #isFast = 0;
  #hasChangedRate = false;
  /** Most cycles between two ticks of 64 Hz; those apart in which the clock went to 8192 Hz or back, which may eat a tick. */
  longestTick = 0;
  longestWithChange = 0;
  panic = '';
  readonly modeProblems: string[] = [];

  constructor(kernel: KernelMachine) {
    this.#kernel = kernel;
    const physical = (symbol: string): number => kernel.symbol(symbol) - KSEG0;
    const state = physical('kernel_state');
    const range = (name: string, start: number, bytes: number): Range => ({
      name,
      start,
      end: start + bytes,
    });
    this.#constant = [
      range('vectors', 0, VECTOR_BYTES),
      { name: 'text', start: physical('__image_start'), end: physical('__text_end') },
      range('table of records', state + STATE_RECORDS.at, STATE_RECORDS.bytes),
      range('table of calls', state + STATE_CALLS.at, STATE_CALLS.bytes),
    ];
    const { machine } = kernel;
    machine.trace(kernel.symbol('slice_tick'), ({ cycle }) => {
      const length = this.#lastTick > 0 ? cycle - this.#lastTick : 0;
      if (this.#hasChangedRate) this.longestWithChange = Math.max(this.longestWithChange, length);
      else this.longestTick = Math.max(this.longestTick, length);
      this.#lastTick = cycle;
      this.#hasChangedRate = this.#isFast !== 0;
    });
    machine.trace(kernel.symbol('clock_set_fast'), ({ registers }) => {
      const isFast = (registers[4] ?? 0) & 0xff;
      if (isFast !== this.#isFast) this.#hasChangedRate = true;
      this.#isFast = isFast;
    });
    machine.trace(kernel.symbol('trace_panic'), () => {
      this.panic = 'panic';
    });
  }

  /** Notes who runs in kernel mode and is neither Aegis nor code that it made. Any moment after boot will do. */
  checkMode(): void {
    if (!isAegisRunning(this.#kernel.view)) return;
    const { pc, cp0 } = this.#kernel.machine.cpuState();
    if ((cp0.Status & USER_MODE) !== 0) return;
    const physical = (pc & ~(KSEG0 | UNCACHED)) >>> 0;
    const isKernel =
      pc >= KSEG0 &&
      (physical < VECTOR_BYTES ||
        (physical >= this.#kernel.symbol('__image_start') - KSEG0 &&
          physical < this.#kernel.symbol('__text_end') - KSEG0) ||
        (physical >= NETWORK_CODE.start && physical < NETWORK_CODE.end));
    if (!isKernel && !this.#kernel.isHalted) this.modeProblems.push(`kernel mode at ${pc.toString(16)}`);
  }

  /** A transfer's gate leads to whom it names, who has an ASID, or nowhere; positions are run by the living. */
  #transferProblems(): string[] {
    const { view } = this.#kernel;
    const problems: string[] = [];
    const gates = this.#kernel.symbol('kernel_state') - KSEG0 + STATE_GATES;
    const alive = new Set<number>([0]);
    for (let slot = 0; slot < AEGIS.ENV_COUNT; slot++) {
      const { id, state, scall_entry, entry_hi } = readEnvironment(view, slot);
      if (id !== 0 && state !== ENV_STATE.DEAD) alive.add(id);
      const gate = view.getUint32(gates + 4 * slot, true);
      // Closed: a number that leads elsewhere.
      if (gate % AEGIS.ENV_COUNT !== slot) continue;
      if (gate !== id || !alive.has(id) || state === ENV_STATE.NEW || scall_entry === 0 || entry_hi === 0)
        problems.push(`the gate of slot ${slot} is open for ${gate.toString(16)}`);
    }
    for (const runner of readSlices(view).runner)
      if (!alive.has(runner)) problems.push(`a slice is run by ${runner}`);
    return problems;
  }

  /** Where the kernel writes without looking: only into the upage, which is the environment's own and stays so. */
  #contextProblems(): string[] {
    const { view } = this.#kernel;
    const nowhere = this.#kernel.symbol('kernel_state') + STATE_NO_SAVE_AREA;
    const problems: string[] = [];
    for (let slot = 0; slot < AEGIS.ENV_COUNT; slot++) {
      const { id, state, upage, frame, fpu_save, fpu_saved, exceptions, revoke_stage } = readEnvironment(
        view,
        slot,
      );
      if (id === 0 || state === ENV_STATE.DEAD) continue;
      const isInside = (address: number): boolean =>
        upage !== 0 && address >= upage && address < upage + AEGIS.PAGE_SIZE;
      if (upage === 0 && state !== ENV_STATE.NEW) problems.push(`${id} runs without a upage`);
      if (upage === 0 && revoke_stage !== 0) problems.push(`${id} is asked for something, without a upage`);
      if (upage !== 0) {
        const page = readPage(view, (upage - KSEG0) / AEGIS.PAGE_SIZE);
        if (page.owner !== id || page.pins === 0) problems.push(`the upage of ${id} is not its own`);
      }
      if ((upage !== 0 || frame !== 0) && !isInside(frame))
        problems.push(`the frames of ${id} are elsewhere`);
      if (fpu_save !== 0 && !isInside(fpu_save)) problems.push(`the FPU's save area of ${id} is elsewhere`);
      if (fpu_save === 0 && fpu_saved !== 0 && state !== ENV_STATE.NEW)
        problems.push(`${id} is to load the FPU from nowhere`);
      for (let cause = 0; cause < AEGIS.CAUSE_COUNT; cause++) {
        const save = exceptions[4 * cause + 1] ?? 0;
        if (save !== nowhere && !isInside(save)) problems.push(`save area ${cause} of ${id} is elsewhere`);
      }
    }
    return problems;
  }

  /** What does not hold, as text. Outside of the kernel only. */
  problems(): string[] {
    const { ram } = this.#kernel.machine;
    const { tlb, cp0 } = this.#kernel.machine.cpuState();
    const problems = [
      ...ownershipProblems(this.#kernel.view, tlb),
      ...this.#transferProblems(),
      ...this.#contextProblems(),
    ];
    const running = readCurrentSlot(this.#kernel.view);
    if (running >= 0 && readEnvironment(this.#kernel.view, running).entry_hi !== (cp0.EntryHi & ASID))
      problems.push(`slot ${running} runs with EntryHi ${cp0.EntryHi.toString(16)}`);
    const wired = JSON.stringify(tlb.slice(0, 2));
    this.#wired ??= wired;
    if (wired !== this.#wired) problems.push('a wired TLB entry was changed');
    const now = this.#constant.map(({ start, end }) => ram.subarray(start, end));
    if (this.#copies.length === 0) this.#copies = now.map((bytes) => bytes.slice());
    now.forEach((bytes, index) => {
      if (Buffer.compare(bytes, this.#copies[index] as Uint8Array) !== 0)
        problems.push(`${this.#constant[index]?.name} was changed`);
    });
    if (this.panic !== '' || this.#kernel.isHalted)
      problems.push(`halted: ${this.#kernel.console.slice(-200)}`);
    if (this.longestTick > 2 * TICK_CYCLES) problems.push(`${this.longestTick} cycles without a tick`);
    if (this.longestWithChange > MOST_EATEN * TICK_CYCLES)
      problems.push(`${this.longestWithChange} cycles without a tick while a demand was open`);
    return problems;
  }
}
