/**
 * The list of events, newest last, each with the cycle at which it happened. Events of one kind in a row, such as each
 * page of a repossession, are one line with their number. Without a selection the list follows the newest; Enter on a
 * selected line explains it.
 */

import type { EventView } from '../../observe/index.js';
import { grouped } from '../format.js';
import { highlight, padStart, printable, type Row, row, span } from '../rows.js';
import { eventColour, slotColour, slotLetter } from '../theme.js';

export interface EventGroup {
  readonly first: EventView;
  readonly last: EventView;
  readonly count: number;
}

/** Neighbours of one kind and one environment as one; refusals when they are of the same call. */
export function groupEvents(events: readonly EventView[]): readonly EventGroup[] {
  const groups: EventGroup[] = [];
  for (const event of events) {
    const group = groups.at(-1);
    const isSame =
      group !== undefined &&
      group.first.kind === event.kind &&
      group.first.environmentId === event.environmentId &&
      (event.kind !== 'call-refused' || group.first.text === event.text);
    if (isSame) groups[groups.length - 1] = { ...group, last: event, count: group.count + 1 };
    else groups.push({ first: event, last: event, count: 1 });
  }
  return groups;
}

/** Index of the group that holds an event, -1 when it is gone. */
export function groupOf(groups: readonly EventGroup[], sequence: number | undefined): number {
  if (sequence === undefined) return -1;
  return groups.findIndex(({ first, last }) => first.sequence <= sequence && sequence <= last.sequence);
}

export function eventsView(
  events: readonly EventView[],
  selectedSequence: number | undefined,
  width: number,
  height: number,
): readonly Row[] {
  if (events.length === 0) return [row(span('Nothing has happened yet.', { dim: true }))];
  const groups = groupEvents(events);
  const found = groupOf(groups, selectedSequence);
  const selected = found < 0 ? groups.length - 1 : found;
  const top = Math.max(0, Math.min(selected - Math.floor(height / 2), groups.length - height));
  const stampWidth = Math.max(11, grouped(events.at(-1)?.cycle ?? 0).length);
  return groups.slice(top, top + height).map(({ first, count }, index) => {
    const line = row(
      span(`${padStart(grouped(first.cycle), stampWidth)} `, { dim: true }),
      span(`${slotLetter(first.slot)} `, { color: slotColour(first.slot), bold: true }),
      span(count > 1 ? `${grouped(count)}x ` : '', { bold: true }),
      span(printable(first.text), { color: eventColour(first.kind) }),
    );
    return found >= 0 && top + index === found ? highlight(line, width, { inverse: true }) : line;
  });
}
