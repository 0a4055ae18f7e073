/**
 * Owns how keys are written down, as "Ctrl k" or "Alt ArrowLeft", recognised, and shown to people.
 */
import { t } from "../../app/i18n.svelte";

const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  "-": "−",
};

/** Keys whose names are written on them in the reader's language. */
const NAMED = ["Delete", "End", "Enter", "Home", "Shift", "Space"] as const;

/**
 * Whether the press is this chord. Ctrl is Command on a Mac. Shift counts only for letters beside another modifier, so
 * that capitals and "?" are keys as well.
 */
export function isChord(event: KeyboardEvent, chord: string): boolean {
  const parts = chord.split(" ");
  const ctrl = event.ctrlKey || event.metaKey;
  if (parts.includes("Ctrl") !== ctrl || parts.includes("Alt") !== event.altKey) return false;
  const letter = /^[a-z]$/i.test(event.key);
  if (letter && (ctrl || event.altKey) && parts.includes("Shift") !== event.shiftKey) return false;
  return parts.at(-1)?.toLowerCase() === event.key.toLowerCase();
}

export function chordText(chord: string): string {
  return chord.split(" ").map(keyText).join(" ");
}

function keyText(key: string): string {
  const named = NAMED.find((name) => name === key);
  if (named !== undefined) return t(`chord.${named}`);
  return SIGNS[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}
