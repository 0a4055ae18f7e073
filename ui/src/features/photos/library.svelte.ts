/**
 * Owns what the window knows of the library: the layout of the photos that are looked at, its folders, how far the indexing
 * is, and the files that failed. Follows the core by revisions, so that only what changed crosses over.
 */
import type { Backend, PhotoLayout } from "../../api/backend";
import type {
  ErrorReport,
  Folder,
  IndexStatus,
  PhotoId,
  PhotoQuery,
  PhotoSummary,
  Problem,
  Reason,
} from "../../api/bindings";
import { toReport } from "../../api/errors";
import { Fetched } from "../../app/fetched.svelte";
import { t } from "../../app/i18n.svelte";
import { ALL } from "../../app/places";
import { mergeLayout } from "./merge";
import { Tiles } from "./tiles.svelte";

/** While photos pour in, the grid takes them in gulps: each one lays the whole grid out again. */
const SYNC_PAUSE_MS = 200;

/** And the larger it is, the longer it rests: a million photos for a second. */
const PHOTOS_PER_MS = 1000;

/** Layouts of other places that are kept, for the way back. */
const MOST_KEPT = 3;

const NOTHING: PhotoSummary = { photos: 0, marked: {}, years: [] };

/** A layout, and the revision up to which it is followed; the layout itself changes only when the grid has to. */
interface Followed {
  photos: PhotoLayout;
  revision: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class Library {
  readonly tiles: Tiles;
  /** All photos of the query that is looked at, newest first; null until they are there. */
  layout = $state.raw<PhotoLayout | null>(null);
  summary = $state.raw<PhotoSummary>(NOTHING);
  folders = new Fetched<Folder[]>();
  problems = new Fetched<Problem[]>();
  status = $state.raw<IndexStatus | null>(null);
  /** What the person should know about how the library was opened, until they put it away. */
  notice = $state.raw<Reason | null>(null);
  /** True once the first answer is there, be it empty. */
  loaded = $state(false);
  error = $state.raw<ErrorReport | null>(null);
  /** Whether something keeps the indexing from going on. A missing model is none: thumbnails are made without it. */
  halted = $derived.by(() => {
    const { state, trouble } = this.status ?? { state: "idle", trouble: null };
    return state === "stopped" && trouble !== null && trouble.code !== "model";
  });
  /** Whether the person paused the indexing, now or before the window was opened. */
  paused = $derived(this.status?.state === "stopped" && !this.halted);
  empty = $derived(this.loaded && this.summary.photos === 0 && (this.folders.value ?? []).length === 0);

  #backend: Backend;
  #query: PhotoQuery = { what: null, among: ALL, limit: null };
  /** By query, the one that was looked at last at the end. */
  #followed = new Map<string, Followed>();
  /** How far tiles and numbers are followed; null: not yet. */
  #revision: number | null = null;
  #syncing: Promise<void> | null = null;
  #again = false;
  #onRemoved: (gone: ReadonlySet<PhotoId>) => void;

  constructor(backend: Backend, onRemoved: (gone: ReadonlySet<PhotoId>) => void = () => undefined) {
    this.#backend = backend;
    this.#onRemoved = onRemoved;
    this.tiles = new Tiles(backend, (thrown) => (this.error = toReport(thrown)));
  }

  async open(): Promise<void> {
    await Promise.all([this.sync(), this.loadFolders(), this.loadStatus(), this.#loadNotice()]);
  }

  /** Looks at the photos of another query, which asks for no likeness. */
  async look(query: PhotoQuery): Promise<void> {
    const key = JSON.stringify(query);
    if (key === JSON.stringify(this.#query)) return;
    this.#query = query;
    this.layout = this.#followed.get(key)?.photos ?? null;
    if (this.layout === null) await this.#attempt(() => this.#read(query));
    await this.sync();
  }

  /** Fetches what changed. Calls during a fetch are answered by one more fetch. */
  async sync(): Promise<void> {
    if (this.#syncing === null) this.#syncing = this.#fetch();
    else this.#again = true;
    await this.#syncing;
  }

  async #fetch(): Promise<void> {
    await this.#attempt(async () => {
      for (;;) {
        this.#again = false;
        const before = this.layout;
        await this.#follow(this.#query);
        if (!this.#again) break;
        const count = this.layout === before ? 0 : (before?.ids.length ?? 0);
        await pause(Math.max(SYNC_PAUSE_MS, count / PHOTOS_PER_MS));
      }
    });
    this.#syncing = null;
    this.loaded = true;
  }

  async #attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.error = null;
    } catch (thrown) {
      this.error = toReport(thrown);
    }
  }

  async #read(query: PhotoQuery): Promise<Followed> {
    const photos = await this.#backend.photoLayout(query);
    return this.#keep(query, photos, photos.revision);
  }

  /** Brings the layout of a query to the newest revision, and with it all that is known of the library. */
  async #follow(query: PhotoQuery): Promise<void> {
    const from = this.#followed.get(JSON.stringify(query)) ?? (await this.#read(query));
    const since = this.#revision === null ? from.revision : Math.min(from.revision, this.#revision);
    const changes = await this.#backend.photoChanges(query.among, since);
    if (changes.tooMany) await Promise.all([this.#read(query), this.tiles.refresh()]);
    else {
      this.#keep(query, mergeLayout(from.photos, changes), changes.revision);
      this.tiles.take(changes);
    }
    if (this.#revision !== changes.revision) this.summary = await this.#backend.photoSummary();
    this.#revision = changes.revision;
    if (changes.removed.length > 0) this.#onRemoved(new Set(changes.removed));
  }

  #keep(query: PhotoQuery, photos: PhotoLayout, revision: number): Followed {
    const key = JSON.stringify(query);
    const followed = { photos, revision };
    this.#followed.delete(key);
    this.#followed.set(key, followed);
    for (const old of this.#followed.keys()) {
      if (this.#followed.size <= MOST_KEPT) break;
      this.#followed.delete(old);
    }
    if (key === JSON.stringify(this.#query)) this.layout = photos;
    return followed;
  }

  async loadFolders(): Promise<void> {
    await this.folders.load(() => this.#backend.folders());
  }

  async loadProblems(): Promise<void> {
    await this.problems.load(() => this.#backend.problems());
  }

  async loadStatus(): Promise<void> {
    try {
      this.status = await this.#backend.indexStatus();
    } catch (thrown) {
      this.error ??= toReport(thrown);
    }
  }

  /** What the trouble means for the person, in few words. */
  get troubleTitle(): string {
    switch (this.status?.trouble?.code) {
      case "disk":
        return t("trouble.disk");
      case "catalog":
        return t("trouble.catalog");
      case "model":
        return t("trouble.model");
      default:
        return t("trouble.other");
    }
  }

  /** Those of `ids` that are in the library. */
  async present(ids: readonly PhotoId[]): Promise<PhotoId[]> {
    return (await this.tiles.load(ids)).map(({ id }) => id);
  }

  async #loadNotice(): Promise<void> {
    try {
      this.notice = await this.#backend.libraryNotice();
    } catch (thrown) {
      this.error ??= toReport(thrown);
    }
  }
}
