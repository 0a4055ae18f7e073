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
    const { backend } = this.#session;
    const meant = this.#deps.photos.meantBy(id);
    await this.#session.attempt(async () => {
      const added = await backend.markPhotos(meant, true);
      const edit = added ?? (await backend.markPhotos(meant, false));
      if (edit === null) return;
      await this.#follow();
      this.#tell(edit, added !== null);
    });
  }

  async #follow(): Promise<void> {
    const { library, similar } = this.#deps;
    similar.forgetAnswers();
    await library.sync();
    await similar.takeChanges();
  }

  #tell(edit: EditEntry, favourite: boolean): void {
    const { navigation, toasts } = this.#session;
    const count = edit.params.count ?? 0;
    // One heart that goes on or off is its own answer, but where its photo goes with it.
    if (count === 1 && !isPlace(navigation.here, "favourites")) return;
    const text = t(favourite ? "favourite.added" : "favourite.removed", { count });
    toasts.say(text, this.#deps.history.undoOf(edit));
  }
}
