/**
 * Warms the interpreter up: runs every kind of instruction, exception and exit some hundred times on a scratch CPU,
 * in short calls, so that the JavaScript engine has seen all of `interpret` before it optimises it. Without this the
 * first optimised code knows the entry loop only and is thrown away, or left at every exit, again and again.
 * Touches nothing of a real machine; done once in a process.
 */

import type { Bus } from '../memory/bus.js';
import { createGuestMemory, ROM } from '../memory/layout.js';
import { Clock } from '../time/clock.js';
import { TIMING_5000_125 } from '../time/cpu-timing.js';
import { CP0, ENTRY_LO, STATUS } from './cp0.js';
import { Cpu } from './cpu.js';
import { interpret } from './interpreter.js';

const TEXT = 0x8000_1000;
const FUNCTION = 0x8000_3000;
const IDLE = 0x8000_3100;
const DATA = 0x8000_4000;
/** Virtual address of the first of five mapped pages. */
const MAPPED = 0x0040_0000;
const LO = { uncached: ENTRY_LO.N, dirty: ENTRY_LO.D, valid: ENTRY_LO.V } as const;
/** Coprocessors 0 and 1 usable. */
const STATUS_RUNNING = 0x3000_0000;
const CALLS = 400;
const IDLE_CALLS = 10;
/** Calls differ in length, so that in time they end at every kind of place. */
const cyclesOfCall = (call: number): number => 60 + ((call * 37) % 151);
/** Far ahead, so that the engine knows cycle counts as doubles from the start. */
const FIRST_CYCLE = 2 ** 40;

const special = (fn: number, rs: number, rt: number, rd: number, shift = 0): number =>
  (rs << 21) | (rt << 16) | (rd << 11) | (shift << 6) | fn;
const immediate = (op: number, rs: number, rt: number, value: number): number =>
  (op << 26) | (rs << 21) | (rt << 16) | (value & 0xffff);
const cop0 = (rs: number, rt: number, rd: number): number =>
  (16 << 26) | (rs << 21) | (rt << 16) | (rd << 11);
const tlb = (fn: number): number => (16 << 26) | (16 << 21) | fn;
const cop1 = (rs: number, rt: number, fs: number): number =>
  (17 << 26) | (rs << 21) | (rt << 16) | (fs << 11);

/** Every function of a format, on registers that hold numbers, and loads and stores that wait for results. */
const arithmetic = (format: number, fs: number): number[] =>
  [0, 1, 2, 3, 5, 6, 7, 32 + (format & 1 ? 0 : 1), 36, 50, 60].flatMap((fn) => [
    cop1(format, fn < 4 || fn > 40 ? fs + 2 : 0, fs) | (fn > 40 ? 0 : 16 << 6) | fn,
    immediate(57, 4, 16, 8),
  ]);

/**
 * $4 = DATA, $10 = the same cache lines elsewhere, $6 = DATA uncached, $13 = a device; $2, $3 numbers,
 * $9 = 0x7fffffff; $11 and $12 = a function uncached and in ROM; $14, $15 values of Status.
 */
function program(): number[] {
  const alu = [0, 2, 3, 4, 6, 7, 16, 18, 33, 35, 36, 37, 38, 39, 42, 43].map((fn) => special(fn, 2, 3, 5, 3));
  const muldiv = [24, 25, 26, 27].flatMap((fn) => [
    special(fn, 2, 3, 0),
    special(fn, 3, 2, 0),
    special(16, 0, 0, 5),
  ]);
  const moves = [special(17, 2, 0, 0), special(19, 3, 0, 0), special(32, 2, 3, 5), special(34, 2, 3, 5)];
  const immediates = [8, 9, 10, 11, 12, 13, 14, 15].map((op) => immediate(op, 2, 5, -3));
  const everywhere = (op: number): number[] => [4, 10, 6, 13].map((base) => immediate(op, base, 3, 8));
  const loads = [35, 32, 33, 34, 36, 37, 38, 49].flatMap(everywhere);
  const stores = [40, 41, 42, 43, 46, 57].flatMap(everywhere);
  // Loads that miss while stores are still on their way: the bases' lines push each other out.
  const waits = [35, 32, 33, 34, 36, 37, 38, 49].flatMap((op) => [
    immediate(43, 4, 3, 16),
    immediate(43, 4, 3, 20),
    immediate(op, 10, 3, 8),
    immediate(43, 10, 3, 16),
    immediate(op, 4, 3, 8),
  ]);
  // $16 to $20: mapped pages, present, uncached, invalid, absent and read-only; $21: EntryHi of another address space,
  // so that translations are forgotten.
  const mapped = [16, 17, 18, 19, 20].flatMap((base) =>
    [35, 33, 36, 43, 40, 42].flatMap((op) => [immediate(op, base, 3, 8), 0]),
  );
  const elsewhere = [cop0(4, 21, CP0.EntryHi), ...mapped, cop0(4, 0, CP0.EntryHi)];
  // $22: Status with user mode as the previous one, $23 with an interrupt allowed there: it comes at once. Without it
  // the fetch is an address error. The handler returns in kernel mode.
  const user = [cop0(4, 22, CP0.Status), tlb(16), 0, cop0(4, 23, CP0.Status), tlb(16), 0];
  const branches = [4, 5, 6, 7].flatMap((op) => [immediate(op, 2, 0, 1), 0, immediate(op, 0, 0, 1), 0]);
  const regimm = [0, 1, 16, 17].flatMap((rt) => [immediate(1, 2, rt, 1), 0, immediate(1, 8, rt, 1), 0]);
  const system = [
    cop0(0, 5, CP0.Status),
    cop0(0, 5, CP0.Random),
    cop0(4, 0, CP0.Index),
    cop0(4, 0, CP0.EntryHi),
  ];
  const tlbs = [tlb(1), tlb(2), tlb(6), tlb(8), cop0(8, 0, 0), 0, cop0(8, 1, 0), 0];
  // $14 and $15: Status with and without an isolated cache.
  const isolated = [
    cop0(4, 14, CP0.Status),
    ...[35, 36].flatMap((op) => [immediate(op, 4, 3, 8), 0]),
    ...[43, 40].map((op) => immediate(op, 4, 3, 0x2000)),
    cop0(4, 15, CP0.Status),
  ];
  const fpu = [
    cop1(0, 5, 2),
    cop1(2, 5, 31),
    cop1(4, 3, 2),
    cop1(6, 0, 31),
    cop1(8, 0, 0),
    0,
    cop1(8, 1, 0),
    0,
    ...arithmetic(17, 4),
    ...arithmetic(16, 8),
    cop1(20, 0, 12) | 32,
    cop1(20, 0, 12) | 33,
  ];
  const faults = [
    special(12, 0, 0, 0),
    special(13, 0, 0, 0),
    special(32, 9, 9, 5),
    special(1, 0, 0, 0),
    immediate(35, 4, 5, 1),
  ];
  const body = [
    alu,
    muldiv,
    moves,
    immediates,
    loads,
    stores,
    waits,
    isolated,
    mapped,
    elsewhere,
    mapped,
    user,
    branches,
    regimm,
    system,
    tlbs,
    fpu,
    faults,
  ].flat();
  const jump = (op: number, target: number): number => (op << 26) | ((target & 0x0fff_ffff) >>> 2);
  return [
    ...body,
    jump(3, FUNCTION),
    0,
    special(9, 11, 0, 31),
    0,
    special(9, 12, 0, 31),
    0,
    jump(2, TEXT),
    0,
  ];
}

/** Both vectors: returns behind the instruction at EPC, in kernel mode. */
const HANDLER = [
  cop0(0, 26, CP0.EPC),
  cop0(4, 15, CP0.Status),
  immediate(9, 26, 26, 4),
  special(8, 26, 0, 0),
  tlb(16),
];

const BRANCH_TO_ITSELF: readonly number[] = [immediate(4, 0, 0, -1), 0];

/** jr $31 with its delay slot; in ROM behind enough nops for calls to end among them. */
const RETURN: readonly number[] = [special(8, 31, 0, 0), 0];
const ROM_TEXT: readonly number[] = [...new Array<number>(100).fill(0), ...RETURN];

/** Answers like a board: ROM with RETURN in it, and a device whose registers are all ones. */
class WarmUpBus implements Bus {
  hasTimedOut = false;
  lastCycles = 10;

  read(physical: number): number {
    return physical < ROM.base ? 0xffff_ffff : ((ROM_TEXT[(physical - ROM.base) >>> 2] ?? 0) as number);
  }

  write(): void {}
}

function writeTlb(cpu: Cpu, index: number, entryHi: number, entryLo: number): void {
  cpu.writeCp0(CP0.EntryHi, entryHi);
  cpu.writeCp0(CP0.EntryLo, entryLo);
  cpu.tlbWrite(index);
  cpu.writeCp0(CP0.EntryHi, 0);
}

let isWarm = false;

export function warmUp(): void {
  if (isWarm) return;
  isWarm = true;
  // Two shapes of bus, so that the engine does not count on one.
  for (const bus of [
    {
      hasTimedOut: false,
      lastCycles: 10,
      read: (physical: number) => ROM_TEXT[(physical - ROM.base) >>> 2] ?? 0,
      write: () => {},
    },
    new WarmUpBus(),
  ]) {
    run(bus);
  }
}

function run(bus: Bus): void {
  const memory = createGuestMemory(1 << 20, new Uint8Array(Int32Array.from(ROM_TEXT).buffer));
  const clock = new Clock(TIMING_5000_125.hertz);
  const cpu = new Cpu(memory, clock, TIMING_5000_125);
  clock.now = FIRST_CYCLE;
  cpu.bus = bus;
  cpu.reset();
  const ram = new Int32Array(memory.ram.buffer, memory.ram.byteOffset, memory.ram.length >>> 2);
  ram.set(program(), (TEXT & 0xf_ffff) >>> 2);
  ram.set(RETURN, (FUNCTION & 0xf_ffff) >>> 2);
  ram.set(HANDLER, 0x80 >>> 2);
  ram.set(HANDLER, 0);
  ram.set(BRANCH_TO_ITSELF, (IDLE & 0xf_ffff) >>> 2);
  cpu.writeCp0(CP0.Status, STATUS_RUNNING);
  cpu.pc = TEXT | 0;
  cpu.nextPc = (TEXT + 4) | 0;
  cpu.gpr.set([1234, -77, DATA | 0, 0, 0xa000_4000 | 0], 2);
  cpu.gpr[8] = -1;
  const bases = [(DATA + 0x1_0000) | 0, 0xa000_3000 | 0, 0x9fc0_0000 | 0, 0xbf00_0000 | 0];
  cpu.gpr.set([0x7fff_ffff, ...bases, STATUS_RUNNING | STATUS.IsC, STATUS_RUNNING], 9);
  cpu.gpr.set(
    [0, 1, 2, 3, 4].map((page) => MAPPED + page * 0x1000),
    16,
  );
  const user = STATUS_RUNNING | STATUS.KUp | STATUS.IEp;
  cpu.gpr.set([0x40, user, user | 0x400], 21);
  cpu.setInterrupt(2, true);
  [LO.valid | LO.dirty, LO.valid | LO.uncached, 0, undefined, LO.valid].forEach((bits, page) => {
    if (bits !== undefined) writeTlb(cpu, page, MAPPED + page * 0x1000, 0x5000 | bits);
  });
  for (let call = 0; call < CALLS; call++) interpret(cpu, clock.now + cyclesOfCall(call));
  // A branch to itself, as an idle kernel has it.
  cpu.pc = IDLE | 0;
  cpu.nextPc = (IDLE + 4) | 0;
  cpu.inDelaySlot = false;
  for (let call = 0; call < IDLE_CALLS; call++) interpret(cpu, clock.now + cyclesOfCall(call));
}
