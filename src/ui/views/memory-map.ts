/**
 * The memory map: physical memory as a field of cells, each a group of pages, coloured and lettered by the owner that
 * holds most of the group. A group that is all one owner's is bold. Below it the legend: letter, program, pages.
 */

import type { LedgerView } from '../../observe/index.js';
import { grouped } from '../format.js';
import { EMPTY_ROW, printable, type Row, row, rowWidth, type Span, span } from '../rows.js';
import { FREE_SLOT, KERNEL_SLOT, slotColour, slotLetter } from '../theme.js';

const PAGE_KIB = 4;

/** Owner of most pages in a group, and whether it owns all of them. A page in use outweighs a free one. */
function groupOwner(
  owners: Int8Array,
  from: number,
  to: number,
): { readonly slot: number; readonly isWhole: boolean } {
  const counts = new Map<number, number>();
  for (let page = from; page < to; page++) {
    const owner = owners[page] ?? FREE_SLOT;
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  let slot = FREE_SLOT;
  let most = 0;
  for (const [owner, count] of counts) {
    if (owner !== FREE_SLOT && count > most) {
      slot = owner;
      most = count;
    }
  }
  return { slot, isWhole: counts.size === 1 };
}

function legend(ledger: LedgerView, width: number): readonly Row[] {
  let kernelPages = 0;
  for (const owner of ledger.pageOwners) if (owner === KERNEL_SLOT) kernelPages++;
  const items: Row[] = [
    row(span('K', { color: slotColour(KERNEL_SLOT), bold: true }), ` Aegis ${grouped(kernelPages)}`),
    row(span('·', { color: 'gray' }), ` free ${grouped(ledger.freePageCount)}`),
    ...ledger.environments.map(({ slot, name, pageCount }) =>
      row(
        span(slotLetter(slot), { color: slotColour(slot), bold: true }),
        ` ${printable(name === '' ? '?' : name)} ${grouped(pageCount)}`,
      ),
    ),
  ];
  const lines: Span[][] = [[]];
  for (const item of items) {
    const line = lines.at(-1) ?? [];
    if (line.length > 0 && rowWidth(line) + rowWidth(item) + 2 > width) lines.push([...item]);
    else line.push(...(line.length > 0 ? [span('  ')] : []), ...item);
  }
  return lines;
}

export function memoryMapView(ledger: LedgerView, width: number, height: number): readonly Row[] {
  const legendRows = legend(ledger, width).slice(0, Math.max(1, Math.floor(height / 3)));
  const columns = Math.max(8, width);
  const pageCount = ledger.pageOwners.length;
  const room = Math.max(1, height - legendRows.length - 1);
  const pagesPerCell = Math.max(1, Math.ceil(pageCount / (columns * room)));
  const cellCount = Math.ceil(pageCount / pagesPerCell);
  const rows: Row[] = [];
  for (let first = 0; first < cellCount; first += columns) {
    const spans: { text: string; slot: number; isWhole: boolean }[] = [];
    for (let cell = first; cell < Math.min(cellCount, first + columns); cell++) {
      const from = cell * pagesPerCell;
      const { slot, isWhole } = groupOwner(ledger.pageOwners, from, Math.min(pageCount, from + pagesPerCell));
      const last = spans.at(-1);
      if (last !== undefined && last.slot === slot && last.isWhole === isWhole) last.text += slotLetter(slot);
      else spans.push({ text: slotLetter(slot), slot, isWhole });
    }
    rows.push(
      spans.map(({ text, slot, isWhole }) =>
        span(text, { color: slotColour(slot), bold: isWhole && slot !== FREE_SLOT }),
      ),
    );
  }
  while (rows.length < room) rows.push(EMPTY_ROW);
  const scale = pagesPerCell === 1 ? 'one page' : `${pagesPerCell} pages`;
  const caption = row(span(`1 cell = ${scale} (${pagesPerCell * PAGE_KIB} KiB)`, { dim: true }));
  return [...rows.slice(0, room), caption, ...legendRows];
}
