/**
 * Watches one machine: attaches to Aegis's trace points, keeps cycle accounts and system-call counts, collects events,
 * and samples ledger, counters and CPU state between two runs of the machine. Reading is all it does: a machine with an
 * observer gives the same run, to the cycle, as one without.
 */

import {
  AEGIS,
  AEGIS_CALLS,
  ENVIRONMENT,
  EVENTS,
  type EventDefinition,
  isAegisRunning,
  readEnvironment,
  readLabel,
  readSpaceSlot,
  viewOf,
} from '../abi/index.js';
import type { Machine, TraceContext } from '../machine/index.js';
import { Accounts } from './accounts.js';
import { describeEvent, type EventArguments, type Party } from './events.js';
import { inspect } from './inspector.js';
import { readLedger } from './ledger.js';
import type { SymbolTable } from './symbols.js';
import type {
  CountersView,
  CycleAccountView,
  EventKind,
  EventView,
  InspectorView,
  LedgerView,
  NamedCount,
} from './types.js';

const REGISTER_NAMES: readonly string[] =
  'zero at v0 v1 a0 a1 a2 a3 t0 t1 t2 t3 t4 t5 t6 t7 s0 s1 s2 s3 s4 s5 s6 s7 t8 t9 k0 k1 gp sp fp ra'.split(
    ' ',
  );
/** v0: every call's number is in it. */
const CALL_REGISTER = 2;
/** Events of the abi that become events for people, without a change. */
const PLAIN_EVENTS: readonly EventKind[] = [
  'environment-stopped',
  'environment-destroyed',
  'revocation-asked',
  'revocation-answered',
  'revocation-refused',
  'revocation-told',
  'emergency-raised',
  'repossessed',
  'asid-revoked',
  'slice-overrun',
  'slice-forfeited',
  'filter-installed',
  'filter-refused',
  'filter-removed',
  'packet-dropped',
  'handler-downloaded',
  'handler-refused',
  'handler-aborted',
  'fault',
  'kernel-panic',
];
/** Stands for all numbers from here on. */
const UNKNOWN_CALL = 255;
const BRANCH_TO_ITSELF = 0x1000_ffff;
const STATUS_USER = 2;
const MAX_TEXT_BYTES = 200;
/** How far to run on, at most, for the guest to leave the kernel: 10,000 cycles in steps. */
const QUIET_STEP_CYCLES = 250;
const QUIET_STEPS = 40;
const PHYSICAL_MASK = 0x1fff_ffff;

export interface ObserverSymbols {
  readonly firmware: SymbolTable;
  /** Aegis's own symbols; undefined when another kernel boots. */
  readonly aegis: SymbolTable | undefined;
  /** Everything else that may be under the PC: library OS images by name. */
  readonly images: ReadonlyMap<string, SymbolTable>;
}

export class Observer {
  readonly accounts: Accounts;
  /** Called at the cycle of each event, from inside the machine's run. */
  onEvent: ((event: EventView) => void) | undefined;
  readonly #machine: Machine;
  readonly #symbols: ObserverSymbols;
  readonly #view: DataView;
  readonly #calls: number[] = new Array<number>(256).fill(0);
  readonly #detach: (() => void)[] = [];
  readonly #parents = new Map<number, number>();
  readonly #finalAccounts = new Map<number, CycleAccountView>();
  /** Refusals that have been told, until a cycle. */
  readonly #refusals = new Set<number>();
  #refusalsUntil = 0;
  #sequence = 0;

  constructor(machine: Machine, symbols: ObserverSymbols) {
    this.#machine = machine;
    this.#symbols = symbols;
    this.#view = viewOf(machine.ram);
    this.accounts = new Accounts(machine);
    if (symbols.aegis !== undefined) this.#attach(symbols.aegis);
  }

  dispose(): void {
    for (const detach of this.#detach.splice(0)) detach();
  }

  /** True when Aegis has built its records. */
  get isAegisRunning(): boolean {
    return this.#symbols.aegis !== undefined && isAegisRunning(this.#view);
  }

  /** True when the records are consistent: the guest is in user mode, or the kernel idles. */
  get isQuiet(): boolean {
    const state = this.#machine.cpuState();
    if ((state.cp0.Status & STATUS_USER) !== 0) return true;
    const { pc } = state;
    return (
      this.#machine.readVirtualWord(pc) === BRANCH_TO_ITSELF ||
      (state.isDelaySlot && this.#machine.readVirtualWord(pc - 4) === BRANCH_TO_ITSELF)
    );
  }

  /** Runs on, by `run` (to an absolute cycle), until the guest is outside the kernel; not far. */
  becomeQuiet(run: (untilCycle: number) => void): void {
    if (!this.isAegisRunning) return;
    for (let step = 0; step < QUIET_STEPS && !this.isQuiet; step++)
      run(this.#machine.cycle + QUIET_STEP_CYCLES);
  }

  /** undefined before Aegis runs, and while the guest is inside the kernel. */
  ledger(): LedgerView | undefined {
    if (!this.isAegisRunning || !this.isQuiet) return undefined;
    this.accounts.flush();
    return readLedger({
      ram: this.#machine.ram,
      tlb: this.#machine.cpuState().tlb,
      cycle: this.#machine.cycle,
      account: (slot) => this.accounts.of(slot),
    });
  }

  counters(): CountersView {
    this.accounts.flush();
    const statistics = this.#machine.statistics();
    return {
      cycle: statistics.cycles,
      hertz: this.#machine.hertz,
      instructions: statistics.instructions,
      icacheMisses: statistics.icache.misses,
      dcacheMisses: statistics.dcache.misses,
      tlbRefills: statistics.tlb.refills,
      exceptions: Object.entries(statistics.exceptions).map(([name, count]) => ({ name, count })),
      systemCalls: this.#systemCalls(),
      unaccounted: this.accounts.unaccounted,
    };
  }

  inspector(lineCount: number): InspectorView {
    const slot = this.isAegisRunning ? this.#currentSlot() : -1;
    const label = slot < 0 ? { name: '', libraryOs: '' } : readLabel(readEnvironment(this.#view, slot));
    return inspect(this.#machine, this.#symbols, { slot, ...label }, lineCount);
  }

  /** Cycles charged to a live environment since it was created. */
  accountOf(slot: number): CycleAccountView {
    this.accounts.flush();
    return this.accounts.of(slot);
  }

  /** Account of an environment that has been destroyed; undefined when there was none of that id. */
  finalAccount(environmentId: number): CycleAccountView | undefined {
    return this.#finalAccounts.get(environmentId);
  }

  /** Records an event that no trace point of Aegis sees (the halt). */
  add(kind: EventKind): void {
    this.#record(this.#machine.cycle, kind, NOBODY, {});
  }

  #attach(aegis: SymbolTable): void {
    for (const event of EVENTS) {
      const address = aegis.address(event.symbol);
      const handle = this.#handlerOf(event);
      if (address !== undefined && handle !== undefined)
        this.#detach.push(this.#machine.trace(address, handle));
    }
  }

  #handlerOf(event: EventDefinition): ((context: TraceContext) => void) | undefined {
    switch (event.name) {
      case 'environment-switched':
        return (context) => this.accounts.switchTo((argumentsOf(event, context).slot ?? 0) | 0);
      case 'control-transferred':
        return (context) =>
          this.accounts.switchTo(this.#slotOfRecord(argumentsOf(event, context).record ?? 0));
      case 'kernel-entered':
        return ({ registers }) => {
          const call = (registers[CALL_REGISTER] as number) & 255;
          (this.#calls[call] as number)++;
        };
      case 'environment-created':
        return (context) => {
          const { envid = 0, parent = 0 } = argumentsOf(event, context);
          this.accounts.open(envid & 0xff);
          this.#parents.set(envid, parent);
        };
      case 'call-refused':
        return (context) => this.#takeRefusal(context.cycle, argumentsOf(event, context));
      case 'environment-started':
        return (context) => {
          const { envid = 0 } = argumentsOf(event, context);
          this.#announce(context.cycle, envid);
        };
      default: {
        const kind = PLAIN_EVENTS.find((name) => name === event.name);
        if (kind === undefined) return undefined;
        return (context) => {
          const args = argumentsOf(event, context);
          const { envid = 0 } = args;
          if (kind === 'environment-destroyed') {
            this.#announce(context.cycle, envid);
            this.#finalAccounts.set(envid, this.accountOf(envid & 0xff));
          }
          this.#record(context.cycle, kind, envid === 0 ? NOBODY : this.#party(envid), args);
        };
      }
    }
  }

  /** Once in a tick for each environment, call and error: a storm of refusals is not a storm of events. */
  #takeRefusal(cycle: number, args: EventArguments): void {
    const { record = 0, call = 0, error = 0 } = args;
    const slot = this.#slotOfRecord(record);
    if (slot < 0) return;
    if (cycle >= this.#refusalsUntil) {
      this.#refusals.clear();
      this.#refusalsUntil = cycle + this.#machine.hertz / AEGIS.TICK_HERTZ;
    }
    const key = ((Math.min(call, UNKNOWN_CALL) * AEGIS.ENV_COUNT + slot) << 4) | (-error & 15);
    if (this.#refusals.has(key)) return;
    this.#refusals.add(key);
    const { id, refused_count } = readEnvironment(this.#view, slot);
    this.#record(cycle, 'call-refused', this.#party(id), { ...args, total: refused_count + 1 });
  }

  /** The creation of an environment, told once: when it has a name, or when it ends without. */
  #announce(cycle: number, environmentId: number): void {
    const parent = this.#parents.get(environmentId);
    if (parent === undefined) return;
    this.#parents.delete(environmentId);
    this.#record(cycle, 'environment-created', this.#party(environmentId), { parent });
  }

  #record(cycle: number, kind: EventKind, who: Party, args: EventArguments): void {
    const described = describeEvent(kind, who, args);
    const message = kind === 'kernel-panic' ? this.#text(args.message ?? 0) : '';
    const text = message === '' ? described.text : `${described.text}: ${message}`;
    this.onEvent?.({ sequence: this.#sequence++, cycle, kind, ...who, ...described, text });
  }

  #party(environmentId: number): Party {
    const slot = environmentId & 0xff;
    if (slot >= AEGIS.ENV_COUNT) return { ...NOBODY, environmentId };
    return { slot, environmentId, ...readLabel(readEnvironment(this.#view, slot)) };
  }

  /** NUL-terminated text of the kernel. */
  #text(address: number): string {
    const physical = address & PHYSICAL_MASK;
    const bytes = this.#machine.ram.subarray(physical, physical + MAX_TEXT_BYTES);
    const end = bytes.indexOf(0);
    return new TextDecoder('latin1').decode(bytes.subarray(0, end < 0 ? bytes.length : end));
  }

  #slotOfRecord(address: number): number {
    const slot = ((address & PHYSICAL_MASK) - AEGIS.EXPORT_ENVIRONMENTS) / ENVIRONMENT.size;
    return Number.isInteger(slot) && slot >= 0 && slot < AEGIS.ENV_COUNT ? slot : -1;
  }

  #currentSlot(): number {
    return readSpaceSlot(this.#view, this.#machine.cpuState().cp0.EntryHi);
  }

  #systemCalls(): NamedCount[] {
    const counts: NamedCount[] = [];
    this.#calls.forEach((count, number) => {
      if (count === 0) return;
      const definition = AEGIS_CALLS.find((candidate) => candidate.number === number);
      counts.push({ name: definition?.name ?? `call ${number}`, count });
    });
    return counts.sort((a, b) => b.count - a.count);
  }
}

const NOBODY: Party = { slot: -1, environmentId: 0, name: '', libraryOs: '' };

function argumentsOf(event: EventDefinition, context: TraceContext): EventArguments {
  const values: Record<string, number> = {};
  for (const { register, name } of event.arguments) {
    values[name] = (context.registers[REGISTER_NAMES.indexOf(register)] as number) >>> 0;
  }
  return values;
}
