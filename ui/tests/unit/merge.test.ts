import { describe, expect, it } from "vitest";
import type { PhotoLayout } from "../../src/api/backend";
import type { PhotoChanges, PhotoTile } from "../../src/api/bindings";
import { aspectOf, mergeLayout, NO_PHOTOS } from "../../src/features/photos/merge";

function tile(id: number, takenAt: number, width = 4): PhotoTile {
  return {
    id,
    takenAt,
    width,
    height: 3,
    color: null,
    thumbnail: null,
    name: `${id}.jpg`,
    folder: 1,
    missing: false,
    marks: [],
    embedded: false,
  };
}

function changes(tiles: PhotoTile[], more: Partial<PhotoChanges> = {}): PhotoChanges {
  const sorted = [...tiles].sort((a, b) => b.takenAt - a.takenAt || b.id - a.id);
  return { revision: 1, tiles: sorted, inside: tiles.map(({ id }) => id), removed: [], tooMany: false, ...more };
}

const layoutOf = (...tiles: PhotoTile[]): PhotoLayout => mergeLayout(NO_PHOTOS, changes(tiles));

describe("a layout", () => {
  it("keeps newest first while photos come, change and go", () => {
    const start = layoutOf(tile(1, 10), tile(2, 30), tile(3, 20));
    expect([...start.ids]).toEqual([2, 3, 1]);
    const next = mergeLayout(start, changes([tile(1, 40), tile(4, 25)], { removed: [3] }));
    expect([...next.ids]).toEqual([1, 2, 4]);
    expect([...next.takenAt]).toEqual([40, 30, 25]);
    expect([...start.ids]).toEqual([2, 3, 1]);
  });

  it("stays the same one while only tiles change, so that nothing is laid out again", () => {
    const start = layoutOf(tile(1, 10), tile(2, 30), tile(3, 10));
    const seen = { ...tile(3, 10), thumbnail: "abc" };
    expect(mergeLayout(start, changes([seen], { removed: [77] }))).toBe(start);
    expect(mergeLayout(start, changes([tile(9, 20)], { inside: [] }))).toBe(start);
    expect([...mergeLayout(start, changes([tile(3, 10, 6)])).aspects]).toEqual([1333, 2000, 1333]);
  });

  it("lets go of a photo that no longer belongs to it", () => {
    const start = layoutOf(tile(1, 10), tile(2, 30));
    expect([...mergeLayout(start, changes([tile(2, 30)], { inside: [] })).ids]).toEqual([1]);
  });

  it("agrees with sorting, whatever the order of arrival", () => {
    let layout = NO_PHOTOS;
    const all = new Map<number, PhotoTile>();
    for (let batch = 0; batch < 20; batch++) {
      const fresh = new Map<number, PhotoTile>();
      for (let index = 0; index < 30; index++) {
        const id = (batch * 13 + index * 7) % 200;
        fresh.set(id, tile(id, (id * 7919 + batch) % 50, 1 + (index % 5)));
      }
      fresh.delete(batch);
      layout = mergeLayout(layout, changes([...fresh.values()], { removed: [batch] }));
      for (const [id, one] of fresh) all.set(id, one);
      all.delete(batch);
    }
    const sorted = [...all.values()].sort((a, b) => b.takenAt - a.takenAt || b.id - a.id);
    expect([...layout.ids]).toEqual(sorted.map(({ id }) => id));
    expect([...layout.aspects]).toEqual(sorted.map(aspectOf));
  });

  it("has aspects as the core rounds them", () => {
    const aspects = [
      [4000, 3000],
      [3000, 4000],
      [2, 3],
      [0, 10],
      [10, 0],
      [4_294_967_295, 1],
    ].map(([width = 0, height = 0]) => aspectOf({ width, height }));
    expect(aspects).toEqual([1333, 750, 667, 0, 0, 65_535]);
  });
});
