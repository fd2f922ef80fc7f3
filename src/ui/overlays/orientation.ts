/**
 * The first start: five lines that say what this is and how to get around in it and out of it.
 */

import { type Row, row, span } from '../rows.js';
import { TextOverlay } from './text-overlay.js';

function key(text: string): ReturnType<typeof span> {
  return span(text, { bold: true, color: 'cyan' });
}

const LINES: readonly Row[] = [
  row('A DECstation boots Aegis, an exokernel: it protects, programs manage.'),
  row('Each pane is a program on its own library OS; its title says what it costs.'),
  row('Keys go to the bright pane. After ', key('Ctrl-a'), ', one key commands the desktop:'),
  row(
    key('Ctrl-a c'),
    ' starts a program  ',
    key('Ctrl-a d'),
    ' ends a stuck one  ',
    key('Ctrl-a ?'),
    ' lists keys',
  ),
  row("The tables are the kernel's own, read while it runs.   ", key('Ctrl-a q'), ' leaves.'),
];

export function orientationOverlay(): TextOverlay {
  return new TextOverlay({
    title: 'Welcome to exostation',
    width: 76,
    isUnasked: true,
    content: (width) =>
      // On a narrow screen each line is broken at its words.
      LINES.flatMap((line) => breakRow(line, width)),
  });
}

function breakRow(line: Row, width: number): readonly Row[] {
  const rows: Row[] = [];
  let current: ReturnType<typeof span>[] = [];
  let used = 0;
  for (const part of line) {
    for (const word of part.text.split(/(?<=\s)/)) {
      if (used + word.trimEnd().length > width && used > 0) {
        rows.push(current);
        current = [];
        used = 0;
      }
      current.push({ ...part, text: word });
      used += word.length;
    }
  }
  rows.push(current);
  return rows;
}
