/**
 * Owns the settings of the library and the state of the key; applies theme and language to the page.
 */
import type { Backend } from "../../api/backend";
import type { ErrorReport, KeyState, Settings } from "../../api/bindings";
import { toReport } from "../../api/errors";
import { localeFor, words } from "../../app/i18n.svelte";

const SAVE_PAUSE_MS = 400;
export const ROW_HEIGHT = { least: 120, usual: 180, most: 360 } as const;

export class Preferences {
  settings = $state.raw<Settings | null>(null);
  key = $state<KeyState>("missing");
  /** Why the last change could not be saved. */
  error = $state.raw<ErrorReport | null>(null);
  rowHeight = $derived(this.settings?.rowHeight ?? ROW_HEIGHT.usual);

  #backend: Backend;
  #onError: (error: ErrorReport) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The height between two whole pixels, or slow turns of a wheel would be rounded away. */
  #exactHeight = 0;

  constructor(backend: Backend, onError: (error: ErrorReport) => void = () => undefined) {
    this.#backend = backend;
    this.#onError = onError;
  }

  async open(): Promise<void> {
    try {
      this.settings = await this.#backend.settings();
      this.#apply();
    } catch (thrown) {
      this.#onError(toReport(thrown));
    }
    await this.loadKey();
  }

  async loadKey(): Promise<void> {
    try {
      this.key = await this.#backend.keyState();
    } catch {
      // Asked again where it matters: the plan of a comic tells whether there is a key.
      this.key = "missing";
    }
  }

  /** Shows a change at once and saves it after a short pause. */
  change(part: Partial<Settings>): void {
    if (this.settings === null) return;
    this.settings = { ...this.settings, ...part };
    this.#apply();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), SAVE_PAUSE_MS);
  }

  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.settings === null) return;
    try {
      await this.#backend.saveSettings($state.snapshot(this.settings));
      this.error = null;
      await this.loadKey();
    } catch (thrown) {
      this.error = toReport(thrown);
      this.#onError(this.error);
    }
  }

  /** Writes a pending change now, before something is asked that depends on it. */
  async settle(): Promise<void> {
    if (this.#timer !== undefined) await this.save();
  }

  zoom(factor: number): void {
    if (Math.round(this.#exactHeight) !== this.rowHeight) this.#exactHeight = this.rowHeight;
    this.#exactHeight = Math.min(ROW_HEIGHT.most, Math.max(ROW_HEIGHT.least, this.#exactHeight * factor));
    const rowHeight = Math.round(this.#exactHeight);
    if (rowHeight !== this.rowHeight) this.change({ rowHeight });
  }

  /** Throws: the place that asked for the key shows what went wrong. */
  async setKey(key: string, remember: boolean): Promise<void> {
    await this.settle();
    this.key = await this.#backend.setKey(key, remember);
  }

  async deleteKey(): Promise<void> {
    this.key = await this.#backend.deleteKey();
  }

  #apply(): void {
    const settings = this.settings;
    if (settings === null) return;
    words.locale = localeFor(settings.language, navigator.languages);
    const root = document.documentElement;
    root.lang = words.locale;
    if (settings.theme === "system") delete root.dataset["theme"];
    else root.dataset["theme"] = settings.theme;
  }
}
