/**
 * Starting, restarting, revoking from and destroying programs: the questions, then one request to init by way of the
 * workstation. A failed request is told in one line and leaves nothing behind.
 */

import type { EnvironmentView } from '../observe/index.js';
import { FIRST_PANE_LINE, LAST_PANE_LINE, type ReplyValues } from '../workstation/index.js';
import type { DesktopHost } from './desktop-host.js';
import type { DesktopState } from './desktop-state.js';
import { grouped, plural } from './format.js';
import { ListOverlay } from './overlays/list-overlay.js';
import { PromptOverlay } from './overlays/prompt-overlay.js';
import { CONSOLE_PANE, type Pane } from './pane.js';
import {
  argumentQuestion,
  isGranted,
  LIBRARY_OS_NOTES,
  launcherOrder,
  PROGRAM_NOTES,
} from './program-notes.js';
import { commandLine, type Run } from './run.js';
import { libraryOsColour, slotColour, slotLetter } from './theme.js';

const NEW_LINE = Uint8Array.of(0x0d, 0x0a);

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Words as a shell would take them, quotes included. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  for (const [, double, single, bare] of text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)) {
    words.push(double ?? single ?? bare ?? '');
  }
  return words;
}

export class ProgramActions {
  readonly #state: DesktopState;
  readonly #host: DesktopHost;
  #nextRunId = 1;

  constructor(state: DesktopState, host: DesktopHost) {
    this.#state = state;
    this.#host = host;
  }

  /** Which program, on which library OS, with which arguments. */
  launch(): void {
    const { catalog, status } = this.#state;
    if (catalog === undefined || status?.phase !== 'ready') {
      this.#state.tell(this.#state.whyNoAegis, true);
      return;
    }
    this.#state.overlays.push(
      new ListOverlay({
        title: 'Start a program (1 of 3)',
        question: 'Which program?',
        items: launcherOrder(catalog.programs).map((label) => ({
          label,
          detail: PROGRAM_NOTES[label]?.purpose ?? '',
        })),
        width: 60,
        onChoose: ({ label }) => this.#chooseLibraryOs(label),
      }),
    );
  }

  #chooseLibraryOs(program: string): void {
    this.#state.overlays.push(
      new ListOverlay({
        title: `Start ${program} (2 of 3)`,
        question: 'On which library OS? The same program file runs on any.',
        items: this.#libraryOses(),
        onChoose: ({ label }) => this.#chooseArguments(program, label),
      }),
    );
  }

  #chooseArguments(program: string, libraryOs: string): void {
    this.#state.overlays.push(
      new PromptOverlay({
        title: `Start ${program} on ${libraryOs} (3 of 3)`,
        question: argumentQuestion(program),
        text: PROGRAM_NOTES[program]?.suggestion ?? '',
        onSubmit: (text) => this.start(program, splitWords(text), libraryOs, false),
      }),
    );
  }

  #libraryOses(): readonly {
    readonly label: string;
    readonly detail: string;
    readonly color: string | undefined;
  }[] {
    const running = (name: string): number =>
      this.#state.ledger?.environments.filter(({ libraryOs }) => libraryOs === name).length ?? 0;
    return (this.#state.catalog?.libraryOses ?? []).map((label) => ({
      label,
      detail: `${LIBRARY_OS_NOTES[label] ?? ''}${running(label) > 0 ? `  ${running(label)} running` : ''}`,
      color: libraryOsColour(label),
    }));
  }

  #freeLine(): number | undefined {
    for (let line = FIRST_PANE_LINE; line <= LAST_PANE_LINE; line++) {
      if (!this.#state.panes.has(line)) return line;
    }
    return undefined;
  }

  start(program: string, words: readonly string[], libraryOs: string, isBeside: boolean): void {
    const line = this.#freeLine();
    if (line === undefined) {
      this.#state.tell(`All ${LAST_PANE_LINE} lines have panes: close one first (Ctrl-a x).`, true);
      return;
    }
    this.#startOn(line, program, words, libraryOs, isBeside);
  }

  /** In a pane whose program has ended, on the same library OS. */
  startShell({ run, terminal }: Pane): void {
    if (run === undefined) return;
    terminal.write(NEW_LINE);
    this.#startOn(run.line, 'sh', [], run.libraryOs, false);
  }

  #startOn(
    line: number,
    program: string,
    words: readonly string[],
    libraryOs: string,
    isBeside: boolean,
  ): void {
    const reply = this.#host.request<'start'>({
      kind: 'start',
      line,
      program,
      arguments: words,
      libraryOs,
      ...(isGranted(program, words) ? { isGranted: true } : {}),
      ...(PROGRAM_NOTES[program]?.isLent === true ? { isLent: true } : {}),
    });
    this.#open({ program, arguments: words, libraryOs, line }, isBeside, reply);
  }

  /** The pane of the program that was started while the desktop was being loaded. */
  openFirst(program: string, libraryOs: string, reply: Promise<ReplyValues['start']>): void {
    this.#open({ program, arguments: [], libraryOs, line: FIRST_PANE_LINE }, false, reply);
  }

  #open(
    what: Pick<Run, 'program' | 'arguments' | 'libraryOs' | 'line'>,
    isBeside: boolean,
    reply: Promise<ReplyValues['start']>,
  ): void {
    const run: Run = {
      ...what,
      id: this.#nextRunId++,
      environmentId: undefined,
      phase: 'starting',
      endText: '',
      account: undefined,
      totalCycles: 0,
    };
    this.#state.runs.push(run);
    this.#host.openPane(run, isBeside);
    reply.then(
      ({ environmentId }) => {
        run.environmentId = environmentId;
        if (run.phase === 'starting') run.phase = 'running';
        this.#host.changed();
      },
      (error: unknown) => {
        run.phase = 'failed';
        run.endText = message(error);
        this.#host.removePane(run.line);
        this.#state.tell(`${commandLine(run)} did not start on ${run.libraryOs}: ${message(error)}`, true);
        this.#host.changed();
      },
    );
  }

  /** The focused pane's program again, on a library OS of choice, beside the old one. */
  restart(): void {
    const focused = this.#state.focusedPane?.run ?? this.#runOfSelection();
    if (focused === undefined) this.#chooseRun();
    else this.#restartRun(focused);
  }

  #chooseRun(): void {
    if (this.#state.status?.phase !== 'ready') {
      this.#state.tell(this.#state.whyNoAegis, true);
      return;
    }
    const runs = this.#state.runs.filter(({ phase }) => phase !== 'failed');
    if (runs.length === 0) {
      this.#state.tell('No program has been started yet: Ctrl-a c starts one.', true);
      return;
    }
    this.#state.overlays.push(
      new ListOverlay({
        title: 'Restart on another library OS',
        question: 'Which program?',
        items: runs.map((run) => ({
          label: commandLine(run),
          detail: `${run.libraryOs}, ${run.phase === 'ended' ? run.endText : run.phase}`,
          run,
        })),
        onChoose: ({ run }) => this.#restartRun(run),
      }),
    );
  }

  #restartRun(run: Run): void {
    const items = this.#libraryOses();
    const other = items.findIndex(({ label }) => label !== run.libraryOs);
    this.#state.overlays.push(
      new ListOverlay({
        title: `Restart ${commandLine(run)}`,
        question: `It ran on ${run.libraryOs}. On which library OS now?`,
        items,
        selected: other,
        onChoose: ({ label }) => {
          this.#showComparison();
          this.start(run.program, run.arguments, label, true);
        },
      }),
    );
  }

  #runOfSelection(): Run | undefined {
    const environment = this.#state.currentEnvironment();
    return this.#state.runs.find(({ environmentId }) => environmentId === environment?.environmentId);
  }

  #showComparison(): void {
    this.#state.openViews = [...this.#state.openViews.filter((view) => view !== 'comparison'), 'comparison'];
    this.#state.selectedComparison = 0;
    this.#host.viewsChanged();
  }

  revoke(): void {
    this.#chooseEnvironment('Revoke pages', 'From which environment?', (environment) => {
      const { name, environmentId, pageCount } = environment;
      const suggestion = Math.max(1, Math.min(16, Math.floor(pageCount / 4)));
      this.#state.overlays.push(
        new PromptOverlay({
          title: `Revoke pages from ${name}`,
          question: `It owns ${plural(pageCount, 'page')}. How many shall it give back? Aegis asks first, then takes.`,
          text: String(suggestion),
          problem: (text) => {
            if (!/^[1-9][0-9]{0,6}$/.test(text.trim())) return 'A number of pages, please: 1 or more.';
            const newest = this.#state.ledger?.environments.find(
              (one) => one.environmentId === environmentId,
            );
            const owned = newest?.pageCount ?? 0;
            return Number(text) <= owned ? '' : `${name} owns ${plural(owned, 'page')}.`;
          },
          onSubmit: (text) => {
            const count = Number(text);
            this.#requestAndTell(
              this.#host.request<'revoke'>({ kind: 'revoke', environmentId, pageCount: count }),
              `${name} is asked for ${plural(count, 'page')}; Ctrl-a e shows what it does.`,
            );
          },
        }),
      );
    });
  }

  destroy(): void {
    this.#chooseEnvironment(
      'Destroy an environment',
      'Which one? Its program ends at once.',
      (environment) => {
        const { name, environmentId } = environment;
        this.#requestAndTell(
          this.#host.request<'kill'>({ kind: 'kill', environmentId }),
          `${name} has been destroyed.`,
        );
      },
    );
  }

  /** Destroys the program of a pane that still runs, and takes the pane away. */
  closePane(id: number): void {
    const pane = this.#state.panes.get(id);
    if (pane === undefined) return;
    if (id === CONSOLE_PANE && this.#state.panes.size === 1) {
      this.#state.tell('This is the last pane: Ctrl-a c starts a program.');
      return;
    }
    const environmentId = pane.run?.environmentId;
    if (pane.isAlive && environmentId !== undefined) {
      this.#requestAndTell(
        this.#host.request<'kill'>({ kind: 'kill', environmentId }),
        'The program was destroyed.',
      );
    }
    this.#host.removePane(id);
  }

  #requestAndTell(request: Promise<unknown>, success: string): void {
    request.then(
      () => {
        this.#state.tell(success);
        this.#host.changed();
      },
      (error: unknown) => {
        this.#state.tell(message(error), true);
        this.#host.changed();
      },
    );
  }

  #chooseEnvironment(title: string, question: string, choose: (environment: EnvironmentView) => void): void {
    if (this.#state.status?.phase !== 'ready') {
      this.#state.tell(this.#state.whyNoAegis, true);
      return;
    }
    // Not the first environment, init: it starts all others, and every program runs on pages that it owns.
    const environments = (this.#state.ledger?.environments ?? []).filter(({ parentSlot }) => parentSlot >= 0);
    if (environments.length === 0) {
      this.#state.tell('There is no program yet: Ctrl-a c starts one.', true);
      return;
    }
    const current = this.#state.currentEnvironment();
    // Without a hint from the focus, the newest.
    const meant = environments.findIndex(({ slot }) => slot === current?.slot);
    this.#state.overlays.push(
      new ListOverlay({
        title,
        question,
        items: environments.map((environment) => ({
          label: `${slotLetter(environment.slot)} ${environment.name}${environment.libraryOs === '' ? '' : ` on ${environment.libraryOs}`}`,
          detail: `${grouped(environment.pageCount)} pages  ${environment.sliceCount} slices`,
          color: slotColour(environment.slot),
          environment,
        })),
        selected: meant >= 0 ? meant : environments.length - 1,
        onChoose: ({ environment }) => choose(environment),
      }),
    );
  }
}
