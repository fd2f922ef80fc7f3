/**
 * Enter on an event: what happened, why such a thing exists, and where the paper says so.
 */

import type { Explanation } from '../../observe/index.js';
import { duration, grouped, hex } from '../format.js';
import { EMPTY_ROW, padEnd, printable, type Row, row, span, wrapText } from '../rows.js';
import { eventColour, libraryOsColour } from '../theme.js';
import type { EventGroup } from '../views/events.js';
import { TextOverlay } from './text-overlay.js';

function fact(label: string, ...value: readonly (string | ReturnType<typeof span>)[]): Row {
  return row(span(padEnd(label, 14), { dim: true }), ...value);
}

export function explanationOverlay(
  { first: event, last, count }: EventGroup,
  explanation: Explanation,
  hertz: number,
): TextOverlay {
  return new TextOverlay({
    title: explanation.title,
    width: 72,
    content: (width) => {
      const rows: Row[] = [
        ...wrapText(printable(event.text), width).map((line) =>
          row(span(line, { color: eventColour(event.kind), bold: true })),
        ),
        EMPTY_ROW,
        fact(
          'at cycle',
          grouped(event.cycle),
          span(`  (${duration(event.cycle, hertz)} after power-on)`, { dim: true }),
        ),
      ];
      if (count > 1) {
        rows.push(
          fact('and again', `${grouped(count - 1)} times in a row, until cycle ${grouped(last.cycle)}`),
        );
      }
      if (event.slot >= 0) {
        const on =
          event.libraryOs === ''
            ? []
            : [' on ', span(event.libraryOs, { color: libraryOsColour(event.libraryOs) })];
        rows.push(fact('environment', `${hex(event.environmentId)} ${printable(event.name)}`, ...on));
      }
      for (const { label, value } of event.details) {
        // The line above names the environment already, with its program.
        if (label !== 'environment' || event.slot < 0) rows.push(fact(label, printable(value)));
      }
      rows.push(EMPTY_ROW, ...wrapText(explanation.body, width).map((line) => row(line)));
      rows.push(
        EMPTY_ROW,
        ...wrapText(explanation.paper, width).map((line) => row(span(line, { color: 'cyan' }))),
      );
      return rows;
    },
  });
}
