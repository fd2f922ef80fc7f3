import headless from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { compose } from '../../src/terminal/compositor.js';
import { CellGrid, Compositor, detectColourDepth, PaneTerminal } from '../../src/terminal/index.js';
import { paintDifference } from '../../src/terminal/painter.js';
import { copyBuffer } from '../../src/terminal/xterm-cells.js';

/** A grid as a terminal of that size would show `text`. */
async function gridOf(text: string, columns = 20, rows = 3): Promise<CellGrid> {
  const terminal = new headless.Terminal({ cols: columns, rows, convertEol: true, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const grid = new CellGrid(columns, rows);
  copyBuffer(terminal.buffer.active, 0, grid);
  return grid;
}

function expectSameCells(actual: CellGrid, expected: CellGrid): void {
  expect(actual.text()).toBe(expected.text());
  expect(actual.foregrounds).toEqual(expected.foregrounds);
  expect(actual.backgrounds).toEqual(expected.backgrounds);
  expect(actual.attributes).toEqual(expected.attributes);
}

describe('painter', () => {
  const scenes = [
    'plain',
    '\x1b[31mred\x1b[0m \x1b[1;4mbold\x1b[0m\nsecond',
    '漢字 wide\ncafe\u0301 x',
    '\x1b[38;5;200mpalette\x1b[48;2;1;2;3mrgb\x1b[0m\n\n│──┤',
    '\x1b[7m                    \x1b[0mlast row  corner fill.',
  ];

  it('turns any scene into any other, as a terminal sees it', async () => {
    const terminal = new headless.Terminal({ cols: 20, rows: 3, allowProposedApi: true });
    let previous: CellGrid | undefined;
    for (const from of scenes) {
      for (const text of [from, ...scenes]) {
        const next = await gridOf(text);
        const clear = previous === undefined ? '\x1b[2J' : '';
        await new Promise<void>((resolve) =>
          terminal.write(clear + paintDifference(previous, next, 'truecolor'), resolve),
        );
        const seen = new CellGrid(20, 3);
        copyBuffer(terminal.buffer.active, 0, seen);
        expectSameCells(seen, next);
        previous = next;
      }
    }
  });

  it('writes nothing for equal grids, and one cell for one change', async () => {
    const before = await gridOf('hello world');
    expect(paintDifference(before, await gridOf('hello world'), '256')).toBe('');
    expect(paintDifference(before, await gridOf('hello World'), '256')).toBe('\x1b[1;7H\x1b[0mW\x1b[0m');
  });

  it('folds colours to the depth: none keeps attributes, 16 finds the nearest', async () => {
    const blank = new CellGrid(20, 3);
    const next = await gridOf('\x1b[1;38;2;250;5;5mX');
    expect(paintDifference(blank, next, 'none')).toBe('\x1b[1;1H\x1b[0;1mX\x1b[0m');
    expect(paintDifference(blank, next, '16')).toBe('\x1b[1;1H\x1b[0;1;91mX\x1b[0m');
    expect(paintDifference(blank, next, '256')).toBe('\x1b[1;1H\x1b[0;1;38;5;196mX\x1b[0m');
    expect(paintDifference(blank, next, 'truecolor')).toBe('\x1b[1;1H\x1b[0;1;38;2;250;5;5mX\x1b[0m');
  });

  it('obeys NO_COLOR before everything else', () => {
    expect(detectColourDepth({ NO_COLOR: '1', FORCE_COLOR: '3', COLORTERM: 'truecolor' })).toBe('none');
    expect(detectColourDepth({ TERM: 'dumb' })).toBe('none');
    expect(detectColourDepth({ TERM: 'tmux-256color' })).toBe('256');
    expect(detectColourDepth({ TERM: 'xterm', COLORTERM: 'truecolor' })).toBe('truecolor');
    expect(detectColourDepth({ TERM: 'linux' })).toBe('16');
  });
});

describe('compositor', () => {
  it('lays panes into their holes and overlays above them', async () => {
    const chrome = await gridOf('####################\n####################\n####OVER############');
    const pane = await gridOf('pane one\npane two', 10, 2);
    const target = new CellGrid(20, 3);
    compose(target, {
      chrome: () => chrome,
      holes: [{ rectangle: { x: 2, y: 1, width: 8, height: 2 }, grid: () => pane }],
      overlays: [{ x: 4, y: 2, width: 4, height: 1 }],
      cursor: undefined,
    });
    expect(target.text()).toBe('####################\n##pane one##########\n##paOVERwo##########');
  });

  it('blanks half a wide character at the edge of an overlay', async () => {
    const chrome = await gridOf('\n.');
    const pane = await gridOf('漢字', 10, 1);
    const target = new CellGrid(20, 3);
    compose(target, {
      chrome: () => chrome,
      holes: [{ rectangle: { x: 0, y: 0, width: 10, height: 1 }, grid: () => pane }],
      overlays: [{ x: 1, y: 0, width: 1, height: 1 }],
      cursor: undefined,
    });
    expect(target.rowText(0).trimEnd()).toBe('  字');
  });

  it('writes one synchronized update per frame and nothing when nothing changed', async () => {
    let chrome = await gridOf('first');
    let cursor: { column: number; row: number } | undefined;
    const writes: string[] = [];
    const compositor = new Compositor(20, 3, {
      depth: 'none',
      write: (text) => writes.push(text),
      scene: () => ({ chrome: () => chrome, holes: [], overlays: [], cursor }),
    });
    compositor.paint();
    compositor.paint();
    expect(writes).toHaveLength(1);
    expect(writes[0]?.startsWith('\x1b[?2026h')).toBe(true);
    expect(writes[0]?.endsWith('\x1b[?2026l')).toBe(true);
    cursor = { column: 2, row: 1 };
    compositor.paint();
    expect(writes[1]).toBe('\x1b[?2026h\x1b[2;3H\x1b[?25h\x1b[?2026l');
    chrome = await gridOf('First');
    compositor.paint();
    expect(writes[2]).toBe('\x1b[?2026h\x1b[?25l\x1b[1;1H\x1b[0mF\x1b[0m\x1b[2;3H\x1b[?25h\x1b[?2026l');
    compositor.dispose();
  });
});

describe('pane terminal', () => {
  it('keeps scrollback, stays put while scrolled back, and follows the output again', async () => {
    let changed: () => void = () => {};
    const pane = new PaneTerminal({ columns: 10, rows: 3, onChange: () => changed(), onReply: () => {} });
    const write = (text: string): Promise<void> =>
      new Promise((resolve) => {
        changed = resolve;
        pane.write(Buffer.from(text));
      });
    await write('1\n2\n3\n4\n5');
    expect(pane.grid().text()).toBe('3\n4\n5');
    pane.scroll(2);
    expect(pane.grid().text()).toBe('1\n2\n3');
    expect(pane.cursor()).toBeUndefined();
    await write('\n6\n7');
    expect(pane.grid().text()).toBe('1\n2\n3');
    pane.scroll(-100);
    expect(pane.grid().text()).toBe('5\n6\n7');
    expect(pane.cursor()).toEqual({ column: 1, row: 2 });
  });

  it('encodes keys and pastes the way the guest asked for', async () => {
    let changed: () => void = () => {};
    const replies: string[] = [];
    const pane = new PaneTerminal({
      columns: 10,
      rows: 3,
      onChange: () => changed(),
      onReply: (bytes) => replies.push(Buffer.from(bytes).toString()),
    });
    const up = { name: 'up', text: '', sequence: '\x1b[A' };
    expect(Buffer.from(pane.encodeKey(up)).toString()).toBe('\x1b[A');
    expect(Buffer.from(pane.encodePaste('a\nb')).toString()).toBe('a\rb');
    await new Promise<void>((resolve) => {
      changed = resolve;
      pane.write(Buffer.from('\x1b[?1h\x1b[?2004h\x1b[6n'));
    });
    expect(Buffer.from(pane.encodeKey(up)).toString()).toBe('\x1bOA');
    expect(Buffer.from(pane.encodePaste('a')).toString()).toBe('\x1b[200~a\x1b[201~');
    expect(replies).toEqual(['\x1b[1;1R']);
  });
});
