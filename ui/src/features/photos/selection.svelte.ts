/**
 * Owns which photos are selected, which one leads (has the focus and fills the side panel), and where a range begins.
 */
import type { PhotoId } from "../../api/bindings";

type Order = readonly { id: PhotoId }[];

export class Selection {
  ids = $state.raw<ReadonlySet<PhotoId>>(new Set());
  /** The photo that was acted on last. */
  lead = $state<PhotoId | null>(null);
  #anchor: PhotoId | null = null;

  only(id: PhotoId): void {
    this.ids = new Set([id]);
    this.lead = id;
    this.#anchor = id;
  }

  toggle(id: PhotoId): void {
    const ids = new Set(this.ids);
    if (!ids.delete(id)) ids.add(id);
    this.ids = ids;
    this.lead = id;
    this.#anchor = id;
  }

  /** Selects from where the range began up to `id`. */
  extendTo(id: PhotoId, order: Order): void {
    const from = order.findIndex((one) => one.id === this.#anchor);
    const to = order.findIndex((one) => one.id === id);
    if (from < 0 || to < 0) {
      this.only(id);
      return;
    }
    const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
    this.ids = new Set(range.map((one) => one.id));
    this.lead = id;
  }

  all(order: Order): void {
    this.ids = new Set(order.map((one) => one.id));
    this.lead ??= order[0]?.id ?? null;
  }

  none(): void {
    this.ids = new Set();
    this.#anchor = null;
  }

  /** Drops photos that left the library. */
  drop(gone: readonly PhotoId[]): void {
    if (gone.length === 0) return;
    if (gone.some((id) => this.ids.has(id))) {
      const ids = new Set(this.ids);
      for (const id of gone) ids.delete(id);
      this.ids = ids;
    }
    if (this.lead !== null && gone.includes(this.lead)) this.lead = null;
  }

  /**
   * The photos an action means: the selection if `id` is part of it, else `id` alone, be it in the grid or just gone from
   * there; in the order of the grid.
   */
  meantBy(id: PhotoId, order: Order): PhotoId[] {
    const selected = order.filter((one) => this.ids.has(one.id)).map((one) => one.id);
    return selected.includes(id) ? selected : [id];
  }
}
