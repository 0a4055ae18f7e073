/**
 * Owns the tray: the photos chosen for a comic in their order, the story, and how it shall be drawn. A photo that leaves
 * the library is back in the tray when it returns.
 */
import type { ComicLayout, ComicRequest, PhotoId, Purpose, Quality } from "../../api/bindings";

export const TRAY_LIMIT = 16;
export const SIZES = ["1024x1536", "1536x1024", "1024x1024"] as const;

/** What became of photos that were put in. */
export interface TrayAnswer {
  added: number;
  /** Left out because the tray was full. */
  left: number;
}

export class Tray {
  #chosen = $state.raw<readonly PhotoId[]>([]);
  #away = $state.raw<ReadonlySet<PhotoId>>(new Set());
  photos: readonly PhotoId[] = $derived(this.#chosen.filter((id) => !this.#away.has(id)));
  prompt = $state("");
  layout = $state<ComicLayout>("four_panels");
  size = $state<string>(SIZES[0]);
  quality = $state<Quality>("medium");
  purpose = $state<Purpose>("draft");
  ready = $derived(this.photos.length > 0 && this.prompt.trim() !== "");

  /** Puts photos in at a place, at the end by default. Those already inside move there. */
  put(ids: readonly PhotoId[], at = this.photos.length): TrayAnswer {
    const incoming = [...new Set(ids)];
    const before = this.photos.slice(0, at).filter((id) => !incoming.includes(id));
    const after = this.photos.slice(at).filter((id) => !incoming.includes(id));
    const room = TRAY_LIMIT - before.length - after.length;
    const taken = incoming.slice(0, room);
    const added = taken.filter((id) => !this.photos.includes(id)).length;
    this.#order([...before, ...taken, ...after]);
    return { added, left: incoming.length - taken.length };
  }

  remove(id: PhotoId): void {
    this.#order(this.photos.filter((one) => one !== id));
  }

  /** Moves a photo by some places; answers where it is then. */
  move(id: PhotoId, by: number): number {
    const from = this.photos.indexOf(id);
    if (from < 0) return -1;
    const to = Math.max(0, Math.min(this.photos.length - 1, from + by));
    const photos = this.photos.filter((one) => one !== id);
    photos.splice(to, 0, id);
    this.#order(photos);
    return to;
  }

  clear(): void {
    this.#chosen = [];
    this.#away = new Set();
  }

  /** These photos left the library. */
  leave(gone: ReadonlySet<PhotoId>): void {
    const away = this.#chosen.filter((id) => gone.has(id));
    if (away.length > 0) this.#away = new Set([...this.#away, ...away]);
  }

  /** Photos that left the library and are kept for their return. */
  get away(): PhotoId[] {
    return [...this.#away];
  }

  /** Photos that are in the library again are in the tray again. */
  readmit(present: ReadonlySet<PhotoId>): void {
    const away = this.away.filter((id) => !present.has(id));
    if (away.length === this.#away.size) return;
    this.#away = new Set(away);
    if (this.photos.length > TRAY_LIMIT) this.#order(this.photos.slice(0, TRAY_LIMIT));
  }

  /** Takes the choices of an earlier request back, to change and draw them again. */
  restore(request: ComicRequest, present: ReadonlySet<PhotoId>): void {
    this.#chosen = request.photos;
    this.#away = new Set(request.photos.filter((id) => !present.has(id)));
    this.prompt = request.prompt;
    this.layout = request.layout;
    this.size = request.size;
    this.quality = request.quality;
    this.purpose = request.purpose;
  }

  request(): ComicRequest {
    return {
      ...this.kept(),
      photos: [...this.photos],
      prompt: this.prompt.trim(),
    };
  }

  /** All of it, to be restored later. */
  kept(): ComicRequest {
    return {
      photos: [...this.#chosen],
      prompt: this.prompt,
      layout: this.layout,
      purpose: this.purpose,
      size: this.size,
      quality: this.quality,
      parent: null,
      route: null,
    };
  }

  /** Those that are away come last, once the others were put into an order without them. */
  #order(photos: readonly PhotoId[]): void {
    this.#chosen = [...photos, ...this.#away];
  }
}
