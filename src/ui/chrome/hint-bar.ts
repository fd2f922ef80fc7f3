/**
 * The hint bar: what keys do here and now, built from the command registry. The way out stands at its right end always;
 * a notice that is longer than the room beside it gets lines of its own above the bar.
 */

import { COMMANDS } from '../commands.js';
import type { DesktopState } from '../desktop-state.js';
import { fitRow, printable, type Row, row, rowWidth, type Span, span, wrapText } from '../rows.js';
import { VIEWS } from '../views/view-kinds.js';

const WAY_OUT = ' Ctrl-a q quits ';

/** Commands on the bar, most useful first; as many as fit. */
const ON_BAR = [
  'launch',
  'help',
  'palette',
  'next-window',
  'zoom',
  'close',
  'restart',
  'revoke',
  'ownership',
  'events',
  'memory-map',
  'pause',
  'scrollback',
] as const;

function keyItem(key: string, title: string): readonly Span[] {
  return [span(key, { bold: true, color: 'cyan' }), span(` ${title}  `)];
}

function commandItems(room: number): Row {
  const items: Span[] = [];
  for (const id of ON_BAR) {
    const command = COMMANDS.find((one) => one.id === id);
    if (command === undefined) continue;
    const item = keyItem(command.keys[0] ?? '', command.short);
    if (rowWidth(items) + rowWidth(item) > room) break;
    items.push(...item);
  }
  return items;
}

/** The notice in lines for the bar's room, or for the whole width if it takes more than one of these. */
function noticeLines({ notice }: DesktopState, columns: number): readonly Row[] {
  if (notice === undefined || notice.expiresAt <= performance.now()) return [];
  const style = notice.isProblem ? { color: 'red', bold: true } : { color: 'yellow' };
  const text = printable(notice.text);
  const lines = text.length + 1 <= columns - WAY_OUT.length ? [text] : wrapText(text, columns - 2);
  return lines.map((line) => row(span(` ${line}`, style)));
}

/** Lines of a notice that the bar has no room for. */
export function noticeRows(state: DesktopState, columns: number): readonly Row[] {
  const lines = noticeLines(state, columns);
  const isOnBar = lines.every((line) => rowWidth(line) <= columns - WAY_OUT.length);
  return lines.length === 1 && isOnBar ? [] : lines;
}

function leftPart(state: DesktopState, columns: number): Row {
  const room = columns - WAY_OUT.length;
  const { topOverlay, focus, focusedPane } = state;
  if (state.isPrefixed) {
    const lead = span(' Ctrl-a + ', { inverse: true, bold: true });
    return [lead, span(' '), ...commandItems(room - 11)];
  }
  const [notice] = noticeRows(state, columns).length === 0 ? noticeLines(state, columns) : [];
  if (notice !== undefined) return notice;
  if (topOverlay !== undefined) return row(` ${topOverlay.hint}`);
  if (focusedPane?.isScrolling === true)
    return row(' up/down  PageUp/PageDown  g top  G bottom  Esc to the program');
  if (focus.kind === 'view') {
    const { hint } = VIEWS[focus.view];
    if (focus.view === 'screen') return row(` ${hint}`);
    return row(
      span(hint === '' ? ' ' : ` ${hint}  `),
      span('Esc', { bold: true, color: 'cyan' }),
      ' to the pane',
    );
  }
  if (focusedPane !== undefined && !focusedPane.isAlive)
    return [
      span(' Ended:  ', { dim: true }),
      ...keyItem('Enter', 'a shell here'),
      ...keyItem('Ctrl-a x', 'close'),
      ...keyItem('Ctrl-a r', 'run again'),
    ];
  return [span(' Ctrl-a then: ', { dim: true }), ...commandItems(room - 14)];
}

export function hintRow(state: DesktopState, columns: number): Row {
  const room = Math.max(0, columns - WAY_OUT.length);
  return [...fitRow(leftPart(state, columns), room), span(WAY_OUT, { inverse: true })];
}
