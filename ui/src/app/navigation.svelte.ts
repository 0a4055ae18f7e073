/**
 * Owns where the person is, and the way back and forward: every place is visited like a page, so a chain of "find
 * similar" can be walked in both directions.
 */
import type { PhotoId } from "../api/bindings";
import { isPlace, samePlace, type Place } from "./places";

/** Which photos are selected, which of them was acted on last, and where a range begins. */
export interface Selected {
  ids: ReadonlySet<PhotoId>;
  lead: PhotoId | null;
  anchor: PhotoId | null;
}

export interface Visit {
  place: Place;
  /** Where the grid was scrolled to. Written while scrolling, read once on the way back: no need to react to it. */
  scroll: number;
  /** What was selected there last, null if nothing ever was; the same holds. */
  selected: Selected | null;
  /** Tells two visits of the same place apart. */
  key: number;
}

const MOST_VISITS = 100;

/** What is left of a selection when photos go. */
export function without({ ids, lead, anchor }: Selected, gone: ReadonlySet<PhotoId>): Selected {
  const stays = (id: PhotoId | null): PhotoId | null => (id !== null && gone.has(id) ? null : id);
  const left = [...ids].filter((id) => !gone.has(id));
  return { ids: left.length < ids.size ? new Set(left) : ids, lead: stays(lead), anchor: stays(anchor) };
}

export class Navigation {
  /** Whether the sidebar is shown where the window is too narrow to show it always. */
  sidebarShown = $state(false);
  #visits = $state.raw<readonly Visit[]>([{ place: { kind: "photos" }, scroll: 0, selected: null, key: 0 }]);
  #at = $state(0);
  #next = 1;
  #onArrive: (place: Place) => void;

  constructor(onArrive: (place: Place) => void = () => undefined) {
    this.#onArrive = onArrive;
  }

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
    if (samePlace(place, this.here)) {
      this.#arrive();
      return;
    }
    this.#enter(this.#visitTo(place));
  }

  /** Visits a place, be it the same one: the way back leads to how it was left. */
  goAnew(place: Place): void {
    const scroll = samePlace(place, this.here) ? this.visit.scroll : 0;
    this.#enter({ ...this.#visitTo(place), scroll });
  }

  /** Puts another place where this one was, for a place that turned into another, as a drawing into a comic. */
  replace(place: Place, scroll = 0): void {
    const visits = [...this.#visits];
    visits[this.#at] = { ...this.#visitTo(place), scroll };
    this.#visits = visits;
    this.#arrive();
  }

  back(): void {
    if (!this.canGoBack) return;
    this.#at -= 1;
    this.#arrive();
  }

  forward(): void {
    if (!this.canGoForward) return;
    this.#at += 1;
    this.#arrive();
  }

  /** Leaves a chain of "find similar" for the place where it began. */
  leaveChain(): void {
    for (let i = this.#at; i >= 0; i--) {
      const place = this.#visits[i]?.place;
      if (place !== undefined && !isPlace(place, "like")) {
        this.go(place);
        return;
      }
    }
    this.go({ kind: "photos" });
  }

  /** Takes photos out of what was selected anywhere. */
  forgetPhotos(gone: ReadonlySet<PhotoId>): void {
    for (const visit of this.#visits) {
      if (visit.selected !== null) visit.selected = without(visit.selected, gone);
    }
  }

  /** Takes places out that no longer exist. */
  forget(gone: (place: Place) => boolean): void {
    const { key } = this.visit;
    const kept = this.#visits.filter((visit) => !gone(visit.place));
    if (kept.length === this.#visits.length) return;
    const before = this.#visits.slice(0, this.#at + 1).filter((visit) => !gone(visit.place)).length;
    this.#visits = kept.length > 0 ? kept : [this.#visitTo({ kind: "photos" })];
    this.#at = Math.max(0, before - 1);
    if (this.visit.key !== key) this.#arrive();
  }

  #enter(visit: Visit): void {
    const kept = this.#visits.slice(Math.max(0, this.#at + 2 - MOST_VISITS), this.#at + 1);
    this.#visits = [...kept, visit];
    this.#at = this.#visits.length - 1;
    this.#arrive();
  }

  #arrive(): void {
    this.sidebarShown = false;
    this.#onArrive(this.here);
  }

  #visitTo(place: Place): Visit {
    const key = this.#next;
    this.#next += 1;
    return { place, scroll: 0, selected: null, key };
  }
}
