/**
 * Owns the question which part of the grid is on screen, and where a step of the keyboard leads. Pure functions over
 * the numbers of `layout.ts`; every search is a binary search, so that a jump through 100,000 photos costs nothing.
 */

/** The part of a layout that is needed here. */
export interface RowGeometry {
  count: number;
  rows: number;
  left: ArrayLike<number>;
  width: ArrayLike<number>;
  rowOf: ArrayLike<number>;
  rowTop: ArrayLike<number>;
  rowHeight: ArrayLike<number>;
  rowFirst: ArrayLike<number>;
}

export interface RowRange {
  first: number;
  /** Exclusive. */
  end: number;
}

export type Step = "left" | "right" | "up" | "down" | "pageUp" | "pageDown" | "home" | "end";

const at = (values: ArrayLike<number>, index: number): number => values[index] ?? 0;

/** The last row that begins at or above `y`. */
export function rowAt(layout: RowGeometry, y: number): number {
  let low = 0;
  let high = layout.rows - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(layout.rowTop, middle) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Rows that touch the viewport, widened by `overscan` pixels on both sides. */
export function rowsInView(layout: RowGeometry, top: number, height: number, overscan: number): RowRange {
  if (layout.rows === 0) return { first: 0, end: 0 };
  let first = rowAt(layout, top - overscan);
  if (at(layout.rowTop, first) + at(layout.rowHeight, first) < top - overscan) first = Math.min(first + 1, layout.rows);
  const end = rowAt(layout, top + height + overscan) + 1;
  return { first: Math.min(first, end), end };
}

/** The last block (section) that begins at or above `y`; 0 if all begin below. */
export function sectionAt(sections: readonly { top: number }[], y: number): number {
  let low = 0;
  let high = sections.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sections[middle] as { top: number }).top <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The photo of a row whose middle is nearest to `x`. */
export function nearestInRow(layout: RowGeometry, row: number, x: number): number {
  let best = at(layout.rowFirst, row);
  let distance = Infinity;
  for (let i = best; i < at(layout.rowFirst, row + 1); i++) {
    const here = Math.abs(at(layout.left, i) + at(layout.width, i) / 2 - x);
    if (here >= distance) break;
    distance = here;
    best = i;
  }
  return best;
}

/** Where a key leads from photo `index`; up and down keep to the column `x`, so that a walk down and up comes home. */
export function stepFrom(layout: RowGeometry, index: number, step: Step, viewport: number, x?: number): number {
  if (layout.count === 0) return -1;
  const row = at(layout.rowOf, index);
  const column = x ?? at(layout.left, index) + at(layout.width, index) / 2;
  switch (step) {
    case "left":
      return Math.max(0, index - 1);
    case "right":
      return Math.min(layout.count - 1, index + 1);
    case "home":
      return 0;
    case "end":
      return layout.count - 1;
    case "up":
      return row === 0 ? index : nearestInRow(layout, row - 1, column);
    case "down":
      return row === layout.rows - 1 ? index : nearestInRow(layout, row + 1, column);
    case "pageUp": {
      const target = Math.min(row - 1, rowAt(layout, at(layout.rowTop, row) - viewport * 0.9));
      return row === 0 ? index : nearestInRow(layout, Math.max(0, target), column);
    }
    case "pageDown": {
      const target = Math.max(row + 1, rowAt(layout, at(layout.rowTop, row) + viewport * 0.9));
      return row === layout.rows - 1 ? index : nearestInRow(layout, Math.min(layout.rows - 1, target), column);
    }
  }
}

/** The smallest scroll that shows a whole row; `head` is covered by the sticky heading. */
export function scrollToShow(layout: RowGeometry, row: number, top: number, height: number, head: number): number {
  const rowTop = at(layout.rowTop, row);
  const rowBottom = rowTop + at(layout.rowHeight, row);
  if (rowTop - head < top) return Math.max(0, rowTop - head);
  if (rowBottom > top + height) return rowBottom - height;
  return top;
}
