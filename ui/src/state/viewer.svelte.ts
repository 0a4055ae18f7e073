/**
 * Owns the large view of one photo: which one, and the order that the arrows walk through.
 */
import type { PhotoId, PhotoTile } from "../api/bindings";

export class Viewer {
  photo = $state<PhotoId | null>(null);
  info = $state(false);
  #order: () => readonly PhotoTile[] = () => [];

  open(photo: PhotoId, order: () => readonly PhotoTile[]): void {
    this.#order = order;
    this.photo = photo;
  }

  close(): void {
    this.photo = null;
  }

  /** The photo some steps away, or null at the ends. */
  neighbour(by: number): PhotoTile | null {
    const order = this.#order();
    const at = order.findIndex((tile) => tile.id === this.photo);
    return at < 0 ? null : (order[at + by] ?? null);
  }

  /** Goes some steps; answers the photo it came to. */
  step(by: number): PhotoId | null {
    const next = this.neighbour(by);
    if (next !== null) this.photo = next.id;
    return next?.id ?? null;
  }
}
