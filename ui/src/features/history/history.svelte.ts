/**
 * Owns what the person did lately, and taking it back: by key, by a toast, or from the list.
 */
import type { EditEntry, EditId } from "../../api/bindings";
import { t } from "../../app/i18n.svelte";
import type { Session } from "../../app/session.svelte";

/** What an edit did, in words. */
export function textOf({ code, params }: EditEntry): string {
  const { mark = "favourite", ...rest } = params;
  if (code === "mark_set" || code === "mark_unset") return t(`edit.${code}.${mark}`, rest);
  return t(`edit.${code}`, rest);
}

export class History {
  /** Newest first. */
  edits = $state.raw<readonly EditEntry[]>([]);
  canUndo = $derived(this.edits.some(({ undone }) => !undone));
  canRedo = $derived(this.edits.some(({ undone }) => undone));
  #session: Session;
  #onChange: () => Promise<unknown>;

  /** `onChange` reads again what an edit may have changed. */
  constructor(session: Session, onChange: () => Promise<unknown>) {
    this.#session = session;
    this.#onChange = onChange;
  }

  async open(): Promise<void> {
    this.#session.dialog = "history";
    await this.load();
  }

  async load(): Promise<void> {
    await this.#session.attempt(async () => (this.edits = await this.#session.backend.edits()));
  }

  /** Undoes an edit, or the last one. */
  async undo(edit: EditId | null = null): Promise<void> {
    await this.#turn("history.undone", "history.nothingToUndo", () => this.#session.backend.undo(edit));
  }

  /** Makes an edit again, or the one that was undone last. */
  async redo(edit: EditId | null = null): Promise<void> {
    await this.#turn("history.redone", "history.nothingToRedo", () => this.#session.backend.redo(edit));
  }

  /** What a toast about an edit offers. */
  undoOf(edit: EditEntry | null): { label: string; run: () => void } | null {
    return edit === null ? null : { label: t("common.undo"), run: () => void this.undo(edit.id) };
  }

  async #turn(
    done: "history.undone" | "history.redone",
    nothing: "history.nothingToUndo" | "history.nothingToRedo",
    work: () => Promise<EditEntry | null>,
  ): Promise<void> {
    const { toasts } = this.#session;
    await this.#session.attempt(async () => {
      const edit = await work();
      toasts.say(edit === null ? t(nothing) : t(done, { what: textOf(edit) }));
    });
    await Promise.all([this.load(), this.#onChange()]);
  }
}
