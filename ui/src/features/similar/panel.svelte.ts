/**
 * Owns whether the side panel is open.
 */
import type { Photos } from "../photos/photos.svelte";
import type { Similar } from "./similar.svelte";

const KEPT = "fotonovela.panel";

export class Panel {
  /** Whether the person wants it at all; remembered. */
  wanted = $state(localStorage.getItem(KEPT) !== "closed");
  #photos: Photos;
  #similar: Similar;

  constructor(photos: Photos, similar: Similar) {
    this.#photos = photos;
    this.#similar = similar;
  }

  get open(): boolean {
    return this.wanted && this.#photos.shown && this.#similar.photo !== null;
  }

  want(wanted: boolean): void {
    this.wanted = wanted;
    localStorage.setItem(KEPT, wanted ? "open" : "closed");
  }
}
