/**
 * Owns marking photos as favourites. Which ones are is told by the library.
 */
import type { Backend } from "../../api/backend";
import type { PhotoId, PhotoTile } from "../../api/bindings";
import type { Library } from "./library.svelte";
import type { Places } from "../../app/places.svelte";
import type { Selection } from "./selection.svelte";
import type { Similar } from "../similar/similar.svelte";
import type { Toasts } from "../../app/toasts.svelte";
import type { Viewer } from "../viewer/viewer.svelte";
import { t } from "../../app/i18n.svelte";

interface Deps {
  backend: Backend;
  library: Library;
  places: Places;
  selection: Selection;
  similar: Similar;
  toasts: Toasts;
  viewer: Viewer;
  /** The photos of the grid, in its order. */
  tiles: readonly PhotoTile[];
  /** Tells a failure in a toast; answers whether it went well. */
  attempt(work: () => Promise<unknown>): Promise<boolean>;
}

export class Favourites {
  #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Makes the photos that are meant favourites, or takes their marks away if all of them are. */
  async toggle(id: PhotoId | null): Promise<void> {
    if (id === null) return;
    const { library, selection, tiles, toasts, viewer } = this.#deps;
    const meant = library.tiles(viewer.photo === id ? [id] : selection.meantBy(id, tiles));
    const favourite = meant.some((tile) => !tile.favourite);
    const changed = meant.filter((tile) => tile.favourite !== favourite).map((tile) => tile.id);
    if (changed.length === 0 || !(await this.#set(changed, favourite))) return;
    // One heart that goes on or off is its own answer, but where its photo goes with it.
    if (changed.length === 1 && this.#deps.places.here.kind !== "favourites") return;
    toasts.say(t(favourite ? "favourite.added" : "favourite.removed", { count: changed.length }), {
      label: t("common.undo"),
      run: () => void this.#set(changed, !favourite),
    });
  }

  async #set(photos: PhotoId[], favourite: boolean): Promise<boolean> {
    const { backend, library, similar } = this.#deps;
    if (!(await this.#deps.attempt(() => backend.markPhotos(photos, favourite)))) return false;
    similar.forgetAnswers();
    await library.sync();
    return true;
  }
}
