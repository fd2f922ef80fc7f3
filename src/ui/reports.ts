/**
 * Reports from the workstation, applied to the desktop's state. Replies and output go elsewhere (requests and panes).
 */

import type { CountersView } from '../observe/index.js';
import { endText, type WorkstationReport } from '../workstation/index.js';
import { type DesktopState, EVENTS_KEPT } from './desktop-state.js';
import { accountCycles, type Run } from './run.js';

/** Keeps about one second of machine time, so that rates are those of the last second. */
function keepCounters(history: CountersView[], sample: CountersView): void {
  history.push(sample);
  while (history.length > 2 && sample.cycle - (history[1]?.cycle ?? 0) >= sample.hertz) history.shift();
}

function followRuns(state: DesktopState): void {
  for (const run of state.runs) {
    if (run.phase !== 'running') continue;
    const environment = state.environmentOf(run);
    if (environment === undefined) continue;
    run.account = environment.cycles;
    run.totalCycles = accountCycles(environment.cycles);
  }
}

function endRun(run: Run, report: Extract<WorkstationReport, { kind: 'ended' }>): void {
  run.phase = 'ended';
  run.endText = report.status === undefined ? endText(report.reason) : `exit ${report.status}`;
  run.totalCycles = report.cycles;
  if (report.account !== undefined) run.account = report.account;
}

export function applyReport(state: DesktopState, report: WorkstationReport): void {
  switch (report.kind) {
    case 'status':
      state.status = report.status;
      return;
    case 'ledger':
      state.ledger = report.ledger;
      keepCounters(state.counterHistory, report.counters);
      followRuns(state);
      return;
    case 'events':
      state.events.push(...report.events);
      if (state.events.length > EVENTS_KEPT) state.events.splice(0, state.events.length - EVENTS_KEPT);
      return;
    case 'inspector':
      state.inspector = report.inspector;
      return;
    case 'screen':
      state.screen = report.screen;
      return;
    case 'ended': {
      // A short program may end before the answer to its start has been looked at: then its line tells.
      const run =
        state.runs.find((one) => one.environmentId === report.environmentId && one.phase !== 'ended') ??
        state.runs.find((one) => one.line === report.line && one.phase === 'starting');
      if (run !== undefined) endRun(run, report);
      return;
    }
    case 'notice':
      state.tell(report.text);
      return;
    case 'failed':
      state.failure = report.text;
      return;
    default:
      return;
  }
}
