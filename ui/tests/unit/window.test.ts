import { describe, expect, it } from "vitest";
import { layoutGrid } from "../../src/grid/layout";
import { nearestInRow, rowAt, rowsInView, scrollToShow, sectionAt, stepFrom } from "../../src/grid/window";

const items = {
  aspects: Array.from({ length: 200 }, (_, index) => 1000 + (index % 5) * 300),
  takenAt: new Float64Array(200),
};
const layout = layoutGrid(items, { width: 900, rowHeight: 150, gap: 4, heading: 0 });

describe("rows in view", () => {
  it("finds the row at a height", () => {
    for (let row = 0; row < layout.rows; row++) {
      expect(rowAt(layout, layout.rowTop[row] ?? 0)).toBe(row);
      expect(rowAt(layout, (layout.rowTop[row] ?? 0) + 1)).toBe(row);
    }
    expect(rowAt(layout, -100)).toBe(0);
    expect(rowAt(layout, 1e9)).toBe(layout.rows - 1);
  });

  it("covers the viewport and little more", () => {
    for (const top of [0, 333, 1000, layout.height - 500]) {
      const { first, end } = rowsInView(layout, top, 500, 0);
      expect(layout.rowTop[first]).toBeLessThanOrEqual(top + 4);
      const last = end - 1;
      expect((layout.rowTop[last] ?? 0) + (layout.rowHeight[last] ?? 0)).toBeGreaterThanOrEqual(
        Math.min(top + 500, layout.height) - 4,
      );
      expect(end - first).toBeLessThan(8);
    }
  });

  it("has nothing to show of nothing", () => {
    const none = layoutGrid({ aspects: [], takenAt: [] }, { width: 900, rowHeight: 150, gap: 4, heading: 0 });
    expect(rowsInView(none, 0, 500, 100)).toEqual({ first: 0, end: 0 });
    expect(stepFrom(none, 0, "right", 500)).toBe(-1);
  });

  it("finds the section at a height", () => {
    const sections = [{ top: 0 }, { top: 100 }, { top: 250 }];
    expect([0, 99, 100, 249, 1000].map((y) => sectionAt(sections, y))).toEqual([0, 0, 1, 1, 2]);
  });
});

describe("steps of the keyboard", () => {
  it("walks left and right through rows, and stops at the ends", () => {
    expect(stepFrom(layout, 0, "left", 500)).toBe(0);
    expect(stepFrom(layout, 0, "right", 500)).toBe(1);
    expect(stepFrom(layout, 199, "right", 500)).toBe(199);
    expect(stepFrom(layout, 50, "home", 500)).toBe(0);
    expect(stepFrom(layout, 50, "end", 500)).toBe(199);
  });

  it("goes up and down by geometry, and comes home along one column", () => {
    const start = nearestInRow(layout, 3, 450);
    const column = (layout.left[start] ?? 0) + (layout.width[start] ?? 0) / 2;
    let at = start;
    for (let i = 0; i < 4; i++) at = stepFrom(layout, at, "down", 500, column);
    expect(layout.rowOf[at]).toBe(7);
    for (let i = 0; i < 4; i++) at = stepFrom(layout, at, "up", 500, column);
    expect(at).toBe(start);
  });

  it("pages by a viewport, at least one row, never past the ends", () => {
    const page = stepFrom(layout, 0, "pageDown", 500);
    expect(layout.rowOf[page]).toBeGreaterThan(1);
    expect(layout.rowOf[stepFrom(layout, 0, "pageDown", 1)]).toBe(1);
    expect(layout.rowOf[stepFrom(layout, page, "pageUp", 500)]).toBe(0);
    expect(stepFrom(layout, 199, "pageDown", 500)).toBe(199);
  });

  it("scrolls no more than needed", () => {
    const row = 4;
    const top = layout.rowTop[row] ?? 0;
    expect(scrollToShow(layout, row, top - 100, 500, 40)).toBe(top - 100);
    expect(scrollToShow(layout, row, top + 10, 500, 40)).toBe(top - 40);
    expect(scrollToShow(layout, row, 0, 100, 0)).toBe(top + (layout.rowHeight[row] ?? 0) - 100);
  });
});
