/**
 * Owns the tray: the photos chosen for a comic in their order, the story, and how it shall be drawn.
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
  photos = $state.raw<readonly PhotoId[]>([]);
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
    this.photos = [...before, ...taken, ...after];
    return { added, left: incoming.length - taken.length };
  }

  remove(id: PhotoId): void {
    this.photos = this.photos.filter((one) => one !== id);
  }

  /** Moves a photo by some places; answers where it is then. */
  move(id: PhotoId, by: number): number {
    const from = this.photos.indexOf(id);
    if (from < 0) return -1;
    const to = Math.max(0, Math.min(this.photos.length - 1, from + by));
    const photos = this.photos.filter((one) => one !== id);
    photos.splice(to, 0, id);
    this.photos = photos;
    return to;
  }

  clear(): void {
    this.photos = [];
  }

  /** Takes the choices of an earlier request back, to change and draw them again. */
  restore(request: ComicRequest, known: (id: PhotoId) => boolean): void {
    this.photos = request.photos.filter(known);
    this.prompt = request.prompt;
    this.layout = request.layout;
    this.size = request.size;
    this.quality = request.quality;
    this.purpose = request.purpose;
  }

  request(): ComicRequest {
    return {
      photos: [...this.photos],
      prompt: this.prompt.trim(),
      layout: this.layout,
      purpose: this.purpose,
      size: this.size,
      quality: this.quality,
      parent: null,
      route: null,
    };
  }
}
