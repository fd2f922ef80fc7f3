import headless from '@xterm/headless';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CellGrid } from '../../src/terminal/index.js';
import { paintDifference } from '../../src/terminal/painter.js';
import { copyBuffer } from '../../src/terminal/xterm-cells.js';

const COLUMNS = 17;
const ROWS = 4;

const GLYPHS = ['a', 'Z', ' ', '─', '█', '漢', '🙂', 'é', 'e\u0301', '·'];
const STYLES = ['\x1b[0m', '\x1b[1m', '\x1b[7m', '\x1b[4;31m', '\x1b[38;5;99m', '\x1b[48;2;9;8;7m'];

/** A screen after some text at some places: what any program may have left there. */
const screen = fc.array(
  fc.record({
    x: fc.integer({ min: 1, max: COLUMNS }),
    y: fc.integer({ min: 1, max: ROWS }),
    style: fc.constantFrom(...STYLES),
    text: fc.array(fc.constantFrom(...GLYPHS), { maxLength: 12 }),
  }),
  { maxLength: 8 },
);

async function gridOf(terminal: headless.Terminal, text: string): Promise<CellGrid> {
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const grid = new CellGrid(COLUMNS, ROWS);
  copyBuffer(terminal.buffer.active, 0, grid);
  return grid;
}

function newTerminal(): headless.Terminal {
  const terminal = new headless.Terminal({
    cols: COLUMNS,
    rows: ROWS,
    scrollback: 0,
    allowProposedApi: true,
  });
  terminal.write('\x1b[?1049h\x1b[?7l');
  return terminal;
}

it('turns every screen into every other on a real terminal, cell by cell', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(screen, { minLength: 2, maxLength: 4 }), async (screens) => {
      const seen = newTerminal();
      seen.write('\x1b[?7h');
      let previous: CellGrid | undefined;
      for (const pieces of screens) {
        const text = pieces.map(
          ({ x, y, style, text: glyphs }) => `\x1b[${y};${x}H\x1b[0m${style}${glyphs.join('')}`,
        );
        const next = await gridOf(newTerminal(), `${text.join('')}`);
        next.mendWideCells();
        const shown = await gridOf(seen, `\x1b[0m${paintDifference(previous, next, 'truecolor')}`);
        shown.mendWideCells();
        expect(shown.text()).toBe(next.text());
        expect(shown.foregrounds).toEqual(next.foregrounds);
        expect(shown.backgrounds).toEqual(next.backgrounds);
        expect(shown.attributes).toEqual(next.attributes);
        expect(paintDifference(next, next, 'truecolor')).toBe('');
        previous = next;
      }
    }),
    { numRuns: 60 },
  );
});
