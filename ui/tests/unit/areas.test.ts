import { describe, expect, it } from "vitest";
import { areaBetween, coveredArea, isBox, MIDDLE, movedArea, resizedArea } from "../../src/app/areas";

describe("a part of a picture", () => {
  it("lies between two corners, whichever they are, and inside the picture", () => {
    const area = areaBetween({ x: 0.75, y: 1.5 }, { x: -0.2, y: 0.5 });
    expect(area).toEqual({ x: 0, y: 0.5, width: 0.75, height: 0.5 });
    expect(isBox(area)).toBe(true);
    expect(isBox(areaBetween({ x: 0.5, y: 0.1 }, { x: 0.51, y: 0.9 }))).toBe(false);
    expect(isBox(areaBetween({ x: 1.2, y: 0 }, { x: 2, y: 1 }))).toBe(false);
  });

  it("is moved and resized up to the edges", () => {
    expect(movedArea(MIDDLE, { x: 2, y: -2 })).toEqual({ ...MIDDLE, x: 0.6, y: 0 });
    expect(resizedArea(MIDDLE, { x: 2, y: 0 })).toEqual({ ...MIDDLE, width: 0.7 });
    expect(isBox(resizedArea(MIDDLE, { x: -2, y: -2 }))).toBe(true);
  });

  it("is seen where a frame that the picture covers shows it", () => {
    const area = { x: 0.5, y: 0.25, width: 0.25, height: 0.5 };
    expect(coveredArea(area, 1.5, 1.5)).toEqual(area);
    // Of a picture twice as wide as its frame, the middle half is seen.
    expect(coveredArea(area, 2, 1)).toEqual({ x: 0.5, y: 0.25, width: 0.5, height: 0.5 });
    expect(coveredArea({ x: 0, y: 0, width: 0.5, height: 1 }, 2, 1)).toEqual({ x: 0, y: 0, width: 0.5, height: 1 });
    // Of a picture half as wide, too, in the other direction.
    expect(coveredArea(area, 1, 2)).toEqual({ x: 0.5, y: 0, width: 0.25, height: 1 });
  });
});
