/**
 * Answers queries of the fake library as the core would: by time, or by an invented likeness. Never part of the app.
 */
import type { PhotoLayout } from "../backend";
import type { PhotoQuery, Reason, SimilarQuery } from "../bindings";
import { belongs, newestFirst, type FakeLibrary, type FakePhoto } from "./library";
import { SCENES } from "./scenes";

const MOST_ALIKE = 200;

function likeness(library: FakeLibrary, what: SimilarQuery): (photo: FakePhoto) => number {
  if (what.kind === "image") {
    const scene = SCENES[what.token % SCENES.length];
    return (photo) => (photo.scene === scene ? 0.6 + photo.place * 0.35 : 0.1 + photo.place * 0.3);
  }
  if (what.kind === "words") {
    const words = what.text.toLowerCase().split(/\s+/u);
    return (photo) => (words.includes(photo.scene) ? 0.6 : 0.1) + photo.place * 0.3;
  }
  const asked = library.photos.get(what.id);
  if (asked === undefined) {
    throw { code: "not_found", reason: { code: "photo_not_found", params: {} }, detail: "" };
  }
  return (photo) => {
    if (photo === asked) return 1;
    const near = 1 - Math.abs(photo.place - asked.place);
    return photo.scene === asked.scene ? 0.62 + 0.36 * near : 0.18 + 0.3 * near;
  };
}

export function layoutOf(library: FakeLibrary, query: PhotoQuery, notice: Reason | null): PhotoLayout {
  const { what, among, limit } = query;
  const all = [...library.photos.values()].filter((photo) => belongs(photo.tile, among));
  let scores: number[] = [];
  let photos: FakePhoto[];
  if (what === null) {
    photos = all.sort((a, b) => newestFirst(a.tile, b.tile)).slice(0, limit ?? all.length);
  } else {
    const score = likeness(library, what);
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
    areas: new Map(),
    notice: what === null ? null : notice,
  };
}
