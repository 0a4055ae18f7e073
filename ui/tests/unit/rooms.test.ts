import { describe, expect, it, vi } from "vitest";
import { toReport } from "../../src/api/errors";
import { Drags } from "../../src/features/dragdrop/drags.svelte";
import { Fetched } from "../../src/app/fetched.svelte";
import { explain } from "../../src/app/reasons";
import { Navigation } from "../../src/app/navigation.svelte";
import { Selection } from "../../src/features/photos/selection.svelte";
import { Toasts } from "../../src/app/toasts.svelte";
import { Tray, TRAY_LIMIT } from "../../src/features/comics/tray.svelte";
import { Viewer } from "../../src/features/viewer/viewer.svelte";
import { clampView, fitScale, zoomAt } from "../../src/features/viewer/zoom";

const order = Uint32Array.from([1, 2, 3, 4, 5]);

describe("the large view", () => {
  it("walks on from a photo that has left the order", () => {
    let order = [1, 2, 3, 4];
    const viewer = new Viewer();
    viewer.open(2, () => order);
    expect(viewer.neighbour(1)).toBe(3);
    order = order.filter((id) => id !== 2);
    expect(viewer.neighbour(1)).toBe(3);
    expect(viewer.neighbour(-1)).toBe(1);
    expect(viewer.step(1)).toBe(3);
    expect(viewer.step(1)).toBe(4);
    expect(viewer.step(1)).toBe(null);
  });

  it("has no neighbours for a photo that is not in the grid", () => {
    const viewer = new Viewer();
    viewer.open(9, () => [1, 2]);
    expect([viewer.neighbour(1), viewer.neighbour(-1)]).toEqual([null, null]);
  });
});

describe("places", () => {
  it("walk a chain of similar photos back and forward", () => {
    const places = new Navigation();
    places.go({ kind: "like", of: { photo: 1 } });
    places.go({ kind: "like", of: { photo: 2 } });
    places.go({ kind: "like", of: { photo: 2 } });
    places.back();
    expect(places.here).toEqual({ kind: "like", of: { photo: 1 } });
    places.forward();
    expect(places.here).toEqual({ kind: "like", of: { photo: 2 } });
    expect(places.canGoForward).toBe(false);
  });

  it("forget the way forward when another way is taken", () => {
    const places = new Navigation();
    places.go({ kind: "comics" });
    places.back();
    places.go({ kind: "problems" });
    expect(places.canGoForward).toBe(false);
    places.back();
    expect(places.here.kind).toBe("photos");
  });

  it("leave a chain for where it began", () => {
    const places = new Navigation();
    places.go({ kind: "folder", id: 3 });
    places.go({ kind: "like", of: { photo: 1 } });
    places.go({ kind: "like", of: { photo: 2 } });
    places.leaveChain();
    expect(places.here).toEqual({ kind: "folder", id: 3 });
    expect(places.canGoBack).toBe(true);
  });

  it("take places out that are gone, and never stand nowhere", () => {
    const places = new Navigation();
    places.go({ kind: "comic", id: 7 });
    places.forget((place) => place.kind === "comic");
    expect(places.here.kind).toBe("photos");
    places.forget(() => true);
    expect(places.here.kind).toBe("photos");
  });

  it("stay bounded", () => {
    const places = new Navigation();
    for (let id = 0; id < 500; id++) places.go({ kind: "like", of: { photo: id } });
    let steps = 0;
    while (places.canGoBack) {
      places.back();
      steps += 1;
    }
    expect(steps).toBeLessThan(100);
  });
});

describe("selection", () => {
  it("selects one, toggles, extends and selects all", () => {
    const selection = new Selection();
    selection.only(2);
    selection.extendTo(4, order);
    expect([...selection.ids]).toEqual([2, 3, 4]);
    selection.extendTo(1, order);
    expect([...selection.ids]).toEqual([1, 2]);
    selection.toggle(5);
    selection.toggle(1);
    expect([...selection.ids]).toEqual([2, 5]);
    selection.all(order);
    expect(selection.ids.size).toBe(5);
    selection.none();
    expect(selection.ids.size).toBe(0);
  });

  it("means the whole selection only from inside it, in the grid's order", () => {
    const selection = new Selection();
    selection.toggle(4);
    selection.toggle(2);
    expect(selection.meantBy(4, order)).toEqual([2, 4]);
    expect(selection.meantBy(5, order)).toEqual([5]);
    expect(selection.meantBy(4, order.slice(0, 1))).toEqual([4]);
  });

  it("drops photos that left", () => {
    const selection = new Selection();
    selection.all(order);
    selection.drop(new Set([1, 2]));
    expect([...selection.ids]).toEqual([3, 4, 5]);
    expect(selection.lead).toBeNull();
  });
});

describe("tray", () => {
  it("puts photos in at a place, moves those inside, and stops at its limit", () => {
    const tray = new Tray();
    expect(tray.put([1, 2, 3])).toEqual({ added: 3, left: 0 });
    expect(tray.put([3], 0)).toEqual({ added: 0, left: 0 });
    expect(tray.photos).toEqual([3, 1, 2]);
    tray.put([1], 3);
    expect(tray.photos).toEqual([3, 2, 1]);
    expect(tray.put(Array.from({ length: 20 }, (_, index) => 100 + index)).left).toBe(20 - (TRAY_LIMIT - 3));
    expect(tray.photos.length).toBe(TRAY_LIMIT);
  });

  it("moves by keys within its ends", () => {
    const tray = new Tray();
    tray.put([1, 2, 3]);
    expect(tray.move(1, 1)).toBe(1);
    expect(tray.move(1, 5)).toBe(2);
    expect(tray.photos).toEqual([2, 3, 1]);
    expect(tray.move(9, 1)).toBe(-1);
  });

  it("is ready with photos and a story, and gives a request back as it was", () => {
    const tray = new Tray();
    tray.put([1, 2]);
    expect(tray.ready).toBe(false);
    tray.prompt = " The dog ";
    expect(tray.ready).toBe(true);
    tray.layout = "single";
    const request = tray.request();
    expect(request.prompt).toBe("The dog");
    const other = new Tray();
    other.restore(request, new Set([1]));
    expect(other.photos).toEqual([1]);
    expect(other.layout).toBe("single");
  });
});

describe("fetched", () => {
  it("lets the newest question win", async () => {
    const fetched = new Fetched<string>();
    let answer: (value: string) => void = () => undefined;
    const first = fetched.load(() => new Promise((resolve) => (answer = resolve)));
    await fetched.load(async () => "new");
    answer("old");
    expect(await first).toBeNull();
    expect(fetched.value).toBe("new");
    expect(fetched.pending).toBe(false);
  });

  it("keeps the old value when a new question fails", async () => {
    const fetched = new Fetched<string>();
    await fetched.load(async () => "value");
    await fetched.load(() =>
      Promise.reject({ code: "offline", reason: { code: "draw_unsent", params: {} }, detail: "" }),
    );
    expect(fetched.value).toBe("value");
    expect(fetched.error?.code).toBe("offline");
  });

  it("is slow only after a while", async () => {
    vi.useFakeTimers();
    const fetched = new Fetched<string>();
    void fetched.load(() => new Promise(() => undefined));
    vi.advanceTimersByTime(200);
    expect(fetched.slow).toBe(false);
    vi.advanceTimersByTime(200);
    expect(fetched.slow).toBe(true);
    vi.useRealTimers();
  });
});

describe("toasts", () => {
  it("go by themselves unless held, and never pile up", () => {
    vi.useFakeTimers();
    const toasts = new Toasts();
    toasts.say("one");
    toasts.say("one");
    expect(toasts.shown.length).toBe(1);
    for (const text of ["two", "three", "four"]) toasts.say(text);
    expect(toasts.shown.map(({ text }) => text)).toEqual(["two", "three", "four"]);
    toasts.hold(toasts.shown[0]?.id ?? 0);
    vi.advanceTimersByTime(20_000);
    expect(toasts.shown.map(({ text }) => text)).toEqual(["two"]);
    vi.useRealTimers();
  });

  it("say nothing of what the person cancelled", () => {
    const toasts = new Toasts();
    toasts.fail({ code: "cancelled", reason: { code: "cancelled", params: {} }, detail: "" });
    expect(toasts.shown).toEqual([]);
  });
});

describe("file drags", () => {
  it("know what hovers where, and hand the drop on", () => {
    const drags = new Drags();
    const zone = (x: number): "tray" | "window" => (x > 100 ? "tray" : "window");
    drags.follow({ step: "enter", kind: "image", count: 2, x: 0, y: 0 }, zone);
    expect(drags.files).toEqual({ kind: "image", count: 2, zone: "window" });
    drags.follow({ step: "over", x: 200, y: 0 }, zone);
    expect(drags.files?.zone).toBe("tray");
    const drop = drags.follow({ step: "drop", kind: "image", paths: ["/a.jpg"], x: 200, y: 0 }, zone);
    expect(drop).toEqual({ kind: "image", paths: ["/a.jpg"], zone: "tray" });
    expect(drags.files).toBeNull();
  });
});

describe("large view", () => {
  const picture = { width: 4000, height: 3000 };
  const stage = { width: 1000, height: 1000 };

  it("fits, and never blows up", () => {
    expect(fitScale(picture, stage, 1)).toBe(0.25);
    expect(fitScale({ width: 100, height: 50 }, stage, 1)).toBe(1);
  });

  it("keeps the point under the pointer", () => {
    const point = { x: 200, y: -100 };
    const view = zoomAt({ scale: 0.25, x: 0, y: 0 }, 1, point);
    expect((point.x - view.x) / view.scale).toBeCloseTo(200 / 0.25);
    expect((point.y - view.y) / view.scale).toBeCloseTo(-100 / 0.25);
  });

  it("lets no edge come inside", () => {
    expect(clampView({ scale: 1, x: 9999, y: -9999 }, picture, stage)).toEqual({ scale: 1, x: 1500, y: -1000 });
    const fitted = clampView({ scale: 0.25, x: 50, y: 50 }, picture, stage);
    expect(fitted).toEqual({ scale: 0.25, x: 0, y: 0 });
  });
});

describe("toReport", () => {
  it("takes reports as they are, and makes reports of anything else", () => {
    const report = { code: "key" as const, reason: { code: "key_empty", params: {} }, detail: "401" };
    expect(toReport(report)).toEqual(report);
    expect(toReport(new Error("boom")).reason).toEqual({ code: "failed_internally", params: { detail: "boom" } });
    expect(explain(toReport("command not found").reason)).toContain("command not found");
  });
});
