/**
 * Owns the question when the photos of a layout were taken: which months and days there are, and where one begins. Leaps
 * by binary search, so that a million photos cost no more than their dates.
 */
import { beginOf, firstBefore, splitByMonth } from "./layout";

const DAY_MS = 86_400_000;

/** The months in which photos were taken, newest first. */
export function monthsOf(takenAt: ArrayLike<number>): number[] {
  return splitByMonth(takenAt).map(({ month }) => month);
}

/** The beginnings of the days of a month on which photos were taken, newest first. */
export function daysOf(takenAt: ArrayLike<number>, month: number): number[] {
  const days: number[] = [];
  let at = firstBefore(takenAt, beginOf(month + 1));
  while (at < takenAt.length && (takenAt[at] as number) >= beginOf(month)) {
    days.push(Math.floor((takenAt[at] as number) / DAY_MS) * DAY_MS);
    at = firstBefore(takenAt, days.at(-1) as number);
  }
  return days;
}

/** The newest photo of a month, or of a day of it. */
export function firstOf(takenAt: ArrayLike<number>, month: number, day: number | null): number {
  return firstBefore(takenAt, day === null ? beginOf(month + 1) : day + DAY_MS);
}
