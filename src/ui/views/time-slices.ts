/**
 * The vector of time slices: 64 positions of 15.625 ms, each with the letter of the environment that owns it (the
 * paper's linear vector of slices, section 5.1.1). The position that runs now is inverse and in brackets.
 */

import type { LedgerView } from '../../observe/index.js';
import { percentage } from '../format.js';
import { printable, type Row, row, type Span, span } from '../rows.js';
import { slotColour, slotLetter } from '../theme.js';

export function timeSlicesView(ledger: LedgerView, width: number, height: number): readonly Row[] {
  const { slices, currentSlice } = ledger;
  // A power of two per row, two cells each where there is room for it.
  let perRow = 64;
  while (perRow > 8 && perRow * 2 + 1 > width) perRow /= 2;
  const rows: Row[] = [];
  for (let first = 0; first < slices.length; first += perRow) {
    const spans: Span[] = [];
    for (let position = first; position < Math.min(slices.length, first + perRow); position++) {
      const slot = slices[position] ?? -1;
      const isCurrent = position === currentSlice;
      const lead = isCurrent ? '[' : position - 1 === currentSlice && position > first ? ']' : ' ';
      spans.push(span(lead, isCurrent || lead === ']' ? { bold: true } : {}));
      spans.push(span(slotLetter(slot), { color: slotColour(slot), bold: isCurrent, inverse: isCurrent }));
    }
    if (currentSlice === Math.min(slices.length, first + perRow) - 1) spans.push(span(']', { bold: true }));
    rows.push(spans);
  }
  rows.push(row(span('64 slices of 15.625 ms, 1 s a turn', { dim: true })));
  const owners = ledger.environments.filter(({ sliceCount }) => sliceCount > 0);
  for (const { slot, name, libraryOs, sliceCount, excessTicks, forfeitedSlices } of owners) {
    const excess =
      excessTicks > 0 || forfeitedSlices > 0 ? `  over ${excessTicks}, forfeited ${forfeitedSlices}` : '';
    rows.push(
      row(
        span(slotLetter(slot), { color: slotColour(slot), bold: true }),
        ` ${printable(name === '' ? '?' : name)}${libraryOs === '' ? '' : ` on ${libraryOs}`}: `,
        `${sliceCount} (${percentage(sliceCount / Math.max(1, slices.length))})`,
        span(excess, { color: 'yellow' }),
      ),
    );
  }
  return rows.slice(0, height);
}
