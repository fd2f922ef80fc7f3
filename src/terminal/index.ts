/**
 * The public face of the terminal layer: the tty, its input as keys and mouse reports, cell grids, the compositor, and
 * the in-memory terminals behind Ink and behind each pane.
 */

export { CellGrid, RGB } from './cell-grid.js';
export { type ColourDepth, detectColourDepth } from './colour.js';
export { Compositor, type CompositorOptions, type Hole, type Scene } from './compositor.js';
export { type InputReceiver, InputRouter, type Key, type MouseReport } from './input-router.js';
export {
  contains,
  type Direction,
  divide,
  leafIds,
  neighbour,
  type PlacedLeaf,
  placeFittingLeaves,
  placeLeaves,
  type Rectangle,
  removeLeaf,
  type SplitDirection,
  type SplitTree,
  splitLeaf,
} from './layout.js';
export { PaneTerminal } from './pane-terminal.js';
export { Tty } from './tty.js';
export { VirtualScreen } from './virtual-screen.js';
