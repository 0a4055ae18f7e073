/**
 * Owns whether the side panel is open, and the facts in it. A selection only fills it: if it opened it, the grid would move under the pointer.
 */
import type { Library } from "../photos/library.svelte";
import type { Photos } from "../photos/photos.svelte";

const KEPT = "fotonovela.panel";
const KEPT_FACTS = "fotonovela.panel.facts";

export class Panel {
  /** Whether the person wants it at all; remembered. */
  wanted = $state(localStorage.getItem(KEPT) !== "closed");
  /** Whether the facts about the photo are unfolded; remembered. */
  facts = $state(localStorage.getItem(KEPT_FACTS) === "open");
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

  showFacts(open: boolean): void {
    this.facts = open;
    localStorage.setItem(KEPT_FACTS, open ? "open" : "closed");
  }
}
