/**
 * Everything the desktop knows: what the workstation reported last, and where the user is in it. Views, the frame and the
 * commands read it; only reports.ts, the commands and the key routing change it.
 */

import type {
  CountersView,
  EnvironmentView,
  EventView,
  InspectorView,
  LedgerView,
} from '../observe/index.js';
import type { ColourDepth, SplitTree } from '../terminal/index.js';
import type { CatalogReply, ScreenReport, WorkstationStatus } from '../workstation/index.js';
import type { Overlay } from './overlays/overlay.js';
import type { Pane } from './pane.js';
import type { Run } from './run.js';
import type { InspectorPage } from './views/inspector.js';
import type { ViewKind } from './views/view-kinds.js';

export type Focus =
  | { readonly kind: 'pane'; readonly id: number }
  | { readonly kind: 'view'; readonly view: ViewKind };

export interface Notice {
  readonly text: string;
  readonly isProblem: boolean;
  /** performance.now() at which it leaves. */
  readonly expiresAt: number;
}

export const EVENTS_KEPT = 5000;
const NOTICE_MILLISECONDS = 6000;

export class DesktopState {
  columns: number;
  rows: number;

  status: WorkstationStatus | undefined;
  ledger: LedgerView | undefined;
  /** Samples of about the last second of machine time, oldest first. */
  counterHistory: CountersView[] = [];
  events: EventView[] = [];
  inspector: InspectorView | undefined;
  /** The machine's screen, as it was reported last; undefined while nobody looks. */
  screen: ScreenReport | undefined;
  catalog: CatalogReply | undefined;
  runs: Run[] = [];
  /** Why the workstation cannot go on. */
  failure: string | undefined;

  readonly panes: Map<number, Pane> = new Map();
  tree: SplitTree | undefined;
  openViews: ViewKind[] = [];
  focus: Focus = { kind: 'pane', id: 0 };
  /** The pane that has the focus, or had it before a view got it. */
  lastPane = 0;
  isZoomed = false;
  isPrefixed = false;
  readonly overlays: Overlay[] = [];
  notice: Notice | undefined;

  selectedSlot: number | undefined;
  selectedEvent: number | undefined;
  selectedComparison = 0;
  countersScroll = 0;
  inspectorPage: InspectorPage = 'code';

  /** What the terminal can show. */
  readonly depth: ColourDepth;

  constructor(columns: number, rows: number, depth: ColourDepth) {
    this.columns = columns;
    this.rows = rows;
    this.depth = depth;
  }

  get counters(): CountersView | undefined {
    return this.counterHistory.at(-1);
  }

  get previousCounters(): CountersView | undefined {
    return this.counterHistory.length > 1 ? this.counterHistory[0] : undefined;
  }

  get focusedPane(): Pane | undefined {
    return this.focus.kind === 'pane' ? this.panes.get(this.focus.id) : undefined;
  }

  get topOverlay(): Overlay | undefined {
    return this.overlays.at(-1);
  }

  isViewOpen(view: ViewKind): boolean {
    return this.openViews.includes(view);
  }

  environmentOf(run: Run | undefined): EnvironmentView | undefined {
    if (run?.environmentId === undefined) return undefined;
    return this.ledger?.environments.find(({ environmentId }) => environmentId === run.environmentId);
  }

  /** Why there is nothing to be seen of Aegis, or nothing to be asked of init. */
  get whyNoAegis(): string {
    const { phase, kernelName } = this.status ?? {};
    if (phase === 'halted') return 'The machine has halted.';
    if (phase === 'prompt') return 'Aegis does not run: the serial console (Ctrl-a 0) says why.';
    if (kernelName !== undefined) return `This machine runs ${kernelName}, not Aegis.`;
    return 'Still booting: init does not answer yet.';
  }

  /** The environment that a command means when it does not ask: the selected one, or the focused pane's. */
  currentEnvironment(): EnvironmentView | undefined {
    if (this.focus.kind === 'view') {
      return this.ledger?.environments.find(({ slot }) => slot === this.selectedSlot);
    }
    return this.environmentOf(this.focusedPane?.run);
  }

  /** Share of the last second that was charged to nobody; undefined before there are two samples. */
  idleShare(): number | undefined {
    const now = this.counters;
    const before = this.previousCounters;
    if (now === undefined || before === undefined || now.cycle <= before.cycle) return undefined;
    const idle = (sample: CountersView): number =>
      sample.unaccounted.userCycles + sample.unaccounted.kernelCycles;
    return (idle(now) - idle(before)) / (now.cycle - before.cycle);
  }

  tell(text: string, isProblem = false): void {
    this.notice = { text, isProblem, expiresAt: performance.now() + NOTICE_MILLISECONDS };
  }
}
