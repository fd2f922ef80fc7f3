/**
 * One frame of chrome as data: every bar, title, view and overlay as rows in a rectangle, and the holes that the panes
 * fill. The React tree and the compositor are both driven by it, so they cannot disagree about where things are.
 */

import type { Rectangle } from '../terminal/index.js';
import { arrange, contentOf, isSameFocus } from './arrangement.js';
import { hintRow, noticeRows } from './chrome/hint-bar.js';
import { statusRow } from './chrome/status-bar.js';
import { paneTitle, viewTitle } from './chrome/title-bar.js';
import type { DesktopState } from './desktop-state.js';
import type { Overlay } from './overlays/overlay.js';
import { cutRow, fitRow, type Row, row, span } from './rows.js';
import { isDrawable } from './views/screen.js';
import { viewRows } from './views/view-rows.js';

export interface FramePart {
  readonly key: string;
  readonly rectangle: Rectangle;
  readonly rows: readonly Row[];
}

/** Where cells come from elsewhere: a pane's terminal, or the machine's screen. */
export interface FrameHole {
  readonly paneId: number | 'screen';
  readonly rectangle: Rectangle;
}

export interface Frame {
  readonly columns: number;
  readonly rows: number;
  readonly parts: readonly FramePart[];
  readonly overlays: readonly FramePart[];
  readonly holes: readonly FrameHole[];
}

/** As many rows as the rectangle has; what is blank at their ends stays blank, for nothing lies below. */
function cut(rows: readonly Row[], { width, height }: Rectangle): readonly Row[] {
  const cutRows: Row[] = [];
  for (let index = 0; index < height; index++) cutRows.push(cutRow(rows[index] ?? [], width));
  return cutRows;
}

/** The same for overlays, which must cover what lies below: each row is exactly as wide as the rectangle. */
function fill(rows: readonly Row[], { width, height }: Rectangle): readonly Row[] {
  const filled: Row[] = [];
  for (let index = 0; index < height; index++) filled.push(fitRow(rows[index] ?? [], width));
  return filled;
}

function overlayPart(overlay: Overlay, index: number, columns: number, rows: number): FramePart {
  const innerWidth = Math.max(4, Math.min(overlay.width, columns - 4));
  const content = overlay.rows(innerWidth, Math.max(3, rows - 6));
  const height = Math.min(rows - 2, content.length + 2);
  const width = innerWidth + 4;
  const rectangle = {
    x: Math.max(0, Math.floor((columns - width) / 2)),
    y: Math.max(1, Math.floor((rows - height) / 3)),
    width,
    height,
  };
  const title = ` ${overlay.title} `.slice(0, innerWidth);
  const frameStyle = { color: 'cyan' };
  const framed: Row[] = [
    row(
      span('┌─', frameStyle),
      span(title, { bold: true, color: 'cyan' }),
      span(`${'─'.repeat(Math.max(0, width - 3 - title.length))}┐`, frameStyle),
    ),
    ...content
      .slice(0, height - 2)
      .map((line) => [span('│ ', frameStyle), ...fitRow(line, innerWidth), span(' │', frameStyle)]),
    row(span(`└${'─'.repeat(width - 2)}┘`, frameStyle)),
  ];
  return { key: `overlay-${index}`, rectangle, rows: fill(framed, rectangle) };
}

/** A long notice, over the lowest lines of the windows. */
function noticePart(state: DesktopState, hint: Rectangle): readonly FramePart[] {
  const rows = noticeRows(state, hint.width);
  const height = Math.min(rows.length, hint.y);
  if (height === 0) return [];
  const rectangle = { ...hint, y: hint.y - height, height };
  return [{ key: 'notice', rectangle, rows: fill(rows, rectangle) }];
}

export function describeFrame(state: DesktopState): Frame {
  const { columns, rows } = state;
  const arrangement = arrange(state);
  const { status, hint, windows, dividers } = arrangement;
  const parts: FramePart[] = [
    { key: 'status', rectangle: status, rows: cut([statusRow(state, columns, arrangement)], status) },
    { key: 'hint', rectangle: hint, rows: cut([hintRow(state, columns)], hint) },
  ];
  const holes: FrameHole[] = [];
  for (const { focus, rectangle } of windows) {
    const isFocused = isSameFocus(focus, state.focus);
    const content = contentOf(rectangle);
    if (focus.kind === 'pane') {
      const pane = state.panes.get(focus.id);
      if (pane === undefined) continue;
      const title = { ...rectangle, height: 1 };
      const titleRows = cut([paneTitle(state, pane, isFocused, rectangle.width)], title);
      parts.push({ key: `pane-${focus.id}`, rectangle: title, rows: titleRows });
      holes.push({ paneId: focus.id, rectangle: content });
    } else if (focus.view === 'screen' && isDrawable(state.depth)) {
      const title = { ...rectangle, height: 1 };
      const rows = cut([viewTitle(state, focus.view, isFocused, rectangle.width)], title);
      parts.push({ key: `view-${focus.view}`, rectangle: title, rows });
      holes.push({ paneId: 'screen', rectangle: content });
    } else {
      const lines = [
        viewTitle(state, focus.view, isFocused, rectangle.width),
        ...viewRows(state, focus.view, isFocused, content.width, content.height).slice(0, content.height),
      ];
      parts.push({ key: `view-${focus.view}`, rectangle, rows: cut(lines, rectangle) });
    }
  }
  dividers.forEach((rectangle, index) => {
    const line = row(span('│', { dim: true }));
    const lines = Array.from({ length: rectangle.height }, () => line);
    parts.push({ key: `divider-${index}`, rectangle, rows: lines });
  });
  const overlays = [
    ...noticePart(state, hint),
    ...state.overlays.map((overlay, index) => overlayPart(overlay, index, columns, rows)),
  ];
  return { columns, rows, parts, overlays, holes };
}
