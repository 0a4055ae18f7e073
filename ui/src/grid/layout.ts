/**
 * Owns the geometry of the photo grid: justified rows under month headings. Pure and O(n), because it runs again on
 * every arrival of photos, also with 100,000 of them; therefore typed arrays and no object per photo.
 */

/** Photos in their order, column by column. */
export interface LayoutItems {
  /** Width divided by height in thousandths; 0 if unknown. */
  aspects: ArrayLike<number>;
  /** Wall-clock times in milliseconds as if they were UTC. */
  takenAt: ArrayLike<number>;
}

export interface LayoutOptions {
  /** Inner width of the grid in CSS pixels. */
  width: number;
  /** The height that rows should have; real ones differ a little so that they end flush. */
  rowHeight: number;
  gap: number;
  /** Height of a month heading; 0 leaves the photos ungrouped. */
  heading: number;
  /** Room above the first row. */
  top?: number;
}

/** Consecutive photos of one month. */
export interface Section {
  /** `year * 12 + month` with months from 0. */
  month: number;
  top: number;
  height: number;
  first: number;
  count: number;
}

export interface GridLayout {
  count: number;
  height: number;
  /** Left edge and width by photo. */
  left: Float32Array;
  width: Float32Array;
  rowOf: Int32Array;
  rows: number;
  /** Top edge and height by row. */
  rowTop: Float64Array;
  rowHeight: Float32Array;
  /** First photo by row, with one more entry that holds `count`. */
  rowFirst: Int32Array;
  sections: Section[];
}

/** Beyond these a photo is cropped in the grid: one panorama must not flatten a whole row. */
const NARROWEST = 0.4;
const WIDEST = 3.2;

/** The shape that a photo has in the grid; a square, where its own is not known. */
export function shapeOf(aspect: number): number {
  return aspect === 0 ? 1 : Math.min(WIDEST, Math.max(NARROWEST, aspect / 1000));
}

export function monthOf(takenAt: number): number {
  const date = new Date(takenAt);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** When a month began. */
export function beginOf(month: number): number {
  const begin = new Date(0);
  // Not `Date.UTC`, which takes years below 100 for those of the last century.
  begin.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
  return begin.getTime();
}

/** The first photo, of those that come newest first, that was taken before a moment; their number, if there is none. */
export function firstBefore(takenAt: ArrayLike<number>, moment: number): number {
  let low = 0;
  let high = takenAt.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((takenAt[middle] as number) >= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where each month begins; found by leaps, because photos come newest first. */
export function splitByMonth(takenAt: ArrayLike<number>): { month: number; first: number }[] {
  const parts: { month: number; first: number }[] = [];
  for (let first = 0; first < takenAt.length;) {
    const month = monthOf(takenAt[first] as number);
    parts.push({ month, first });
    first = firstBefore(takenAt, beginOf(month));
  }
  return parts;
}

function shapesOf(aspects: ArrayLike<number>): Float32Array {
  const shapes = new Float32Array(aspects.length);
  for (let i = 0; i < shapes.length; i++) shapes[i] = shapeOf(aspects[i] as number);
  return shapes;
}

export function layoutGrid(items: LayoutItems, options: LayoutOptions): GridLayout {
  const { gap, heading } = options;
  const width = Math.max(1, Math.floor(options.width));
  const target = Math.max(1, options.rowHeight);
  const count = items.aspects.length;
  const shapes = shapesOf(items.aspects);
  const left = new Float32Array(count);
  const itemWidth = new Float32Array(count);
  const rowOf = new Int32Array(count);
  const rowTop: number[] = [];
  const rowHeight: number[] = [];
  const rowFirst: number[] = [];
  const parts = heading > 0 ? splitByMonth(items.takenAt) : count > 0 ? [{ month: NaN, first: 0 }] : [];
  const sections: Section[] = [];
  let y = options.top ?? 0;

  const closeRow = (first: number, end: number, aspects: number, flush: boolean): void => {
    const inner = width - gap * (end - first - 1);
    const height = Math.max(1, Math.round(flush ? inner / aspects : Math.min(target, inner / aspects)));
    const row = rowTop.length;
    let exact = 0;
    for (let i = first; i < end; i++) {
      const start = Math.round(exact);
      exact += (shapes[i] as number) * (flush ? inner / aspects : height);
      left[i] = start + gap * (i - first);
      itemWidth[i] = Math.max(1, Math.round(exact) - start);
      rowOf[i] = row;
    }
    rowTop.push(y);
    rowHeight.push(height);
    rowFirst.push(first);
    y += height + gap;
  };

  for (let p = 0; p < parts.length; p++) {
    const part = parts[p] as { month: number; first: number };
    const end = parts[p + 1]?.first ?? count;
    const top = y;
    y += heading;
    let first = part.first;
    let aspects = 0;
    for (let i = part.first; i < end; i++) {
      const aspect = shapes[i] as number;
      const with_ = (width - gap * (i - first)) / (aspects + aspect);
      if (with_ > target) {
        aspects += aspect;
        continue;
      }
      // The row is full: end it before or after this photo, whichever comes nearer to the height asked for.
      const without = aspects > 0 ? (width - gap * (i - first - 1)) / aspects : Infinity;
      if (aspects > 0 && without / target < target / with_) {
        closeRow(first, i, aspects, true);
        first = i;
        aspects = aspect;
        if (width / aspect <= target) {
          closeRow(first, i + 1, aspects, true);
          first = i + 1;
          aspects = 0;
        }
      } else {
        closeRow(first, i + 1, aspects + aspect, true);
        first = i + 1;
        aspects = 0;
      }
    }
    if (first < end) closeRow(first, end, aspects, false);
    if (heading > 0) {
      sections.push({ month: part.month, top, height: y - top, first: part.first, count: end - part.first });
    }
  }
  rowFirst.push(count);

  return {
    count,
    height: Math.max(0, y - (rowTop.length > 0 ? gap : 0)),
    left,
    width: itemWidth,
    rowOf,
    rows: rowTop.length,
    rowTop: Float64Array.from(rowTop),
    rowHeight: Float32Array.from(rowHeight),
    rowFirst: Int32Array.from(rowFirst),
    sections,
  };
}
