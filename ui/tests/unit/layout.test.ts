import { describe, expect, it } from "vitest";
import { layoutGrid, monthOf, shapeOf, type LayoutItems } from "../../src/grid/layout";

const OPTIONS = { width: 1000, rowHeight: 180, gap: 4, heading: 0 };

const NONE: LayoutItems = { aspects: [], takenAt: [] };

function photos(count: number, monthEvery = Infinity): LayoutItems {
  const shapes = [1333, 750, 1500, 1778, 1000, 4500];
  const all = Array.from({ length: count }, (_, index) => index);
  return {
    aspects: all.map((index) => shapes[(index * 7) % shapes.length] ?? 1000),
    takenAt: all.map((index) => Date.UTC(2024, 11 - Math.floor(index / monthEvery), 15)),
  };
}

describe("layoutGrid", () => {
  it("lays nothing out for no photos", () => {
    const layout = layoutGrid(NONE, OPTIONS);
    expect(layout.rows).toBe(0);
    expect(layout.height).toBe(0);
    expect([...layout.rowFirst]).toEqual([0]);
  });

  it("ends every row but the last flush with the right edge", () => {
    for (const width of [317, 640, 1000, 1533]) {
      const layout = layoutGrid(photos(500), { ...OPTIONS, width });
      for (let row = 0; row < layout.rows - 1; row++) {
        const last = (layout.rowFirst[row + 1] ?? 0) - 1;
        expect((layout.left[last] ?? 0) + (layout.width[last] ?? 0)).toBe(width);
      }
    }
  });

  it("puts every photo once, in order, without overlaps", () => {
    const layout = layoutGrid(photos(300), OPTIONS);
    for (let i = 1; i < layout.count; i++) {
      const sameRow = layout.rowOf[i] === layout.rowOf[i - 1];
      if (sameRow) expect(layout.left[i]).toBe((layout.left[i - 1] ?? 0) + (layout.width[i - 1] ?? 0) + OPTIONS.gap);
      else expect(layout.left[i]).toBe(0);
    }
    for (let row = 1; row < layout.rows; row++) {
      expect(layout.rowTop[row]).toBe((layout.rowTop[row - 1] ?? 0) + (layout.rowHeight[row - 1] ?? 0) + OPTIONS.gap);
    }
  });

  it("keeps rows near the height that was asked for, and shapes true", () => {
    const items = photos(400);
    const layout = layoutGrid(items, OPTIONS);
    for (let row = 0; row < layout.rows - 1; row++) {
      expect(layout.rowHeight[row]).toBeGreaterThan(OPTIONS.rowHeight * 0.6);
      expect(layout.rowHeight[row]).toBeLessThan(OPTIONS.rowHeight * 1.6);
    }
    for (let i = 0; i < layout.count; i++) {
      const shape = (layout.width[i] ?? 0) / (layout.rowHeight[layout.rowOf[i] ?? 0] ?? 1);
      expect(Math.abs(shape / shapeOf(items.aspects[i] ?? 0) - 1)).toBeLessThan(0.03);
    }
  });

  it("does not blow up a last row that is not full", () => {
    const layout = layoutGrid(photos(1), OPTIONS);
    expect(layout.rowHeight[0]).toBe(OPTIONS.rowHeight);
    expect(layout.width[0]).toBe(240);
  });

  it("starts a section for every month, with room for its heading", () => {
    const layout = layoutGrid(photos(60, 20), { ...OPTIONS, heading: 48 });
    expect(layout.sections.map((section) => [section.month, section.first, section.count])).toEqual([
      [2024 * 12 + 11, 0, 20],
      [2024 * 12 + 10, 20, 20],
      [2024 * 12 + 9, 40, 20],
    ]);
    for (const section of layout.sections) {
      expect(layout.rowTop[layout.rowOf[section.first] ?? 0]).toBe(section.top + 48);
    }
  });

  it("takes photos of unknown size as squares, and crops extreme shapes", () => {
    expect(shapeOf(0)).toBe(1);
    expect(shapeOf(20_000)).toBe(3.2);
    expect(shapeOf(5)).toBe(0.4);
  });

  it("knows the month of dates before 1970", () => {
    expect(monthOf(Date.UTC(1969, 0, 31))).toBe(1969 * 12);
  });
});
