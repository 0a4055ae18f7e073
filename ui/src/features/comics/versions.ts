/**
 * Owns which versions of a comic are whole. A drawing that was cut off leaves its last preview, which is kept because it
 * may have been paid for, and is no comic yet.
 */
import type { Comic, ComicVersion } from "../../api/bindings";

export function wholeVersions(comic: Comic): ComicVersion[] {
  return comic.versions.filter(({ partial }) => !partial);
}

/** Whether nothing of the comic is whole. */
export function isUnfinished(comic: Comic): boolean {
  return wholeVersions(comic).length === 0;
}

/** The version that stands for the comic: the newest whole one, or a preview if there is none. */
export function shownVersion(comic: Comic): ComicVersion | null {
  return wholeVersions(comic).at(-1) ?? comic.versions.at(-1) ?? null;
}
