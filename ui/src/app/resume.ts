/**
 * Owns what is found again where the page had to be loaded anew, after its process ended: the place, how far it was
 * scrolled, and the photo that was selected. Forgotten when the window closes.
 */
import type { PhotoId } from "../api/bindings";
import { drawingOf, type Place } from "./places";

const KEPT = "fotonovela.where";

export interface Where {
  place: Place;
  scroll: number;
  lead: PhotoId | null;
}

export function keepWhere({ place, scroll, lead }: Where): void {
  // Only the page that sent a drawing can show it.
  const lasting: Place = drawingOf(place) === null ? place : { kind: "comics" };
  sessionStorage.setItem(KEPT, JSON.stringify({ place: lasting, scroll, lead }));
}

export function keptWhere(): Where | null {
  return JSON.parse(sessionStorage.getItem(KEPT) ?? "null") as Where | null;
}
