/**
 * Owns how letters that somebody typed are found in a label: in their order, at beginnings of words rather than inside.
 */

/** Without accents and capitals, so that "anadir" finds "Añadir". */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** How well the label answers the letters; null where they are not in it. */
export function fuzzyScore(typed: string, label: string): number | null {
  const letters = plain(typed).replace(/\s+/g, "");
  const text = plain(label);
  const whole = text.indexOf(plain(typed).trim());
  if (whole >= 0) return 1000 - whole - (whole > 0 && text[whole - 1] !== " " ? 100 : 0);
  let score = 0;
  let at = -1;
  for (const letter of letters) {
    const begins = text.indexOf(` ${letter}`, at) + 1;
    const next = text.indexOf(letter, at + 1);
    if (next < 0) return null;
    // The letter beside the last one, else the beginning of a word, else wherever it is.
    const found = next === at + 1 || begins === 0 ? next : begins;
    score += found === at + 1 ? 10 : found === begins ? 8 : 0;
    at = found;
  }
  return score;
}

/** Those that answer the letters, best first; all of them, in their order, before anything is typed. */
export function fuzzyFilter<T extends { label: string }>(typed: string, all: readonly T[]): T[] {
  if (typed.trim() === "") return [...all];
  return all
    .map((one) => ({ one, score: fuzzyScore(typed, one.label) }))
    .filter((found): found is { one: T; score: number } => found.score !== null)
    .sort((a, b) => b.score - a.score)
    .map(({ one }) => one);
}
