/**
 * Owns what pointers mean on photos that may move under them: a drag, and a double click of which the first click changed
 * what lies there.
 */
import type { PhotoId } from "../api/bindings";

const DRAG_AFTER = 6;
const DOUBLE_MS = 400;

/** Where a pointer is, in CSS pixels of the window. */
interface Point {
  clientX: number;
  clientY: number;
}

/** Whether a pointer went so far from where it was pressed that it drags. */
export function isDrag(from: Point, to: Point): boolean {
  return Math.hypot(to.clientX - from.clientX, to.clientY - from.clientY) >= DRAG_AFTER;
}

export class Clicks {
  #first: { event: MouseEvent; id: PhotoId } | null = null;

  /** Remembers a click that may be the first of two. */
  note(event: MouseEvent, id: PhotoId): void {
    this.#first = { event, id };
  }

  /** The photo of the first click, if this is the second of a double click, whatever lies there now. */
  firstOf(event: MouseEvent): PhotoId | null {
    const first = this.#first;
    this.#first = null;
    if (first === null || isDrag(first.event, event)) return null;
    return event.timeStamp - first.event.timeStamp < DOUBLE_MS ? first.id : null;
  }
}
