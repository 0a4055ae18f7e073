import { describe, expect, it } from "vitest";
import { daysOf, firstOf, monthsOf } from "../../src/grid/dates";
import { firstBefore } from "../../src/grid/layout";

const at = (year: number, month: number, day: number, hour = 0): number => Date.UTC(year, month - 1, day, hour);
const month = (year: number, one: number): number => year * 12 + one - 1;
const TIMES = [
  at(2024, 2, 29, 23),
  at(2024, 2, 29, 1),
  at(2024, 2, 3),
  at(2023, 12, 31, 12),
  at(1969, 12, 31, 23),
  at(1969, 12, 1),
];

describe("dates of photos", () => {
  it("are the months and days that have photos, newest first", () => {
    expect(monthsOf(TIMES)).toEqual([month(2024, 2), month(2023, 12), month(1969, 12)]);
    expect(daysOf(TIMES, month(2024, 2))).toEqual([at(2024, 2, 29), at(2024, 2, 3)]);
    expect(daysOf(TIMES, month(1969, 12))).toEqual([at(1969, 12, 31), at(1969, 12, 1)]);
    expect(daysOf(TIMES, month(2024, 1))).toEqual([]);
    expect([monthsOf([]), daysOf([], month(2024, 1))]).toEqual([[], []]);
  });

  it("lead to their newest photo", () => {
    expect(firstOf(TIMES, month(2024, 2), null)).toBe(0);
    expect(firstOf(TIMES, month(2024, 2), at(2024, 2, 3))).toBe(2);
    expect(firstOf(TIMES, month(1969, 12), at(1969, 12, 1))).toBe(5);
    expect(firstBefore(TIMES, at(1900, 1, 1))).toBe(TIMES.length);
  });
});
