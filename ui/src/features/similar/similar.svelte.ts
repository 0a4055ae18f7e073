/**
 * Owns similar photos: those of the selected photo for the side panel, with everything known about it, and those that
 * fill the grid.
 */
import type { Backend, PhotoLayout } from "../../api/backend";
import type { Area, PhotoDetail, PhotoId, PhotoQuery, Reason } from "../../api/bindings";
import { Fetched } from "../../app/fetched.svelte";
import { ALL } from "../../app/places";
import { NO_PHOTOS } from "../photos/merge";

const PANEL_LIMIT = 24;

/** A photo of the panel, and how alike it is. */
export interface SimilarPhoto {
  id: PhotoId;
  score: number;
  /** The part that is alike, where it is not the whole. */
  area: Area | null;
}

export class Similar {
  /** The photo in the panel. */
  photo = $state<PhotoId | null>(null);
  detail = new Fetched<PhotoDetail>();
  panel = new Fetched<SimilarPhoto[]>();
  /** What "similar" means in the panel, from 0, looks like it, to 1, the same kind of thing; null: both. */
  meaning = $state<number | null>(null);
  /** Photos in the grid, most alike first. */
  grid = new Fetched<PhotoLayout>();
  /** What the last answer said of the store that it should have come from. */
  notice = $state.raw<Reason | null>(null);
  /** The photo of the grid's question is not ready to be compared. */
  gridWaits = $state(false);
  /** The photo of the panel is not ready to be compared; looked at again as the indexing goes on. */
  waits = $derived(this.detail.value !== null && !this.detail.value.tile.embedded);

  #backend: Backend;
  #asked: PhotoQuery | null = null;
  #answers = new Map<string, PhotoLayout>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Fills the panel for a photo; null empties it. */
  async show(photo: PhotoId | null): Promise<void> {
    if (photo === this.photo) return;
    this.photo = photo;
    if (photo === null) {
      this.detail.clear();
      this.panel.clear();
      return;
    }
    await this.#fillPanel(photo);
  }

  /** Fills the panel with what is similar in another sense. */
  async mean(meaning: number | null): Promise<void> {
    this.meaning = meaning;
    if (this.photo !== null) await this.#fillPanel(this.photo);
  }

  /** Fills the grid with the photos of a query for likeness. */
  async find(query: PhotoQuery): Promise<void> {
    this.#asked = query;
    this.grid.clear();
    this.gridWaits = false;
    await this.#fillGrid(query);
  }

  async #fillGrid(query: PhotoQuery): Promise<void> {
    const key = JSON.stringify(query);
    const answers = this.#answers;
    const known = answers.get(key);
    const found = await this.grid.load(async () => {
      if (known !== undefined) return known;
      const waits = !(await this.#isReady(query));
      if (this.#asked === query) this.gridWaits = waits;
      return waits ? NO_PHOTOS : this.#ask(query);
    });
    if (found !== null && !this.gridWaits) answers.set(key, found);
  }

  /** Whether the photo that the others shall be like can be compared. */
  async #isReady({ what }: PhotoQuery): Promise<boolean> {
    if (what?.kind !== "photo") return true;
    const [tile] = await this.#backend.photoTiles([what.id]);
    return tile?.embedded ?? false;
  }

  /** The library moved on: forget old answers and look again at what was not ready. */
  async refresh(): Promise<void> {
    await this.#askAgain(this.waits || this.panel.error !== null);
  }

  /** The library changed: what left it or the scope of the grid leaves the grid too. */
  async takeChanges(gone: ReadonlySet<PhotoId> = new Set()): Promise<void> {
    const { value } = this.grid;
    const isConcerned = this.#asked?.among.mark != null || value?.ids.some((id) => gone.has(id));
    if (value !== null && this.#asked !== null && isConcerned) await this.#fillGrid(this.#asked);
  }

  /** What was asked before may have another answer now; so may what is being asked. */
  forgetAnswers(): void {
    this.#answers = new Map();
  }

  /** Reads everything about the shown photo again, after its file changed. */
  async reread(): Promise<void> {
    await this.#askAgain(true);
  }

  async #askAgain(forPanel: boolean): Promise<void> {
    this.forgetAnswers();
    const jobs: Promise<unknown>[] = [];
    if (forPanel && this.photo !== null) jobs.push(this.#fillPanel(this.photo));
    if (this.gridWaits && this.#asked !== null) jobs.push(this.find(this.#asked));
    await Promise.all(jobs);
  }

  async #ask(query: PhotoQuery): Promise<PhotoLayout> {
    const found = await this.#backend.photoLayout(query);
    this.notice = found.notice;
    return found;
  }

  async #fillPanel(photo: PhotoId): Promise<void> {
    const detail = this.detail.load(() => this.#backend.photo(photo));
    if (!(await detail)?.tile.embedded) {
      if (this.photo === photo) this.panel.clear();
      return;
    }
    await this.panel.load(async () => {
      const what = { kind: "photo", id: photo } as const;
      const query = { what, kind: this.meaning, among: ALL, limit: PANEL_LIMIT + 1 };
      const { areas, ids, scores } = await this.#ask(query);
      const found = Array.from(ids, (id, at) => ({ id, score: scores[at] ?? 0, area: areas.get(id) ?? null }));
      return found.filter((one) => one.id !== photo).slice(0, PANEL_LIMIT);
    });
  }
}
