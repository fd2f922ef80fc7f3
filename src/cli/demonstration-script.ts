/**
 * What the demonstration does, step by step: each step waits for what the guest says or does, never for the host. The
 * same matrix multiply on both library OSes; one program that gives pages back when asked and one that does not; one
 * that ignores the end of its slices.
 */

import { endText, type Workstation } from '../workstation/index.js';

const REVOKED_PAGES = 8;

interface Program {
  readonly line: number;
  readonly libraryOs: string;
  readonly name: string;
  readonly arguments: readonly string[];
  /** It has pages to give: it is asked for some as soon as it has said that it holds them. */
  readonly isAsked: boolean;
}

const PROGRAMS: readonly Program[] = [
  { line: 1, libraryOs: 'exos', name: 'matmul', arguments: [], isAsked: false },
  { line: 2, libraryOs: 'exos-ipt', name: 'matmul', arguments: [], isAsked: false },
  { line: 3, libraryOs: 'exos', name: 'vmstress', arguments: [], isAsked: true },
  { line: 4, libraryOs: 'exos', name: 'hog', arguments: ['pages'], isAsked: true },
  { line: 5, libraryOs: 'exos', name: 'hog', arguments: ['time'], isAsked: false },
];

/** A program that has ended, and how. */
export interface EndedProgram {
  readonly title: string;
  readonly environmentId: number;
  readonly how: string;
}

export class DemonstrationScript {
  readonly #workstation: Workstation;
  readonly #print: (text: string) => void;
  readonly #finish: (isComplete: boolean) => void;
  readonly #running = new Map<number, { readonly program: Program; readonly environmentId: number }>();
  readonly #asked = new Set<Program>();
  readonly #ended: EndedProgram[] = [];
  #left = PROGRAMS.length;
  #isComplete = true;

  constructor(
    workstation: Workstation,
    print: (text: string) => void,
    finish: (isComplete: boolean) => void,
  ) {
    this.#workstation = workstation;
    this.#print = print;
    this.#finish = finish;
    workstation.init.onReady = () => {
      this.#print('# init serves. Starting one program on two library OSes, and three others.');
      for (const program of PROGRAMS) this.#start(program);
    };
  }

  /** In the order in which they ended. */
  get ended(): readonly EndedProgram[] {
    return this.#ended;
  }

  /** Goes on when a program has said something: the first line means that it holds its pages. */
  onLine(line: number): void {
    const running = this.#running.get(line);
    if (running === undefined || !running.program.isAsked || this.#asked.has(running.program)) return;
    this.#asked.add(running.program);
    const title = programTitle(running.program);
    this.#print(`# asking ${title} for ${REVOKED_PAGES} pages`);
    this.#workstation.init.revokePages(running.environmentId, REVOKED_PAGES, (reply) => {
      if (!reply.isOk) this.#fail(`${title}: ${reply.error}`);
    });
  }

  #start(program: Program): void {
    const title = programTitle(program);
    this.#workstation.init.start({
      line: program.line,
      libraryOs: program.libraryOs,
      program: program.name,
      arguments: program.arguments,
      onStarted: (reply) => {
        if ('error' in reply) {
          this.#fail(`${title}: ${reply.error}`);
          this.#oneLess();
          return;
        }
        this.#running.set(program.line, { program, environmentId: reply.environmentId });
        this.#print(`# ${title} is environment ${hex(reply.environmentId)} on line ${program.line}`);
      },
      onEnded: (end) => {
        const how = end.kind === 'exit' ? `exited with status ${end.status}` : endText(end.reason);
        this.#print(`# ${title} ${how}`);
        const environmentId = this.#running.get(program.line)?.environmentId ?? 0;
        this.#ended.push({ title, environmentId, how });
        this.#running.delete(program.line);
        this.#oneLess();
      },
    });
  }

  #fail(text: string): void {
    this.#print(`# ${text}`);
    this.#isComplete = false;
  }

  #oneLess(): void {
    this.#left--;
    if (this.#left === 0) this.#finish(this.#isComplete);
  }
}

function programTitle(program: Program): string {
  return `${[program.name, ...program.arguments].join(' ')} on ${program.libraryOs}`;
}

function hex(environmentId: number): string {
  return (environmentId >>> 0).toString(16).padStart(8, '0');
}
