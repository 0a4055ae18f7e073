/**
 * Owns the tiles of photos, as far as they were asked for: those in sight and around, and those that a panel or the tray
 * shows. Asked for by ids, so an answer is right whatever happened to the order of the grid meanwhile.
 */
import { SvelteMap } from "svelte/reactivity";
import type { Backend } from "../../api/backend";
import type { PhotoChanges, PhotoId, PhotoTile } from "../../api/bindings";

/** Tiles that are kept; about 10 MB. */
const MOST_KEPT = 20_000;
const MOST_AT_ONCE = 500;

export class Tiles {
  #backend: Backend;
  #onError: (thrown: unknown) => void;
  #known = new SvelteMap<PhotoId, PhotoTile>();
  /** Asked for, and not in the library: not asked for again until they return. */
  #gone = new Set<PhotoId>();
  #wanted = new Set<PhotoId>();
  #inSight: readonly PhotoId[] = [];
  #asking = false;

  constructor(backend: Backend, onError: (thrown: unknown) => void) {
    this.#backend = backend;
    this.#onError = onError;
  }

  /** The tile of a photo, where it is known. */
  peek(id: PhotoId): PhotoTile | undefined {
    return this.#known.get(id);
  }

  /** The tile of a photo; one that is not known is asked for, and whoever reads it is told when it is there. */
  get(id: PhotoId): PhotoTile | undefined {
    const tile = this.#known.get(id);
    if (tile === undefined && !this.#gone.has(id)) {
      this.#wanted.add(id);
      void this.#ask();
    }
    return tile;
  }

  /** Those of `ids` whose tiles are known; as `get`. */
  of(ids: readonly PhotoId[]): PhotoTile[] {
    return ids.flatMap((id) => this.get(id) ?? []);
  }

  /** Says what the grid has in sight and around. What it had in sight before need not come any more. */
  show(ids: readonly PhotoId[]): void {
    this.#inSight = ids;
    void this.#ask();
  }

  /** The tiles of those of `ids` that are in the library. */
  async load(ids: readonly PhotoId[]): Promise<PhotoTile[]> {
    const missing = ids.filter((id) => !this.#known.has(id));
    if (missing.length > 0) await this.#fetch(missing);
    return ids.flatMap((id) => this.#known.get(id) ?? []);
  }

  /** Takes in what changed. */
  take(changes: PhotoChanges): void {
    for (const tile of changes.tiles) this.#put(tile);
    for (const id of changes.removed) {
      if (this.#known.delete(id)) this.#gone.add(id);
    }
    this.#forgetOldest();
  }

  /** So much changed that nothing known can be trusted: what is in sight is asked for again, the rest is forgotten. */
  async refresh(): Promise<void> {
    const inSight = new Set(this.#inSight);
    this.#gone.clear();
    for (const id of [...this.#known.keys()]) if (!inSight.has(id)) this.#known.delete(id);
    if (inSight.size > 0) await this.#fetch([...inSight]);
  }

  /** One question at a time; what is wanted meanwhile goes into the next one. */
  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      // What is read in one go is one question.
      await Promise.resolve();
      for (let ids = this.#next(); ids.length > 0; ids = this.#next()) await this.#fetch(ids);
    } catch (thrown) {
      this.#onError(thrown);
    } finally {
      this.#asking = false;
    }
  }

  #next(): PhotoId[] {
    const missing = (id: PhotoId): boolean => !this.#known.has(id) && !this.#gone.has(id);
    const ids = new Set([...this.#wanted, ...this.#inSight].filter(missing));
    this.#wanted.clear();
    return [...ids].slice(0, MOST_AT_ONCE);
  }

  async #fetch(ids: PhotoId[]): Promise<void> {
    const tiles = await this.#backend.photoTiles(ids);
    for (const id of ids) this.#gone.add(id);
    for (const tile of tiles) this.#put(tile);
    for (const id of ids) if (this.#gone.has(id)) this.#known.delete(id);
    this.#forgetOldest();
  }

  #put(tile: PhotoTile): void {
    this.#gone.delete(tile.id);
    this.#known.set(tile.id, tile);
  }

  #forgetOldest(): void {
    const inSight = new Set(this.#inSight);
    for (const id of this.#known.keys()) {
      if (this.#known.size <= MOST_KEPT) return;
      if (!inSight.has(id)) this.#known.delete(id);
    }
  }
}
