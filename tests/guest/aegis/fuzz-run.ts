/**
 * Runs the hostile children of `fuzz/` and looks at the machine from outside: every page has one owner or is free, no TLB
 * or STLB entry is without a binding behind it, the kernel's code and vectors are what they were, its wired TLB entries
 * too, the gates lead to whom they name, and whatever runs in kernel mode is Aegis.
 */

import { AEGIS, ENV_STATE, isAegisRunning, readEnvironment, readSlices } from '../../../src/abi/index.js';
import { buildKernel, type KernelImage, KernelMachine } from './kernel-machine.js';
import { numberedDisk } from './outside.js';
import { ownershipProblems } from './ownership.js';

const KERNEL_START = 0x8000_0000;
const VECTORS_END = 0x8000_0100;
const STATUS_USER = 2;
/** Steps between looks at the program counter, and between looks at everything. */
const GLANCE_CYCLES = 1_009;
const GLANCES = 97;
const GATES = 0x100;

export interface FuzzResult {
  /** What was found, with its cycle. */
  readonly problems: readonly string[];
  readonly samples: number;
  readonly glances: number;
  /** System calls written in C that the children made, as last reported. */
  readonly calls: number;
  readonly isHalted: boolean;
  readonly console: string;
}

export function fuzz(cycles: number): FuzzResult {
  const image = buildKernel('fuzz');
  const kernel = new KernelMachine(image, [numberedDisk()]);
  const { machine } = kernel;
  const check = new Invariants(kernel, image);
  let glances = 0;
  let samples = 0;
  while (!kernel.isHalted && machine.cycle < cycles && check.problems.length < 10) {
    for (let i = 0; i < GLANCES && !kernel.isHalted; i++) {
      machine.run(machine.cycle + GLANCE_CYCLES);
      if (check.glance()) glances++;
    }
    if (check.sample()) samples++;
  }
  const reported = [...kernel.output.matchAll(/# calls (\d+)/g)].at(-1)?.[1];
  return {
    problems: check.problems,
    samples,
    glances,
    calls: Number(reported ?? 0),
    isHalted: kernel.isHalted,
    console: kernel.console,
  };
}

class Invariants {
  readonly problems: string[] = [];
  readonly #kernel: KernelMachine;
  readonly #image: KernelImage;
  readonly #textEnd: number;
  #vectors: Buffer | undefined;
  #wired: string | undefined;

  constructor(kernel: KernelMachine, image: KernelImage) {
    this.#kernel = kernel;
    this.#image = image;
    this.#textEnd = kernel.symbol('__text_end');
  }

  #report(text: string): void {
    this.problems.push(`${this.#kernel.machine.cycle}: ${text}`);
  }

  /** In kernel mode only the kernel's text and the vectors run. False when there is nothing to see yet. */
  glance(): boolean {
    const { machine, view } = this.#kernel;
    if (!isAegisRunning(view) || this.#wired === undefined) return false;
    const { pc, cp0 } = machine.cpuState();
    if ((cp0.Status & STATUS_USER) !== 0) return true;
    const at = pc >>> 0;
    const isVector = at >= KERNEL_START && at < VECTORS_END;
    const isCode = at >= this.#kernel.symbol('__image_start') && at < this.#textEnd;
    // Cache maintenance runs uncached.
    const isUncached =
      at - 0x2000_0000 >= this.#kernel.symbol('__image_start') && at - 0x2000_0000 < this.#textEnd;
    if (!isVector && !isCode && !isUncached) this.#report(`kernel mode at ${at.toString(16)}`);
    return true;
  }

  /** Everything; only while the guest is outside the kernel. */
  sample(): boolean {
    const { machine, view } = this.#kernel;
    const { pc, tlb } = machine.cpuState();
    const isOutside = pc >>> 0 < KERNEL_START || pc >>> 0 === this.#kernel.symbol('idle_loop');
    if (!isAegisRunning(view) || !isOutside) return false;
    for (const problem of ownershipProblems(view, tlb)) this.#report(problem);
    this.#checkCode();
    this.#checkWired(JSON.stringify(tlb.slice(0, 2)));
    this.#checkGates();
    return true;
  }

  #checkCode(): void {
    const { ram } = this.#kernel.machine;
    const start = this.#kernel.symbol('__image_start') - KERNEL_START;
    const length = this.#textEnd - KERNEL_START - start;
    const now = Buffer.from(ram.buffer, ram.byteOffset + start, length);
    if (!now.equals(this.#image.bytes.subarray(0, length))) this.#report("the kernel's code has changed");
    const vectors = Buffer.from(ram.slice(0, VECTORS_END - KERNEL_START));
    this.#vectors ??= vectors;
    if (!vectors.equals(this.#vectors)) this.#report('the vectors have changed');
  }

  #checkWired(entries: string): void {
    this.#wired ??= entries;
    if (entries !== this.#wired) this.#report('a wired TLB entry has changed');
  }

  #checkGates(): void {
    const { view } = this.#kernel;
    const gates = this.#kernel.symbol('kernel_state') - KERNEL_START + GATES;
    const runners = readSlices(view).runner;
    const alive = new Set<number>([0]);
    for (let slot = 0; slot < AEGIS.ENV_COUNT; slot++) {
      const { id, state, scall_entry } = readEnvironment(view, slot);
      if (id !== 0 && state !== ENV_STATE.DEAD) alive.add(id);
      const gate = view.getUint32(gates + 4 * slot, true);
      if (gate === (slot ^ 1)) continue;
      if (gate !== id || !alive.has(id) || state === ENV_STATE.NEW || scall_entry === 0)
        this.#report(`the gate of slot ${slot} is open for ${gate.toString(16)}`);
    }
    for (const runner of runners) if (!alive.has(runner)) this.#report(`a slice is run by ${runner}`);
  }
}
