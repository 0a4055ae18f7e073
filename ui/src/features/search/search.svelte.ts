/**
 * Owns what was made of the words that are searched, and the words that go on with those that are being typed.
 */
import type { Backend } from "../../api/backend";
import type { Understood } from "../../api/bindings";
import { Fetched } from "../../app/fetched.svelte";

/** Whoever types on is not asked after each letter. */
const TYPING_PAUSE_MS = 120;

/** A text, and what was made of it. */
export interface Sentence {
  text: string;
  understood: Understood;
}

export class Search {
  sentence = new Fetched<Sentence>();
  suggested = new Fetched<string[]>();
  #backend: Backend;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Reads the words that are searched; null: there are none. */
  async read(text: string | null): Promise<void> {
    if (text === null) this.sentence.clear();
    else if (text !== this.sentence.value?.text) {
      await this.sentence.load(async () => ({ text, understood: await this.#backend.understandWords(text) }));
    }
  }

  /** Asks for words that go on with the last one of a text, once the typing pauses. */
  suggest(text: string): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      void this.suggested.load(() => this.#backend.suggestWords(text));
    }, TYPING_PAUSE_MS);
  }

  stopSuggesting(): void {
    clearTimeout(this.#typing);
    this.suggested.clear();
  }
}
