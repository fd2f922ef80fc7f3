import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  leafIds,
  placeLeaves,
  type Rectangle,
  removeLeaf,
  type SplitTree,
  splitLeaf,
} from '../../src/terminal/index.js';
import { arrange, SMALLEST_COLUMNS, SMALLEST_ROWS } from '../../src/ui/arrangement.js';
import type { Focus } from '../../src/ui/desktop-state.js';
import { VIEWS, type ViewKind } from '../../src/ui/views/view-kinds.js';

const VIEW_KINDS = Object.keys(VIEWS) as ViewKind[];

function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function tree(directions: readonly boolean[]): SplitTree {
  let result: SplitTree = { kind: 'leaf', id: 1 };
  directions.forEach((isRow, index) => {
    result = splitLeaf(result, 1 + (index % (index + 1)), isRow ? 'row' : 'column', index + 2);
  });
  return result;
}

describe('arrangement', () => {
  it('keeps every window on the screen, apart from the others, and the focus visible, at any size', () => {
    const inputs = fc.record({
      columns: fc.integer({ min: 10, max: 260 }),
      rows: fc.integer({ min: 4, max: 90 }),
      openViews: fc.subarray(VIEW_KINDS),
      directions: fc.array(fc.boolean(), { maxLength: 14 }),
      isZoomed: fc.boolean(),
      wantsView: fc.boolean(),
    });
    fc.assert(
      fc.property(inputs, ({ columns, rows, openViews, directions, isZoomed, wantsView }) => {
        const [view] = openViews;
        const focus: Focus =
          wantsView && view !== undefined ? { kind: 'view', view } : { kind: 'pane', id: 1 };
        const state = { columns, rows, openViews, isZoomed, focus, lastPane: 1, tree: tree(directions) };
        const { windows, status, hint, dividers, isTooSmall, ...hidden } = arrange(state);
        expect(isTooSmall).toBe(columns < SMALLEST_COLUMNS || rows < SMALLEST_ROWS);
        const rectangles = windows
          .map(({ rectangle }) => rectangle)
          .filter(({ width, height }) => width > 0 && height > 0);
        const all = [status, hint, ...rectangles, ...dividers];
        for (const { x, y, width, height } of all) {
          expect(x >= 0 && y >= 0 && x + width <= columns && y + height <= rows).toBe(true);
        }
        for (const [index, one] of [status, hint, ...rectangles].entries()) {
          for (const other of [status, hint, ...rectangles].slice(index + 1))
            expect(overlap(one, other)).toBe(false);
        }
        expect(windows.some((window) => JSON.stringify(window.focus) === JSON.stringify(focus))).toBe(true);
        const panes = windows.filter((window) => window.focus.kind === 'pane');
        for (const { rectangle } of panes) {
          if (panes.length > 1) expect(rectangle.width >= 20 && rectangle.height >= 4).toBe(true);
        }
        expect(hidden.hiddenPaneCount).toBe(directions.length + 1 - panes.length);
        expect(hidden.hiddenViewCount).toBe(openViews.length - (windows.length - panes.length));
      }),
      { numRuns: 400 },
    );
  });

  it('gives the room of a closed pane to its neighbour', () => {
    const area = { x: 0, y: 0, width: 81, height: 20 };
    const two = splitLeaf({ kind: 'leaf', id: 1 }, 1, 'row', 2);
    expect(placeLeaves(two, area)).toEqual([
      { id: 1, rectangle: { x: 0, y: 0, width: 40, height: 20 } },
      { id: 2, rectangle: { x: 41, y: 0, width: 40, height: 20 } },
    ]);
    expect(removeLeaf(two, 1)).toEqual({ kind: 'leaf', id: 2 });
    expect(removeLeaf({ kind: 'leaf', id: 1 }, 1)).toBeUndefined();
    expect(leafIds(two)).toEqual([1, 2]);
  });
});
