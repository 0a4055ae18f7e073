/**
 * Says the core's reasons in the reader's language: the same texts that the command line has.
 */
import type { ErrorReport, Reason } from "../api/bindings";
import en from "../locales/problems.en.json";
import es from "../locales/problems.es.json";
import { words, type Params } from "./i18n.svelte";

const TEXTS: Readonly<Record<string, Record<string, string>>> = { en, es };

/** A clause as a sentence. */
export function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return begun === "" || /[.?]$/.test(begun) ? begun : `${begun}.`;
}

/** What goes with parameters that may not be given, in square brackets. */
const OPTIONAL = /\[([^\]]*)\]/g;

/** The text of a code; the code itself where a newer core has one without a text. `cause` is the code of another text. */
function render(code: string, { cause, ...params }: Params, isBrief = false): string {
  const text = TEXTS[words.locale]?.[code];
  if (text === undefined) return code;
  const all = typeof cause === "string" ? { ...params, cause: render(cause, params, isBrief) } : params;
  const isGiven = (part: string): boolean => [...part.matchAll(/\{(\w+)\}/g)].every(([, name]) => `${name}` in all);
  return words.fill(
    text.replace(OPTIONAL, (_, part: string) => (isGiven(part) && !isBrief ? part : "")),
    all,
  );
}

/** What happened and what to do. */
export function explain({ code, params }: Reason): string {
  return sentence(render(code, params));
}

/** The same without what may differ among files that failed alike. */
export function explainBriefly({ code, params }: Reason): string {
  return sentence(render(code, params, true));
}

/** For reports to others: the reader's text, and what another program said of it. */
export function explainFully(reason: Reason): string {
  const text = explain(reason);
  const detail = String(reason.params["detail"] ?? "");
  return text.includes(detail) ? text : `${text} (${detail})`;
}

/** What "copy details" copies of an error. */
export function detailsOf(error: ErrorReport): string {
  return `${error.code}: ${explainFully(error.reason)}\n${error.detail}`;
}
