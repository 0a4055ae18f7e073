/**
 * Owns the stretch of the grid that the scroller stands for. WebKit lays nothing out beyond 33 million pixels, which
 * 1,000,000 photos exceed: the scrolled element is therefore never taller than `TALLEST`, and a library that is slides
 * along in it.
 */

/** Height in pixels of the scrolled element at most. */
export const TALLEST = 4_000_000;

/** Nearer to an end of the stretch than this, it is moved: more than any window is high or any wheel goes at once. */
const EDGE = 100_000;

/** How many pixels of the grid lie above the stretch, to show what is at `y`; stays at `start` while that will do. */
export function stretchStart(y: number, start: number, total: number): number {
  const last = Math.max(0, total - TALLEST);
  const isFarFromTop = start === 0 || y - start >= EDGE;
  const isFarFromEnd = start >= last || y - start <= TALLEST - EDGE;
  if (start <= last && isFarFromTop && isFarFromEnd) return start;
  return Math.min(last, Math.max(0, Math.round(y - TALLEST / 2)));
}

/** The part of a block of the grid that lies in the stretch, measured from its start. */
export function clipToStretch(top: number, height: number, start: number): { top: number; height: number } {
  const from = Math.max(0, top - start);
  return { top: from, height: Math.min(TALLEST, top + height - start) - from };
}
