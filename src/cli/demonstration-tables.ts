/** The demonstration's tables in plain text: who owns what, what each program cost, and what happened. */

import {
  type CycleAccountView,
  type EventView,
  KERNEL_OWNER,
  type LedgerView,
  totalCycles,
} from '../observe/index.js';
import type { EndedProgram } from './demonstration-script.js';

type Cell = string | number;

export function ownershipTable(ledger: LedgerView): string {
  const rows: Cell[][] = [
    [
      'slot',
      'environment',
      'program',
      'library OS',
      'state',
      'pages',
      'slices',
      'TLB',
      'STLB',
      'lost',
      'forfeited',
      'cycles',
    ],
  ];
  for (const view of ledger.environments) {
    rows.push([
      view.slot,
      view.environmentId.toString(16).padStart(8, '0'),
      view.name,
      view.libraryOs,
      view.state,
      view.pageCount,
      view.sliceCount,
      view.tlbEntryCount,
      view.stlbEntryCount,
      view.repossessedCount,
      view.forfeitedSlices,
      grouped(totalCycles(view.cycles)),
    ]);
  }
  const kernelPages = ledger.pageOwners.filter((owner) => owner === KERNEL_OWNER).length;
  const total = ledger.pageOwners.length;
  return `${alignColumns(rows)}\n  of ${total} pages: ${kernelPages} the kernel's, ${ledger.freePageCount} free`;
}

/** What each program took from its start to its end. */
export function costTable(
  programs: readonly (EndedProgram & { readonly account: CycleAccountView | undefined })[],
): string {
  const rows: Cell[][] = [['program', 'user', 'kernel', 'refill', 'all', 'end']];
  for (const { title, how, account } of programs) {
    if (account === undefined) continue;
    const { userCycles, kernelCycles, refillCycles } = account;
    rows.push([title, ...[userCycles, kernelCycles, refillCycles, totalCycles(account)].map(grouped), how]);
  }
  return alignColumns(rows);
}

/** 1234567 as 1,234,567. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

export function eventTable(events: readonly EventView[], hertz: number): string {
  const rows: Cell[][] = [['cycle', 'ms', 'slot', 'event', '']];
  for (const event of foldRepeats(events)) {
    rows.push([
      grouped(event.cycle),
      ((event.cycle / hertz) * 1000).toFixed(3),
      event.slot < 0 ? '' : event.slot,
      event.kind,
      event.text,
    ]);
  }
  return alignColumns(rows);
}

/** A run of the same kind about the same environment at one go is shown as first, count, last. */
function foldRepeats(events: readonly EventView[]): readonly EventView[] {
  const folded: EventView[] = [];
  for (let index = 0; index < events.length; ) {
    const first = events[index] as EventView;
    let end = index + 1;
    while (events[end]?.kind === first.kind && events[end]?.environmentId === first.environmentId) end++;
    folded.push(first);
    if (end - index > 3) {
      const last = events[end - 1] as EventView;
      folded.push({ ...last, text: `... ${end - index - 2} more like it, then: ${last.text}` });
    } else folded.push(...events.slice(index + 1, end));
    index = end;
  }
  return folded;
}

/** Numbers right, text left, two spaces between. */
function alignColumns(rows: readonly (readonly Cell[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => String(row[column]).length)),
  );
  const isNumber = (rows[0] ?? []).map((_, column) =>
    rows.slice(1).every((row) => /^[\d.,]+$/.test(String(row[column]))),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return isNumber[column] === true ? String(cell).padStart(width) : String(cell).padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n');
}
