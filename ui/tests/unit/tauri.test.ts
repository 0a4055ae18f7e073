import { clearMocks, mockConvertFileSrc, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Event } from "../../src/api/bindings";
import { tauriBackend } from "../../src/api/tauri";
import { ALL } from "../../src/app/places";

let calls: { name: string; args: unknown }[] = [];
let answer: unknown = null;

beforeEach(() => {
  calls = [];
  answer = null;
  mockIPC((name, args) => {
    calls.push({ name, args });
    return answer;
  });
  mockConvertFileSrc("linux");
});
afterEach(clearMocks);

describe("the shell", () => {
  it("is asked by the names of its commands", async () => {
    await tauriBackend.photoChanges(ALL, 7);
    await tauriBackend.markPhotos([3, 4], "favourite", true);
    await tauriBackend.photoTiles([3]);
    await tauriBackend.queryImageFromPath("/a.jpg");
    await tauriBackend.setKey("sk", false);
    await tauriBackend.cancelComic(5);
    expect(calls).toEqual([
      { name: "photo_changes", args: { among: ALL, revision: 7 } },
      { name: "mark_photos", args: { ids: [3, 4], mark: "favourite", set: true } },
      { name: "photo_tiles", args: { ids: [3] } },
      { name: "query_image_from_path", args: { path: "/a.jpg" } },
      { name: "set_key", args: { key: "sk", remember: false } },
      { name: "cancel_comic", args: { task: 5 } },
    ]);
  });

  it("answers a query with columns of bytes", async () => {
    const rest = new TextEncoder().encode(
      '{"areas":[[5,{"height":1.0,"width":0.25,"x":0.5,"y":0.0}]],"notice":{"code":"away","params":{}}}',
    );
    const bytes = new ArrayBuffer(16 + 2 * 14 + 2 * 4 + rest.length);
    const view = new DataView(bytes);
    view.setFloat64(0, 7, true);
    view.setUint32(8, 2, true);
    view.setUint32(12, 2, true);
    [2000, -1].forEach((at, n) => view.setFloat64(16 + 8 * n, at, true));
    [5, 4_294_967_295].forEach((id, n) => view.setUint32(32 + 4 * n, id, true));
    [1, 0.5].forEach((score, n) => view.setFloat32(40 + 4 * n, score, true));
    [1333, 750].forEach((aspect, n) => view.setUint16(48 + 2 * n, aspect, true));
    new Uint8Array(bytes, 52).set(rest);
    answer = bytes;
    const query = { what: { kind: "photo", id: 3 } as const, among: ALL, limit: 24 };
    const layout = await tauriBackend.photoLayout(query);
    expect(calls).toEqual([{ name: "photo_layout", args: { query } }]);
    expect({ ...layout, takenAt: [...layout.takenAt], ids: [...layout.ids] }).toMatchObject({
      revision: 7,
      takenAt: [2000, -1],
      ids: [5, 4_294_967_295],
      areas: new Map([[5, { x: 0.5, y: 0, width: 0.25, height: 1 }]]),
      notice: { code: "away", params: {} },
    });
    expect([...layout.scores, ...layout.aspects]).toEqual([1, 0.5, 1333, 750]);
  });

  it("gets pasted pictures as bytes, not as JSON", async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    await tauriBackend.queryImageFromBytes(bytes, "Cola läuft.png");
    expect(calls).toEqual([{ name: "add_query_image", args: bytes }]);
  });

  it("passes failures on as they are", async () => {
    const report = { code: "offline", reason: { code: "draw_unsent", params: {} }, detail: "dns" };
    mockIPC(() => Promise.reject(report));
    await expect(tauriBackend.comics()).rejects.toEqual(report);
  });

  it("sends events through one channel, until nobody listens", async () => {
    const events: Event[] = [];
    const stop = await tauriBackend.subscribe((event) => events.push(event));
    const { channel } = calls[0]?.args as { channel: { onmessage: (event: Event) => void } };
    channel.onmessage({ kind: "folders" });
    stop();
    channel.onmessage({ kind: "folders" });
    expect(events).toEqual([{ kind: "folders" }]);
  });
});

describe("addresses of pictures", () => {
  it("name photos by number, never by path", () => {
    expect(tauriBackend.thumbnailUrl(12, "ab c")).toBe("thumb://localhost/12?v=ab%20c");
    expect(tauriBackend.photoUrl(12, "1")).toBe("photo://localhost/12?v=1");
    expect(tauriBackend.queryImageUrl(4)).toBe("comic://localhost/query/4");
    expect(tauriBackend.plannedPictureUrl(2, 0)).toBe("comic://localhost/plan/2/0");
    expect(tauriBackend.partialUrl(9, 3)).toBe("comic://localhost/partial/9?n=3");
    expect(tauriBackend.versionUrl(8)).toBe("comic://localhost/version/8");
  });

  it("are plain http where the platform knows no other schemes", () => {
    mockConvertFileSrc("windows");
    expect(tauriBackend.thumbnailUrl(12, "1")).toBe("http://thumb.localhost/12?v=1");
  });
});
