import { describe, expect, it } from "vitest";
import type { IndexStatus } from "../../src/api/bindings";
import { partsLeft } from "../../src/features/indexing/indexing.svelte";

function left(photos: number, thumbnails: number, embedded: number, regions: number | null): number | null {
  const parts = regions === null ? [] : [{ name: "regions", done: regions, failed: 16, paused: false }];
  const status: IndexStatus = {
    state: "working",
    photos,
    thumbnails,
    embedded,
    failed: 16,
    other: {},
    passes: [{ name: "photo", done: embedded, failed: 16, paused: false }, ...parts],
    photosPerSecond: 0,
    etaSeconds: null,
    trouble: null,
  };
  return partsLeft(status)?.done ?? null;
}

describe("the pass over the parts of photos", () => {
  it("is what is left once photos can be compared, and until it is done", () => {
    expect(left(100, 100, 60, 10)).toBeNull();
    expect(left(100, 70, 70, 0)).toBeNull();
    expect(left(100, 100, 100, 0)).toBe(0);
    expect(left(100, 95, 95, 10)).toBe(10);
    expect(left(100, 95, 95, 95)).toBeNull();
  });

  it("is not taken for begun when few photos were found among files that failed", () => {
    expect(left(10, 0, 0, 0)).toBeNull();
    expect(left(18, 12, 8, 0)).toBeNull();
  });

  it("is not missed where it does not run", () => {
    expect(left(100, 100, 100, null)).toBeNull();
  });
});
