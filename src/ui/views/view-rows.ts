/**
 * The rows of a view by its name: what each view function takes out of the desktop's state.
 */

import type { DesktopState } from '../desktop-state.js';
import { printable, type Row, row, span } from '../rows.js';
import { comparisonView } from './comparison.js';
import { countersView } from './counters.js';
import { eventsView } from './events.js';
import { inspectorView } from './inspector.js';
import { memoryMapView } from './memory-map.js';
import { ownershipView } from './ownership.js';
import { screenView } from './screen.js';
import { timeSlicesView } from './time-slices.js';
import type { ViewKind } from './view-kinds.js';

export function viewRows(
  state: DesktopState,
  view: ViewKind,
  isFocused: boolean,
  width: number,
  height: number,
): readonly Row[] {
  const { ledger } = state;
  const absent = [row(span(printable(state.whyNoAegis), { dim: true }))];
  switch (view) {
    case 'ownership':
      if (ledger === undefined) return absent;
      return ownershipView(ledger, isFocused ? state.selectedSlot : undefined, width, height);
    case 'memory-map':
      return ledger === undefined ? absent : memoryMapView(ledger, width, height);
    case 'time-slices':
      return ledger === undefined ? absent : timeSlicesView(ledger, width, height);
    case 'events':
      return eventsView(state.events, isFocused ? state.selectedEvent : undefined, width, height);
    case 'counters': {
      if (state.counters === undefined) return absent;
      const rows = countersView(state.counters, state.previousCounters, ledger, width);
      const first = Math.max(0, Math.min(state.countersScroll, rows.length - height));
      return rows.slice(first, first + height);
    }
    case 'inspector':
      return inspectorView(state.inspector, ledger, state.inspectorPage, width, height);
    case 'screen':
      return screenView(state.depth, width);
    case 'comparison':
      return comparisonView(state.runs, state.selectedComparison, width, height);
  }
}
