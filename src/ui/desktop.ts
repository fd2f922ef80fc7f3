/**
 * The desktop: holds the state, feeds reports and input into it, renders chrome through Ink into a virtual screen and
 * panes through their own terminals, and lets the compositor write the picture. It knows no tty: bytes to write go to a
 * callback, so tests run it on a grid. Chrome follows the user's keys at once and the machine at most five times a second.
 */

import { PassThrough } from 'node:stream';
import { type Instance, render } from 'ink';
import { createElement } from 'react';
import type { EventKind, Explanation } from '../observe/index.js';
import {
  type CellGrid,
  type ColourDepth,
  Compositor,
  contains,
  type InputReceiver,
  type Key,
  leafIds,
  type MouseReport,
  type Scene,
  VirtualScreen,
} from '../terminal/index.js';
import type {
  DesktopOptions,
  WorkstationCommand,
  WorkstationPort,
  WorkstationReport,
} from '../workstation/index.js';
import { Actions } from './actions.js';
import { arrange } from './arrangement.js';
import { App } from './chrome/app.js';
import type { DesktopHost } from './desktop-host.js';
import { DesktopState, type Focus } from './desktop-state.js';
import { describeFrame, type Frame } from './frame.js';
import { KeyRouting } from './key-routing.js';
import { orientationOverlay } from './overlays/orientation.js';
import { TextOverlay } from './overlays/text-overlay.js';
import { CONSOLE_PANE } from './pane.js';
import { PaneSet } from './pane-set.js';
import { applyReport } from './reports.js';
import { Requests } from './requests.js';
import { row, wrapText } from './rows.js';
import type { Run } from './run.js';
import { ScreenWindow } from './screen-window.js';
import type { ViewKind } from './views/view-kinds.js';

/** How soon chrome follows samples of a busy and of a quiet machine, events, and keys. A frame costs about 15 ms. */
const SAMPLE_MILLISECONDS = 500;
const QUIET_SAMPLE_MILLISECONDS = 1000;
const IDLE_SHARE = 0.98;
const EVENT_MILLISECONDS = 200;
const KEY_MILLISECONDS = 5;
const WHEEL_LINES = 3;
const DISASSEMBLY_LINES = 48;

export interface DesktopScreen {
  readonly columns: number;
  readonly rows: number;
  readonly depth: ColourDepth;
  readonly write: (text: string) => void;
  /** The user wants to leave. */
  readonly onQuit: () => void;
}

export class Desktop implements InputReceiver, DesktopHost {
  readonly state: DesktopState;
  readonly #options: DesktopOptions;
  readonly #port: WorkstationPort;
  readonly #requests: Requests;
  readonly #terminal: DesktopScreen;
  readonly #virtual: VirtualScreen;
  readonly #compositor: Compositor;
  readonly #actions: Actions;
  readonly #keys: KeyRouting;
  readonly #panes: PaneSet;
  /** The machine's screen, in its view. */
  readonly screen: ScreenWindow;
  readonly #ink: Instance;
  /** Described last, and the one that the virtual screen shows. */
  #frame: Frame;
  #shownFrame: Frame;
  #chromeTimer: NodeJS.Timeout | undefined;
  #chromeDueAt = 0;
  #lastChromeAt = 0;
  #hasStartedFirst = false;
  #isInspecting = false;
  #isDisposed = false;

  constructor(options: DesktopOptions, screen: DesktopScreen) {
    this.#options = options;
    this.#port = options.port;
    this.#requests = new Requests((command) => this.#port.post(command));
    this.#terminal = screen;
    this.state = new DesktopState(screen.columns, screen.rows, screen.depth);
    this.#virtual = new VirtualScreen(screen.columns, screen.rows, () => this.#onChromeWritten());
    this.#compositor = new Compositor(screen.columns, screen.rows, {
      depth: screen.depth,
      write: screen.write,
      scene: () => this.#scene(),
    });
    this.#panes = new PaneSet(this.state, {
      onChange: () => this.#compositor.requestFrame(),
      onReply: (line, bytes) => this.post({ kind: 'input', line, bytes }),
    });
    this.screen = new ScreenWindow(this.state, {
      post: (command) => this.post(command),
      write: screen.write,
    });
    this.#actions = new Actions(this.state, this);
    this.#keys = new KeyRouting(this.state, this, this.#actions);
    this.state.openViews = defaultViews(screen.columns, screen.rows);
    this.openConsole();
    if (options.isFirstStart) this.state.overlays.push(orientationOverlay());
    this.#frame = describeFrame(this.state);
    this.#shownFrame = this.#frame;
    this.#ink = render(createElement(App, { frame: this.#frame }), {
      stdout: this.#virtual as unknown as NodeJS.WriteStream,
      stdin: silentInput(),
      stderr: new PassThrough() as unknown as NodeJS.WriteStream,
      // One whole frame per write, at once: what the virtual screen expects.
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
    });
    this.#port.onReport((report) => this.#onReport(report));
  }

  // Input

  onKey(key: Key): void {
    this.#keys.handleKey(key);
    this.changed();
  }

  onPaste(text: string): void {
    this.#keys.handlePaste(text);
    this.changed();
  }

  onMouse(report: MouseReport): void {
    if (this.screen.handleMouse(report)) return;
    const { action, column, row: line } = report;
    if (action === 'release' || action === 'move') return;
    const overlay = this.state.topOverlay;
    if (overlay !== undefined) {
      if (action !== 'press') return;
      const rectangle = this.#shownFrame.overlays.at(-1)?.rectangle;
      const isInside = rectangle !== undefined && contains(rectangle, column, line);
      const result = isInside ? overlay.handleClick?.(line - rectangle.y - 1) : 'close';
      if (result === 'close') this.#keys.closeOverlay(overlay);
      this.changed();
      return;
    }
    const { windows } = arrange(this.state);
    const window = windows.find(({ rectangle }) => contains(rectangle, column, line));
    if (window === undefined) return;
    if (action === 'press') this.focus(window.focus);
    else {
      const lines = action === 'wheel-up' ? WHEEL_LINES : -WHEEL_LINES;
      if (window.focus.kind === 'pane') this.state.panes.get(window.focus.id)?.terminal.scroll(lines);
      else this.#keys.scrollView(window.focus.view, -lines);
    }
    this.changed();
  }

  // What the commands ask for (DesktopHost)

  post(command: WorkstationCommand): void {
    this.#port.post(command);
  }

  request: DesktopHost['request'] = (command) => this.#requests.send(command);

  openPane(run: Run, isBeside: boolean): void {
    this.focus({ kind: 'pane', id: this.#panes.open(run, isBeside) });
  }

  openConsole(): void {
    this.#panes.openConsole();
  }

  removePane(id: number): void {
    const { state } = this;
    this.#panes.remove(id);
    if (state.focus.kind === 'pane' && !leafIds(state.tree).includes(state.focus.id)) this.focusSomePane();
    this.changed();
  }

  focus(focus: Focus): void {
    this.state.focus = focus;
    if (focus.kind === 'pane') this.state.lastPane = focus.id;
    this.#panes.fit();
    if (focus.kind === 'view' && focus.view === 'ownership' && this.state.selectedSlot === undefined) {
      this.state.selectedSlot = this.state.ledger?.environments[0]?.slot;
    }
    this.changed();
  }

  focusSomePane(): void {
    const { tree, lastPane } = this.state;
    const shown = leafIds(tree);
    this.focus({ kind: 'pane', id: shown.includes(lastPane) ? lastPane : (shown[0] ?? CONSOLE_PANE) });
  }

  viewsChanged(): void {
    const isWanted = this.state.isViewOpen('inspector');
    if (isWanted !== this.#isInspecting) {
      this.#isInspecting = isWanted;
      this.post({ kind: 'inspect', isWanted, disassemblyCount: DISASSEMBLY_LINES });
    }
    this.#panes.fit();
    this.changed();
  }

  type(bytes: Uint8Array): void {
    const pane = this.state.focusedPane;
    if (pane !== undefined) this.post({ kind: 'input', line: pane.line, bytes });
  }

  explain(kind: EventKind): Explanation {
    return this.#options.explain(kind);
  }

  redraw(): void {
    this.#compositor.repaint();
  }

  quit(): void {
    this.#terminal.onQuit();
  }

  /** The user changed something: chrome follows at once. */
  changed(): void {
    this.#scheduleChrome(KEY_MILLISECONDS);
  }

  resize(columns: number, rows: number): void {
    const { state } = this;
    const wasDefault = sameViews(state.openViews, defaultViews(state.columns, state.rows));
    state.columns = columns;
    state.rows = rows;
    // As long as the user has not chosen views, each size gets those that suit it.
    if (wasDefault && state.focus.kind === 'pane') state.openViews = defaultViews(columns, rows);
    this.#virtual.resize(columns, rows);
    this.#compositor.resize(columns, rows);
    this.#renderChrome();
  }

  /** Paints what is known now and resolves when it is on the screen; for tests, which cannot wait for timers. */
  async flush(): Promise<void> {
    this.#renderChrome();
    await this.#virtual.flush();
    await this.#panes.flush();
    this.#compositor.paint();
  }

  /** What is on the screen now, for tests. */
  shown(): CellGrid | undefined {
    return this.#compositor.shown();
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    clearTimeout(this.#chromeTimer);
    this.#compositor.dispose();
    this.#ink.unmount();
    this.#virtual.dispose();
    this.#panes.dispose();
  }

  // Reports

  #onReport(report: WorkstationReport): void {
    if (this.#isDisposed) return;
    if (report.kind === 'output') {
      this.#panes.ofLine(report.line)?.terminal.write(report.bytes);
      return;
    }
    if (report.kind === 'reply') {
      this.#requests.settle(report);
      return;
    }
    applyReport(this.state, report);
    if (report.kind === 'screen') {
      this.screen.heard();
      this.#compositor.requestFrame();
      return;
    }
    if (report.kind === 'status' && report.status.phase === 'ready') this.#startFirst();
    if (report.kind === 'failed') this.#showFailure(report.text);
    const isSample = report.kind === 'status' || report.kind === 'ledger' || report.kind === 'inspector';
    const isStepped = report.kind === 'inspector' && this.state.status?.isPaused === true;
    if (!isSample || isStepped) this.#scheduleChrome(EVENT_MILLISECONDS);
    else this.#scheduleChrome(this.#isQuiet() ? QUIET_SAMPLE_MILLISECONDS : SAMPLE_MILLISECONDS);
  }

  /** Idle, or still booting: then the machine needs the processor more than the picture does. */
  #isQuiet(): boolean {
    const { status } = this.state;
    const isBooting = status?.phase === 'firmware' || status?.phase === 'booting';
    return isBooting || (this.state.idleShare() ?? 0) >= IDLE_SHARE;
  }

  #startFirst(): void {
    if (this.#hasStartedFirst) return;
    this.#hasStartedFirst = true;
    const { firstProgram, firstLibraryOs } = this.#options;
    if (firstProgram !== '')
      this.#actions.openFirst(firstProgram, firstLibraryOs, this.#requests.firstStart());
    this.#requests.send({ kind: 'catalog' }).then(
      (catalog) => {
        this.state.catalog = catalog;
        this.changed();
      },
      (error: unknown) => this.state.tell(`The disk's programs cannot be listed: ${String(error)}`, true),
    );
  }

  #showFailure(text: string): void {
    this.state.overlays.push(
      new TextOverlay({
        title: 'The workstation has stopped',
        width: 70,
        content: (width) => [...wrapText(text, width).map((line) => row(line)), [], row('Ctrl-a q quits.')],
      }),
    );
  }

  // The picture

  /** Renders chrome, `period` after the last time at the earliest; keys do not wait for a period. */
  #scheduleChrome(period: number): void {
    if (this.#isDisposed) return;
    const now = performance.now();
    const due = period === KEY_MILLISECONDS ? now + period : Math.max(now, this.#lastChromeAt + period);
    if (this.#chromeTimer !== undefined && this.#chromeDueAt <= due) return;
    clearTimeout(this.#chromeTimer);
    this.#chromeDueAt = due;
    this.#chromeTimer = setTimeout(() => this.#renderChrome(), due - now);
  }

  #renderChrome(): void {
    clearTimeout(this.#chromeTimer);
    this.#chromeTimer = undefined;
    this.#lastChromeAt = performance.now();
    this.#panes.fit();
    this.screen.follow();
    this.#frame = describeFrame(this.state);
    this.#ink.rerender(createElement(App, { frame: this.#frame }));
    // A notice leaves in time, also when nothing else happens.
    const noticeLeft = (this.state.notice?.expiresAt ?? 0) - this.#lastChromeAt;
    if (noticeLeft > 0) this.#scheduleChrome(noticeLeft + KEY_MILLISECONDS);
  }

  #onChromeWritten(): void {
    if (this.#isDisposed || this.#virtual.isBusy) return;
    this.#shownFrame = this.#frame;
    this.#compositor.requestFrame();
  }

  #scene(): Scene {
    const frame = this.#shownFrame;
    const { state } = this;
    const holes = frame.holes.flatMap(({ paneId, rectangle }) => {
      if (paneId === 'screen') return [{ rectangle, grid: () => this.screen.grid(rectangle) }];
      const pane = state.panes.get(paneId);
      return pane === undefined ? [] : [{ rectangle, grid: () => pane.terminal.grid() }];
    });
    return {
      chrome: () => this.#virtual.grid(),
      holes,
      overlays: frame.overlays.map(({ rectangle }) => rectangle),
      cursor: this.#cursor(frame),
    };
  }

  /** The focused pane's cursor, unless something lies above it. */
  #cursor(frame: Frame): Scene['cursor'] {
    const pane = this.state.focusedPane;
    const hole = frame.holes.find(({ paneId }) => paneId === pane?.id);
    const position = pane?.isAlive === true ? pane.terminal.cursor() : undefined;
    if (hole === undefined || position === undefined || this.state.topOverlay !== undefined) return undefined;
    const { x, y, width, height } = hole.rectangle;
    if (position.column >= width || position.row >= height) return undefined;
    const column = x + position.column;
    const line = y + position.row;
    const isCovered = frame.overlays.some(({ rectangle }) => contains(rectangle, column, line));
    return isCovered ? undefined : { column, row: line };
  }
}

/** Ink's stdin: a terminal on which nobody ever types. The input router reads the real one. */
function silentInput(): NodeJS.ReadStream {
  const stream = new PassThrough();
  const members = { isTTY: true, setRawMode: () => stream, ref: () => stream, unref: () => stream };
  return Object.assign(stream, members) as unknown as NodeJS.ReadStream;
}

function defaultViews(columns: number, rows: number): ViewKind[] {
  if (columns < 100 || rows < 30) return ['ownership'];
  if (columns < 160 || rows < 50) return ['memory-map', 'time-slices', 'ownership', 'events'];
  return ['memory-map', 'time-slices', 'counters', 'ownership', 'events'];
}

function sameViews(a: readonly ViewKind[], b: readonly ViewKind[]): boolean {
  return a.length === b.length && a.every((view, index) => view === b[index]);
}
