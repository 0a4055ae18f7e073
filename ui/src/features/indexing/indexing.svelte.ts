/**
 * Owns what a person says to the indexing: to wait, to go on, to try files again that failed.
 */
import type { IndexStatus, PassStatus } from "../../api/bindings";
import type { Session } from "../../app/session.svelte";
import { t } from "../../app/i18n.svelte";
import type { Library } from "../photos/library.svelte";

/** The pass over the parts of photos, once it is what is left to do; null: it is not. */
export function partsLeft({ embedded, failed, passes, photos, thumbnails }: IndexStatus): PassStatus | null {
  // Files that failed may be photos without a thumbnail, or no photos at all.
  const isCompared = embedded > 0 && embedded >= thumbnails && thumbnails + failed >= photos;
  const parts = passes.find(({ name }) => name === "regions");
  return isCompared && parts !== undefined && parts.done < embedded ? parts : null;
}

export class Indexing {
  #session: Session;
  #library: Library;

  constructor(session: Session, library: Library) {
    this.#session = session;
    this.#library = library;
  }

  /** Until it is resumed, over restarts too. */
  async pause(): Promise<void> {
    await this.#session.attempt(() => this.#session.backend.cancelIndex());
  }

  async resume(): Promise<void> {
    await this.#session.attempt(() => this.#session.backend.resumeIndex());
  }

  /** Looks again at these files that failed, or at all of them; they leave the list until they fail again. */
  async retry(paths: string[] | null): Promise<void> {
    const count = paths?.length ?? this.#library.problems.value?.length ?? 0;
    if (!(await this.#session.attempt(() => this.#session.backend.retryProblems(paths)))) return;
    this.#session.toasts.say(t(this.#library.paused ? "problems.retryPaused" : "problems.retrying", { count }));
    await this.#library.loadProblems();
  }
}
