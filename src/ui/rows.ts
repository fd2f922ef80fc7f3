/**
 * What views are made of: rows of styled spans. A view is a function from data to rows; chrome/ turns rows into Ink
 * elements. Text here is one cell per character: what comes from the guest goes through printable() first.
 */

export interface Style {
  /** Ink's colour names: 'red', 'ansi256(208)', ... */
  readonly color?: string | undefined;
  readonly background?: string | undefined;
  readonly bold?: boolean | undefined;
  readonly dim?: boolean | undefined;
  readonly inverse?: boolean | undefined;
  readonly underline?: boolean | undefined;
}

export interface Span extends Style {
  readonly text: string;
}

export type Row = readonly Span[];

export function span(text: string, style: Style = {}): Span {
  return { ...style, text };
}

export function row(...parts: readonly (string | Span)[]): Row {
  return parts.map((part) => (typeof part === 'string' ? { text: part } : part));
}

export const EMPTY_ROW: Row = [];

export function rowWidth(spans: Row): number {
  let width = 0;
  for (const { text } of spans) width += text.length;
  return width;
}

export function rowText(spans: Row): string {
  return spans.map(({ text }) => text).join('');
}

function isSameStyle(a: Span, b: Span): boolean {
  return (
    a.color === b.color &&
    a.background === b.background &&
    (a.bold === true) === (b.bold === true) &&
    (a.dim === true) === (b.dim === true) &&
    (a.inverse === true) === (b.inverse === true) &&
    (a.underline === true) === (b.underline === true)
  );
}

/** Neighbours of one style as one span: Ink's work grows with their number. Blanks take the style before them. */
function joinSpans(spans: Row): Row {
  const joined: Span[] = [];
  for (const part of spans) {
    const last = joined.at(-1);
    const isBlank = part.text.trim() === '' && !part.inverse && !part.underline && !part.background;
    const canTake = last !== undefined && !last.inverse && !last.underline && !last.background;
    if (last !== undefined && (isSameStyle(last, part) || (isBlank && canTake))) {
      joined[joined.length - 1] = { ...last, text: last.text + part.text };
    } else joined.push(part);
  }
  return joined;
}

export function isSameRow(a: Row, b: Row): boolean {
  return (
    a.length === b.length &&
    a.every((part, index) => {
      const other = b[index];
      return other !== undefined && part.text === other.text && isSameStyle(part, other);
    })
  );
}

/** At most `width` cells, without blanks at the end that show nothing. */
export function cutRow(spans: Row, width: number): Row {
  const cut = [...joinSpans(fitRow(spans, width))];
  for (let last = cut.at(-1); last !== undefined; last = cut.at(-1)) {
    const text = last.inverse || last.underline || last.background ? last.text : last.text.trimEnd();
    if (text === last.text) break;
    cut.pop();
    if (text === '') continue;
    cut.push({ ...last, text });
    break;
  }
  return cut;
}

/** Exactly `width` cells: cut, or filled with blanks. */
export function fitRow(spans: Row, width: number): Row {
  const fitted: Span[] = [];
  let left = width;
  for (const part of spans) {
    if (left <= 0) break;
    const text = part.text.length > left ? part.text.slice(0, left) : part.text;
    if (text !== '') fitted.push(text === part.text ? part : { ...part, text });
    left -= text.length;
  }
  if (left > 0) fitted.push({ text: ' '.repeat(left) });
  return fitted;
}

/** The whole row in one style on top of its own, for a selected line. */
export function highlight(spans: Row, width: number, style: Style): Row {
  return fitRow(spans, width).map((part) => ({ ...part, ...style }));
}

/** Two rows beside each other, the first `leftWidth` wide. */
export function beside(left: Row, leftWidth: number, right: Row): Row {
  return [...fitRow(left, leftWidth), ...right];
}

/** Left part and right part of one line; the right one wins when there is too little room. */
export function justify(left: Row, right: Row, width: number): Row {
  const rightWidth = Math.min(rowWidth(right), width);
  return [...fitRow(left, width - rightWidth), ...fitRow(right, rightWidth)];
}

/** Cuts with an ellipsis, or pads on the right. */
export function padEnd(text: string, width: number): string {
  if (width <= 0) return '';
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text.padEnd(width);
}

export function padStart(text: string, width: number): string {
  return text.length > width ? text.slice(0, width) : text.padStart(width);
}

/** Text as one-cell characters: controls and everything that may be wide become '?'. Arrows are the names of our keys. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e\xa1-\u02ff\u0370-\u05ff\u2190-\u2193]/gu, '?');
}

/** Words broken into lines of at most `width`. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines;
}
