/**
 * Owns the step from whatever was thrown to the `ErrorReport` that the window shows.
 */
import type { ErrorReport } from "./bindings";

function isReport(value: unknown): value is ErrorReport {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    "message" in value &&
    typeof value.code === "string" &&
    typeof value.message === "string"
  );
}

export function toReport(thrown: unknown): ErrorReport {
  if (isReport(thrown)) return { ...thrown, detail: thrown.detail ?? "" };
  if (thrown instanceof Error) {
    return { code: "service", message: thrown.message, detail: thrown.stack ?? thrown.message };
  }
  // Tauri itself answers with plain strings, for example for a command it does not know.
  return { code: "service", message: String(thrown), detail: String(thrown) };
}
