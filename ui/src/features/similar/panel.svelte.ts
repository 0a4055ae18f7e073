/**
 * Owns whether the side panel is open. A selection only fills it: if it opened it, the grid would move under the pointer.
 */
import type { Library } from "../photos/library.svelte";
import type { Photos } from "../photos/photos.svelte";

const KEPT = "fotonovela.panel";

export class Panel {
  /** Whether the person wants it at all; remembered. */
  wanted = $state(localStorage.getItem(KEPT) !== "closed");
  #photos: Photos;
  #library: Library;

  constructor(photos: Photos, library: Library) {
    this.#photos = photos;
    this.#library = library;
  }

  get open(): boolean {
    return this.wanted && this.#photos.shown && !this.#library.empty;
  }

  want(wanted: boolean): void {
    this.wanted = wanted;
    localStorage.setItem(KEPT, wanted ? "open" : "closed");
  }
}
