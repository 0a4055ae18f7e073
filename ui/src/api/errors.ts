/**
 * Owns the step from whatever was thrown to the `ErrorReport` that the window shows.
 */
import type { ErrorReport } from "./bindings";

function isReport(value: unknown): value is ErrorReport {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    "reason" in value &&
    typeof value.code === "string" &&
    typeof value.reason === "object"
  );
}

function failedInternally(said: string, detail: string): ErrorReport {
  return { code: "service", reason: { code: "failed_internally", params: { detail: said } }, detail };
}

export function toReport(thrown: unknown): ErrorReport {
  if (isReport(thrown)) return { ...thrown, detail: thrown.detail ?? "" };
  if (thrown instanceof Error) return failedInternally(thrown.message, thrown.stack ?? thrown.message);
  // Tauri itself answers with plain strings, for example for a command it does not know.
  return failedInternally(String(thrown), String(thrown));
}
