/**
 * Counters of the machine and of each environment: what was counted since the machine was switched on, and per second of
 * machine time between the last two samples. All of it was counted by the machine at no cost to the guest.
 */

import type { CountersView, CycleAccountView, LedgerView } from '../../observe/index.js';
import { duration, grouped, shortened } from '../format.js';
import { padEnd, padStart, printable, type Row, row, span } from '../rows.js';
import { slotColour, slotLetter } from '../theme.js';

function heading(text: string): Row {
  return row(span(text, { bold: true, underline: true }));
}

function countLine(label: string, count: number, rate: number | undefined, width: number): Row {
  const rateWidth = width >= 40 ? 12 : 0;
  const numberWidth = 15;
  const labelWidth = Math.max(8, width - numberWidth - rateWidth);
  const rateText =
    rateWidth === 0 || rate === undefined ? '' : padStart(`${shortened(rate, 7)}/s`, rateWidth);
  return row(padEnd(label, labelWidth), padStart(grouped(count), numberWidth), span(rateText, { dim: true }));
}

const ACCOUNT_COLUMNS: readonly {
  readonly title: string;
  readonly value: (account: CycleAccountView) => number;
}[] = [
  { title: 'instr', value: ({ instructions }) => instructions },
  { title: 'user', value: ({ userCycles }) => userCycles },
  { title: 'kernel', value: ({ kernelCycles }) => kernelCycles },
  { title: 'TLB', value: ({ tlbMisses }) => tlbMisses },
  { title: 'exc', value: ({ exceptions }) => exceptions },
  { title: 'I miss', value: ({ icacheMisses }) => icacheMisses },
  { title: 'D miss', value: ({ dcacheMisses }) => dcacheMisses },
];

function accountRows(ledger: LedgerView, width: number): readonly Row[] {
  const columns = ACCOUNT_COLUMNS.slice(0, Math.max(2, Math.floor((width - 12) / 7)));
  const header = row(
    span(padEnd('environment', 12), { dim: true }),
    ...columns.map(({ title }) => span(padStart(title, 7), { dim: true })),
  );
  const lines = ledger.environments.map(({ slot, name, cycles }) =>
    row(
      span(`${slotLetter(slot)} `, { color: slotColour(slot), bold: true }),
      padEnd(printable(name), 10),
      ...columns.map(({ value }) => padStart(shortened(value(cycles), 6), 7)),
    ),
  );
  return [header, ...lines];
}

export function countersView(
  counters: CountersView,
  previous: CountersView | undefined,
  ledger: LedgerView | undefined,
  width: number,
): readonly Row[] {
  const seconds = previous === undefined ? 0 : (counters.cycle - previous.cycle) / counters.hertz;
  const rate = (now: number, before: number | undefined): number | undefined =>
    seconds > 0 && before !== undefined ? (now - before) / seconds : undefined;
  const line = (label: string, now: number, before: number | undefined): Row =>
    countLine(label, now, rate(now, before), width);
  const rows: Row[] = [
    heading(`Machine, in ${duration(counters.cycle, counters.hertz)} of machine time`),
    line('cycles', counters.cycle, previous?.cycle),
    line('instructions', counters.instructions.attempted, previous?.instructions.attempted),
    line('  in the PROM', counters.instructions.prom, previous?.instructions.prom),
    line('I-cache misses', counters.icacheMisses, previous?.icacheMisses),
    line('D-cache misses', counters.dcacheMisses, previous?.dcacheMisses),
    line('TLB refills', counters.tlbRefills, previous?.tlbRefills),
  ];
  if (ledger !== undefined && ledger.environments.length > 0) {
    rows.push(heading('By environment'), ...accountRows(ledger, width));
  }
  const exceptions = counters.exceptions.filter(({ count }) => count > 0);
  if (exceptions.length > 0) rows.push(heading('Exceptions by cause'));
  for (const { name, count } of exceptions) {
    rows.push(line(name, count, previous?.exceptions.find((other) => other.name === name)?.count));
  }
  const calls = counters.systemCalls.filter(({ count }) => count > 0);
  if (calls.length > 0) rows.push(heading('System calls by name'));
  for (const { name, count } of calls) {
    rows.push(line(name, count, previous?.systemCalls.find((other) => other.name === name)?.count));
  }
  return rows;
}
