/**
 * Owns what the window knows of the library: its photos in order of time, its folders, how far the indexing is, and
 * the files that failed. Follows the core by revisions, so that only what changed crosses over.
 */
import type { Backend } from "../../api/backend";
import type {
  ErrorReport,
  Folder,
  IndexStatus,
  PhotoChanges,
  PhotoId,
  PhotoTile,
  Problem,
  Reason,
} from "../../api/bindings";
import { toReport } from "../../api/errors";
import { Fetched } from "../../app/fetched.svelte";
import { t } from "../../app/i18n.svelte";

/** While photos pour in, the grid takes them in gulps: each one lays the whole grid out again. */
const SYNC_PAUSE_MS = 200;

const RECENT_MS = 90 * 24 * 3600 * 1000;

function newestFirst(a: PhotoTile, b: PhotoTile): number {
  return b.takenAt - a.takenAt || b.id - a.id;
}

/** The order of the grid after some changes; one pass, because both sides are sorted. */
export function mergeTiles(order: readonly PhotoTile[], changes: PhotoChanges): PhotoTile[] {
  const replaced = new Set<PhotoId>(changes.removed);
  for (const tile of changes.tiles) replaced.add(tile.id);
  const fresh = [...changes.tiles].sort(newestFirst);
  const merged: PhotoTile[] = [];
  let next = 0;
  for (const tile of order) {
    if (replaced.has(tile.id)) continue;
    while (next < fresh.length && newestFirst(fresh[next] as PhotoTile, tile) < 0) {
      merged.push(fresh[next] as PhotoTile);
      next += 1;
    }
    merged.push(tile);
  }
  for (; next < fresh.length; next++) merged.push(fresh[next] as PhotoTile);
  return merged;
}

export class Library {
  photos = $state.raw<readonly PhotoTile[]>([]);
  byId = $state.raw<ReadonlyMap<PhotoId, PhotoTile>>(new Map());
  folders = new Fetched<Folder[]>();
  problems = new Fetched<Problem[]>();
  status = $state.raw<IndexStatus | null>(null);
  /** What the person should know about how the library was opened, until they put it away. */
  notice = $state.raw<Reason | null>(null);
  /** True once the first answer is there, be it empty. */
  loaded = $state(false);
  error = $state.raw<ErrorReport | null>(null);
  favourites = $derived(this.photos.filter((tile) => tile.favourite));
  /** The years in which photos were taken, newest first. */
  years = $derived([...new Set(this.photos.map((tile) => new Date(tile.takenAt).getUTCFullYear()))]);
  recent = $derived(this.photos.filter((tile) => tile.takenAt > Date.now() - RECENT_MS));
  /** Whether something keeps the indexing from going on. A missing model is none: thumbnails are made without it. */
  halted = $derived.by(() => {
    const { state, trouble } = this.status ?? { state: "idle", trouble: null };
    return state === "stopped" && trouble !== null && trouble.code !== "model";
  });
  /** Whether the person paused the indexing, now or before the window was opened. */
  paused = $derived(this.status?.state === "stopped" && !this.halted);
  empty = $derived(this.loaded && this.photos.length === 0 && (this.folders.value ?? []).length === 0);

  #backend: Backend;
  #revision = 0;
  #syncing: Promise<void> | null = null;
  #again = false;
  #onRemoved: (gone: PhotoId[]) => void;

  constructor(backend: Backend, onRemoved: (gone: PhotoId[]) => void = () => undefined) {
    this.#backend = backend;
    this.#onRemoved = onRemoved;
  }

  async open(): Promise<void> {
    await Promise.all([this.sync(), this.loadFolders(), this.loadStatus(), this.#loadNotice()]);
  }

  /** Fetches what changed. Calls during a fetch are answered by one more fetch. */
  async sync(): Promise<void> {
    if (this.#syncing === null) this.#syncing = this.#fetch();
    else this.#again = true;
    await this.#syncing;
  }

  async #fetch(): Promise<void> {
    try {
      for (;;) {
        this.#again = false;
        this.#take(await this.#backend.photosSince(this.#revision));
        this.error = null;
        if (!this.#again) break;
        await new Promise((resolve) => setTimeout(resolve, SYNC_PAUSE_MS));
      }
    } catch (thrown) {
      this.error = toReport(thrown);
    } finally {
      this.#syncing = null;
      this.loaded = true;
    }
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

  inFolder(id: number): PhotoTile[] {
    return this.photos.filter((tile) => tile.folder === id);
  }

  tiles(ids: readonly PhotoId[]): PhotoTile[] {
    return ids.flatMap((id) => this.byId.get(id) ?? []);
  }

  async #loadNotice(): Promise<void> {
    try {
      this.notice = await this.#backend.libraryNotice();
    } catch (thrown) {
      this.error ??= toReport(thrown);
    }
  }

  #take(changes: PhotoChanges): void {
    this.#revision = changes.revision;
    if (changes.tiles.length === 0 && changes.removed.length === 0) return;
    const byId = new Map(this.byId);
    for (const id of changes.removed) byId.delete(id);
    for (const tile of changes.tiles) byId.set(tile.id, tile);
    this.byId = byId;
    this.photos = mergeTiles(this.photos, changes);
    if (changes.removed.length > 0) this.#onRemoved(changes.removed);
  }
}
