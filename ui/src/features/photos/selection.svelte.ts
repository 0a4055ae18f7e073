/**
 * Owns which photos are selected, which one leads (has the focus and fills the side panel), and where a range begins.
 */
import type { PhotoId } from "../../api/bindings";
import { without, type Selected } from "../../app/navigation.svelte";

/** Photos in the order of the grid. */
type Order = Uint32Array;

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
    const from = this.#anchor === null ? -1 : order.indexOf(this.#anchor);
    const to = order.indexOf(id);
    if (from < 0 || to < 0) {
      this.only(id);
      return;
    }
    this.ids = new Set(order.subarray(Math.min(from, to), Math.max(from, to) + 1));
    this.lead = id;
  }

  all(order: Order): void {
    this.ids = new Set(order);
    this.lead ??= order[0] ?? null;
  }

  none(): void {
    this.ids = new Set();
    this.#anchor = null;
  }

  /** Drops photos that left the library. */
  drop(gone: ReadonlySet<PhotoId>): void {
    this.restore(without(this.kept(), gone));
  }

  /** What is selected, to be restored later. */
  kept(): Selected {
    return { ids: this.ids, lead: this.lead, anchor: this.#anchor };
  }

  restore({ ids, lead, anchor }: Selected): void {
    this.ids = ids;
    this.lead = lead;
    this.#anchor = anchor;
  }

  /**
   * The photos an action means: the selection if `id` is part of it, else `id` alone, be it in the grid or just gone from
   * there; in the order of the grid.
   */
  meantBy(id: PhotoId, order: Order): PhotoId[] {
    if (!this.ids.has(id)) return [id];
    const selected = order.filter((one) => this.ids.has(one));
    return selected.includes(id) ? [...selected] : [id];
  }
}
