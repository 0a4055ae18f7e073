/**
 * Remembers what was done to the fake library, as the core does. Never part of the app.
 */
import type { EditCode, EditEntry, EditId, EditParams } from "../bindings";
import type { Commands } from "../commands";
import { failure } from "./comics";

/** Does something and returns how to take it back. */
export type Step = () => () => void;

interface Made {
  entry: EditEntry;
  step: Step;
  inverse: () => void;
  /** Rises with each undo. */
  undone: number;
}

const KEPT = 100;

export class FakeEdits {
  readonly commands: Pick<Commands, "edits" | "undo" | "redo"> = {
    edits: async () => this.list(),
    undo: async (edit) => this.undo(edit),
    redo: async (edit) => this.redo(edit),
  };
  #made: Made[] = [];
  #next = 1;
  #undos = 0;

  make(code: EditCode, params: EditParams, step: Step): EditEntry {
    const entry: EditEntry = { id: this.#next++, code, params, at: Date.now(), undone: false };
    this.#made = this.#made.filter((made) => !made.entry.undone).slice(1 - KEPT);
    this.#made.push({ entry, step, inverse: step(), undone: 0 });
    return entry;
  }

  list(): EditEntry[] {
    return this.#made.map((made) => made.entry).reverse();
  }

  undo(edit: EditId | null): EditEntry | null {
    const made = this.#find(edit, (one) => !one.entry.undone);
    if (made === undefined) return null;
    made.inverse();
    this.#undos += 1;
    made.undone = this.#undos;
    made.entry = { ...made.entry, undone: true };
    return made.entry;
  }

  redo(edit: EditId | null): EditEntry | null {
    const made = this.#find(edit, (one) => one.entry.undone);
    if (made === undefined) return null;
    made.inverse = made.step();
    made.undone = 0;
    made.entry = { ...made.entry, undone: false };
    return made.entry;
  }

  #find(edit: EditId | null, which: (made: Made) => boolean): Made | undefined {
    const those = this.#made.filter((made) => which(made) && (edit === null || made.entry.id === edit));
    if (edit !== null && those.length === 0) throw failure("not_found");
    return those.sort((a, b) => a.undone - b.undone || a.entry.id - b.entry.id).at(-1);
  }
}
