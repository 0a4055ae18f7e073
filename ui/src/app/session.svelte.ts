/**
 * Owns what every feature is given: the way to the core, where the person is, and how they are told something.
 */
import type { Backend } from "../api/backend";
import { toReport } from "../api/errors";
import { Navigation } from "./navigation.svelte";
import type { Place } from "./places";
import { Toasts } from "./toasts.svelte";

/** `stores` are the settings, opened for their part about stores. */
export type DialogName = "settings" | "stores" | "shortcuts" | "palette" | "history" | "date" | "closing";

export class Session {
  readonly backend: Backend;
  readonly toasts = new Toasts();
  readonly navigation: Navigation;
  dialog = $state<DialogName | null>(null);
  #search: (() => void) | null = null;

  constructor(backend: Backend, onArrive: (place: Place) => void = () => undefined) {
    this.backend = backend;
    this.navigation = new Navigation(onArrive);
  }

  /** Has the box for words say what it does when it is wanted; returns how to stop that. */
  onSearchWanted(focus: () => void): () => void {
    this.#search = focus;
    return () => (this.#search = null);
  }

  /** Goes to the box for words. */
  search(): void {
    this.#search?.();
  }

  /** Runs something whose failure is told in a toast; returns whether it went well. */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (thrown) {
      this.toasts.fail(toReport(thrown));
      return false;
    }
  }
}
