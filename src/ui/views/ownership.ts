/**
 * Who owns what: one line per environment with what Aegis's exported tables hold for it and what the machine charged it.
 * Columns leave in order of importance when the window is narrow. The last line is the three-way ownership check.
 */

import type { EnvironmentView, LedgerView, OwnershipCheck } from '../../observe/index.js';
import { grouped, plural, shortened } from '../format.js';
import {
  EMPTY_ROW,
  highlight,
  padEnd,
  padStart,
  printable,
  type Row,
  row,
  type Span,
  span,
} from '../rows.js';
import { libraryOsColour, slotColour, slotLetter } from '../theme.js';

interface Column {
  readonly title: string;
  readonly width: number;
  /** Higher stays longer. */
  readonly importance: number;
  readonly cell: (environment: EnvironmentView, width: number) => Span;
}

function numberColumn(
  title: string,
  width: number,
  importance: number,
  value: (environment: EnvironmentView) => number,
): Column {
  const cell = (environment: EnvironmentView): Span => {
    const count = value(environment);
    return span(padStart(shortened(count, width), width), count === 0 ? { dim: true } : {});
  };
  return { title: padStart(title, width), width, importance, cell };
}

const COLUMNS: readonly Column[] = [
  {
    title: 'env',
    width: 3,
    importance: 20,
    cell: ({ slot }) => span(` ${slotLetter(slot)} `, { color: slotColour(slot), bold: true }),
  },
  {
    title: 'program',
    width: 9,
    importance: 19,
    cell: ({ name }, width) => span(padEnd(printable(name === '' ? '?' : name), width)),
  },
  {
    title: 'library OS',
    width: 10,
    importance: 18,
    cell: ({ libraryOs }, width) =>
      span(padEnd(libraryOs === '' ? '-' : libraryOs, width), { color: libraryOsColour(libraryOs) }),
  },
  { title: 'state', width: 7, importance: 8, cell: ({ state }, width) => span(padEnd(state, width)) },
  numberColumn('pages', 5, 17, ({ pageCount }) => pageCount),
  numberColumn('bound', 5, 3, ({ boundPageCount }) => boundPageCount),
  numberColumn('slices', 6, 13, ({ sliceCount }) => sliceCount),
  numberColumn('TLB', 3, 12, ({ tlbEntryCount }) => tlbEntryCount),
  numberColumn('STLB', 4, 11, ({ stlbEntryCount }) => stlbEntryCount),
  numberColumn('ext', 3, 7, ({ extentCount }) => extentCount),
  numberColumn('flt', 3, 1, ({ filterCount }) => filterCount),
  numberColumn('ASH', 3, 0, ({ handlerCount }) => handlerCount),
  {
    title: 'lines',
    width: 5,
    importance: 6,
    cell: ({ lines }, width) => span(padEnd(lines.length === 0 ? '-' : lines.join(','), width)),
  },
  numberColumn('user', 7, 16, ({ cycles }) => cycles.userCycles),
  numberColumn('kernel', 7, 15, ({ cycles }) => cycles.kernelCycles - cycles.refillCycles),
  numberColumn('refill', 7, 14, ({ cycles }) => cycles.refillCycles),
  numberColumn('misses', 7, 2, ({ cycles }) => cycles.tlbMisses),
  numberColumn('taken', 5, 5, ({ repossessedCount }) => repossessedCount),
  numberColumn('asked', 5, 4, ({ demandedPageCount }) => demandedPageCount),
  numberColumn('excess', 6, 1, ({ excessTicks }) => excessTicks),
];

function columnsFor(width: number): readonly Column[] {
  const chosen = [...COLUMNS].sort((a, b) => b.importance - a.importance);
  const total = (): number => chosen.reduce((sum, column) => sum + column.width + 1, 0);
  while (chosen.length > 3 && total() > width) chosen.pop();
  return COLUMNS.filter((column) => chosen.includes(column));
}

function checkRow(check: OwnershipCheck, width: number): Row {
  const problem = check.problems[0];
  if (problem !== undefined) {
    const more = check.problems.length > 1 ? ` (and ${check.problems.length - 1} more)` : '';
    return row(span(`OWNERSHIP DISAGREES: ${problem.text}${more}`, { color: 'red', bold: true }));
  }
  const bindings = `${grouped(check.tlbBindings)} TLB, ${grouped(check.stlbBindings)} STLB, ${grouped(check.dmaBindings)} DMA`;
  const agreement = 'owners, free list and bindings agree';
  const details = ` (${bindings})`;
  const lead = 'check: ';
  return row(
    span(lead, { dim: true }),
    span(agreement, { color: 'green' }),
    ...(lead.length + agreement.length + details.length <= width ? [span(details, { dim: true })] : []),
  );
}

/** Who owns what of the machine's screen; undefined while nobody does. */
function screenRow(environments: readonly EnvironmentView[]): Row | undefined {
  const holders = environments.filter(({ tileCount, colourCount }) => tileCount + colourCount > 0);
  if (holders.length === 0) return undefined;
  return row(
    span('screen:', { dim: true }),
    ...holders.flatMap(({ slot, name, tileCount, colourCount }) => [
      span(` ${slotLetter(slot)}`, { color: slotColour(slot), bold: true }),
      span(` ${printable(name)}: ${plural(tileCount, 'tile')}, ${plural(colourCount, 'colour')} `),
    ]),
  );
}

export function ownershipView(
  ledger: LedgerView,
  selectedSlot: number | undefined,
  width: number,
  height: number,
): readonly Row[] {
  const columns = columnsFor(width);
  const header = row(
    ...columns.map(({ title, width: columnWidth }) => span(`${padEnd(title, columnWidth)} `, { bold: true })),
  );
  const selected = Math.max(
    0,
    ledger.environments.findIndex(({ slot }) => slot === selectedSlot),
  );
  const screen = screenRow(ledger.environments);
  const room = Math.max(1, height - (screen === undefined ? 2 : 3));
  const first = Math.max(0, Math.min(selected - room + 1, ledger.environments.length - room));
  const lines = ledger.environments.slice(first, first + room).map((environment) => {
    const cells: Row = columns.flatMap((column) => [column.cell(environment, column.width), span(' ')]);
    return environment.slot === selectedSlot ? highlight(cells, width, { inverse: true }) : cells;
  });
  const hiddenCount = ledger.environments.length - lines.length;
  const more = hiddenCount > 0 ? `+${hiddenCount} more: up/down  ` : '';
  while (lines.length < room) lines.push(EMPTY_ROW);
  const last = [span(more, { color: 'yellow' }), ...checkRow(ledger.ownership, width - more.length)];
  return [header, ...lines, ...(screen === undefined ? [] : [screen]), last];
}
