/**
 * Says which fake photos meet a condition, as the core would. Never part of the app.
 */
import type { PhotoDetail, PhotoFilter } from "../bindings";

/** `albums`: names of the albums that it is in. */
export function meets(detail: PhotoDetail, albums: readonly string[], filter: PhotoFilter): boolean {
  const { height, marks, width } = detail.tile;
  const has = (text: string | null, part: string): boolean =>
    text !== null && text.toLowerCase().includes(part.toLowerCase());
  switch (filter.kind) {
    case "not":
      return !meets(detail, albums, filter.filter);
    case "favourite":
      return marks.includes("favourite");
    case "taken":
      return detail.tile.takenAt >= filter.from && detail.tile.takenAt < filter.until;
    case "place":
      return detail.gps !== null;
    case "rating":
      return (detail.rating ?? 0) >= filter.least;
    case "shape":
      return filter.shape === (width === height ? "square" : width > height ? "landscape" : "portrait");
    case "keyword":
      return detail.keywords.some((word) => has(word, filter.text));
    case "album":
      return albums.some((name) => has(name, filter.text));
    default:
      return has(detail[filter.kind], filter.text);
  }
}
