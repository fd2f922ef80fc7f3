/** The React tree alone: a frame's rows at their places. */
import { render } from 'ink-testing-library';
import { expect, it } from 'vitest';
import { App } from '../../src/ui/chrome/app.js';
import type { Frame } from '../../src/ui/frame.js';
import { row, span } from '../../src/ui/rows.js';

const base: Frame = {
  columns: 20,
  rows: 4,
  parts: [
    { key: 'title', rectangle: { x: 0, y: 0, width: 20, height: 1 }, rows: [row('title bar')] },
    {
      key: 'view',
      rectangle: { x: 10, y: 1, width: 10, height: 2 },
      rows: [row('who ', span('owns')), row('what')],
    },
  ],
  overlays: [],
  holes: [],
};

it('places the rows of each part at its rectangle', () => {
  const { lastFrame, unmount } = render(<App frame={base} />);
  expect(lastFrame()?.split('\n').slice(0, 3)).toEqual(['title bar', '          who owns', '          what']);
  unmount();
});

it('draws overlays over everything else, and cuts what is too long', () => {
  const overlay = {
    key: 'help',
    rectangle: { x: 8, y: 1, width: 8, height: 1 },
    rows: [row('help: all keys')],
  };
  const { lastFrame, unmount } = render(<App frame={{ ...base, overlays: [overlay] }} />);
  expect(lastFrame()?.split('\n')[1]).toBe('        help: a…ns');
  unmount();
});
