/**
 * Owns what a place of the window is, and every question about one: what the window shows there, and what of.
 */
import type {
  Area,
  ComicId,
  FolderId,
  Mark,
  PhotoId,
  PhotoQuery,
  QueryImage,
  Scope,
  SimilarQuery,
  TaskId,
} from "../api/bindings";
import type { TextKey } from "./i18n.svelte";

const DAY_MS = 24 * 3600 * 1000;
const RECENT_MS = 90 * DAY_MS;

/** What the photos of a place are like: a photo, a picture from outside, or what words say. */
export type Likeness = { photo: PhotoId } | { image: QueryImage } | { words: string };

/** What else is said of the photos that are looked for. */
export interface Refinement {
  /** Among which they are; undefined = all. */
  scope?: Scope | undefined;
  /** The part of the picture that they shall have a part like; undefined = all of it. */
  area?: Area | undefined;
  /** What "like" means, from 0, looks like it, to 1, shows the same kind of thing; undefined = both. */
  meaning?: number | undefined;
}

export interface LikePlace extends Refinement {
  kind: "like";
  of: Likeness;
}

export type Place =
  | { kind: "photos" }
  | { kind: "recent" }
  | { kind: "marked"; mark: Mark }
  | { kind: "folder"; id: FolderId }
  | LikePlace
  | { kind: "comics" }
  | { kind: "comic"; id: ComicId }
  | { kind: "drawing"; task: TaskId }
  | { kind: "problems" };

export type View = "photos" | "comics" | "comic" | "problems";

const KINDS: Readonly<Record<Place["kind"], { view: View; title: TextKey }>> = {
  photos: { view: "photos", title: "nav.all" },
  recent: { view: "photos", title: "nav.recent" },
  marked: { view: "photos", title: "nav.all" },
  folder: { view: "photos", title: "nav.folders" },
  like: { view: "photos", title: "similar.title" },
  comics: { view: "comics", title: "nav.comics" },
  comic: { view: "comic", title: "nav.comics" },
  drawing: { view: "comic", title: "nav.comics" },
  problems: { view: "problems", title: "nav.problems" },
};

/** Every photo. */
export const ALL: Scope = { folder: null, mark: null, from: null, until: null, subject: null };

/** The whole picture, looked for inside others. */
export const WHOLE: Area = { x: 0, y: 0, width: 1, height: 1 };

export function isWhole({ width, height }: Area): boolean {
  return width === 1 && height === 1;
}

export function isAll(scope: Scope): boolean {
  return Object.values(scope).every((part) => part === null);
}

export function samePlace(a: Place, b: Place): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What the middle of the window shows there. */
export function viewOf(place: Place): View {
  return KINDS[place.kind].view;
}

/** Places that have no name of their own, such as a folder's, are called so. */
export function titleOf(place: Place): TextKey {
  return place.kind === "marked" ? `mark.${place.mark}.place` : KINDS[place.kind].title;
}

export function isPhotos(place: Place): boolean {
  return viewOf(place) === "photos";
}

export function isPlace<K extends Place["kind"]>(place: Place, kind: K): place is Extract<Place, { kind: K }> {
  return place.kind === kind;
}

export function folderOf(place: Place): FolderId | null {
  return place.kind === "folder" ? place.id : null;
}

export function comicOf(place: Place): ComicId | null {
  return place.kind === "comic" ? place.id : null;
}

/** The drawing that is watched before it is a comic. */
export function drawingOf(place: Place): TaskId | null {
  return place.kind === "drawing" ? place.task : null;
}

/** What the photos there are like. */
export function likenessOf(place: Place): Likeness | null {
  return place.kind === "like" ? place.of : null;
}

/** Among which photos the similar ones are looked for. */
export function scopeOf(place: Place): Scope {
  return (place.kind === "like" ? place.scope : undefined) ?? ALL;
}

/** The part of a picture that the photos there have a part like. */
export function areaOf(place: Place): Area | null {
  return (place.kind === "like" ? place.area : undefined) ?? null;
}

/** What "like" means there; null: both. */
export function meaningOf(place: Place): number | null {
  return (place.kind === "like" ? place.meaning : undefined) ?? null;
}

/** The photo that the others there are like. */
export function likePhoto(place: Place): PhotoId | null {
  const of = likenessOf(place);
  return of !== null && "photo" in of ? of.photo : null;
}

/** The picture from outside that the photos there are like. */
export function likeImage(place: Place): QueryImage | null {
  const of = likenessOf(place);
  return of !== null && "image" in of ? of.image : null;
}

/** The words that say what the photos there show. */
export function likeWords(place: Place): string | null {
  const of = likenessOf(place);
  return of !== null && "words" in of ? of.words : null;
}

/** What the grid asks for there; null where it shows no photos. */
export function queryOf(place: Place, now = Date.now()): PhotoQuery | null {
  if (!isPhotos(place)) return null;
  if (place.kind === "like") return likeQuery(place);
  const among = { ...ALL };
  if (place.kind === "folder") among.folder = place.id;
  if (place.kind === "marked") among.mark = place.mark;
  if (place.kind === "recent") among.from = Math.floor(now / DAY_MS) * DAY_MS - RECENT_MS;
  return { what: null, among, limit: null };
}

function likeQuery({ of, scope = ALL, area, meaning }: LikePlace): PhotoQuery {
  return { what: similarQuery(of), area: area ?? null, kind: meaning ?? null, among: scope, limit: null };
}

function similarQuery(of: Likeness): SimilarQuery {
  if ("words" in of) return { kind: "words", text: of.words };
  return "photo" in of ? { kind: "photo", id: of.photo } : { kind: "image", token: of.image.token };
}
