/**
 * Reads what a person typed as the core would, in a small part of its language. Never part of the app.
 */
import type { PhotoFilter, Understood } from "../bindings";
import { SCENES } from "./scenes";

const KNOWN = new Set<string>(["a", "and", "at", "in", "my", "of", "on", "the", ...SCENES]);
const WRITTEN = ["beach", "berlin", "beret", "cola", "kitchen"];
const TEXTS = ["camera", "lens", "format", "path", "keyword", "album"] as const;
const SHAPES = ["landscape", "portrait", "square"] as const;

function filterOf(piece: string): PhotoFilter | null {
  const [key = "", ...rest] = piece.split(":");
  const text = rest.join(":").replaceAll('"', "");
  const kind = TEXTS.find((one) => one === key);
  const shape = SHAPES.find((one) => one === text);
  if (text === "") return null;
  if (kind !== undefined) return { kind, text };
  if (key === "rating" && /^\d$/u.test(text)) return { kind: "rating", least: Number(text) };
  if (key === "is" && shape !== undefined) return { kind: "shape", shape };
  if (key === "is" && text === "favourite") return { kind: "favourite" };
  return key === "has" && text === "place" ? { kind: "place" } : null;
}

/** Years, and summers of a year: when they begin, and how many pieces say so. */
function timeOf(piece: string, next: string): { from: number; until: number; count: number } | null {
  const year = /^\d{4}$/u;
  if (year.test(piece)) return { from: Date.UTC(+piece, 0), until: Date.UTC(+piece + 1, 0), count: 1 };
  if (piece !== "summer" || !year.test(next)) return null;
  return { from: Date.UTC(+next, 5), until: Date.UTC(+next, 8), count: 2 };
}

export function understand(text: string): Understood {
  const pieces = text.match(/(?:[^\s"]|"[^"]*(?:"|$))+/gu) ?? [];
  const wanted: string[] = [];
  const said: Understood = { words: "", excluded: [], from: null, until: null, filters: [], unknown: [] };
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at] ?? "";
    const time = said.from === null ? timeOf(piece, pieces[at + 1] ?? "") : null;
    const negated = piece.length > 1 && piece.startsWith("-");
    const bare = negated ? piece.slice(1) : piece;
    const away = negated ? timeOf(bare, "") : null;
    const filter = away === null ? filterOf(bare) : { kind: "taken" as const, from: away.from, until: away.until };
    if (time !== null) {
      said.from = time.from;
      said.until = time.until;
      at += time.count - 1;
    } else if (filter !== null) said.filters.push(negated ? { kind: "not", filter } : filter);
    else if (negated) said.excluded.push(bare.replaceAll('"', ""));
    else wanted.push(piece.replaceAll('"', ""));
  }
  const isKnown = (word: string): boolean => KNOWN.has(word.toLowerCase());
  return { ...said, words: wanted.join(" "), unknown: wanted.filter((word) => !isKnown(word)) };
}

export function suggest(text: string): string[] {
  const start = text.split(/\s+/u).at(-1)?.toLowerCase() ?? "";
  return start === "" ? [] : WRITTEN.filter((word) => word.startsWith(start) && word !== start);
}
