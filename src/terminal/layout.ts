/**
 * Rectangles on the screen and the split tree of panes. A tree is plain data: leaves name panes, splits divide their
 * rectangle at a ratio. Side-by-side halves leave one column between them for a divider; stacked halves need none,
 * because every window starts with its own title bar.
 */

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type SplitDirection = 'row' | 'column';
export type Direction = 'left' | 'right' | 'up' | 'down';

export type SplitTree =
  | { readonly kind: 'leaf'; readonly id: number }
  | {
      readonly kind: 'split';
      readonly direction: SplitDirection;
      /** Share of the first half, between 0 and 1. */
      readonly ratio: number;
      readonly first: SplitTree;
      readonly second: SplitTree;
    };

export interface PlacedLeaf {
  readonly id: number;
  readonly rectangle: Rectangle;
}

export function leafIds(tree: SplitTree | undefined): readonly number[] {
  if (tree === undefined) return [];
  return tree.kind === 'leaf' ? [tree.id] : [...leafIds(tree.first), ...leafIds(tree.second)];
}

/** Puts `newId` beside (row) or below (column) the leaf `id`, half and half. */
export function splitLeaf(tree: SplitTree, id: number, direction: SplitDirection, newId: number): SplitTree {
  if (tree.kind === 'leaf') {
    if (tree.id !== id) return tree;
    return { kind: 'split', direction, ratio: 0.5, first: tree, second: { kind: 'leaf', id: newId } };
  }
  return {
    ...tree,
    first: splitLeaf(tree.first, id, direction, newId),
    second: splitLeaf(tree.second, id, direction, newId),
  };
}

/** The tree without the leaf `id`; its sibling takes the room. undefined when it was the last one. */
export function removeLeaf(tree: SplitTree, id: number): SplitTree | undefined {
  if (tree.kind === 'leaf') return tree.id === id ? undefined : tree;
  const first = removeLeaf(tree.first, id);
  const second = removeLeaf(tree.second, id);
  if (first === undefined) return second;
  if (second === undefined) return first;
  return { ...tree, first, second };
}

/** Halves of a rectangle; in a row one column between them is left free. */
export function divide(
  area: Rectangle,
  direction: SplitDirection,
  ratio: number,
): readonly [Rectangle, Rectangle] {
  if (direction === 'row') {
    const usable = Math.max(0, area.width - 1);
    const firstWidth = Math.min(usable, Math.max(1, Math.round(usable * ratio)));
    return [
      { ...area, width: firstWidth },
      { ...area, x: area.x + firstWidth + 1, width: usable - firstWidth },
    ];
  }
  const firstHeight = Math.min(area.height, Math.max(1, Math.round(area.height * ratio)));
  return [
    { ...area, height: firstHeight },
    { ...area, y: area.y + firstHeight, height: area.height - firstHeight },
  ];
}

/** Every leaf's rectangle, in tree order. */
export function placeLeaves(tree: SplitTree, area: Rectangle): readonly PlacedLeaf[] {
  if (tree.kind === 'leaf') return [{ id: tree.id, rectangle: area }];
  const [first, second] = divide(area, tree.direction, tree.ratio);
  return [...placeLeaves(tree.first, first), ...placeLeaves(tree.second, second)];
}

/**
 * The leaves that can be shown with at least that size, the leaf `kept` always among them: as long as one is too small,
 * the smallest of the others that are, or else a neighbour, leaves its room to the rest.
 */
export function placeFittingLeaves(
  tree: SplitTree,
  area: Rectangle,
  kept: number,
  smallest: { readonly width: number; readonly height: number },
): readonly PlacedLeaf[] {
  const leaves = placeLeaves(tree, area);
  const isSmall = ({ rectangle: { width, height } }: PlacedLeaf): boolean =>
    width < smallest.width || height < smallest.height;
  if (leaves.length === 1 || !leaves.some(isSmall)) return leaves;
  const size = ({ rectangle: { width, height } }: PlacedLeaf): number => width * height;
  const [dropped] = leaves
    .filter((leaf) => leaf.id !== kept && isSmall(leaf))
    .sort((a, b) => size(a) - size(b));
  const keptIndex = leaves.findIndex(({ id }) => id === kept);
  const leaver = dropped ?? leaves[keptIndex - 1] ?? leaves[keptIndex + 1];
  const rest = leaver === undefined ? undefined : removeLeaf(tree, leaver.id);
  return rest === undefined ? leaves : placeFittingLeaves(rest, area, kept, smallest);
}

export function contains(area: Rectangle, column: number, row: number): boolean {
  return column >= area.x && column < area.x + area.width && row >= area.y && row < area.y + area.height;
}

/** Index of the nearest rectangle from `from` in a direction, undefined at the edge. */
export function neighbour(
  rectangles: readonly Rectangle[],
  from: number,
  direction: Direction,
): number | undefined {
  const here = rectangles[from];
  if (here === undefined) return undefined;
  const centreX = here.x + here.width / 2;
  const centreY = here.y + here.height / 2;
  let best: number | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  rectangles.forEach((there, index) => {
    if (index === from) return;
    const isAhead =
      (direction === 'left' && there.x + there.width <= here.x) ||
      (direction === 'right' && there.x >= here.x + here.width) ||
      (direction === 'up' && there.y + there.height <= here.y) ||
      (direction === 'down' && there.y >= here.y + here.height);
    if (!isAhead) return;
    const alongX = Math.abs(there.x + there.width / 2 - centreX);
    const alongY = Math.abs(there.y + there.height / 2 - centreY);
    // A cell is about twice as high as wide; straying from the axis counts double.
    const distance =
      direction === 'left' || direction === 'right' ? alongX + alongY * 4 : alongX + alongY * 2;
    if (distance < bestDistance) {
      bestDistance = distance;
      best = index;
    }
  });
  return best;
}
