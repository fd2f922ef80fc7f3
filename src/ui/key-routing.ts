/**
 * Who gets a key: after Ctrl-a the commands; otherwise the top overlay, the scrollback, the view or the pane that has the
 * focus. Everything but Ctrl-a reaches the guest as it was typed.
 */

import type { Key } from '../terminal/index.js';
import type { Actions } from './actions.js';
import { commandForKey } from './commands.js';
import type { DesktopHost } from './desktop-host.js';
import type { DesktopState } from './desktop-state.js';
import { ListOverlay } from './overlays/list-overlay.js';
import type { Overlay } from './overlays/overlay.js';
import { PromptOverlay } from './overlays/prompt-overlay.js';
import type { Pane } from './pane.js';
import { comparableRuns } from './views/comparison.js';
import { groupEvents, groupOf } from './views/events.js';
import { INSPECTOR_PAGES } from './views/inspector.js';
import type { ViewKind } from './views/view-kinds.js';

const PREFIX = 'ctrl-a';

/** Lines that a key scrolls by, up is positive; 'all' for the ends. */
const SCROLL_KEYS: Readonly<Record<string, number>> = {
  up: 1,
  k: 1,
  down: -1,
  j: -1,
  pageup: 10,
  b: 10,
  pagedown: -10,
  ' ': -10,
  home: 1e9,
  g: 1e9,
  end: -1e9,
  G: -1e9,
};

export class KeyRouting {
  readonly #state: DesktopState;
  readonly #host: DesktopHost;
  readonly #actions: Actions;

  constructor(state: DesktopState, host: DesktopHost, actions: Actions) {
    this.#state = state;
    this.#host = host;
    this.#actions = actions;
  }

  handleKey(key: Key): void {
    const state = this.#state;
    if (state.isPrefixed) {
      state.isPrefixed = false;
      this.#afterPrefix(key);
      return;
    }
    if (key.name === PREFIX) {
      state.isPrefixed = true;
      return;
    }
    const overlay = state.topOverlay;
    if (overlay !== undefined) {
      const result = overlay.handleKey(key);
      if (result === 'close' || result === 'pass') this.closeOverlay(overlay);
      if (result === 'pass') this.handleKey(key);
      return;
    }
    if (this.#isOnScreen) {
      this.#host.screen.type(key);
      return;
    }
    if (state.focus.kind === 'view') {
      this.#viewKey(state.focus.view, key);
      return;
    }
    const pane = state.focusedPane;
    if (pane?.isScrolling === true) this.#scrollKey(pane, key);
    else if (pane !== undefined) this.#paneKey(pane, key);
  }

  handlePaste(text: string): void {
    const overlay = this.#state.topOverlay;
    if (overlay !== undefined) {
      overlay.handlePaste?.(text);
      return;
    }
    if (this.#isOnScreen) {
      this.#host.screen.paste(text);
      return;
    }
    const pane = this.#state.focusedPane;
    if (pane?.isAlive === true) this.#host.type(pane.terminal.encodePaste(text));
  }

  /** Takes an overlay away and, if something was chosen in it, goes on with that. */
  closeOverlay(overlay: Overlay): void {
    const index = this.#state.overlays.indexOf(overlay);
    if (index >= 0) this.#state.overlays.splice(index, 1);
    if (overlay instanceof ListOverlay || overlay instanceof PromptOverlay) overlay.runChoice();
  }

  #afterPrefix(key: Key): void {
    if (key.name === 'escape') return;
    const command = commandForKey(key.name);
    if (command !== undefined) {
      this.#actions.run(command);
      return;
    }
    const pane = /^[1-9]$/.test(key.name) ? Number(key.name) : undefined;
    if (pane !== undefined && this.#state.panes.has(pane)) this.#host.focus({ kind: 'pane', id: pane });
    else this.#state.tell(`Ctrl-a ${key.name} does nothing. Ctrl-a ? shows all keys.`, true);
  }

  #paneKey(pane: Pane, key: Key): void {
    if (pane.isAlive) {
      if (pane.terminal.scrollOffset > 0) pane.terminal.scroll(-1e9);
      this.#host.type(pane.terminal.encodeKey(key));
    } else if (key.name === 'enter') this.#actions.startShell(pane);
  }

  #scrollKey(pane: Pane, key: Key): void {
    const lines = SCROLL_KEYS[key.name];
    if (lines !== undefined) {
      pane.terminal.scroll(lines);
      return;
    }
    if (key.name !== 'escape' && key.name !== 'q' && key.name !== 'enter') return;
    pane.isScrolling = false;
    pane.terminal.scroll(-1e9);
  }

  /** The screen view has the focus: everything goes to the workstation's keyboard. */
  get #isOnScreen(): boolean {
    const { focus } = this.#state;
    return focus.kind === 'view' && focus.view === 'screen';
  }

  #viewKey(view: ViewKind, key: Key): void {
    if (key.name === 'escape') {
      this.#host.focusSomePane();
      return;
    }
    // No guest listens here, so these two need no Ctrl-a.
    if (key.name === '?') this.#actions.help();
    if (key.name === ':') this.#actions.palette();
    switch (view) {
      case 'ownership':
        this.#ownershipKey(key);
        return;
      case 'events':
        this.#eventsKey(key);
        return;
      case 'counters': {
        const lines = SCROLL_KEYS[key.name];
        if (lines !== undefined) this.scrollView(view, -lines);
        return;
      }
      case 'comparison':
        if (key.name === 'up' || key.name === 'down') this.scrollView(view, key.name === 'up' ? -1 : 1);
        return;
      case 'inspector':
        this.#inspectorKey(key);
        return;
      default:
        return;
    }
  }

  /** Arrows and the wheel: positive is down. */
  scrollView(view: ViewKind, lines: number): void {
    const state = this.#state;
    if (view === 'counters') state.countersScroll = Math.max(0, Math.min(200, state.countersScroll + lines));
    else if (view === 'events') this.#moveEvent(lines);
    else if (view === 'ownership') this.#moveSlot(lines);
    else if (view === 'comparison') {
      const last = comparableRuns(state.runs).length - 1;
      state.selectedComparison = Math.max(0, Math.min(last, state.selectedComparison + Math.sign(lines)));
    }
  }

  #moveSlot(lines: number): void {
    const environments = this.#state.ledger?.environments ?? [];
    const now = environments.findIndex(({ slot }) => slot === this.#state.selectedSlot);
    const next = now < 0 ? 0 : Math.max(0, Math.min(environments.length - 1, now + lines));
    this.#state.selectedSlot = environments[next]?.slot;
  }

  #moveEvent(lines: number): void {
    const groups = groupEvents(this.#state.events);
    if (groups.length === 0) return;
    const now = groupOf(groups, this.#state.selectedEvent);
    const from = now < 0 ? groups.length - 1 : now;
    const next = groups[Math.max(0, Math.min(groups.length - 1, from + lines))];
    this.#state.selectedEvent = next?.first.sequence;
  }

  #ownershipKey(key: Key): void {
    const lines = SCROLL_KEYS[key.name];
    if (lines !== undefined && key.name !== 'b') this.#moveSlot(-lines);
    else if (key.name === 'enter') this.#actions.showSelectedEnvironment();
    else if (key.name === 'v') this.#actions.revoke();
    else if (key.name === 'd') this.#actions.destroy();
    else if (key.name === 'r') this.#actions.restart();
  }

  #eventsKey(key: Key): void {
    const lines = SCROLL_KEYS[key.name];
    if (key.name === 'enter') this.#actions.explainSelectedEvent();
    else if (key.name === 'end' || key.name === 'G') this.#state.selectedEvent = undefined;
    else if (lines !== undefined) this.#moveEvent(-lines);
  }

  #inspectorKey(key: Key): void {
    if (key.name === 's') this.#actions.step();
    else if (key.name === 'e' || key.name === 'S') this.#actions.stepToEvent();
    else if (key.name === 'p') this.#actions.pauseOrResume();
    else if (key.name === 'tab' || key.name === 'right' || key.name === 'left') {
      const step = key.name === 'left' ? INSPECTOR_PAGES.length - 1 : 1;
      const index = INSPECTOR_PAGES.indexOf(this.#state.inspectorPage);
      this.#state.inspectorPage = INSPECTOR_PAGES[(index + step) % INSPECTOR_PAGES.length] ?? 'code';
    }
  }
}
