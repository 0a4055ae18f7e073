import { describe, expect, it } from "vitest";
import { clipToStretch, stretchStart, TALLEST } from "../../src/grid/stretch";

const MILLION_PHOTOS = 34_000_000;

describe("the stretch of the grid in the scroller", () => {
  it("stays at the top of a library that fits", () => {
    for (const y of [0, 900_000, TALLEST]) expect(stretchStart(y, 0, TALLEST)).toBe(0);
  });

  it("holds both ends and every place between, with room to scroll on", () => {
    expect(stretchStart(0, 9_000_000, MILLION_PHOTOS)).toBe(0);
    expect(stretchStart(MILLION_PHOTOS, 0, MILLION_PHOTOS)).toBe(MILLION_PHOTOS - TALLEST);
    for (let y = 0; y <= MILLION_PHOTOS; y += 777_777) {
      const start = stretchStart(y, 0, MILLION_PHOTOS);
      if (start > 0) expect(y - start).toBeGreaterThanOrEqual(100_000);
      if (start < MILLION_PHOTOS - TALLEST) expect(start + TALLEST - y).toBeGreaterThanOrEqual(100_000);
    }
  });

  it("moves seldom: a walk through a million photos needs few moves", () => {
    let start = 0;
    let moves = 0;
    for (let y = 0; y <= MILLION_PHOTOS; y += 500) {
      const next = stretchStart(y, start, MILLION_PHOTOS);
      if (next !== start) moves += 1;
      start = next;
    }
    expect(start).toBe(MILLION_PHOTOS - TALLEST);
    expect(moves).toBeLessThan(20);
  });

  it("comes back when the library shrinks", () => {
    expect(stretchStart(50_000, 9_000_000, 60_000)).toBe(0);
  });

  it("cuts a block that is taller than itself", () => {
    expect(clipToStretch(0, MILLION_PHOTOS, 5_000_000)).toEqual({ top: 0, height: TALLEST });
    expect(clipToStretch(5_000_100, 300, 5_000_000)).toEqual({ top: 100, height: 300 });
  });
});
