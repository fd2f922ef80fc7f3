/**
 * What the commands do. Programs: launcher, restart, revoke, destroy, each a chain of questions that ends in one request
 * to the workstation. Windows and views: changes of the desktop's state. The machine: messages.
 */

import { type Direction, neighbour } from '../terminal/index.js';
import type { ReplyValues } from '../workstation/index.js';
import { arrange, isSameFocus, openWindows } from './arrangement.js';
import type { Command } from './commands.js';
import type { DesktopHost } from './desktop-host.js';
import type { DesktopState } from './desktop-state.js';
import { environmentOverlay } from './overlays/environment-details.js';
import { explanationOverlay } from './overlays/explanation.js';
import { helpOverlay, paletteOverlay } from './overlays/help.js';
import { orientationOverlay } from './overlays/orientation.js';
import type { Overlay } from './overlays/overlay.js';
import { CONSOLE_PANE, type Pane } from './pane.js';
import { ProgramActions } from './program-actions.js';
import { groupEvents, groupOf } from './views/events.js';
import type { ViewKind } from './views/view-kinds.js';

export class Actions {
  readonly #state: DesktopState;
  readonly #host: DesktopHost;
  readonly #programs: ProgramActions;

  constructor(state: DesktopState, host: DesktopHost) {
    this.#state = state;
    this.#host = host;
    this.#programs = new ProgramActions(state, host);
  }

  run(command: Command): void {
    this.#state.overlays.length = 0;
    command.run(this);
  }

  launch(): void {
    this.#programs.launch();
  }

  /** Opens the pane of the program whose start was posted before the desktop was there. */
  openFirst(program: string, libraryOs: string, reply: Promise<ReplyValues['start']>): void {
    this.#programs.openFirst(program, libraryOs, reply);
  }

  /** Enter in a pane whose program has ended. */
  startShell(pane: Pane): void {
    this.#programs.startShell(pane);
  }

  restart(): void {
    this.#programs.restart();
  }

  revoke(): void {
    this.#programs.revoke();
  }

  destroy(): void {
    this.#programs.destroy();
  }

  focusNext(step: 1 | -1): void {
    const windows = openWindows(this.#state);
    const now = windows.findIndex((focus) => isSameFocus(focus, this.#state.focus));
    const next = windows[(now + step + windows.length) % windows.length];
    if (next !== undefined) this.#host.focus(next);
  }

  focusDirection(direction: Direction): void {
    const { windows } = arrange(this.#state);
    const now = windows.findIndex(({ focus }) => isSameFocus(focus, this.#state.focus));
    const next = neighbour(
      windows.map(({ rectangle }) => rectangle),
      now,
      direction,
    );
    const target = next === undefined ? undefined : windows[next];
    if (target !== undefined) this.#host.focus(target.focus);
  }

  zoom(): void {
    this.#state.isZoomed = !this.#state.isZoomed;
    if (this.#state.isZoomed) this.#state.tell('Zoomed: Ctrl-a z shows all windows again.');
    else this.#state.notice = undefined;
  }

  closeWindow(): void {
    const { focus } = this.#state;
    if (focus.kind === 'view') this.#hideView(focus.view);
    else this.#programs.closePane(focus.id);
  }

  scrollback(): void {
    const pane = this.#state.focusedPane;
    if (pane === undefined) {
      this.#state.tell('Scrollback is for panes; this is a view.');
      return;
    }
    pane.isScrolling = true;
    pane.terminal.scroll(1);
  }

  showConsole(): void {
    this.#host.openConsole();
    this.#host.focus({ kind: 'pane', id: CONSOLE_PANE });
  }

  /** Opens and focuses a view; pressed again there, hides it. */
  toggleView(view: ViewKind): void {
    const { focus, openViews } = this.#state;
    if (focus.kind === 'view' && focus.view === view) {
      this.#hideView(view);
      return;
    }
    this.#state.openViews = [...openViews.filter((open) => open !== view), view];
    // A picture needs the room; the other views are read beside the panes.
    this.#state.isZoomed = view === 'screen';
    this.#host.focus({ kind: 'view', view });
    this.#host.viewsChanged();
  }

  pauseOrResume(): void {
    const isPaused = this.#state.status?.isPaused === true;
    this.#host.post({ kind: isPaused ? 'resume' : 'pause' });
    if (isPaused) this.#state.notice = undefined;
    else this.#state.tell('Paused. After Ctrl-a: p goes on, s steps, i shows registers.');
  }

  step(): void {
    this.#host.post({ kind: 'step' });
  }

  stepToEvent(): void {
    this.#host.post({ kind: 'step-to-event' });
    this.#state.tell('Runs to the next event, then pauses.');
  }

  toggleSpeed(): void {
    const speed = this.#state.status?.speed === 'max' ? 1 : 'max';
    this.#host.post({ kind: 'speed', speed });
    this.#state.tell(
      speed === 1 ? 'Speed: that of the real machine.' : 'Speed: as fast as this computer can.',
    );
  }

  help(): void {
    this.show(helpOverlay());
  }

  palette(): void {
    this.show(paletteOverlay((command) => this.run(command)));
  }

  orientation(): void {
    this.show(orientationOverlay());
  }

  redraw(): void {
    this.#host.redraw();
  }

  sendPrefix(): void {
    const { focus } = this.#state;
    if (focus.kind === 'view' && focus.view === 'screen') {
      this.#host.screen.type({ name: 'ctrl-a', text: '', sequence: '\x01' });
      return;
    }
    this.#host.type(Uint8Array.of(1));
  }

  quit(): void {
    this.#host.quit();
  }

  /** Enter on an event. */
  explainSelectedEvent(): void {
    const groups = groupEvents(this.#state.events);
    const group = groups[groupOf(groups, this.#state.selectedEvent)] ?? groups.at(-1);
    const hertz = this.#state.status?.hertz;
    if (group === undefined || hertz === undefined) return;
    this.#state.selectedEvent = group.first.sequence;
    this.show(explanationOverlay(group, this.#host.explain(group.first.kind), hertz));
  }

  /** Enter on a line of the ownership table. */
  showSelectedEnvironment(): void {
    const environment = this.#state.currentEnvironment();
    if (environment === undefined) return;
    const { environmentId } = environment;
    this.show(
      environmentOverlay(environment, () =>
        this.#state.ledger?.environments.find((one) => one.environmentId === environmentId),
      ),
    );
  }

  show(overlay: Overlay): void {
    this.#state.overlays.push(overlay);
  }

  #hideView(view: ViewKind): void {
    if (view === 'screen') this.#state.isZoomed = false;
    this.#state.openViews = this.#state.openViews.filter((open) => open !== view);
    this.#host.focusSomePane();
    this.#host.viewsChanged();
  }
}
