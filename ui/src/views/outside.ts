/**
 * Owns what reaches the page from outside: native file drags, pictures dropped from a browser, pasted pictures.
 */
import type { App } from "../state/app.svelte";
import { zoneAt } from "./photo-drag";

/** Follows native drags, and the page's own drops where there are no native ones. Answers how to stop. */
export function takeDrops(app: App): () => void {
  let gone = false;
  let stopNative = (): void => undefined;
  void app.backend
    .onFileDrag((drag) => {
      const drop = app.drags.follow(drag, zoneAt);
      if (drop !== null) void app.intake.drop(drop.kind, drop.paths, drop.zone);
    })
    .then((stop) => {
      stopNative = stop;
      if (gone) stop();
    })
    .catch(() => undefined);

  const over = (event: DragEvent): void => {
    const items = [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === "file");
    if (items.length === 0) return;
    event.preventDefault();
    const kind = items.some((item) => item.type.startsWith("image/")) ? "image" : "other";
    app.drags.files = { kind, count: items.length, zone: "window" };
  };
  const leave = (event: DragEvent): void => {
    if (event.relatedTarget === null) app.drags.files = null;
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    app.drags.files = null;
    const file = imageIn(event.dataTransfer);
    if (file !== null) void app.intake.search(file, file.name);
  };
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", leave);
  document.addEventListener("drop", drop);
  return () => {
    gone = true;
    stopNative();
    document.removeEventListener("dragover", over);
    document.removeEventListener("dragleave", leave);
    document.removeEventListener("drop", drop);
  };
}

/** A pasted picture searches, wherever the focus is; text goes to its field as ever. */
export function takePastes(app: App): () => void {
  const paste = (event: ClipboardEvent): void => {
    const file = imageIn(event.clipboardData);
    if (file === null || document.querySelector("dialog[open]") !== null) return;
    event.preventDefault();
    app.viewer.close();
    // The clipboard names every picture alike, "image.png"; that is no name.
    void app.intake.search(file, file.name === "image.png" ? "" : file.name);
  };
  // WebKit pastes outside of fields only if somebody claims that it is possible.
  const claim = (event: globalThis.Event): void => {
    if (!(event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement))
      event.preventDefault();
  };
  document.addEventListener("paste", paste);
  document.addEventListener("beforepaste", claim);
  return () => {
    document.removeEventListener("paste", paste);
    document.removeEventListener("beforepaste", claim);
  };
}

function imageIn(data: DataTransfer | null): File | null {
  for (const file of data?.files ?? []) if (file.type.startsWith("image/")) return file;
  for (const item of data?.items ?? []) {
    const file = item.kind === "file" && item.type.startsWith("image/") ? item.getAsFile() : null;
    if (file !== null) return file;
  }
  return null;
}
