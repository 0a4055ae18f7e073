/**
 * Owns the words in which a search says what it understood.
 */
import type { PhotoFilter, Understood } from "../../api/bindings";
import { t, words } from "../../app/i18n.svelte";
import type { Part } from "./sentence";

export interface Chip extends Part {
  label: string;
}

export function chipsOf({ excluded, from, until, filters }: Understood): Chip[] {
  return [
    ...(from === null || until === null ? [] : [{ kind: "time" as const, at: 0, label: words.period(from, until) }]),
    ...filters.map((filter, at) => ({ kind: "filter" as const, at, label: labelOf(filter) })),
    ...excluded.map((word, at) => ({ kind: "excluded" as const, at, label: t("search.without", { word }) })),
  ];
}

function labelOf(filter: PhotoFilter): string {
  switch (filter.kind) {
    case "not":
      return t("search.not", { what: labelOf(filter.filter) });
    case "shape":
      return t(`search.shape.${filter.shape}`);
    case "rating":
      return t("search.rating", { count: filter.least });
    case "favourite":
      return t("mark.favourite.place");
    case "taken":
      return words.period(filter.from, filter.until);
    case "place":
      return t("search.place");
    default:
      return t(`search.filter.${filter.kind}`, { text: filter.text });
  }
}
