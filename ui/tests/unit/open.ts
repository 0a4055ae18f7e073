/**
 * The app over the fake core, as the unit tests begin with it.
 */
import { beforeEach } from "vitest";
import type { Backend } from "../../src/api/backend";
import { fakeBackend, type FakeOptions } from "../../src/api/fake";
import { App } from "../../src/app/app.svelte";
import { words } from "../../src/app/i18n.svelte";
import { ALL } from "../../src/app/places";

/** An open app with 60 photos, or as the options say; `change` replaces commands of the core. */
export async function open(options: FakeOptions = {}, change: Partial<Backend> = {}): Promise<App> {
  const app = new App({ ...fakeBackend({ photos: 60, ...options }), ...change });
  await app.open();
  return app;
}

/** The favourites of the library, newest first. */
export async function favouritesOf(app: App): Promise<number[]> {
  const query = { what: null, among: { ...ALL, mark: "favourite" as const }, limit: null };
  return [...(await app.session.backend.photoLayout(query)).ids];
}

/** Each test begins in English and with nothing kept. */
export function beginAnew(): void {
  beforeEach(() => {
    localStorage.clear();
    sessionStorage.clear();
    words.locale = "en";
  });
}
