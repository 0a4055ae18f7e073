/**
 * Owns the scenarios as a script for the page of the real window, over the real core.
 */
import { tauriBackend } from "../../src/api/tauri";
import type { Event } from "../../src/api/bindings";
import { SCENARIOS } from "./all";

export const names = Object.keys(SCENARIOS);

/** Plays a scenario; the library must be empty. Throws what goes wrong. */
export async function play(name: string, folder: string, photos: number): Promise<void> {
  const events: Event[] = [];
  await tauriBackend.subscribe((event) => events.push(event));
  await SCENARIOS[name]?.({ core: tauriBackend, folder, photos, events });
}
