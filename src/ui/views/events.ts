/**
 * The list of events, newest last, each with the cycle at which it happened. Events of one kind in a row, such as each
 * page of a repossession, are one line with their number. In a narrow list cycles are shortened and the library OS is left
 * out. Without a selection the list follows the newest; Enter on a selected line explains it, with the exact cycle.
 */

import type { EventView } from '../../observe/index.js';
import { grouped, shortened } from '../format.js';
import { highlight, padEnd, padStart, printable, type Row, row, span } from '../rows.js';
import { eventColour, slotColour, slotLetter } from '../theme.js';

/** Below, there is room for a short cycle only. */
const NARROW = 64;

export interface EventGroup {
  readonly first: EventView;
  readonly last: EventView;
  readonly count: number;
}

/** 'page 116 repossessed from hog': resource, its number, environment. */
const REPOSSESSED = /^(\D+) (\d+) repossessed from (.*)$/;

/** Whether two events of one kind may be counted as one: refusals of the same call, repossessions of the same resource. */
function isSameMatter(a: EventView, b: EventView): boolean {
  if (a.kind === 'call-refused') return a.text === b.text;
  return a.kind !== 'repossessed' || REPOSSESSED.exec(a.text)?.[1] === REPOSSESSED.exec(b.text)?.[1];
}

/** Neighbours of one kind and one environment as one. */
export function groupEvents(events: readonly EventView[]): readonly EventGroup[] {
  const groups: EventGroup[] = [];
  for (const event of events) {
    const group = groups.at(-1);
    const isSame =
      group !== undefined &&
      group.first.kind === event.kind &&
      group.first.environmentId === event.environmentId &&
      isSameMatter(group.first, event);
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

/** One line for all: '16 pages repossessed from hog (116, ...)', or the first one's text with their number. */
function groupText({ first, count }: EventGroup): string {
  if (count === 1) return first.text;
  const [, resource, instance, from] = REPOSSESSED.exec(first.text) ?? [];
  if (resource === undefined) return `${grouped(count)}x ${first.text}`;
  return `${grouped(count)} ${resource}s repossessed from ${from} (${instance}, ...)`;
}

/** In at most `width` cells: first the library OS leaves, which the table beside it names, then which page was first. */
function fittingText(group: EventGroup, width: number): string {
  const text = printable(groupText(group));
  if (text.length <= width) return text;
  const short = text.replace(` on ${group.first.libraryOs}`, '');
  return short.length <= width ? short : padEnd(short.replace(/ \(\d+, \.\.\.\)$/, ''), width).trimEnd();
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
  const stampWidth = width < NARROW ? 7 : Math.max(11, grouped(events.at(-1)?.cycle ?? 0).length);
  return groups.slice(top, top + height).map((group, index) => {
    const { first } = group;
    const line = row(
      span(`${padStart(shortened(first.cycle, stampWidth), stampWidth)} `, { dim: true }),
      span(`${slotLetter(first.slot)} `, { color: slotColour(first.slot), bold: true }),
      span(fittingText(group, width - stampWidth - 3), { color: eventColour(first.kind) }),
    );
    return found >= 0 && top + index === found ? highlight(line, width, { inverse: true }) : line;
  });
}
