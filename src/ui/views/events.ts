/**
 * The list of events, newest last, each with the cycle at which it happened. Without a selection the list follows the
 * newest; Enter on a selected one explains it.
 */

import type { EventView } from '../../observe/index.js';
import { grouped } from '../format.js';
import { highlight, padStart, printable, type Row, row, span } from '../rows.js';
import { eventColour, slotColour, slotLetter } from '../theme.js';

export function eventsView(
  events: readonly EventView[],
  selectedSequence: number | undefined,
  width: number,
  height: number,
): readonly Row[] {
  if (events.length === 0) return [row(span('Nothing has happened yet.', { dim: true }))];
  const found = events.findIndex(({ sequence }) => sequence === selectedSequence);
  const selected = found < 0 ? events.length - 1 : found;
  const first = Math.max(0, Math.min(selected - Math.floor(height / 2), events.length - height));
  const stampWidth = Math.max(11, grouped(events.at(-1)?.cycle ?? 0).length);
  return events.slice(first, first + height).map((event) => {
    const line = row(
      span(`${padStart(grouped(event.cycle), stampWidth)} `, { dim: true }),
      span(`${slotLetter(event.slot)} `, { color: slotColour(event.slot), bold: true }),
      span(printable(event.text), { color: eventColour(event.kind) }),
    );
    return found >= 0 && event.sequence === selectedSequence
      ? highlight(line, width, { inverse: true })
      : line;
  });
}
