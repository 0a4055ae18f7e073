/**
 * Answers queries of the fake library as the core would: by time, or by an invented likeness. Never part of the app.
 */
import type { PhotoLayout } from "../backend";
import type { Area, PhotoQuery, PhotoTile, Reason, Scope, SimilarQuery } from "../bindings";
import type { FakeAlbums } from "./albums";
import { meets } from "./filters";
import { detailOf } from "./detail";
import { belongs, newestFirst, type FakeLibrary, type FakePhoto } from "./library";
import { randomFrom, SCENES } from "./scenes";
import { understand } from "./words";

const MOST_ALIKE = 200;
/** One photo in so many is alike in a part only. */
const WITH_AREA = 3;

function likeness(library: FakeLibrary, what: SimilarQuery, kind: number): (photo: FakePhoto) => number {
  if (what.kind === "image") {
    const scene = SCENES[what.token % SCENES.length];
    return (photo) => (photo.scene === scene ? 0.6 + photo.place * 0.35 : 0.1 + photo.place * 0.3);
  }
  if (what.kind === "words") {
    const words = understand(what.text).words.toLowerCase().split(/\s+/u);
    return (photo) => (words.includes(photo.scene) ? 0.6 : 0.1) + photo.place * 0.3;
  }
  if (what.kind === "examples") {
    const parts = what.photos.map(({ id, weight }) => ({
      weight,
      like: likeness(library, { kind: "photo", id }, kind),
    }));
    return (photo) =>
      parts.reduce((sum, { weight, like }) => sum + weight * like(photo), 0) / Math.max(1, parts.length);
  }
  const asked = library.photos.get(what.id);
  if (asked === undefined) {
    throw { code: "not_found", reason: { code: "photo_not_found", params: {} }, detail: "" };
  }
  return (photo) => {
    if (photo === asked) return 1;
    const near = 1 - Math.abs(photo.place - asked.place);
    // The more the kind of thing matters, the less does the look.
    const look = 0.72 * (1 - kind) * near;
    return photo.scene === asked.scene ? 0.98 - 0.72 * (1 - kind) + look : 0.12 + 0.83 * look;
  };
}

/** What is asked for in words beside what photos show. */
function narrowed(among: Scope, what: SimilarQuery | null): Scope {
  if (what?.kind !== "words") return among;
  const { filters, from, until } = understand(what.text);
  const scope = { ...among, filters: [...(among.filters ?? []), ...filters] };
  if (from !== null) scope.from = Math.max(from, among.from ?? from);
  if (until !== null) scope.until = Math.min(until, among.until ?? until);
  return scope;
}

function photosAmong(library: FakeLibrary, albums: FakeAlbums, { among, what }: PhotoQuery): FakePhoto[] {
  const scope = narrowed(among, what);
  const excluded = what?.kind === "words" ? understand(what.text).excluded : [];
  return [...library.photos.values()].filter((photo) => {
    if (!belongs(photo.tile, scope) || excluded.includes(photo.scene)) return false;
    const folder = library.folders.find((one) => one.id === photo.tile.folder);
    const names = albums.namesOf(photo.tile.id);
    return (
      folder === undefined || (scope.filters ?? []).every((filter) => meets(detailOf(photo, folder), names, filter))
    );
  });
}

/** Which part of each is alike: of all where a part is asked for, otherwise of some. */
function areasOf(photos: readonly FakePhoto[], { area, kind, what }: PhotoQuery): Map<number, Area> {
  if (what === null || what.kind === "words" || (kind ?? null) !== null) return new Map();
  const alike = photos.filter(({ tile }) => (area ?? null) !== null || tile.id % WITH_AREA === 0);
  return new Map(
    alike.map(({ tile }) => {
      const random = randomFrom(tile.id + 41);
      return [tile.id, { x: random() * 0.6, y: random() * 0.6, width: 0.35, height: 0.35 }];
    }),
  );
}

export function layoutOf(
  library: FakeLibrary,
  albums: FakeAlbums,
  query: PhotoQuery,
  notice: Reason | null,
): PhotoLayout {
  const { what, limit } = query;
  const places = albums.places(query.among);
  const all = photosAmong(library, albums, query).filter(({ tile }) => places?.has(tile.id) !== false);
  const order = (a: PhotoTile, b: PhotoTile): number =>
    places === null ? newestFirst(a, b) : (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0);
  let scores: number[] = [];
  let photos: FakePhoto[];
  if (what === null) {
    photos = all.sort((a, b) => order(a.tile, b.tile)).slice(0, limit ?? all.length);
  } else {
    const score = likeness(library, what, query.kind ?? 0.5);
    const ranked = all
      .filter((photo) => photo.tile.embedded)
      .map((photo) => ({ photo, score: score(photo) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, limit ?? MOST_ALIKE);
    photos = ranked.map((one) => one.photo);
    scores = ranked.map((one) => one.score);
  }
  return {
    revision: library.revision,
    takenAt: Float64Array.from(photos, ({ tile }) => tile.takenAt),
    ids: Uint32Array.from(photos, ({ tile }) => tile.id),
    scores: Float32Array.from(scores),
    aspects: Uint16Array.from(photos, ({ tile }) => Math.floor((tile.width * 1000 + (tile.height >> 1)) / tile.height)),
    areas: areasOf(photos, query),
    notice: what === null ? null : notice,
  };
}
