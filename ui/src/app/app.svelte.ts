/**
 * Joins the session and the features, hands the core's events to them, and says what each needs on arrival at a place.
 * Knows no DOM.
 */
import { createContext } from "svelte";
import type { Backend } from "../api/backend";
import type { Event, IndexStatus, PhotoId, StoreWork } from "../api/bindings";
import { Comics } from "../features/comics/comics.svelte";
import { Drags } from "../features/dragdrop/drags.svelte";
import { Intake } from "../features/dragdrop/intake.svelte";
import { Folders } from "../features/folders/folders.svelte";
import { Indexing } from "../features/indexing/indexing.svelte";
import { History } from "../features/history/history.svelte";
import { Marks } from "../features/photos/marks.svelte";
import { Library } from "../features/photos/library.svelte";
import { Photos } from "../features/photos/photos.svelte";
import { Selection } from "../features/photos/selection.svelte";
import { Search } from "../features/search/search.svelte";
import { Preferences } from "../features/settings/preferences.svelte";
import { Panel } from "../features/similar/panel.svelte";
import { Similar } from "../features/similar/similar.svelte";
import { splitAddress, Store } from "../features/stores/store.svelte";
import { Viewer } from "../features/viewer/viewer.svelte";
import { t } from "./i18n.svelte";
import type { Navigation } from "./navigation.svelte";
import { folderOf, likePhoto, likeWords, queryOf, viewOf, type Place } from "./places";
import { keepWhere, keptWhere } from "./resume";
import { Session } from "./session.svelte";

export class App {
  readonly session: Session;
  readonly navigation: Navigation;
  readonly selection = new Selection();
  readonly viewer = new Viewer();
  readonly drags = new Drags();
  readonly library: Library;
  readonly photos: Photos;
  readonly history: History;
  readonly marks: Marks;
  readonly similar: Similar;
  readonly search: Search;
  readonly panel: Panel;
  readonly folders: Folders;
  readonly indexing: Indexing;
  readonly store: Store;
  readonly preferences: Preferences;
  readonly comics: Comics;
  readonly intake: Intake;
  #opened = $state(false);

  constructor(backend: Backend) {
    const session = new Session(backend, (place) => this.#arrive(place));
    const { selection, viewer } = this;
    this.session = session;
    this.navigation = session.navigation;
    this.library = new Library(backend, (gone) => this.#forgetPhotos(gone));
    this.similar = new Similar(backend);
    this.search = new Search(backend);
    this.history = new History(session, () => this.#reread());
    const { history, library, similar } = this;
    this.photos = new Photos(session, { library, selection, similar, viewer });
    this.marks = new Marks(session, { history, library, photos: this.photos, similar });
    this.panel = new Panel(this.photos, library);
    this.folders = new Folders(session, library);
    this.indexing = new Indexing(session, library);
    this.store = new Store(backend, (work) => this.#endStoreWork(work));
    this.preferences = new Preferences(backend, (error) => session.toasts.fail(error));
    this.comics = new Comics(session, { history, library, photos: this.photos, preferences: this.preferences });
    this.intake = new Intake(session, { comics: this.comics, history, library });
  }

  async open(): Promise<void> {
    await this.session.attempt(() => this.session.backend.subscribe((event) => this.take(event)));
    await Promise.all([this.preferences.open(), this.library.open(), this.comics.studio.loadComics()]);
    await this.comics.openTray();
    await this.session.attempt(() => this.#resume());
    this.#opened = true;
  }

  /** Notes where the person is, in case the page has to be loaded anew. */
  noteWhere(): void {
    const { place, scroll } = this.navigation.visit;
    const { lead } = this.selection;
    if (this.#opened) keepWhere({ place, scroll, lead });
  }

  async #resume(): Promise<void> {
    const where = keptWhere();
    if (where === null) return;
    this.navigation.replace(where.place, where.scroll);
    const lead = where.lead === null ? [] : await this.library.present([where.lead]);
    if (lead[0] !== undefined) this.photos.select(lead[0]);
  }

  take(event: Event): void {
    switch (event.kind) {
      case "photos":
        this.#takePhotos();
        return;
      case "folders":
        void this.library.loadFolders();
        return;
      case "index":
        this.#takeStatus(event.status);
        return;
      case "store":
        this.store.take(event.work);
        return;
      case "comic":
        this.comics.studio.take(event);
        return;
    }
  }

  #takePhotos(): void {
    const shown = (): unknown => this.library.tiles.peek(this.similar.photo ?? -1);
    const before = shown();
    this.similar.forgetAnswers();
    void this.library.sync().then(() => {
      void this.comics.readmit();
      if (before !== shown()) void this.similar.reread();
    });
  }

  /** Asks for all that an edit may have changed. */
  async #reread(): Promise<void> {
    this.similar.forgetAnswers();
    await Promise.all([this.library.loadFolders(), this.library.sync(), this.comics.studio.loadComics()]);
    const folders = this.library.folders.value;
    if (folders === null) return;
    const isGone = (id: number | null): boolean => id !== null && folders.every((folder) => folder.id !== id);
    this.navigation.forget((place) => isGone(folderOf(place)));
  }

  #takeStatus(status: IndexStatus): void {
    const before = this.library.status;
    this.library.status = status;
    const finished = status.state === "idle" && before !== null && before.state !== "idle";
    // What was found half-way through is completed at the end.
    if (finished) void this.similar.reread();
    else if (before?.embedded !== status.embedded) void this.similar.refresh();
    if (before?.failed !== status.failed && this.library.problems.value !== null) void this.library.loadProblems();
  }

  /** Asks what the place needs. */
  #arrive(place: Place): void {
    this.photos.wanted = null;
    this.photos.restore();
    const query = queryOf(place);
    void this.search.read(likeWords(place));
    if (query?.what != null) void this.similar.find(query);
    else if (query !== null) void this.library.look(query);
    const view = viewOf(place);
    if (view === "problems") void this.library.loadProblems();
    if (view === "comics") void this.comics.studio.loadComics();
  }

  #forgetPhotos(gone: ReadonlySet<PhotoId>): void {
    this.selection.drop(gone);
    this.navigation.forgetPhotos(gone);
    this.comics.tray.leave(gone);
    if (gone.has(this.viewer.photo ?? -1)) this.viewer.close();
    if (gone.has(this.similar.photo ?? -1)) void this.similar.show(null);
    this.navigation.forget((place) => gone.has(likePhoto(place) ?? -1));
    void this.similar.takeChanges(gone);
  }

  #endStoreWork(work: StoreWork): void {
    const { session } = this;
    void session.attempt(() => this.store.look());
    if (work.step === "done" && work.job.job === "move") {
      // Answers of the old store are as good, but for what it said of itself.
      this.similar.notice = null;
      void this.similar.refresh();
    }
    if (session.dialog === "settings" || session.dialog === "stores") return;
    const show = { label: t("common.show"), run: () => (session.dialog = "stores") };
    if (work.error !== null) session.toasts.fail(work.error);
    else if (work.step === "done" && work.job.job === "move") {
      session.toasts.say(t("store.moved", { store: t(`store.name.${splitAddress(work.job.to).kind}`) }), show);
    } else if (work.step === "done") session.toasts.say(t("store.compared"), show);
  }
}

export const [useApp, provideApp] = createContext<App>();
