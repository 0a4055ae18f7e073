/**
 * Owns which pieces of a typed text became what, so that one thing can be taken out of it, and another written into it.
 * Follows core's search/sentence.rs. Pure.
 */
import type { Understood } from "../../api/bindings";

/** Something that a text says beside its words: a list of what was understood, and the place there. */
export interface Part {
  kind: "excluded" | "filter" | "time";
  at: number;
}

/** What is between blanks, but for those in quotes. */
function piecesOf(text: string): string[] {
  return text.match(/(?:[^\s"]|"[^"]*(?:"|$))+/gu) ?? [];
}

function unquoted(piece: string): string {
  return piece.replaceAll('"', "");
}

/** What each piece became; null: one of the words. */
function partsOf(pieces: readonly string[], { words, excluded, filters }: Understood): (Part | null)[] {
  let rest = words;
  const next = { excluded: 0, filter: 0 };
  const take = (kind: "excluded" | "filter"): Part => ({ kind, at: next[kind]++ });
  const excludes = (word = ""): boolean => word !== "" && unquoted(word) === excluded[next.excluded];
  const parts: (Part | null)[] = [];
  while (parts.length < pieces.length) {
    const piece = pieces[parts.length] ?? "";
    const plain = unquoted(piece);
    if (piece === "NOT" && excludes(pieces[parts.length + 1])) {
      const part = take("excluded");
      parts.push(part, part);
    } else if (piece.startsWith("-") && excludes(piece.slice(1))) parts.push(take("excluded"));
    else if (rest === plain || rest.startsWith(`${plain} `)) {
      rest = rest.slice(plain.length + 1);
      parts.push(null);
    } else if (/^-|:/u.test(piece) && next.filter < filters.length) parts.push(take("filter"));
    else parts.push({ kind: "time", at: 0 });
  }
  return parts;
}

/** The text without what it says of one thing. */
export function withoutPart(text: string, understood: Understood, gone: Part): string {
  const pieces = piecesOf(text);
  const parts = partsOf(pieces, understood);
  return pieces.filter((_, index) => parts[index]?.kind !== gone.kind || parts[index]?.at !== gone.at).join(" ");
}

/** The text with another word in the place of the last one, which it goes on with. */
export function withLast(text: string, word: string): string {
  return `${text.replace(/\S*$/u, "")}${word}`;
}
