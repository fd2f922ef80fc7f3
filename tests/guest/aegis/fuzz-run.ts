/**
 * The system call fuzzer: four attackers of `attack/` make the calls that the host draws from a seed, in batches; after
 * each batch the host looks at the machine from outside (invariants.ts). The guest is deterministic, so that a seed gives
 * the same calls, cycle by cycle, on any host.
 */

import {
  AEGIS,
  AEGIS_CALLS,
  ENV_STATE,
  readContext,
  readEnvironment,
  readHeader,
  readPage,
} from '../../../src/abi/index.js';
import {
  CallDrawer,
  type Capability,
  type DrawnCall,
  describeCall,
  Random,
  type World,
} from './fuzz-arguments.js';
import { isInPlace, KernelWatch } from './invariants.js';
import { buildKernel, KernelMachine } from './kernel-machine.js';
import { isServiceReady, numberedDisk, serviceWord } from './outside.js';

const KSEG0 = 0x8000_0000;
const ATTACKERS = 4;
const SERVICE = 1500 * AEGIS.PAGE_SIZE;
const PEACE = 1591 * AEGIS.PAGE_SIZE;
const BATCH_PAGES = 4;
/** Records of a batch: the last kilobyte of its pages holds data for calls that take pointers. */
const RECORDS = 239;
const DATA = 3 * AEGIS.PAGE_SIZE + 3072;
const LOST = 0x10_5706;
const COMMAND = { renew: 1, revoke: 3, submit: 4 } as const;
const BOOT_CYCLES = 200e6;
/** Longest time without a step of any attacker: two ticks and some. */
const PATIENCE_CYCLES = 900_000;
/** Longest time of a batch: an attacker that wrote over its own count of records may take a step a tick for ever. */
const BATCH_CYCLES = 60e6;
const TICKS_PER_ROUND = 2 * AEGIS.SLICE_COUNT;
const MOST_PAGES = 300;
const CAPABILITIES = 96;
/** A step between looks at the program counter is this long at most. */
const STEP_CYCLES = 20_011;
const SHOWN_CALLS = 12;
const CODE_WINDOW = 0x7f00_2000;
const returnsCapability = new Set(
  AEGIS_CALLS.filter((call) => call.returnsCapability).map((call) => call.number),
);

export interface FuzzResult {
  readonly calls: number;
  /** Of those with an answer, how many were not refused; a doctored frame may pass for an answer. */
  readonly accepted: number;
  /** Names of the calls that were accepted at least once. */
  readonly acceptedNames: ReadonlySet<string>;
  /** Environments that one who controls them stopped, and those started again. */
  readonly stopped: number;
  readonly restarted: number;
  readonly batches: number;
  readonly renewals: number;
  readonly glances: number;
  /** ASIDs taken from contexts, for others. */
  readonly revokedAsids: number;
}

/** Makes about so many calls; throws with the seed and the last calls when something does not hold. */
export function fuzz(seed: number, calls: number): FuzzResult {
  const run = new FuzzRun(seed);
  while (run.calls < calls) run.batch();
  return run;
}

class FuzzRun implements FuzzResult {
  calls = 0;
  accepted = 0;
  stopped = 0;
  restarted = 0;
  batches = 0;
  renewals = 0;
  glances = 0;
  readonly acceptedNames: Set<string> = new Set();
  readonly #kernel: KernelMachine;
  readonly #watch: KernelWatch;
  readonly #seed: number;
  readonly #random: Random;
  readonly #handler: number;
  readonly #drawer: CallDrawer;
  readonly #drawn: DrawnCall[][] = Array.from({ length: ATTACKERS }, () => []);
  readonly #capabilities: Capability[] = [];
  readonly #upages = new Map<number, number>();
  #lastTick = 0;
  #lastCount = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new Random(seed);
    this.#drawer = new CallDrawer(this.#random);
    const image = buildKernel('attack', ['-DFUZZER']);
    const page = image.initSymbols.get('child_page') ?? 0;
    this.#handler = CODE_WINDOW + (image.initSymbols.get('child_fuzz') ?? 0) - page;
    this.#kernel = new KernelMachine(image, [numberedDisk()]);
    this.#watch = new KernelWatch(this.#kernel);
    const { machine } = this.#kernel;
    const isStopped = new Set<number>();
    machine.trace(this.#kernel.symbol('trace_env_stop'), ({ registers }) => {
      this.stopped++;
      isStopped.add(registers[4] ?? 0);
    });
    machine.trace(this.#kernel.symbol('trace_env_run'), ({ registers }) => {
      if (isStopped.delete(registers[4] ?? 0)) this.restarted++;
    });
    while (!isServiceReady(this.#kernel)) {
      if (machine.cycle > BOOT_CYCLES) this.#fail(['the attack suite does not come to its end']);
      machine.run(machine.cycle + 100_000);
    }
    this.#command(COMMAND.renew, 0);
    this.#lastTick = readHeader(this.#kernel.view).tick_count;
    this.#lastCount = this.#word(PEACE);
  }

  get revokedAsids(): number {
    return readHeader(this.#kernel.view).asid_revoked_count;
  }

  #word(address: number): number {
    return this.#kernel.view.getUint32(address, true);
  }

  #put(address: number, value: number): void {
    this.#kernel.view.setUint32(address, value, true);
  }

  static batchOf(attacker: number): number {
    return (1600 + BATCH_PAGES * attacker) * AEGIS.PAGE_SIZE;
  }

  #step(): void {
    const { machine } = this.#kernel;
    machine.run(machine.cycle + 1 + this.#random.below(STEP_CYCLES));
    this.#watch.checkMode();
    this.glances++;
    if (this.#watch.panic !== '' || this.#kernel.isHalted) this.#fail(['Aegis stopped']);
  }

  #command(command: number, ...words: number[]): void {
    const { machine } = this.#kernel;
    words.forEach((word, index) => {
      this.#put(SERVICE + (index === 0 ? 4 : 12 + 4 * index), word);
    });
    this.#put(SERVICE, command);
    const end = machine.cycle + 100 * PATIENCE_CYCLES;
    while (serviceWord(this.#kernel, 0) !== 0) {
      if (machine.cycle > end) this.#fail(['the parent does not come to its turn']);
      this.#step();
    }
  }

  /** Draws a batch for each attacker, lets them make their calls, looks at everything. */
  batch(): void {
    const { view } = this.#kernel;
    const worlds = this.#worlds();
    worlds.forEach((world, attacker) => {
      this.#write(attacker, world);
    });
    this.#runBatch();
    this.batches++;
    let toRenew = 0;
    for (let attacker = 0; attacker < ATTACKERS; attacker++) {
      const done = this.#word(FuzzRun.batchOf(attacker));
      this.calls += Math.min(done, RECORDS);
      this.#collect(attacker, Math.min(done, RECORDS));
      // One that was stopped stays for a while: those who control it may start it again.
      if (this.#isStopped(attacker) && !this.#random.chance(4)) continue;
      if (done !== RECORDS || (worlds[attacker]?.ownPages.length ?? 0) > MOST_PAGES) toRenew |= 1 << attacker;
    }
    while (!isInPlace(this.#kernel)) this.#step();
    const problems = [...this.#watch.problems(), ...this.#watch.modeProblems, ...this.#bystanderProblems()];
    if (problems.length > 0) this.#fail(problems);
    if (readHeader(view).free_count < MOST_PAGES) toRenew = (1 << ATTACKERS) - 1;
    if (toRenew !== 0) {
      this.renewals++;
      this.#command(COMMAND.renew, toRenew);
      if (this.#random.chance(2)) this.#command(COMMAND.submit, this.#random.below(ATTACKERS));
    } else if (this.#random.chance(6)) {
      this.#command(
        COMMAND.revoke,
        this.#random.below(ATTACKERS),
        this.#random.below(9),
        1 + this.#random.below(4),
      );
    }
  }

  /** Until all batches are done, nobody has made a call for longer than two ticks, or it takes too long. */
  #runBatch(): void {
    const { machine } = this.#kernel;
    const end = machine.cycle + BATCH_CYCLES;
    let last = -1;
    let deadline = 0;
    while (machine.cycle < end) {
      this.#step();
      let sum = 0;
      for (let attacker = 0; attacker < ATTACKERS; attacker++) sum += this.#word(FuzzRun.batchOf(attacker));
      if (this.#isOver()) return;
      if (sum !== last) deadline = machine.cycle + PATIENCE_CYCLES;
      else if (machine.cycle > deadline) return;
      last = sum;
    }
  }

  #isStopped(attacker: number): boolean {
    const envid = serviceWord(this.#kernel, 8 + attacker);
    const { id, state, upage } = readEnvironment(this.#kernel.view, envid % AEGIS.ENV_COUNT);
    return id === envid && state === ENV_STATE.NEW && upage === 0;
  }

  /** True when every attacker has done its batch, has lost count of it, or is dead. */
  #isOver(): boolean {
    for (let attacker = 0; attacker < ATTACKERS; attacker++) {
      if (this.#word(FuzzRun.batchOf(attacker)) >= RECORDS || this.#isStopped(attacker)) continue;
      const envid = serviceWord(this.#kernel, 8 + attacker);
      const { id, state } = readEnvironment(this.#kernel.view, envid % AEGIS.ENV_COUNT);
      if (id === envid && state !== ENV_STATE.DEAD) return false;
    }
    return true;
  }

  #worlds(): World[] {
    const { view } = this.#kernel;
    const { page_count, tick_count } = readHeader(view);
    const environments: number[] = [];
    for (let slot = 0; slot < AEGIS.ENV_COUNT; slot++) {
      const { id, state, upage } = readEnvironment(view, slot);
      if (id !== 0 && state !== ENV_STATE.FREE) environments.push(id);
      // One that was stopped keeps its place here.
      if (id !== 0 && upage !== 0) this.#upages.set(slot, (upage - KSEG0) / AEGIS.PAGE_SIZE);
    }
    const owners = Array.from({ length: page_count }, (_, page) => readPage(view, page).owner);
    return Array.from({ length: ATTACKERS }, (_, attacker) => {
      const self = serviceWord(this.#kernel, 8 + attacker);
      const batch = FuzzRun.batchOf(attacker) / AEGIS.PAGE_SIZE;
      const pages = owners
        .map((_owner, page) => page)
        .filter((page) => page - batch < 0 || page - batch >= BATCH_PAGES);
      return {
        self,
        environments,
        upages: environments.flatMap((id) => {
          const page = this.#upages.get(id % AEGIS.ENV_COUNT);
          return page === undefined ? [] : [[id, page] as const];
        }),
        ownPages: pages.filter((page) => owners[page] === self),
        otherPages: pages.filter((page) => owners[page] !== self && owners[page] !== AEGIS.OWNER_FREE),
        pageCount: page_count,
        tick: tick_count,
        contexts: this.#contextsOf(self),
        capabilities: this.#capabilities,
        data: FuzzRun.batchOf(attacker) + DATA,
        handler: this.#handler,
      };
    });
  }

  #contextsOf(self: number): number[] {
    const contexts = Array.from({ length: AEGIS.CONTEXT_COUNT }, (_, context) => context);
    return contexts.filter((context) => readContext(this.#kernel.view, context).owner === self);
  }

  #write(attacker: number, world: World): void {
    const batch = FuzzRun.batchOf(attacker);
    const drawn: DrawnCall[] = [];
    this.#drawn[attacker] = drawn;
    for (let index = 0; index < RECORDS; index++) {
      const call = this.#drawer.draw(world);
      drawn.push(call);
      const at = batch + 64 * (index + 1);
      this.#put(at, call.number);
      call.words.forEach((word, place) => {
        this.#put(at + 4 + 4 * place, word);
      });
      this.#put(at + 36, LOST);
    }
    this.#writeData(world.data);
    this.#put(batch + 4, RECORDS);
    this.#put(batch, 0);
  }

  /** Conditions of a filter, and a handler that returns. */
  #writeData(at: number): void {
    for (let atom = 0; atom < AEGIS.FILTER_ATOM_COUNT; atom++) {
      const op = this.#random.chance(8) ? this.#random.below(256) : 1;
      this.#put(
        at + 16 * atom,
        op | (this.#random.pick([1, 2, 4]) << 8) | ((2 * this.#random.below(40)) << 16),
      );
      this.#put(at + 16 * atom + 4, this.#random.pick([0xff, 0xffff, 0xffff_ffff, 0xf0]));
      this.#put(at + 16 * atom + 8, this.#random.below(256));
      this.#put(at + 16 * atom + 12, 0);
    }
    const words = [0x2402_0001, 0x03e0_0008, 0, this.#random.word(), 0x03e0_0008, 0];
    words.forEach((word, index) => {
      this.#put(at + 256 + 4 * index, word);
    });
  }

  /** Answers, and the capabilities among them. */
  #collect(attacker: number, done: number): void {
    for (let index = 0; index < done; index++) {
      const number = this.#drawn[attacker]?.[index]?.number ?? 0;
      const at = FuzzRun.batchOf(attacker) + 64 * (index + 1);
      const answer = this.#word(at + 36);
      if (answer === LOST || answer >= 0x8000_0000) continue;
      this.accepted++;
      const call = AEGIS_CALLS.find((candidate) => candidate.number === number);
      if (call !== undefined) this.acceptedNames.add(call.name);
      if (!returnsCapability.has(number)) continue;
      const made = [40, 44, 48, 52].map((offset) => this.#word(at + offset));
      this.#capabilities[this.#random.below(CAPABILITIES)] ??= made as unknown as Capability;
      if (this.#random.chance(4))
        this.#capabilities[this.#random.below(this.#capabilities.length)] = made as unknown as Capability;
    }
    for (let index = 0; index < this.#capabilities.length; index++)
      this.#capabilities[index] ??= [0, 0, 0, 0];
  }

  #bystanderProblems(): string[] {
    const problems: string[] = [];
    for (let slot = 0; slot < AEGIS.ENV_COUNT; slot++) {
      const { id, parent, privileges } = readEnvironment(this.#kernel.view, slot);
      if (id !== 0 && parent !== 0 && privileges !== 0) problems.push(`${id} has the machine binding`);
    }
    const { tick_count } = readHeader(this.#kernel.view);
    if (this.#word(PEACE + 4) !== 0)
      problems.push('the bystander found a register or a word that was not its own');
    for (let at = 64; at < AEGIS.PAGE_SIZE; at += 4)
      if (this.#word(PEACE + at) !== 0xb157_a9de)
        problems.push(`a word of the bystander is ${this.#word(PEACE + at)}`);
    if (tick_count - this.#lastTick >= TICKS_PER_ROUND) {
      if (this.#word(PEACE) === this.#lastCount)
        problems.push('the bystander has had no slice in two rounds');
      this.#lastTick = tick_count;
      this.#lastCount = this.#word(PEACE);
    }
    return problems;
  }

  #fail(problems: readonly string[]): never {
    const { machine } = this.#kernel;
    const lines = [
      `seed ${this.#seed}, batch ${this.batches}, ${this.calls} calls, cycle ${machine.cycle}:`,
      ...problems.slice(0, 10),
      this.#kernel.console.slice(-300),
    ];
    for (let attacker = 0; attacker < ATTACKERS; attacker++) {
      const done = Math.min(this.#word(FuzzRun.batchOf(attacker)), RECORDS);
      lines.push(`attacker ${attacker}, the last of ${done}:`);
      for (let index = Math.max(0, done - SHOWN_CALLS); index < done; index++) {
        const call = this.#drawn[attacker]?.[index];
        const answer = this.#word(FuzzRun.batchOf(attacker) + 64 * (index + 1) + 36);
        if (call !== undefined) lines.push(`  ${describeCall(call)} = ${answer === LOST ? '-' : answer | 0}`);
      }
    }
    throw new Error(lines.join('\n'));
  }
}
