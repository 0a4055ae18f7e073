/**
 * Owns how a layout in order of time takes changes in, without asking for it again.
 */
import type { PhotoLayout } from "../../api/backend";
import type { PhotoChanges, PhotoTile } from "../../api/bindings";

export const NO_PHOTOS: PhotoLayout = {
  revision: 0,
  takenAt: new Float64Array(),
  ids: new Uint32Array(),
  scores: new Float32Array(),
  aspects: new Uint16Array(),
  areas: new Map(),
  notice: null,
};

/** Width divided by height in thousandths, rounded as the core does it. */
export function aspectOf({ width, height }: { width: number; height: number }): number {
  return height === 0 ? 0 : Math.min(0xffff, Math.floor((width * 1000 + Math.floor(height / 2)) / height));
}

/** Where a photo is or belongs: the first place whose photo does not come before it. */
function placeOf({ takenAt, ids }: PhotoLayout, at: number, id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = takenAt[middle] as number;
    if (there > at || (there === at && (ids[middle] as number) > id)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The layout without these photos, and with those; itself if that changes nothing. */
function replace(layout: PhotoLayout, out: ReadonlySet<number>, fresh: readonly PhotoTile[]): PhotoLayout {
  const { takenAt, ids, aspects } = layout;
  if (fresh.length === 0 && !ids.some((id) => out.has(id))) return layout;
  const most = ids.length + fresh.length;
  const merged = { takenAt: new Float64Array(most), ids: new Uint32Array(most), aspects: new Uint16Array(most) };
  let count = 0;
  const put = (at: number, id: number, aspect: number): void => {
    merged.takenAt[count] = at;
    merged.ids[count] = id;
    merged.aspects[count] = aspect;
    count += 1;
  };
  let from = 0;
  const copyUntil = (end: number): void => {
    for (; from < end; from++) {
      const id = ids[from] as number;
      if (!out.has(id)) put(takenAt[from] as number, id, aspects[from] as number);
    }
  };
  for (const tile of fresh) {
    copyUntil(placeOf(layout, tile.takenAt, tile.id));
    put(tile.takenAt, tile.id, aspectOf(tile));
  }
  copyUntil(ids.length);
  return {
    ...layout,
    takenAt: merged.takenAt.subarray(0, count),
    ids: merged.ids.subarray(0, count),
    aspects: merged.aspects.subarray(0, count),
  };
}

/** The layout after changes, which come newest photo first; the same one, if no photo came, went, moved or changed shape. */
export function mergeLayout(layout: PhotoLayout, changes: PhotoChanges): PhotoLayout {
  const inside = new Set(changes.inside);
  const out = new Set(changes.removed);
  const fresh: PhotoTile[] = [];
  for (const tile of changes.tiles) {
    if (inside.has(tile.id)) {
      const place = placeOf(layout, tile.takenAt, tile.id);
      if (layout.ids[place] === tile.id && layout.aspects[place] === aspectOf(tile)) continue;
      fresh.push(tile);
    }
    out.add(tile.id);
  }
  return replace(layout, out, fresh);
}
