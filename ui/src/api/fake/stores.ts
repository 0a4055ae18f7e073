/**
 * Stores that never existed: an address with `wrong` in it does not answer, one with `secret` wants a token, and a move
 * takes some steps.
 */
import type { Backend } from "../backend";
import type { ErrorReport, Event, KeyState, Reason, StoreJob, StoreState, StoreStep, StoreWork } from "../bindings";

type Commands = Pick<
  Backend,
  | "storeKinds"
  | "storeInUse"
  | "storeState"
  | "testStore"
  | "startStoreWork"
  | "cancelStoreWork"
  | "storeWork"
  | "storeTokenState"
  | "setStoreToken"
  | "deleteStoreToken"
>;

interface Options {
  away: boolean;
  /** Milliseconds between two steps of a work. */
  step: number;
  photos: () => number;
  emit: (event: Event) => void;
}

const AWAY = "http://192.168.1.20:19530";
const STEPS = 12;

function awayReport(store: string): ErrorReport {
  const reason = { code: "store_away", params: { store, detail: "connection refused" } };
  return { code: "offline", reason, detail: "Away" };
}

export function fakeStores({ away, step, photos, emit }: Options): { notice: () => Reason | null; commands: Commands } {
  let inUse = away ? AWAY : "embedded";
  let work: StoreWork | null = null;
  let run = 0;
  const tokens = new Map<string, KeyState>();
  const rows = new Map<string, number>();
  const answers = (store: string): void => {
    if (store === AWAY || store.includes("wrong")) throw awayReport(store);
    if (store.includes("secret") && !tokens.has(store)) {
      const reason = { code: "store_token", params: { store } };
      throw { code: "key", reason, detail: "Token" } satisfies ErrorReport;
    }
  };
  const state = (store: string): StoreState => {
    answers(store);
    const embedded = store === "embedded";
    return {
      store,
      version: embedded ? "embedded 0.1.0" : store.startsWith("qdrant") ? "qdrant 1.16.0" : "milvus 2.3.5",
      latencyMs: embedded ? 0.01 : 1.8,
      rows: embedded || store === inUse ? photos() : (rows.get(store) ?? 0),
      expected: photos(),
      collection: embedded ? null : "fotonovela_4f1c_efficientnet_1280",
    };
  };
  const change = (part: Partial<StoreWork>): void => {
    if (work === null) return;
    work = { ...work, ...part };
    emit({ kind: "store", work });
  };
  const pass = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, step));
  const running = (): boolean => work?.step === "filling" || work?.step === "verifying";

  async function workOn(job: StoreJob, mine: number): Promise<void> {
    const target = job.job === "move" ? job.to : inUse;
    const end = (how: StoreStep, part: Partial<StoreWork> = {}): void =>
      change({ step: how, etaSeconds: null, ...part });
    await pass();
    try {
      answers(target);
    } catch (thrown) {
      end("failed", { error: thrown as ErrorReport });
      return;
    }
    const of = photos();
    const part = of / STEPS;
    if (job.job === "rebuild") rows.delete(target);
    for (let sent = rows.get(target) ?? 0; job.job !== "verify" && sent < of;) {
      sent = Math.min(of, Math.round(sent + part));
      rows.set(target, sent);
      await pass();
      if (mine !== run) return;
      const rowsPerSecond = (part * 1000) / step;
      change({ sent, of, rowsPerSecond, etaSeconds: Math.ceil((of - sent) / rowsPerSecond) });
    }
    change({ step: "verifying" });
    await pass();
    if (mine !== run) return;
    inUse = target;
    const verification = {
      rows: of,
      expected: of,
      searches: 100,
      recall: 1,
      scoreError: 0,
      strangers: 0,
      repaired: false,
      ok: true,
    };
    end("done", { verification });
  }

  return {
    notice: () => {
      try {
        answers(inUse);
        return null;
      } catch (thrown) {
        const { code, params } = (thrown as ErrorReport).reason;
        return { code: "answered_here", params: { ...params, cause: code } };
      }
    },
    commands: {
      storeKinds: async () => ["embedded", "milvus_lite", "milvus", "qdrant"],
      storeInUse: async () => inUse,
      async storeState() {
        await pass();
        return state(inUse);
      },
      async testStore(address) {
        await pass();
        return state(address);
      },
      async startStoreWork(job) {
        if (running()) throw { code: "invalid", reason: { code: "store_busy", params: {} }, detail: "" };
        run += 1;
        work = {
          task: run,
          job,
          from: inUse,
          step: job.job === "verify" ? "verifying" : "filling",
          sent: 0,
          of: 0,
          rowsPerSecond: 0,
          etaSeconds: null,
          verification: null,
          error: null,
        };
        change({});
        void workOn(job, run);
        return run;
      },
      async cancelStoreWork() {
        run += 1;
        if (running()) change({ step: "cancelled", etaSeconds: null });
      },
      storeWork: async () => work,
      storeTokenState: async (address) => tokens.get(address) ?? "missing",
      async setStoreToken(address, _token, remember) {
        tokens.set(address, remember ? "keychain" : "session");
        return tokens.get(address) ?? "missing";
      },
      async deleteStoreToken(address) {
        tokens.delete(address);
        return "missing";
      },
    },
  };
}
