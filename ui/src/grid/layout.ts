/**
 * Owns the geometry of the photo grid: justified rows under month headings. Pure and O(n), because it runs again on
 * every arrival of photos, also with 100,000 of them; therefore typed arrays and no object per photo.
 */

export interface LayoutItem {
  width: number;
  height: number;
  /** Wall-clock time in milliseconds as if it were UTC. */
  takenAt: number;
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

export function aspectOf(item: { width: number; height: number }): number {
  if (!(item.width > 0) || !(item.height > 0)) return 1;
  return Math.min(WIDEST, Math.max(NARROWEST, item.width / item.height));
}

export function monthOf(takenAt: number): number {
  const date = new Date(takenAt);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** Where each month begins; photos come ordered by time, so a date is taken apart once a month and not once a photo. */
function splitByMonth(items: readonly LayoutItem[]): { month: number; first: number }[] {
  const parts: { month: number; first: number }[] = [];
  let from = Infinity;
  let to = -Infinity;
  let month = NaN;
  for (let i = 0; i < items.length; i++) {
    const at = (items[i] as LayoutItem).takenAt;
    if (at >= from && at < to) continue;
    const here = monthOf(at);
    if (here !== month) parts.push({ month: here, first: i });
    month = here;
    from = Date.UTC(Math.floor(here / 12), here % 12, 1);
    to = Date.UTC(Math.floor(here / 12), (here % 12) + 1, 1);
  }
  return parts;
}

export function layoutGrid(items: readonly LayoutItem[], options: LayoutOptions): GridLayout {
  const { gap, heading } = options;
  const width = Math.max(1, Math.floor(options.width));
  const target = Math.max(1, options.rowHeight);
  const count = items.length;
  const left = new Float32Array(count);
  const itemWidth = new Float32Array(count);
  const rowOf = new Int32Array(count);
  const rowTop: number[] = [];
  const rowHeight: number[] = [];
  const rowFirst: number[] = [];
  const parts = heading > 0 ? splitByMonth(items) : count > 0 ? [{ month: NaN, first: 0 }] : [];
  const sections: Section[] = [];
  let y = options.top ?? 0;

  const closeRow = (first: number, end: number, aspects: number, flush: boolean): void => {
    const inner = width - gap * (end - first - 1);
    const height = Math.max(1, Math.round(flush ? inner / aspects : Math.min(target, inner / aspects)));
    const row = rowTop.length;
    let exact = 0;
    for (let i = first; i < end; i++) {
      const start = Math.round(exact);
      exact += aspectOf(items[i] as LayoutItem) * (flush ? inner / aspects : height);
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
      const aspect = aspectOf(items[i] as LayoutItem);
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
