/**
 * Where everything is: status bar on top, hint bar at the bottom, between them the panes and the docks of views. Wide
 * terminals have a side dock and a bottom dock; narrow ones show one view at a time below the panes; below 60x16 only
 * the window with the focus is shown, and a zoomed window always has the middle to itself. The window with the focus is
 * always among those shown; how many are not is counted.
 */

import { leafIds, placeFittingLeaves, type Rectangle } from '../terminal/index.js';
import type { DesktopState, Focus } from './desktop-state.js';
import { VIEWS, type ViewKind } from './views/view-kinds.js';

export const SMALLEST_COLUMNS = 60;
export const SMALLEST_ROWS = 16;
const WIDE_COLUMNS = 100;
const SIDE_VIEW_ROWS = 10;
const BOTTOM_VIEW_COLUMNS = 44;
/** Of a pane with its title bar. */
const SMALLEST_PANE = { width: 20, height: 4 } as const;

/** The part of the desktop's state that decides where things are. */
export type Arrangeable = Pick<
  DesktopState,
  'columns' | 'rows' | 'focus' | 'lastPane' | 'isZoomed' | 'openViews' | 'tree'
>;

export interface PlacedWindow {
  readonly focus: Focus;
  /** With the title bar, which is its first row. */
  readonly rectangle: Rectangle;
}

export interface Arrangement {
  readonly status: Rectangle;
  readonly hint: Rectangle;
  readonly windows: readonly PlacedWindow[];
  /** Columns between windows that stand side by side. */
  readonly dividers: readonly Rectangle[];
  readonly isTooSmall: boolean;
  /** Open, but without a place. */
  readonly hiddenPaneCount: number;
  readonly hiddenViewCount: number;
}

export function isSameFocus(a: Focus, b: Focus): boolean {
  if (a.kind === 'pane') return b.kind === 'pane' && a.id === b.id;
  return b.kind === 'view' && a.view === b.view;
}

/** Every window that is open, shown or not, in the order in which the focus goes round. */
export function openWindows({ tree, openViews }: Arrangeable): readonly Focus[] {
  const panes = leafIds(tree).map((id) => ({ kind: 'pane', id }) as const);
  return [...panes, ...openViews.map((view) => ({ kind: 'view', view }) as const)];
}

/** The window's area below its title bar. */
export function contentOf({ x, y, width, height }: Rectangle): Rectangle {
  return { x, y: y + 1, width, height: Math.max(0, height - 1) };
}

/** Sizes of `weights.length` neighbours that fill `total`. */
function shares(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const sizes = weights.map((weight) => Math.floor((total * weight) / Math.max(1, sum)));
  const rest = total - sizes.reduce((a, b) => a + b, 0);
  return sizes.map((size, index) => (index === sizes.length - 1 ? size + rest : size));
}

/**
 * The views of a dock that fit, in the order of opening: the focused one first, then the table of who owns what if there
 * is room for two, then those opened last.
 */
function viewsThatFit(views: readonly ViewKind[], focus: Focus, count: number): readonly ViewKind[] {
  const rank = (view: ViewKind): number => {
    if (focus.kind === 'view' && focus.view === view) return views.length + 1;
    return view === 'ownership' && count > 1 ? views.length : views.indexOf(view);
  };
  const wanted = [...views].sort((a, b) => rank(b) - rank(a)).slice(0, count);
  return views.filter((view) => wanted.includes(view));
}

function weightsOf(views: readonly ViewKind[]): readonly number[] {
  return views.map((view) => VIEWS[view].weight);
}

function placeSideDock(area: Rectangle, views: readonly ViewKind[]): readonly PlacedWindow[] {
  let y = area.y;
  return shares(area.height, weightsOf(views)).flatMap((height, index) => {
    const view = views[index];
    if (view === undefined) return [];
    const rectangle = { ...area, y, height };
    y += height;
    return [{ focus: { kind: 'view', view }, rectangle } as const];
  });
}

function placeBottomDock(area: Rectangle, views: readonly ViewKind[]): readonly PlacedWindow[] {
  let x = area.x;
  return shares(area.width - (views.length - 1), weightsOf(views)).flatMap((width, index) => {
    const view = views[index];
    if (view === undefined) return [];
    const rectangle = { ...area, x, width };
    x += width + 1;
    return [{ focus: { kind: 'view', view }, rectangle } as const];
  });
}

function placePanes(state: Arrangeable, area: Rectangle): readonly PlacedWindow[] {
  if (state.tree === undefined || area.height < 1) return [];
  return placeFittingLeaves(state.tree, area, state.lastPane, SMALLEST_PANE).map(({ id, rectangle }) => ({
    focus: { kind: 'pane', id },
    rectangle,
  }));
}

/** A divider for every window that has another one to its right. */
function dividersOf(windows: readonly PlacedWindow[], area: Rectangle): readonly Rectangle[] {
  return windows
    .map(({ rectangle }) => ({
      x: rectangle.x + rectangle.width,
      y: rectangle.y,
      width: 1,
      height: rectangle.height,
    }))
    .filter(({ x }) => x < area.x + area.width);
}

function placeWindows(state: Arrangeable, area: Rectangle): readonly PlacedWindow[] {
  const { openViews, focus } = state;
  if (area.width < WIDE_COLUMNS) {
    const [view] = viewsThatFit(openViews, focus, 1);
    if (view === undefined) return placePanes(state, area);
    const isTall = view === 'inspector' || view === 'counters';
    const height = Math.min(Math.floor(area.height * (isTall ? 0.6 : 0.4)), isTall ? 20 : 12);
    const dock = { ...area, y: area.y + area.height - height, height };
    return [
      ...placePanes(state, { ...area, height: area.height - height }),
      { focus: { kind: 'view', view }, rectangle: dock },
    ];
  }
  const bottomCount = Math.max(1, Math.floor((area.width + 1) / (BOTTOM_VIEW_COLUMNS + 1)));
  const bottom = viewsThatFit(
    openViews.filter((view) => VIEWS[view].dock === 'bottom'),
    focus,
    Math.min(3, bottomCount),
  );
  const bottomHeight = bottom.length === 0 ? 0 : Math.max(8, Math.min(16, Math.floor(area.height * 0.28)));
  const topArea = { ...area, height: area.height - bottomHeight };
  const side = viewsThatFit(
    openViews.filter((view) => VIEWS[view].dock === 'side'),
    focus,
    Math.max(1, Math.floor(topArea.height / SIDE_VIEW_ROWS)),
  );
  const sideWidth = side.length === 0 ? 0 : Math.max(42, Math.min(66, Math.floor(area.width * 0.33)));
  const paneArea = { ...topArea, width: area.width - (sideWidth === 0 ? 0 : sideWidth + 1) };
  const sideArea = { ...topArea, x: area.x + area.width - sideWidth, width: sideWidth };
  const bottomArea = { ...area, y: area.y + topArea.height, height: bottomHeight };
  return [
    ...placePanes(state, paneArea),
    ...placeSideDock(sideArea, side),
    ...placeBottomDock(bottomArea, bottom),
  ];
}

export function arrange(state: Arrangeable): Arrangement {
  const { columns, rows, focus } = state;
  const isTooSmall = columns < SMALLEST_COLUMNS || rows < SMALLEST_ROWS;
  const area = { x: 0, y: 1, width: columns, height: Math.max(1, rows - 2) };
  const windows = isTooSmall || state.isZoomed ? [{ focus, rectangle: area }] : placeWindows(state, area);
  const shownPaneCount = windows.filter((window) => window.focus.kind === 'pane').length;
  return {
    status: { x: 0, y: 0, width: columns, height: 1 },
    hint: { x: 0, y: Math.max(1, rows - 1), width: columns, height: 1 },
    windows,
    dividers: dividersOf(windows, area),
    isTooSmall,
    hiddenPaneCount: leafIds(state.tree).length - shownPaneCount,
    hiddenViewCount: state.openViews.length - (windows.length - shownPaneCount),
  };
}
