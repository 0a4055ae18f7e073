import { describe, expect, it, vi } from "vitest";
import type { StoreWork } from "../../src/api/bindings";
import { joinAddress, splitAddress } from "../../src/features/stores/store.svelte";
import { beginAnew, open } from "./open";

beginAnew();

async function ended(app: Awaited<ReturnType<typeof open>>): Promise<StoreWork> {
  await vi.waitFor(() => expect(app.store.running).toBe(false), { timeout: 5_000 });
  if (app.store.work === null) throw new Error("nothing was done");
  return app.store.work;
}

describe("addresses of stores", () => {
  it("are taken apart and put together as the core writes them", () => {
    for (const [store, kind, place] of [
      ["embedded", "embedded", ""],
      ["milvus-lite:/home/ana/a b", "milvus_lite", "/home/ana/a b"],
      ["https://in01.zillizcloud.com:443", "milvus", "https://in01.zillizcloud.com:443"],
      ["qdrant+http://localhost:6334", "qdrant", "http://localhost:6334"],
    ] as const) {
      expect(splitAddress(store)).toEqual({ kind, place });
      expect(joinAddress({ kind, place: place === "" ? "" : ` ${place} ` })).toBe(store);
    }
  });
});

describe("the store", () => {
  it("in use changes with a move that ends well, and a toast says so", async () => {
    const app = await open();
    await app.store.open();
    await app.store.start({ job: "move", to: "http://localhost:19530" });
    expect(app.store.running).toBe(true);
    expect(await ended(app)).toMatchObject({ step: "done", from: "embedded", sent: 60, of: 60 });
    await vi.waitFor(() => expect(app.store.inUse).toBe("http://localhost:19530"));
    expect(app.session.toasts.shown.map((toast) => toast.text)).toEqual(["In use from now on: Milvus server."]);
  });

  it("in use stays when a move fails", async () => {
    const app = await open();
    await app.store.open();
    await app.store.start({ job: "move", to: "http://wrong:19530" });
    expect((await ended(app)).error?.code).toBe("offline");
    expect(app.store.inUse).toBe("embedded");
    expect(app.session.toasts.shown.map((toast) => toast.tone)).toEqual(["danger"]);
  });

  it("that is away is known from the answers until it is left", async () => {
    const app = await open({ storeAway: true });
    app.photos.select(1);
    await vi.waitFor(() => expect(app.similar.notice?.code).toBe("answered_here"));
    await app.store.open();
    expect(app.store.state.error?.code).toBe("offline");
    await app.store.start({ job: "move", to: "embedded" });
    await ended(app);
    expect(app.similar.notice).toBeNull();
    await vi.waitFor(() => expect(app.store.state.error).toBeNull());
  });
});
