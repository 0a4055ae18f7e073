/**
 * Owns how keys are written down, as "Ctrl k" or "Alt ArrowLeft", recognised, and shown to people.
 */
const SHOWN: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  "-": "−",
};

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
  return chord
    .split(" ")
    .map((part) => SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(" ");
}
