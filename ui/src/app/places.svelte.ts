/**
 * Owns where the person is, and the way back and forward: every place is visited like a page, so a chain of "find
 * similar" can be walked in both directions.
 */
import type { ComicId, FolderId, PhotoId, QueryImage, Scope, SimilarQuery, TaskId } from "../api/bindings";

export type Likeness = { photo: PhotoId } | { image: QueryImage };

export type Place =
  | { kind: "photos" }
  | { kind: "recent" }
  | { kind: "favourites" }
  | { kind: "folder"; id: FolderId }
  | { kind: "like"; of: Likeness; scope?: Scope }
  | { kind: "comics" }
  | { kind: "comic"; id: ComicId }
  | { kind: "drawing"; task: TaskId }
  | { kind: "problems" };

/** Every photo. */
export const ALL: Scope = { folder: null, favourites: false, from: null, until: null };

export function isAll(scope: Scope): boolean {
  return scope.folder === null && !scope.favourites && scope.from === null && scope.until === null;
}

export interface Visit {
  place: Place;
  /** Where the grid was scrolled to. Written while scrolling, read once on the way back: no need to react to it. */
  scroll: number;
  /** Tells two visits of the same place apart. */
  key: number;
}

const MOST_VISITS = 100;

export function samePlace(a: Place, b: Place): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function similarQuery(of: Likeness): SimilarQuery {
  return "photo" in of ? { kind: "photo", id: of.photo } : { kind: "image", token: of.image.token };
}

export class Places {
  #visits = $state.raw<readonly Visit[]>([{ place: { kind: "photos" }, scroll: 0, key: 0 }]);
  #at = $state(0);
  #next = 1;

  get visit(): Visit {
    return this.#visits[this.#at] as Visit;
  }

  get here(): Place {
    return this.visit.place;
  }

  get canGoBack(): boolean {
    return this.#at > 0;
  }

  get canGoForward(): boolean {
    return this.#at < this.#visits.length - 1;
  }

  go(place: Place): void {
    if (samePlace(place, this.here)) return;
    const kept = this.#visits.slice(Math.max(0, this.#at + 2 - MOST_VISITS), this.#at + 1);
    this.#visits = [...kept, this.#visitTo(place)];
    this.#at = this.#visits.length - 1;
  }

  /** Puts another place where this one was, for a place that turned into another, as a drawing into a comic. */
  replace(place: Place): void {
    this.#visits = this.#visits.map((visit, index) => (index === this.#at ? this.#visitTo(place) : visit));
  }

  back(): void {
    if (this.canGoBack) this.#at -= 1;
  }

  forward(): void {
    if (this.canGoForward) this.#at += 1;
  }

  /** Leaves a chain of "find similar" for the place where it began. */
  leaveChain(): void {
    for (let i = this.#at; i >= 0; i--) {
      const place = this.#visits[i]?.place;
      if (place !== undefined && place.kind !== "like") {
        this.go(place);
        return;
      }
    }
    this.go({ kind: "photos" });
  }

  /** Takes places out that no longer exist. */
  forget(gone: (place: Place) => boolean): void {
    const kept = this.#visits.filter((visit) => !gone(visit.place));
    if (kept.length === this.#visits.length) return;
    const before = this.#visits.slice(0, this.#at + 1).filter((visit) => !gone(visit.place)).length;
    this.#visits = kept.length > 0 ? kept : [this.#visitTo({ kind: "photos" })];
    this.#at = Math.max(0, before - 1);
  }

  #visitTo(place: Place): Visit {
    const key = this.#next;
    this.#next += 1;
    return { place, scroll: 0, key };
  }
}
