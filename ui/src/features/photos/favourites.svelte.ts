/**
 * Owns marking photos as favourites. Which ones are is told by the library.
 */
import type { EditEntry, PhotoId } from "../../api/bindings";
import { t } from "../../app/i18n.svelte";
import { isPlace } from "../../app/places";
import type { Session } from "../../app/session.svelte";
import type { History } from "../history/history.svelte";
import type { Similar } from "../similar/similar.svelte";
import type { Library } from "./library.svelte";
import type { Photos } from "./photos.svelte";

interface Deps {
  history: History;
  library: Library;
  photos: Photos;
  similar: Similar;
}

export class Favourites {
  #session: Session;
  #deps: Deps;

  constructor(session: Session, deps: Deps) {
    this.#session = session;
    this.#deps = deps;
  }

  /** Makes the photos that are meant favourites, or takes their marks away if all of them are. */
  async toggle(id: PhotoId | null): Promise<void> {
    if (id === null) return;
    const { library, photos } = this.#deps;
    const { navigation, toasts } = this.#session;
    const meant = library.tiles(photos.meantBy(id));
    const favourite = meant.some((tile) => !tile.favourite);
    const changed = meant.filter((tile) => tile.favourite !== favourite).map((tile) => tile.id);
    if (changed.length === 0) return;
    const edit = await this.#set(changed, favourite);
    if (edit === null) return;
    // One heart that goes on or off is its own answer, but where its photo goes with it.
    if (changed.length === 1 && !isPlace(navigation.here, "favourites")) return;
    const text = t(favourite ? "favourite.added" : "favourite.removed", { count: changed.length });
    toasts.say(text, this.#deps.history.undoOf(edit));
  }

  async #set(photos: PhotoId[], favourite: boolean): Promise<EditEntry | null> {
    const { library, similar } = this.#deps;
    let edit: EditEntry | null = null;
    await this.#session.attempt(async () => (edit = await this.#session.backend.markPhotos(photos, favourite)));
    if (edit === null) return null;
    similar.forgetAnswers();
    await library.sync();
    return edit;
  }
}
