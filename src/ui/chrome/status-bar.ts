/**
 * The status bar: the machine, how fast it runs, its cycle count, and what it is doing. Parts leave from the right when
 * the terminal is narrow.
 */

import { type Arrangement, SMALLEST_COLUMNS, SMALLEST_ROWS } from '../arrangement.js';
import type { DesktopState } from '../desktop-state.js';
import { duration, grouped, megahertz, percentage, plural } from '../format.js';
import { printable, type Row, row, type Span, span } from '../rows.js';

const PHASES = {
  firmware: 'in the firmware',
  prompt: 'firmware prompt',
  booting: 'Aegis is booting',
  ready: '',
  halted: '',
} as const;

function runText(state: DesktopState): Span {
  const { status } = state;
  if (state.failure !== undefined) return span('STOPPED', { bold: true, color: 'red' });
  if (status === undefined) return span('starting');
  if (status.phase === 'halted') return span('HALTED', { bold: true, color: 'yellow' });
  if (status.isPaused) return span('PAUSED', { bold: true, color: 'yellow' });
  const speed = status.speed === 'max' ? 'max' : `${status.speed}x`;
  const measured = status.speed === 'max' ? ` (${status.measuredSpeed.toFixed(1)}x)` : '';
  return span(`running ${speed}${measured}`, { color: 'green' });
}

/** '+9 panes, +1 view hidden', '' when everything that is open is shown. */
function hiddenText({ hiddenPaneCount, hiddenViewCount }: Arrangement): string {
  const panes = hiddenPaneCount === 0 ? [] : [`+${plural(hiddenPaneCount, 'pane')}`];
  const views = hiddenViewCount === 0 ? [] : [`+${plural(hiddenViewCount, 'view')}`];
  const all = [...panes, ...views];
  return all.length === 0 ? '' : `${all.join(', ')} hidden`;
}

export function statusRow(state: DesktopState, columns: number, arrangement: Arrangement): Row {
  if (arrangement.isTooSmall) {
    const text = ` ${columns}x${state.rows} is small: one window at a time; ${SMALLEST_COLUMNS}x${SMALLEST_ROWS} shows all`;
    return row(span(text, { color: 'yellow', bold: true }));
  }
  const { status, ledger } = state;
  const parts: Row[] = [row(span(' exostation', { bold: true, color: 'cyan' }))];
  parts.push(row(runText(state)));
  const hidden = hiddenText(arrangement);
  if (hidden !== '') parts.push(row(span(hidden, { color: 'yellow' })));
  if (status !== undefined) {
    const { kernelName } = status;
    const isForeign = status.phase === 'firmware' && kernelName !== undefined;
    const phase = isForeign ? `runs ${printable(kernelName)}` : PHASES[status.phase];
    if (phase !== '') parts.push(row(span(phase, { color: 'yellow' })));
    const cycle = Math.max(status.cycle, ledger?.cycle ?? 0);
    parts.push(row(`cycle ${grouped(cycle)}`));
    parts.push(row(duration(cycle, status.hertz)));
    const idle = state.idleShare();
    if (idle !== undefined && status.phase === 'ready') parts.push(row(`idle ${percentage(idle)}`));
    if (ledger !== undefined) parts.push(row(`${grouped(ledger.freePageCount)} pages free`));
    parts.push(
      row(
        span(`DECstation ${status.model}, ${megahertz(status.hertz)} MHz, ${status.memoryMiB} MiB`, {
          dim: true,
        }),
      ),
    );
    if (!status.isDiskKept) parts.push(row(span('disk changes are not kept', { dim: true })));
  }
  const result: Span[] = [];
  let used = 0;
  for (const part of parts) {
    const width = part.reduce((sum, { text }) => sum + text.length, 0);
    const separator = result.length === 0 ? 0 : 3;
    if (used + separator + width > columns) break;
    if (separator > 0) result.push(span(' │ ', { dim: true }));
    result.push(...part);
    used += separator + width;
  }
  return result;
}
