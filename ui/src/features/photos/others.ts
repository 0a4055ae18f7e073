/** Owns the words for files that lie among the photos and are none: how many of each kind are not shown. */
import type { IndexStatus, OtherKind } from "../../api/bindings";
import { type TextKey, t, words } from "../../app/i18n.svelte";

/** In the order in which they are told. Files that belong to photos are shown with these. */
const KINDS: Partial<Record<OtherKind, TextKey>> = {
  video: "other.video",
  audio: "other.audio",
  document: "other.document",
  archive: "other.archive",
  other: "other.other",
};

/** `5 videos and 1 document not shown`; empty where there are none. */
export function notShown(other: IndexStatus["other"]): string {
  const kinds = (Object.keys(KINDS) as OtherKind[]).flatMap((kind) => {
    const [key, count] = [KINDS[kind], other[kind] ?? 0];
    return key === undefined || count === 0 ? [] : [t(key, { count })];
  });
  return kinds.length === 0 ? "" : t("other.notShown", { kinds: words.list(kinds) });
}
