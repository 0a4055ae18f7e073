/**
 * Owns the large view of one photo: which one, and the order that the arrows walk through.
 */
import type { PhotoId } from "../../api/bindings";

function indexIn(order: ArrayLike<PhotoId>, photo: PhotoId): number {
  return Array.prototype.indexOf.call(order, photo);
}

export class Viewer {
  photo = $state<PhotoId | null>(null);
  info = $state(false);
  /** Whether a box is being drawn over the photo, to find what is in it. */
  picking = $state(false);
  /** Whether the part is outlined that is like what was looked for. */
  outlined = $state(true);
  /** How the photo is shown, told by the view: at 100 % or fitted, and whether the one differs from the other. */
  zoom = $state.raw<{ full: boolean; possible: boolean; toggle: () => void } | null>(null);
  #order: () => ArrayLike<PhotoId> = () => [];
  /** Where the photo stands, or stood when it left the order (a favourite that is one no more, say); -1: it never did. */
  #at = -1;

  open(photo: PhotoId, order: () => ArrayLike<PhotoId>): void {
    this.#order = order;
    this.#at = indexIn(order(), photo);
    this.photo = photo;
    this.picking = false;
  }

  close(): void {
    this.photo = null;
    this.picking = false;
  }

  /** The photo some steps away, or null at the ends. */
  neighbour(by: number): PhotoId | null {
    const order = this.#order();
    const at = this.photo === null ? -1 : indexIn(order, this.photo);
    if (at >= 0) this.#at = at;
    if (this.#at < 0) return null;
    const gone = at < 0 && by > 0 ? 1 : 0;
    return order[this.#at + by - gone] ?? null;
  }

  /** Goes some steps; answers the photo it came to. */
  step(by: number): PhotoId | null {
    const next = this.neighbour(by);
    if (next !== null) this.photo = next;
    return next;
  }
}
