/**
 * Owns what a person does with comics: from the tray over the review to the drawing, and with those that are there.
 */
import type { Comic, ComicId, ComicProgress, ComicRequest, EditEntry, PhotoId, VersionId } from "../../api/bindings";
import { t } from "../../app/i18n.svelte";
import { comicOf, drawingOf, isPhotos } from "../../app/places";
import type { Session } from "../../app/session.svelte";
import type { ToastAction } from "../../app/toasts.svelte";
import type { History } from "../history/history.svelte";
import type { Library } from "../photos/library.svelte";
import type { Photos } from "../photos/photos.svelte";
import type { Preferences } from "../settings/preferences.svelte";
import { Studio, type Drawing } from "./studio.svelte";
import { Tray, TRAY_LIMIT } from "./tray.svelte";

interface Deps {
  history: History;
  library: Library;
  photos: Photos;
  preferences: Preferences;
}

export class Comics {
  readonly tray = new Tray();
  readonly studio: Studio;
  /** The field of the story shall take the focus once it is there. */
  wantsPrompt = $state(false);
  #session: Session;
  #deps: Deps;
  #trayOpened = $state(false);
  /** The tray as it is kept, as it is being kept, and as it shall be kept next. */
  #kept = "";
  #keeping = false;
  #next: ComicRequest | null = null;

  constructor(session: Session, deps: Deps) {
    this.#session = session;
    this.#deps = deps;
    this.studio = new Studio(
      session.backend,
      (drawing) => this.#endDrawing(drawing),
      (progress) => this.#takeStray(progress),
    );
  }

  /** Takes the tray of the last time, unless a new one was begun meanwhile. */
  async openTray(): Promise<void> {
    await this.#session.attempt(async () => {
      const kept = await this.#session.backend.tray();
      this.#kept = JSON.stringify(kept);
      if (kept !== null && this.tray.photos.length === 0 && this.tray.prompt === "") await this.#restore(kept);
    });
    this.#trayOpened = true;
  }

  /** Keeps the tray where it differs from what is kept; called again whenever it changes. */
  keepTray(): void {
    const tray = this.tray.kept();
    if (!this.#trayOpened) return;
    this.#next = tray;
    if (!this.#keeping) void this.#keepNext();
  }

  async #keepNext(): Promise<void> {
    this.#keeping = true;
    while (this.#next !== null) {
      const tray = this.#next;
      const text = JSON.stringify(tray);
      this.#next = null;
      if (text === this.#kept) continue;
      if (await this.#session.attempt(() => this.#session.backend.keepTray(tray))) this.#kept = text;
    }
    this.#keeping = false;
  }

  async #restore(request: ComicRequest): Promise<void> {
    this.tray.restore(request, await this.#present(request.photos));
  }

  /** Takes photos of the tray back that are in the library again. */
  async readmit(): Promise<void> {
    const { away } = this.tray;
    if (away.length > 0) await this.#session.attempt(async () => this.tray.readmit(await this.#present(away)));
  }

  async #present(photos: readonly PhotoId[]): Promise<ReadonlySet<PhotoId>> {
    return new Set(await this.#deps.library.present(photos));
  }

  /** Puts photos into the tray and says what became of them. */
  use(ids: readonly PhotoId[], at?: number): void {
    const { left } = this.tray.put(ids, at);
    if (left > 0) this.#session.toasts.say(t("tray.full", { count: left, limit: TRAY_LIMIT }));
  }

  /** Puts the photos that are meant into the tray. */
  useMeant(id: PhotoId | null): void {
    if (id !== null) this.use(this.#deps.photos.meantBy(id));
  }

  async plan(): Promise<void> {
    await this.#deps.preferences.settle();
    await this.studio.prepare(this.tray.request());
  }

  /** Sends what the review shows and goes to where it is drawn. */
  async send(): Promise<void> {
    const drawing = await this.studio.send();
    if (drawing === null) return;
    const { navigation } = this.#session;
    if (drawing.comic !== null) navigation.go({ kind: "comic", id: drawing.comic });
    else if (drawing.running) navigation.go({ kind: "drawing", task: drawing.task });
  }

  /** Asks for a failed drawing once more, after another review; perhaps on the other route or with another key. */
  async redraw(drawing: Drawing, how: { route?: string; askKey?: boolean } = {}): Promise<void> {
    const request = { ...drawing.request, route: how.route ?? drawing.request.route };
    const comic = request.parent === null ? null : drawing.comic;
    await this.studio.prepare(request, comic, how.askKey ?? false);
  }

  /** Takes a request back to the tray, to say it differently. */
  async reword(drawing: Drawing): Promise<void> {
    await this.#session.attempt(() => this.#restore(drawing.request));
    this.callPrompt();
  }

  /** Another comic with the photos of this one. */
  async again(comic: Comic): Promise<void> {
    await this.#session.attempt(async () => {
      const photos = await this.#deps.library.present(comic.photos);
      const first = comic.versions[0];
      this.tray.clear();
      this.use(photos);
      this.tray.layout = comic.layout;
      if (first !== undefined) this.tray.prompt = first.prompt;
      this.callPrompt();
    });
  }

  callPrompt(): void {
    const { navigation } = this.#session;
    if (!isPhotos(navigation.here)) navigation.go({ kind: "photos" });
    this.wantsPrompt = true;
  }

  async delete(comic: Comic): Promise<void> {
    const { backend, navigation, toasts } = this.#session;
    let edit: EditEntry | null = null;
    if (!(await this.#session.attempt(async () => (edit = await backend.deleteComic(comic.id))))) return;
    const wasHere = comicOf(navigation.here) !== null;
    navigation.forget((place) => comicOf(place) === comic.id);
    if (wasHere) navigation.go({ kind: "comics" });
    toasts.say(t("comic.deleted"), this.#deps.history.undoOf(edit));
    await this.studio.loadComics();
  }

  async save(version: VersionId): Promise<void> {
    await this.#session.attempt(async () => {
      const path = await this.#session.backend.saveComic(version);
      if (path !== null) this.#session.toasts.say(t("comic.saved", { path }));
    });
  }

  #takeStray(progress: ComicProgress): void {
    const { toasts } = this.#session;
    if (progress.step === "failed") toasts.fail(progress.error);
    if (progress.step === "done") toasts.say(t("comic.ready"), this.#showComic(progress.comic));
    if (progress.step === "failed" || progress.step === "done") void this.studio.loadComics();
  }

  #showComic(id: ComicId): ToastAction {
    return { label: t("common.show"), run: () => this.#session.navigation.go({ kind: "comic", id }) };
  }

  #endDrawing(drawing: Drawing): void {
    const { navigation, toasts } = this.#session;
    void this.studio.loadComics().then(() => {
      const { here } = navigation;
      const { comic } = drawing;
      const watched = drawingOf(here) === drawing.task;
      const elsewhere = comicOf(here) === null || comicOf(here) !== comic;
      // Also a drawing that was cut off can leave a comic: the preview that was kept.
      if (watched && comic !== null) {
        navigation.replace({ kind: "comic", id: comic });
      } else if (drawing.step === "done" && comic !== null) {
        if (elsewhere) toasts.say(t("comic.ready"), this.#showComic(comic));
      } else if (!watched && drawing.error !== null && elsewhere) {
        toasts.fail(drawing.error);
      }
    });
  }
}
