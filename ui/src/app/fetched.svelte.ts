/**
 * Owns one answer of the core and the states on the way to it: loading, slow, failed, ready. A newer question wins over
 * an older one that is still under way.
 */
import type { ErrorReport } from "../api/bindings";
import { toReport } from "../api/errors";

/** Before this, a placeholder is calmer than a spinner. */
const SLOW_AFTER_MS = 300;

export class Fetched<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<ErrorReport | null>(null);
  pending = $state(false);
  slow = $state(false);
  #run = 0;

  /** Asks; the old value stays until the new one is there. Answers null if it failed or was overtaken. */
  async load(ask: () => Promise<T>): Promise<T | null> {
    this.#run += 1;
    const run = this.#run;
    this.pending = true;
    const timer = setTimeout(() => {
      if (run === this.#run) this.slow = true;
    }, SLOW_AFTER_MS);
    try {
      const value = await ask();
      if (run !== this.#run) return null;
      this.value = value;
      this.error = null;
      return value;
    } catch (thrown) {
      if (run === this.#run) this.error = toReport(thrown);
      return null;
    } finally {
      clearTimeout(timer);
      if (run === this.#run) {
        this.pending = false;
        this.slow = false;
      }
    }
  }

  /** Forgets the answer, and whatever is still under way. */
  clear(): void {
    this.#run += 1;
    this.value = null;
    this.error = null;
    this.pending = false;
    this.slow = false;
  }
}
