/**
 * Runs of one program side by side: a column per run with its library OS, state and cycles by mode, and the ratio to the
 * first. Cycles of a run that has ended are final; the split by mode is then the last sample's, unless init told it.
 */

import type { CycleAccountView } from '../../observe/index.js';
import { grouped } from '../format.js';
import { padEnd, padStart, printable, type Row, row, type Span, span } from '../rows.js';
import { commandLine, isSameProgram, type Run } from '../run.js';
import { libraryOsColour } from '../theme.js';

const LABEL_WIDTH = 14;
const COLUMN_WIDTH = 16;

/** Groups of runs of one program, oldest first; groups of one come last. */
export function comparableRuns(runs: readonly Run[]): readonly (readonly Run[])[] {
  const groups: Run[][] = [];
  for (const run of runs) {
    if (run.phase === 'failed') continue;
    const group = groups.find(([first]) => first !== undefined && isSameProgram(first, run));
    if (group === undefined) groups.push([run]);
    else group.push(run);
  }
  return groups.sort((a, b) => Number(b.length > 1) - Number(a.length > 1));
}

function accountRow(label: string, runs: readonly Run[], value: (account: CycleAccountView) => number): Row {
  return row(
    span(padEnd(label, LABEL_WIDTH), { dim: true }),
    ...runs.map(({ account }) =>
      padStart(account === undefined ? '-' : grouped(value(account)), COLUMN_WIDTH),
    ),
  );
}

function ratioSpan(run: Run, first: Run | undefined): Span {
  if (first === undefined || run === first || first.totalCycles === 0 || run.totalCycles === 0) {
    return span(padStart('', COLUMN_WIDTH));
  }
  const isFinal = run.phase === 'ended' && first.phase === 'ended';
  const text = `${(run.totalCycles / first.totalCycles).toFixed(3)} x`;
  return span(padStart(text, COLUMN_WIDTH), isFinal ? { bold: true } : { dim: true });
}

export function comparisonView(
  runs: readonly Run[],
  selectedGroup: number,
  width: number,
  height: number,
): readonly Row[] {
  const groups = comparableRuns(runs);
  if (groups.length === 0) {
    return [row(span('Start a program, then restart it on another library OS: Ctrl-a r.', { dim: true }))];
  }
  const group = groups[Math.min(selectedGroup, groups.length - 1)] ?? [];
  const columns = Math.max(1, Math.floor((width - LABEL_WIDTH) / COLUMN_WIDTH));
  // The first run is the yardstick; of the others the newest stay.
  const shown =
    group.length <= columns ? group : [...group.slice(0, 1), ...group.slice(1 - columns)].slice(0, columns);
  const [first] = shown;
  const title = first === undefined ? '' : printable(commandLine(first));
  const rows: Row[] = [
    row(
      span(padEnd(title, LABEL_WIDTH), { bold: true }),
      ...shown.map(({ libraryOs }) =>
        span(padStart(libraryOs, COLUMN_WIDTH), { bold: true, color: libraryOsColour(libraryOs) }),
      ),
    ),
    row(
      span(padEnd('state', LABEL_WIDTH), { dim: true }),
      ...shown.map(({ phase, endText }) => {
        const text = phase === 'ended' ? endText : phase;
        return padStart(text.length >= COLUMN_WIDTH ? text.slice(0, COLUMN_WIDTH - 1) : text, COLUMN_WIDTH);
      }),
    ),
    row(
      span(padEnd('cycles', LABEL_WIDTH), { dim: true }),
      ...shown.map(({ totalCycles }) => span(padStart(grouped(totalCycles), COLUMN_WIDTH), { bold: true })),
    ),
    row(span(padEnd('ratio', LABEL_WIDTH), { dim: true }), ...shown.map((run) => ratioSpan(run, first))),
    accountRow('user', shown, ({ userCycles }) => userCycles),
    accountRow('kernel', shown, ({ kernelCycles, refillCycles }) => kernelCycles - refillCycles),
    accountRow('TLB refill', shown, ({ refillCycles }) => refillCycles),
    accountRow('TLB misses', shown, ({ tlbMisses }) => tlbMisses),
    accountRow('instructions', shown, ({ instructions }) => instructions),
    accountRow('I misses', shown, ({ icacheMisses }) => icacheMisses),
    accountRow('D misses', shown, ({ dcacheMisses }) => dcacheMisses),
  ];
  if (groups.length > 1) {
    rows.push(
      row(
        span(`program ${Math.min(selectedGroup, groups.length - 1) + 1} of ${groups.length}: up/down`, {
          dim: true,
        }),
      ),
    );
  }
  return rows.slice(0, height);
}
