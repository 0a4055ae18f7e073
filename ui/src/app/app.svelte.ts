/**
 * Owns the whole of the window's state: joins the rooms, hands the core's events to them, and holds the actions that
 * touch more than one of them. Knows no DOM.
 */
import { createContext } from "svelte";
import type { Backend } from "../api/backend";
import type {
  Comic,
  ComicId,
  ErrorReport,
  Event,
  PhotoId,
  PhotoTile,
  Route,
  Scope,
  StoreWork,
  VersionId,
} from "../api/bindings";
import { toReport } from "../api/errors";
import { Drags } from "../features/dragdrop/drags.svelte";
import { Favourites } from "../features/photos/favourites.svelte";
import { Folders } from "../features/folders/folders.svelte";
import { Intake } from "../features/dragdrop/intake.svelte";
import { Library } from "../features/photos/library.svelte";
import { isAll, Places, type Place } from "./places.svelte";
import { Preferences } from "../features/settings/preferences.svelte";
import { Selection } from "../features/photos/selection.svelte";
import { Similar } from "../features/similar/similar.svelte";
import { splitAddress, Store } from "../features/stores/store.svelte";
import { Studio, type Drawing } from "../features/comics/studio.svelte";
import { Toasts } from "./toasts.svelte";
import { Tray } from "../features/comics/tray.svelte";
import { Viewer } from "../features/viewer/viewer.svelte";
import { t } from "./i18n.svelte";

const PANEL_KEY = "fotonovela.panel";

export class App {
  readonly backend: Backend;
  readonly toasts = new Toasts();
  readonly places = new Places();
  readonly selection = new Selection();
  readonly tray = new Tray();
  readonly viewer = new Viewer();
  readonly drags = new Drags();
  readonly library: Library;
  readonly similar: Similar;
  readonly store: Store;
  readonly studio: Studio;
  readonly preferences: Preferences;
  readonly intake: Intake;
  readonly folders: Folders;
  readonly favourites: Favourites;

  dialog = $state<"settings" | "shortcuts" | null>(null);
  /** The settings were opened for their part about stores. */
  storeWanted = $state(false);
  /** Whether the person wants the side panel at all; remembered. */
  panelWanted = $state(localStorage.getItem(PANEL_KEY) !== "closed");
  /** Whether the places are shown where the window is too narrow to show them always. */
  placesShown = $state(false);
  /** A wish of another room that the prompt field takes the focus; counts up. */
  promptCalls = $state(0);

  /** The photos of the grid, in its order. */
  tiles: readonly PhotoTile[] = $derived.by(() => this.#tilesOf(this.places.here));
  /** How alike each photo of the grid is, if it was asked for by likeness. */
  scores: ReadonlyMap<PhotoId, number> | null = $derived.by(() => this.#scoresOf(this.places.here));
  similarInGrid = $derived(this.places.here.kind === "like");
  showsPhotos = $derived(["photos", "recent", "favourites", "folder", "like"].includes(this.places.here.kind));
  constructor(backend: Backend) {
    this.backend = backend;
    const fail = (error: ErrorReport): void => this.toasts.fail(error);
    this.library = new Library(backend, (gone) => this.#forgetPhotos(gone));
    this.similar = new Similar(backend);
    this.store = new Store(backend, (work) => this.#endStoreWork(work));
    this.studio = new Studio(backend, (drawing) => this.#endDrawing(drawing));
    this.preferences = new Preferences(backend, fail);
    this.intake = new Intake(this);
    this.folders = new Folders(this);
    this.favourites = new Favourites(this);
  }

  get panelOpen(): boolean {
    return this.panelWanted && this.showsPhotos && this.similar.photo !== null;
  }

  async open(): Promise<void> {
    await this.attempt(() => this.backend.subscribe((event) => this.take(event)));
    await Promise.all([this.preferences.open(), this.library.open(), this.studio.loadComics()]);
  }

  take(event: Event): void {
    switch (event.kind) {
      case "photos": {
        const before = this.library.byId.get(this.similar.photo ?? -1);
        this.similar.forgetAnswers();
        void this.library.sync().then(() => {
          if (before !== this.library.byId.get(this.similar.photo ?? -1)) void this.similar.reread();
        });
        return;
      }
      case "folders":
        void this.library.loadFolders();
        return;
      case "index": {
        const before = this.library.status;
        this.library.status = event.status;
        const finished = event.status.state === "idle" && before !== null && before.state !== "idle";
        // What was found half-way through is completed at the end.
        if (finished) void this.similar.reread();
        else if (before?.embedded !== event.status.embedded) void this.similar.refresh();
        if (before?.failed !== event.status.failed && this.library.problems.value !== null) {
          void this.library.loadProblems();
        }
        return;
      }
      case "store":
        this.store.take(event.work);
        return;
      case "comic":
        this.studio.take(event);
        return;
    }
  }

  /** Runs something whose failure is told in a toast; answers whether it went well. */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (thrown) {
      this.toasts.fail(toReport(thrown));
      return false;
    }
  }

  /** A place of the sidebar or a link. */
  go(place: Place): void {
    this.places.go(place);
    this.arrive();
  }

  back(): void {
    this.places.back();
    this.arrive();
  }

  forward(): void {
    this.places.forward();
    this.arrive();
  }

  leaveChain(): void {
    this.places.leaveChain();
    this.arrive();
  }

  /** Asks what the new place needs. */
  arrive(): void {
    this.placesShown = false;
    const here = this.places.here;
    if (here.kind === "like") void this.similar.find(here.of, here.scope);
    if (here.kind === "problems") void this.library.loadProblems();
    if (here.kind === "comics") void this.studio.loadComics();
  }

  /** A plain click: this photo alone, and its similar photos in the panel. */
  select(id: PhotoId): void {
    this.selection.only(id);
    void this.similar.show(id);
  }

  toggle(id: PhotoId): void {
    this.selection.toggle(id);
    void this.similar.show(this.selection.ids.size > 0 ? id : null);
  }

  extendTo(id: PhotoId): void {
    this.selection.extendTo(id, this.tiles);
    void this.similar.show(id);
  }

  selectNone(): void {
    this.selection.none();
    void this.similar.show(null);
  }

  /** "Find similar": the photos like this one become the grid. */
  findSimilar(id: PhotoId | null): void {
    if (id === null) return;
    this.viewer.close();
    this.select(id);
    this.go({ kind: "like", of: { photo: id } });
  }

  /** Looks for the photos like those of the grid among others. */
  findAmong(scope: Scope): void {
    const { here } = this.places;
    if (here.kind !== "like") return;
    this.places.replace({ kind: "like", of: here.of, ...(isAll(scope) ? {} : { scope }) });
    this.arrive();
  }

  view(id: PhotoId | null): void {
    if (id === null) return;
    this.select(id);
    this.viewer.open(id, () => this.tiles);
  }

  /** Puts the photos that are meant into the tray. */
  useInComic(id: PhotoId | null): void {
    if (id === null) return;
    this.intake.use(this.viewer.photo === id ? [id] : this.selection.meantBy(id, this.tiles));
  }

  setPanel(wanted: boolean): void {
    this.panelWanted = wanted;
    localStorage.setItem(PANEL_KEY, wanted ? "open" : "closed");
  }

  async reveal(id: PhotoId): Promise<void> {
    await this.attempt(() => this.backend.revealPhoto(id));
  }

  /** Until it is resumed, over restarts too. */
  async pauseIndex(): Promise<void> {
    await this.attempt(() => this.backend.cancelIndex());
  }

  async resumeIndex(): Promise<void> {
    await this.attempt(() => this.backend.resumeIndex());
  }

  /** Looks again at these files that failed, or at all of them; they leave the list until they fail again. */
  async retryProblems(paths: string[] | null): Promise<void> {
    const count = paths?.length ?? this.library.problems.value?.length ?? 0;
    if (!(await this.attempt(() => this.backend.retryProblems(paths)))) return;
    this.toasts.say(t(this.library.paused ? "problems.retryPaused" : "problems.retrying", { count }));
    await this.library.loadProblems();
  }

  showStore(): void {
    this.storeWanted = true;
    this.dialog = "settings";
  }

  closeSettings(): void {
    this.dialog = null;
    this.storeWanted = false;
    void this.preferences.settle();
  }

  async planComic(): Promise<void> {
    await this.preferences.settle();
    await this.studio.prepare(this.tray.request());
  }

  /** Sends what the review shows and goes to where it is drawn. */
  async sendComic(): Promise<void> {
    const drawing = await this.studio.send();
    if (drawing === null) return;
    if (drawing.comic !== null) this.go({ kind: "comic", id: drawing.comic });
    else if (drawing.running) this.go({ kind: "drawing", task: drawing.task });
  }

  /** Asks for a failed drawing once more, after another review; perhaps on the other route or with another key. */
  async redraw(drawing: Drawing, how: { route?: Route; askKey?: boolean } = {}): Promise<void> {
    const request = { ...drawing.request, route: how.route ?? drawing.request.route };
    const comic = request.parent === null ? null : drawing.comic;
    await this.studio.prepare(request, comic, how.askKey ?? false);
  }

  /** Takes a request back to the tray, to say it differently. */
  reword(drawing: Drawing): void {
    this.tray.restore(drawing.request, (id) => this.library.byId.has(id));
    this.callPrompt();
  }

  /** Another comic with the photos of this one. */
  again(comic: Comic): void {
    const first = comic.versions[0];
    this.tray.clear();
    this.intake.use(comic.photos.filter((id) => this.library.byId.has(id)));
    this.tray.layout = comic.layout;
    if (first !== undefined) this.tray.prompt = first.prompt;
    this.callPrompt();
  }

  callPrompt(): void {
    if (!this.showsPhotos) this.go({ kind: "photos" });
    this.promptCalls += 1;
  }

  async deleteComic(comic: Comic): Promise<void> {
    if (!(await this.attempt(() => this.backend.deleteComic(comic.id)))) return;
    const wasHere = this.places.here.kind === "comic";
    this.places.forget((place) => place.kind === "comic" && place.id === comic.id);
    if (wasHere) this.places.go({ kind: "comics" });
    this.toasts.say(t("comic.deleted"), {
      label: t("common.undo"),
      run: () => void this.#restoreComic(comic.id),
    });
    await this.studio.loadComics();
  }

  async saveComic(version: VersionId): Promise<void> {
    await this.attempt(async () => {
      const path = await this.backend.saveComic(version);
      if (path !== null) this.toasts.say(t("comic.saved", { path }));
    });
  }

  async #restoreComic(id: ComicId): Promise<void> {
    await this.attempt(() => this.backend.restoreComic(id));
    await this.studio.loadComics();
  }

  #tilesOf(place: Place): readonly PhotoTile[] {
    switch (place.kind) {
      case "photos":
        return this.library.photos;
      case "recent":
        return this.library.recent;
      case "favourites":
        return this.library.favourites;
      case "folder":
        return this.library.inFolder(place.id);
      case "like": {
        const tiles = this.library.tiles((this.similar.grid.value ?? []).map((one) => one.id));
        return place.scope?.favourites === true ? tiles.filter((tile) => tile.favourite) : tiles;
      }
      default:
        return [];
    }
  }

  #scoresOf(place: Place): ReadonlyMap<PhotoId, number> | null {
    if (place.kind !== "like") return null;
    return new Map((this.similar.grid.value ?? []).map((one) => [one.id, one.score]));
  }

  #forgetPhotos(gone: PhotoId[]): void {
    this.selection.drop(gone);
    for (const id of gone) this.tray.remove(id);
    if (this.viewer.photo !== null && gone.includes(this.viewer.photo)) this.viewer.close();
    if (this.similar.photo !== null && gone.includes(this.similar.photo)) void this.similar.show(null);
    this.places.forget((place) => place.kind === "like" && "photo" in place.of && gone.includes(place.of.photo));
  }

  #endStoreWork(work: StoreWork): void {
    void this.attempt(() => this.store.look());
    if (work.step === "done" && work.job.job === "move") {
      // Answers of the old store are as good, but for what it said of itself.
      this.similar.notice = null;
      void this.similar.refresh();
    }
    if (this.dialog === "settings") return;
    const show = { label: t("common.show"), run: () => this.showStore() };
    if (work.error !== null) this.toasts.fail(work.error);
    else if (work.step === "done" && work.job.job === "move") {
      this.toasts.say(t("store.moved", { store: t(`store.name.${splitAddress(work.job.to).kind}`) }), show);
    } else if (work.step === "done") this.toasts.say(t("store.compared"), show);
  }

  #endDrawing(drawing: Drawing): void {
    void this.studio.loadComics().then(() => {
      const here = this.places.here;
      const watched = here.kind === "drawing" && here.task === drawing.task;
      // Also a drawing that was cut off can leave a comic: the preview that was kept.
      if (watched && drawing.comic !== null) {
        this.places.replace({ kind: "comic", id: drawing.comic });
      } else if (drawing.step === "done" && drawing.comic !== null) {
        const comic = drawing.comic;
        if (here.kind !== "comic" || here.id !== comic) {
          this.toasts.say(t("comic.ready"), {
            label: t("common.show"),
            run: () => this.go({ kind: "comic", id: comic }),
          });
        }
      } else if (!watched && drawing.error !== null && (here.kind !== "comic" || here.id !== drawing.comic)) {
        this.toasts.fail(drawing.error);
      }
    });
  }
}

export const [useApp, provideApp] = createContext<App>();
