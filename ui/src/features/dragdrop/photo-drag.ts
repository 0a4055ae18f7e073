/**
 * Owns the drag of photos by pointer, from the grid into the tray and inside the tray. Pointer events, because native
 * drag and drop belongs to files from outside.
 */
import type { PhotoId } from "../../api/bindings";
import type { App } from "../../app/app.svelte";
import { isDrag } from "../../grid/clicks";
import type { PhotoDrag, Zone } from "./drags.svelte";

/** Which target is at a point of the page. */
export function zoneAt(x: number, y: number): Zone {
  return document.elementFromPoint(x, y)?.closest("[data-zone=tray]") ? "tray" : "window";
}

/** Before which photo of the tray a drop would land; null outside. */
function placeInTray(x: number, y: number): number | null {
  if (zoneAt(x, y) !== "tray") return null;
  const items = [...document.querySelectorAll("[data-tray-photo]")];
  return items.filter((item) => {
    const box = item.getBoundingClientRect();
    return box.left + box.width / 2 < x;
  }).length;
}

/** Calls `begin` once the pressed pointer has gone far enough, however fast it leaves what it pressed. */
export function whenDragged(press: PointerEvent, begin: (moved: PointerEvent) => void): void {
  const move = (event: PointerEvent): void => {
    if (event.buttons === 1 && !isDrag(press, event)) return;
    stop();
    if (event.buttons === 1) begin(event);
  };
  const stop = (): void => {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", stop);
    window.removeEventListener("pointercancel", stop);
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", stop);
  window.addEventListener("pointercancel", stop);
}

/** Follows the pointer until it is let go; Esc gives up. */
export function dragPhotos(app: App, start: PointerEvent, ids: readonly PhotoId[], from: PhotoDrag["from"]): void {
  const follow = (event: PointerEvent): void => {
    const { clientX: x, clientY: y } = event;
    app.drags.photos = { ids, from, x, y, at: placeInTray(x, y) };
  };
  const finish = (event: PointerEvent): void => {
    follow(event);
    const at = app.drags.photos?.at ?? null;
    stop();
    if (at !== null) app.comics.use(ids, at);
    swallowClick();
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    stop();
  };
  const stop = (): void => {
    app.drags.photos = null;
    window.removeEventListener("pointermove", follow);
    window.removeEventListener("pointerup", finish);
    window.removeEventListener("pointercancel", stop);
    window.removeEventListener("keydown", key, true);
  };
  window.addEventListener("pointermove", follow);
  window.addEventListener("pointerup", finish);
  window.addEventListener("pointercancel", stop);
  window.addEventListener("keydown", key, true);
  follow(start);
}

/** Letting go over the photo where the drag began would count as a click on it. */
function swallowClick(): void {
  const swallow = (event: MouseEvent): void => event.stopPropagation();
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, true));
}
