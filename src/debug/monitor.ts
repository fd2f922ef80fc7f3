/**
 * `monitor` commands: what GDB itself has no words for: the cycle counter, the statistics, the TLB, and who runs. A table of
 * names, what they do, and what help says.
 */

import type { Machine } from '../machine/index.js';
import type { Environment, GuestView } from './guest-view.js';
import { address, parseNumber } from './hex.js';
import type { RunControl } from './run-control.js';

/** What the commands work on. `only`: the environment, by slot or program, whose user addresses count; null: all. */
export interface MonitorSubject {
  readonly machine: Machine;
  readonly view: GuestView;
  readonly control: RunControl;
  only: string | null;
}

interface Command {
  readonly name: string;
  readonly words: string;
  readonly help: string;
  run(subject: MonitorSubject, words: readonly string[]): string;
}

const FLAGS = { N: 0x800, D: 0x400, V: 0x200, G: 0x100 } as const;

const COMMANDS: readonly Command[] = [
  {
    name: 'help',
    words: '',
    help: 'this list',
    run: () =>
      `${COMMANDS.map(({ name, words, help }) => `${`${name} ${words}`.padEnd(22)}${help}`).join('\n')}\n`,
  },
  {
    name: 'cycle',
    words: '',
    help: 'cycles since reset, and the time that makes',
    run: ({ machine }) =>
      `cycle ${count(machine.cycle)}, ${(machine.cycle / machine.hertz).toFixed(6)} s at ${machine.hertz / 1e6} MHz\n`,
  },
  {
    name: 'stats',
    words: '',
    help: 'instructions, exceptions, misses',
    run: ({ machine }) => statistics(machine),
  },
  {
    name: 'env',
    words: '',
    help: 'the environments of Aegis; * runs',
    run: ({ view }) => {
      if (!view.isAegisRunning) return 'Aegis does not run\n';
      const { current } = view;
      return view.environments.map((one) => line(one, one.slot === current?.slot)).join('');
    },
  },
  {
    name: 'only',
    words: 'PROGRAM|SLOT|any',
    help: 'stop at user addresses in that environment only',
    run: (subject, [word]) => {
      if (word === 'any') subject.only = null;
      else if (word !== undefined) subject.only = word;
      const { only, view } = subject;
      if (only === null) return 'stops at user addresses in every environment\n';
      const isThere = view.environments.some((one) => isMeant(one, only));
      return `stops at user addresses in ${only} only${isThere ? '' : '; there is no such program yet'}\n`;
    },
  },
  {
    name: 'step',
    words: 'over|into',
    help: 'steps over interrupts, TLB misses and system calls, or into their handlers',
    run: ({ control }, [word]) => {
      if (word === 'over' || word === 'into') control.stepsIntoHandlers = word === 'into';
      return `steps go ${control.stepsIntoHandlers ? 'into' : 'over'} handlers\n`;
    },
  },
  { name: 'tlb', words: '', help: 'the valid entries of the TLB', run: ({ machine }) => tlb(machine) },
  {
    name: 'translate',
    words: 'ADDRESS',
    help: 'physical address of a virtual one, for who runs now',
    run: ({ view }, [word]) => {
      const virtual = parseNumber(word?.replace(/^0x|_/gi, ''));
      if (virtual === undefined) return 'give an address, such as 0x400000\n';
      const physical = view.translate(virtual);
      return physical === undefined
        ? `${address(virtual)} is not mapped\n`
        : `${address(virtual)} is physical ${address(physical)}\n`;
    },
  },
];

/** Whether `only`, a slot or a program, names this environment. */
export function isMeant({ name, slot }: Environment, only: string): boolean {
  return name === only || String(slot) === only;
}

/** Runs a command line; what it says ends with a line end. */
export function monitor(subject: MonitorSubject, text: string): string {
  const [name, ...words] = text.trim().split(/\s+/);
  const matching = COMMANDS.filter((one) => one.name.startsWith(name ?? ''));
  const command =
    COMMANDS.find((one) => one.name === name) ?? (matching.length === 1 ? matching[0] : undefined);
  if (command === undefined) return `no monitor command '${name}'; try 'monitor help'\n`;
  return command.run(subject, words);
}

/** Who has the CPU, in a few words. */
export function describeRunner(view: GuestView): string {
  const isUser = (view.machine.debugPort.readRegister('cp0', 12) & 2) !== 0;
  const mode = isUser ? 'user mode' : 'kernel mode';
  const { current } = view;
  return current === undefined ? mode : `${label(current)}, ${mode}`;
}

function label({ slot, name, libraryOs }: Environment): string {
  return `env ${slot}: ${name === '' ? '(no name)' : name}${libraryOs === '' ? '' : ` on ${libraryOs}`}`;
}

function line(environment: Environment, isCurrent: boolean): string {
  const { record } = environment;
  return `${isCurrent ? '*' : ' '} ${label(environment)}, id ${record.id}, ${record.page_count} pages\n`;
}

function statistics(machine: Machine): string {
  const { cycles, instructions, exceptions, tlb: misses, icache, dcache } = machine.statistics();
  const taken = Object.entries(exceptions).filter(([, number]) => number !== 0);
  return [
    `cycles ${count(cycles)}`,
    `instructions ${count(instructions.attempted)}, ${count(instructions.prom)} of them from ROM`,
    `exceptions ${taken.map(([name, number]) => `${name} ${count(number)}`).join(', ') || 'none'}`,
    `TLB refills ${count(misses.refills)}`,
    `cache misses I ${count(icache.misses)}, D ${count(dcache.misses)}`,
    '',
  ].join('\n');
}

function tlb(machine: Machine): string {
  const lines = machine.cpuState().tlb.flatMap(({ entryHi, entryLo }, index) => {
    if ((entryLo & FLAGS.V) === 0) return [];
    const flags = Object.entries(FLAGS)
      .map(([name, bit]) => ((entryLo & bit) !== 0 ? name : '-'))
      .join('');
    const space = (entryHi >>> 6) & 63;
    return `${String(index).padStart(2)}  ${address(entryHi & 0xffff_f000)} -> ${address(entryLo & 0xffff_f000)}  asid ${String(space).padStart(2)}  ${flags}\n`;
  });
  return lines.length === 0 ? 'no valid entry\n' : lines.join('');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
