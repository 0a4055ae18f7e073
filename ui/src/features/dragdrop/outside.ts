/**
 * Owns what reaches the page from outside: native file drags and pasted pictures.
 */
import type { App } from "../../app/app.svelte";
import { zoneAt } from "./photo-drag";

/** Follows native drags. Answers how to stop. */
export function takeDrops(app: App): () => void {
  let gone = false;
  let stopNative = (): void => undefined;
  void app.session.backend
    .onFileDrag((drag) => {
      const drop = app.drags.follow(drag, zoneAt);
      if (drop !== null) void app.intake.drop(drop.kind, drop.paths, drop.zone);
    })
    .then((stop) => {
      stopNative = stop;
      if (gone) stop();
    })
    .catch(() => undefined);

  // The web view sees the same drag. Claimed, it may be dropped here, and the page is not left for the file; what is
  // shown follows the native drag alone, since the page hears of its end late or not at all.
  const claim = (event: DragEvent): void => {
    const isFile = [...(event.dataTransfer?.items ?? [])].some((item) => item.kind === "file");
    if (isFile) event.preventDefault();
  };
  document.addEventListener("dragover", claim);
  document.addEventListener("drop", claim);
  return () => {
    gone = true;
    stopNative();
    document.removeEventListener("dragover", claim);
    document.removeEventListener("drop", claim);
  };
}

/**
 * A pasted picture searches, wherever the focus is, and pasted files do what dropping them would; text goes to its field
 * as ever.
 */
export function takePastes(app: App): () => void {
  // WebKitGTK hands the page neither pictures nor files, and does not say what there is.
  const fromSystem = (): void => void app.intake.paste().then((found) => found && app.viewer.close());
  const paste = (event: ClipboardEvent): void => {
    if (document.querySelector("dialog[open]") !== null) return;
    const file = imageIn(event.clipboardData);
    if (file === null && isField(event.target)) {
      unlessTaken(event.target, fromSystem);
      return;
    }
    event.preventDefault();
    if (file === null) {
      fromSystem();
      return;
    }
    app.viewer.close();
    // The clipboard names every picture alike, "image.png"; that is no name.
    void app.intake.search(file, file.name === "image.png" ? "" : file.name);
  };
  // WebKit pastes outside of fields only if somebody claims that it is possible.
  const claim = (event: globalThis.Event): void => {
    if (!isField(event.target)) event.preventDefault();
  };
  document.addEventListener("paste", paste);
  document.addEventListener("beforepaste", claim);
  return () => {
    document.removeEventListener("paste", paste);
    document.removeEventListener("beforepaste", claim);
  };
}

function isField(target: EventTarget | null): target is HTMLInputElement | HTMLTextAreaElement {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/**
 * Runs `otherwise` where the field finds nothing to take in what is being pasted. What it holds tells, not its events: WebKit
 * tells of input where there was none.
 */
function unlessTaken(field: HTMLInputElement | HTMLTextAreaElement, otherwise: () => void): void {
  const before = field.value;
  setTimeout(() => {
    if (field.value === before) otherwise();
  });
}

function imageIn(data: DataTransfer | null): File | null {
  for (const file of data?.files ?? []) if (file.type.startsWith("image/")) return file;
  for (const item of data?.items ?? []) {
    const file = item.kind === "file" && item.type.startsWith("image/") ? item.getAsFile() : null;
    if (file !== null) return file;
  }
  return null;
}
