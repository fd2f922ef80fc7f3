/**
 * What the demonstration does, step by step: each step waits for what the guest says or does, never for the host. The
 * same matrix multiply on both library OSes; one program that gives pages back when asked and one that does not; one
 * that ignores the end of its slices.
 */

import type { EventView } from '../observe/index.js';
import type { EndOfProgram, Workstation } from '../workstation/index.js';

const REVOKED_PAGES = 8;

interface Program {
  readonly line: number;
  readonly libraryOs: string;
  readonly name: string;
  readonly arguments: readonly string[];
  /** Told to end by the script when the others have. */
  readonly isEndless: boolean;
}

const MATMUL_EXOS: Program = { line: 1, libraryOs: 'exos', name: 'matmul', arguments: [], isEndless: false };
const MATMUL_IPT: Program = {
  line: 2,
  libraryOs: 'exos-ipt',
  name: 'matmul',
  arguments: [],
  isEndless: false,
};
const VMSTRESS: Program = { line: 3, libraryOs: 'exos', name: 'vmstress', arguments: [], isEndless: true };
const HOG_PAGES: Program = { line: 4, libraryOs: 'exos', name: 'hog', arguments: ['pages'], isEndless: true };
const HOG_TIME: Program = { line: 5, libraryOs: 'exos', name: 'hog', arguments: ['time'], isEndless: true };

export class DemonstrationScript {
  readonly #workstation: Workstation;
  readonly #print: (text: string) => void;
  readonly #finish: (isComplete: boolean) => void;
  readonly #running = new Map<number, { readonly program: Program; readonly environmentId: number }>();
  readonly #awaited = new Set<string>();
  #startsLeft = Number.POSITIVE_INFINITY;
  #isComplete = true;

  constructor(
    workstation: Workstation,
    print: (text: string) => void,
    finish: (isComplete: boolean) => void,
  ) {
    this.#workstation = workstation;
    this.#print = print;
    this.#finish = finish;
    workstation.init.onReady = () => this.#begin();
  }

  /** Goes on when an event shows that a step is done. */
  onEvent(event: EventView): void {
    this.#awaited.delete(`${event.kind} ${event.environmentId}`);
    this.#endWhenDone();
  }

  #begin(): void {
    this.#print('# init serves. Starting the same program on two library OSes, and three others.');
    const programs = [MATMUL_EXOS, MATMUL_IPT, VMSTRESS, HOG_PAGES, HOG_TIME];
    this.#startsLeft = programs.length;
    for (const program of programs) this.#start(program);
  }

  #start(program: Program): void {
    const title = programTitle(program);
    this.#workstation.init.start({
      line: program.line,
      libraryOs: program.libraryOs,
      program: program.name,
      arguments: program.arguments,
      onStarted: (reply) => {
        this.#startsLeft--;
        if ('error' in reply) {
          this.#print(`# ${title}: ${reply.error}`);
          this.#isComplete = false;
          this.#endWhenDone();
          return;
        }
        this.#running.set(program.line, { program, environmentId: reply.environmentId });
        this.#print(`# ${title} is environment ${hex(reply.environmentId)} on line ${program.line}`);
        if (program === HOG_TIME) this.#awaited.add(`environment-destroyed ${reply.environmentId}`);
      },
      onEnded: (end) => this.#ended(program, end),
    });
  }

  #ended(program: Program, end: EndOfProgram): void {
    const how = end.kind === 'exit' ? `exited with status ${end.status}` : `was destroyed: ${end.reason}`;
    this.#print(`# ${programTitle(program)} ${how}`);
    this.#running.delete(program.line);
    if (program === MATMUL_IPT || program === MATMUL_EXOS) this.#revoke();
    this.#endWhenDone();
  }

  /** Once both multiplications are through: asks the two that have many pages for some. */
  #revoke(): void {
    if (this.#running.has(MATMUL_EXOS.line) || this.#running.has(MATMUL_IPT.line)) return;
    for (const { program, environmentId } of this.#running.values()) {
      if (program !== VMSTRESS && program !== HOG_PAGES) continue;
      const outcome = program === VMSTRESS ? 'revocation-answered' : 'repossessed';
      this.#awaited.add(`${outcome} ${environmentId}`);
      this.#print(`# asking ${programTitle(program)} for ${REVOKED_PAGES} pages`);
      this.#workstation.init.revokePages(environmentId, REVOKED_PAGES, (reply) => {
        if (!reply.isOk) this.#print(`# ${programTitle(program)}: ${reply.error}`);
      });
    }
  }

  #endWhenDone(): void {
    if (this.#startsLeft > 0 || this.#awaited.size > 0) return;
    if ([...this.#running.values()].some(({ program }) => !program.isEndless)) return;
    this.#finish(this.#isComplete);
  }
}

function programTitle(program: Program): string {
  return `${[program.name, ...program.arguments].join(' ')} on ${program.libraryOs}`;
}

function hex(environmentId: number): string {
  return (environmentId >>> 0).toString(16).padStart(8, '0');
}
