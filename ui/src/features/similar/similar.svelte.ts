/**
 * Owns similar photos: those of the selected photo for the side panel, with everything known about it, and those that
 * fill the grid.
 */
import type { Backend } from "../../api/backend";
import type { PhotoDetail, PhotoId, Reason, Scope, SimilarPhoto, SimilarQuery } from "../../api/bindings";
import { Fetched } from "../../app/fetched.svelte";
import { ALL, similarQuery, type Likeness } from "../../app/places";

const PANEL_LIMIT = 24;
const GRID_LIMIT = 200;

export class Similar {
  /** The photo in the panel. */
  photo = $state<PhotoId | null>(null);
  detail = new Fetched<PhotoDetail>();
  panel = new Fetched<SimilarPhoto[]>();
  /** Photos in the grid, most alike first. */
  grid = new Fetched<SimilarPhoto[]>();
  /** What the last answer said of the store that it should have come from. */
  notice = $state.raw<Reason | null>(null);
  /** The photo of the grid's question is not ready to be compared. */
  gridWaits = $state(false);
  /** The photo of the panel is not ready to be compared; looked at again as the indexing goes on. */
  waits = $derived(this.detail.value !== null && !this.detail.value.embedded);

  #backend: Backend;
  #asked: { of: Likeness; scope: Scope } | null = null;
  #answers = new Map<string, SimilarPhoto[]>();

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

  /** Fills the grid with photos of the scope. */
  async find(of: Likeness, scope: Scope = ALL): Promise<void> {
    const key = JSON.stringify([similarQuery(of), scope]);
    const asked = { of, scope };
    this.#asked = asked;
    const answers = this.#answers;
    const known = answers.get(key);
    this.grid.clear();
    this.gridWaits = false;
    const found = await this.grid.load(async () => {
      if (known !== undefined) return known;
      if ("photo" in of && !(await this.#backend.photo(of.photo)).embedded) {
        if (this.#asked === asked) this.gridWaits = true;
        return [];
      }
      return this.#ask(similarQuery(of), scope, GRID_LIMIT);
    });
    if (found !== null && !this.gridWaits) answers.set(key, found);
  }

  /** The library moved on: forget old answers and look again at what was not ready. */
  async refresh(): Promise<void> {
    await this.#askAgain(this.waits || this.panel.error !== null);
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
    if (this.gridWaits && this.#asked !== null) jobs.push(this.find(this.#asked.of, this.#asked.scope));
    await Promise.all(jobs);
  }

  async #ask(query: SimilarQuery, scope: Scope, limit: number): Promise<SimilarPhoto[]> {
    const { photos, notice } = await this.#backend.similar(query, scope, limit);
    this.notice = notice;
    return photos;
  }

  async #fillPanel(photo: PhotoId): Promise<void> {
    const detail = this.detail.load(() => this.#backend.photo(photo));
    if (!(await detail)?.embedded) {
      if (this.photo === photo) this.panel.clear();
      return;
    }
    await this.panel.load(async () => {
      const found = await this.#ask({ kind: "photo", id: photo }, ALL, PANEL_LIMIT + 1);
      return found.filter((one) => one.id !== photo).slice(0, PANEL_LIMIT);
    });
  }
}
