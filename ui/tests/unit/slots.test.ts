import { describe, expect, it } from "vitest";
import { Slots } from "../../src/grid/slots";

describe("slots", () => {
  it("keep the element of a photo that stays in sight, and reuse those of the others", () => {
    const slots = new Slots();
    expect(slots.assign([10, 11, 12, 13])).toEqual([0, 1, 2, 3]);
    const next = slots.assign([12, 13, 14, 15]);
    expect(next.slice(0, 2)).toEqual([2, 3]);
    expect([...next].sort()).toEqual([0, 1, 2, 3]);
    const fewer = slots.assign([15, 16]);
    expect(fewer[0]).toBe(next[3]);
    expect(new Set(slots.assign([20, 21, 22, 23, 24, 15])).size).toBe(6);
    expect(Math.max(...slots.assign([30, 31, 32, 33, 34, 35]))).toBe(5);
  });
});
