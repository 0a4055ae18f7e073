/**
 * Owns the geometry of parts of pictures, in fractions of the picture. Pure.
 */
import type { Area } from "../api/bindings";

export interface Point {
  x: number;
  y: number;
}

/** What is smaller was a click, not a box. */
export const LEAST_SIDE = 0.03;
/** Where a box begins that is drawn by keys. */
export const MIDDLE: Area = { x: 0.3, y: 0.3, width: 0.4, height: 0.4 };

const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/** The box between two corners, as far as it is in the picture. */
export function areaBetween(a: Point, b: Point): Area {
  const [left, right] = [within(Math.min(a.x, b.x), 0, 1), within(Math.max(a.x, b.x), 0, 1)];
  const [top, bottom] = [within(Math.min(a.y, b.y), 0, 1), within(Math.max(a.y, b.y), 0, 1)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export function isBox({ width, height }: Area): boolean {
  return width >= LEAST_SIDE && height >= LEAST_SIDE;
}

export function movedArea(area: Area, by: Point): Area {
  return {
    ...area,
    x: within(area.x + by.x, 0, 1 - area.width),
    y: within(area.y + by.y, 0, 1 - area.height),
  };
}

/** Its right and lower edges moved. */
export function resizedArea(area: Area, by: Point): Area {
  return {
    ...area,
    width: within(area.width + by.x, LEAST_SIDE, 1 - area.x),
    height: within(area.height + by.y, LEAST_SIDE, 1 - area.y),
  };
}

/**
 * Where the part is seen when the picture covers a frame and is cut at its edges (`object-fit: cover`), in fractions of
 * the frame. Both shapes are width divided by height.
 */
export function coveredArea(area: Area, picture: number, frame: number): Area {
  const seen = { x: Math.min(1, frame / picture), y: Math.min(1, picture / frame) };
  const place = (at: number, share: number): number => (at - (1 - share) / 2) / share;
  return areaBetween(
    { x: place(area.x, seen.x), y: place(area.y, seen.y) },
    { x: place(area.x + area.width, seen.x), y: place(area.y + area.height, seen.y) },
  );
}
