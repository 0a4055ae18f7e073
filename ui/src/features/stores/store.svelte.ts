/**
 * Owns where similar photos are searched: the store in use and how it is, and the one long work on a store.
 */
import type { Backend } from "../../api/backend";
import type { StoreJob, StoreKind, StoreState, StoreWork } from "../../api/bindings";
import { Fetched } from "../../app/fetched.svelte";

export interface Address {
  kind: StoreKind;
  /** A folder or a web address; empty for the embedded store. */
  place: string;
}

const LITE = "milvus-lite:";
const QDRANT = "qdrant+";

/** Takes the address of a store apart, as the core writes it. */
export function splitAddress(store: string): Address {
  if (store === "embedded") return { kind: "embedded", place: "" };
  if (store.startsWith(LITE)) return { kind: "milvus_lite", place: store.slice(LITE.length) };
  if (store.startsWith(QDRANT)) return { kind: "qdrant", place: store.slice(QDRANT.length) };
  return { kind: "milvus", place: store };
}

export function joinAddress({ kind, place }: Address): string {
  switch (kind) {
    case "embedded":
      return "embedded";
    case "milvus_lite":
      return LITE + place.trim();
    case "milvus":
      return place.trim();
    case "qdrant":
      return QDRANT + place.trim();
  }
}

export class Store {
  kinds = $state.raw<readonly StoreKind[]>([]);
  /** The address of the store in use; empty until it is known. */
  inUse = $state("");
  state = new Fetched<StoreState>();
  work = $state.raw<StoreWork | null>(null);
  running = $derived(this.work?.step === "filling" || this.work?.step === "verifying");

  #backend: Backend;
  #onEnd: (work: StoreWork) => void;

  constructor(backend: Backend, onEnd: (work: StoreWork) => void = () => undefined) {
    this.#backend = backend;
    this.#onEnd = onEnd;
  }

  /** Throws when the core does not answer; a store that does not is told by `state`. */
  async open(): Promise<void> {
    [this.kinds, this.work] = await Promise.all([this.#backend.storeKinds(), this.#backend.storeWork()]);
    await this.look();
  }

  /** Asks the store in use how it is. */
  async look(): Promise<void> {
    const inUse = await this.#backend.storeInUse();
    if (inUse !== this.inUse) this.state.clear();
    this.inUse = inUse;
    await this.state.load(() => this.#backend.storeState());
  }

  async start(job: StoreJob): Promise<void> {
    await this.#backend.startStoreWork(job);
  }

  async cancel(): Promise<void> {
    await this.#backend.cancelStoreWork();
  }

  take(work: StoreWork): void {
    this.work = work;
    if (!this.running) this.#onEnd(work);
  }
}
