/**
 * Owns giving photos marks and taking them away. Which photos have one is told by the library.
 */
import type { EditEntry, Mark, PhotoId } from "../../api/bindings";
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

export class Marks {
  #session: Session;
  #deps: Deps;

  constructor(session: Session, deps: Deps) {
    this.#session = session;
    this.#deps = deps;
  }

  /** Marks the photos that are meant, or takes the mark away if all of them have it. */
  async toggle(mark: Mark, id: PhotoId | null): Promise<void> {
    if (id === null) return;
    const { backend } = this.#session;
    const meant = this.#deps.photos.meantBy(id);
    await this.#session.attempt(async () => {
      const added = await backend.markPhotos(meant, mark, true);
      const edit = added ?? (await backend.markPhotos(meant, mark, false));
      if (edit === null) return;
      await this.#follow();
      this.#tell(mark, edit, added !== null);
    });
  }

  async #follow(): Promise<void> {
    const { library, similar } = this.#deps;
    similar.forgetAnswers();
    await library.sync();
    await similar.takeChanges();
  }

  #tell(mark: Mark, edit: EditEntry, set: boolean): void {
    const { navigation, toasts } = this.#session;
    const count = edit.params.count ?? 0;
    // One mark that goes on or off is its own answer, but where its photo goes with it.
    if (count === 1 && !isPlace(navigation.here, "marked")) return;
    const text = t(set ? `mark.${mark}.added` : `mark.${mark}.removed`, { count });
    toasts.say(text, this.#deps.history.undoOf(edit));
  }
}
