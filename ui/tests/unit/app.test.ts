import { Blob as NodeBlob } from "node:buffer";
import { describe, expect, it, vi } from "vitest";
import { fakeBackend, type FakeOptions } from "../../src/api/fake";
import { failure } from "../../src/api/fake/comics";
import type { Backend } from "../../src/api/backend";
import type { App } from "../../src/app/app.svelte";
import { words } from "../../src/app/i18n.svelte";
import { beginAnew, favouritesOf, open } from "./open";

beginAnew();

describe("the app", () => {
  it("opens with all photos, newest first", async () => {
    const app = await open();
    expect(app.library.summary.photos).toBe(60);
    const times = [...(app.photos.layout?.takenAt ?? [])];
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(app.library.empty).toBe(false);
  });

  it("follows the indexing of an added folder to its end", async () => {
    const app = await open({ empty: true });
    expect(app.library.empty).toBe(true);
    await app.intake.pickFolder();
    await vi.waitFor(() => expect(app.library.status?.embedded).toBe(60), 8000);
    await vi.waitFor(() => expect(app.library.summary.photos).toBe(60));
    await vi.waitFor(() => expect(app.library.status?.state).toBe("idle"));
  }, 10_000);

  it("tells when the library cannot be read", async () => {
    const app = await open({ fail: "library" });
    expect(app.library.error?.code).toBe("catalog");
    expect(app.library.loaded).toBe(true);
  });

  it("fills the panel by a click, without the photo itself", async () => {
    const app = await open();
    const id = app.photos.ids[3] ?? 0;
    app.photos.select(id);
    await vi.waitFor(() => expect(app.similar.panel.value).not.toBeNull());
    expect(app.similar.detail.value?.tile.id).toBe(id);
    expect(app.similar.panel.value?.some((one) => one.id === id)).toBe(false);
    expect(app.panel.open).toBe(true);
    app.photos.selectNone();
    expect(app.similar.photo).toBeNull();
    expect(app.panel.open).toBe(true);
  });

  it("shows the newest of many quick selections", async () => {
    const app = await open();
    for (const id of app.photos.ids.subarray(0, 20)) app.photos.select(id);
    const last = app.photos.ids[19];
    await vi.waitFor(() => expect(app.similar.panel.value?.length).toBe(24));
    expect(app.similar.detail.value?.tile.id).toBe(last);
    expect(app.similar.panel.value?.some((one) => one.id === last)).toBe(false);
  });

  it("makes similar photos the grid, ranked, and goes back and forward", async () => {
    const app = await open();
    const first = app.photos.ids[3] ?? 0;
    app.photos.findSimilar(first);
    await vi.waitFor(() => expect(app.photos.ids.length).toBe(60));
    expect(app.photos.ids[0]).toBe(first);
    const scores = [...(app.photos.layout?.scores ?? [])];
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const second = app.photos.ids[5] ?? 0;
    app.photos.findSimilar(second);
    await vi.waitFor(() => expect(app.photos.ids[0]).toBe(second));
    app.navigation.back();
    await vi.waitFor(() => expect(app.photos.ids[0]).toBe(first));
    app.navigation.leaveChain();
    expect(app.navigation.here.kind).toBe("photos");
    expect(app.photos.layout?.scores.length).toBe(0);
  });

  it("waits for a photo that is not ready, and answers when it is", async () => {
    const fake = fakeBackend({ photos: 60 });
    let embedded = false;
    const tile = async (id: number) => ({ ...(await fake.photo(id)).tile, embedded });
    const app = await open(
      {},
      {
        photo: async (id) => ({ ...(await fake.photo(id)), tile: await tile(id) }),
        photoTiles: (ids) => Promise.all(ids.map(tile)),
      },
    );
    app.photos.findSimilar(app.photos.ids[0] ?? 0);
    await vi.waitFor(() => expect(app.similar.gridWaits && app.similar.waits).toBe(true));
    embedded = true;
    const status = await app.session.backend.indexStatus();
    app.take({ kind: "index", status: { ...status, embedded: 1 } });
    await vi.waitFor(() => expect(app.photos.ids.length).toBe(60));
    await vi.waitFor(() => expect(app.similar.panel.value?.length).toBe(24));
  });

  it("removes a folder with everything of it, and brings it back", async () => {
    const app = await open();
    const id = app.library.folders.value?.[0]?.id ?? 0;
    app.navigation.go({ kind: "folder", id });
    await vi.waitFor(() => expect(app.photos.ids.length).toBe(60));
    const chosen = [2, 0, 1].map((at) => app.photos.ids[at] ?? 0);
    app.comics.use(chosen);
    await app.intake.removeFolder(id);
    expect(app.library.summary.photos).toBe(0);
    expect(app.comics.tray.photos).toEqual([]);
    expect(app.navigation.here.kind).toBe("photos");
    app.session.toasts.shown[0]?.action?.run();
    await vi.waitFor(() => expect(app.library.summary.photos).toBe(60), 8000);
    await vi.waitFor(() => expect(app.comics.tray.photos).toEqual(chosen));
  }, 10_000);

  it("finds the tray again after a restart, but for photos that are gone, which it keeps", async () => {
    const core = fakeBackend({ photos: 60 });
    const app = await open({}, core);
    const [a = 0, b = 0] = app.photos.ids;
    await core.keepTray({ ...app.comics.tray.kept(), photos: [b, 4711, a], prompt: "The dog steals " });
    const next = await open({}, core);
    expect(next.comics.tray.photos).toEqual([b, a]);
    expect(next.comics.tray.prompt).toBe("The dog steals ");
    next.comics.tray.prompt += "a sausage";
    next.comics.keepTray();
    next.comics.tray.prompt += "!";
    next.comics.keepTray();
    await vi.waitFor(async () => expect((await core.tray())?.prompt).toBe("The dog steals a sausage!"));
    expect((await core.tray())?.photos).toEqual([b, 4711, a]);
  });

  it("is where it was when its page had to be loaded again", async () => {
    const core = fakeBackend({ photos: 60 });
    const app = await open({}, core);
    const [, , id = 0] = app.photos.ids;
    app.photos.select(id);
    app.navigation.go({ kind: "recent" });
    app.navigation.visit.scroll = 480;
    app.noteWhere();
    const next = await open({}, core);
    expect(next.navigation.visit).toMatchObject({ place: { kind: "recent" }, scroll: 480 });
    expect(next.selection.lead).toBe(id);
    next.navigation.go({ kind: "drawing", task: 4 });
    next.noteWhere();
    expect((await open({}, core)).navigation.here.kind).toBe("comics");
  });

  it("hears of drawings that an earlier page sent", async () => {
    const app = await open({ comics: 1 });
    app.take({ kind: "comic", task: 99, progress: { step: "done", comic: 2, version: 3 } });
    expect(app.session.toasts.shown.at(-1)?.text).toBe("The comic is ready");
    app.session.toasts.shown.at(-1)?.action?.run();
    expect(app.navigation.here).toEqual({ kind: "comic", id: 2 });
  });

  it("searches by a dropped picture, and uses only photos of the library in a comic", async () => {
    const app = await open();
    const [named] = await app.library.tiles.load([app.photos.ids[2] ?? 0]);
    const name = named?.name ?? "";
    await app.intake.drop("image", [`/somewhere/${name}`, "/elsewhere/x.jpg"], "tray");
    expect(app.comics.tray.photos.length).toBeGreaterThan(0);
    expect(app.session.toasts.shown.at(-1)?.text).toContain("Add its folder to the library first");
    await app.intake.drop("image", ["/somewhere/cola.jpg"], "window");
    expect(app.navigation.here).toMatchObject({ kind: "like", of: { image: { name: "cola.jpg" } } });
    await vi.waitFor(() => expect(app.photos.ids.length).toBe(60));
    await app.intake.drop("image", [`/somewhere/${name}`], "window");
    expect(app.navigation.here).toMatchObject({ kind: "like", of: { photo: named?.id } });
  });

  it("says why a pasted picture cannot be used", async () => {
    const app = await open();
    await app.intake.search(new NodeBlob([]) as unknown as Blob, "x.png");
    expect(app.session.toasts.shown[0]?.text).toBe("The file is empty. It may still be downloading or copying.");
    expect(app.navigation.here.kind).toBe("photos");
  });
});

describe("favourites", () => {
  it("take all photos that are meant, or let them go if all are taken already", async () => {
    const app = await open();
    const [a = 0, b = 0, c = 0] = [...app.photos.ids];
    app.photos.select(a);
    await app.marks.toggle("favourite", a);
    await vi.waitFor(async () => expect(await favouritesOf(app)).toEqual([a]));
    expect(app.session.toasts.shown).toEqual([]);
    app.photos.extendTo(c);
    await app.marks.toggle("favourite", c);
    await vi.waitFor(async () => expect(await favouritesOf(app)).toEqual([a, b, c]));
    app.session.toasts.shown[0]?.action?.run();
    await vi.waitFor(async () => expect(await favouritesOf(app)).toEqual([a]));
    app.photos.select(a);
    await app.marks.toggle("favourite", a);
    await vi.waitFor(async () => expect(await favouritesOf(app)).toEqual([]));
    await app.marks.toggle("favourite", null);
  });

  it("are a place of their own, and one to look in for similar photos", async () => {
    const app = await open();
    const [a = 0, b = 0] = [...app.photos.ids];
    await app.marks.toggle("favourite", b);
    app.navigation.go({ kind: "marked", mark: "favourite" });
    await vi.waitFor(() => expect([...app.photos.ids]).toEqual([b]));
    app.photos.findSimilar(a);
    await vi.waitFor(() => expect(app.photos.ids.length).toBe(60));
    app.photos.findAmong({ folder: null, mark: "favourite", from: null, until: null, subject: null });
    await vi.waitFor(() => expect([...app.photos.ids]).toEqual([b]));
    app.navigation.go({ kind: "photos" });
    app.photos.select(a);
    await app.marks.toggle("favourite", a);
    await vi.waitFor(async () => expect((await favouritesOf(app)).length).toBe(2));
    app.navigation.back();
    await vi.waitFor(() => expect([...app.photos.ids]).toEqual([a, b]));
    app.navigation.back();
    expect(app.navigation.here.kind).toBe("marked");
  });

  it("have a way back for the one that leaves their place", async () => {
    const app = await open();
    const [a = 0, b = 0] = [...app.photos.ids];
    app.photos.extendTo(a);
    await app.marks.toggle("favourite", a);
    await app.marks.toggle("favourite", b);
    app.navigation.go({ kind: "marked", mark: "favourite" });
    app.photos.select(b);
    await app.marks.toggle("favourite", b);
    expect([...app.photos.ids]).toEqual([a]);
    app.session.toasts.shown[0]?.action?.run();
    await vi.waitFor(() => expect(app.photos.ids.length).toBe(2));
    await app.marks.toggle("favourite", b);
    await app.marks.toggle("favourite", b);
    expect(app.photos.ids.length).toBe(2);
  });

  it("that are marked during a question are in the next answer", async () => {
    const app = await open();
    const [a = 0, b = 0] = [...app.photos.ids];
    await app.marks.toggle("favourite", b);
    app.photos.findSimilar(a);
    app.photos.findAmong({ folder: null, mark: "favourite", from: null, until: null, subject: null });
    await app.marks.toggle("favourite", a);
    app.navigation.go({ kind: "photos" });
    app.navigation.back();
    await vi.waitFor(() => expect([...app.photos.ids]).toEqual([a, b]));
  });

  it("tell when they cannot be kept", async () => {
    const app = await open({}, { markPhotos: () => Promise.reject(new Error("the disk is full")) });
    await app.marks.toggle("favourite", app.photos.ids[0] ?? 0);
    expect(await favouritesOf(app)).toEqual([]);
    expect(app.session.toasts.shown.length).toBe(1);
  });
});

describe("comics", () => {
  async function prepare(options: FakeOptions, change: Partial<Backend> = {}): Promise<App> {
    const app = await open(options, change);
    app.comics.use([...app.photos.ids.subarray(0, 3)]);
    app.comics.tray.prompt = "The dog steals a sausage";
    await app.comics.plan();
    return app;
  }

  it("sends nothing by planning, draws by sending, and lists the comic", async () => {
    const app = await prepare({});
    expect(app.comics.studio.review?.plan.value?.pictures.length).toBe(3);
    expect(app.comics.studio.drawings).toEqual([]);
    await app.comics.send();
    expect(app.comics.studio.review).toBeNull();
    expect(app.navigation.here.kind).toBe("drawing");
    await vi.waitFor(() => expect(app.navigation.here.kind).toBe("comic"), 5000);
    expect(app.comics.studio.drawings[0]?.partial).toBe(3);
    expect(app.comics.studio.comics.value?.[0]?.photos).toEqual(app.comics.tray.photos);
  });

  it("keeps a cut drawing apart from a new try that works", async () => {
    const app = await prepare({ fail: "cut" });
    await app.comics.send();
    const drawing = app.comics.studio.drawings[0];
    await vi.waitFor(() => expect(drawing?.error?.code).toBe("cut"), 5000);
    if (drawing === undefined) throw new Error("no drawing");
    await app.comics.redraw(drawing);
    expect(app.comics.studio.review?.request.prompt).toBe("The dog steals a sausage");
    await app.comics.send();
    await vi.waitFor(() => expect(app.comics.studio.comics.value?.length).toBe(1), 5000);
  });

  it("asks for the other route where one is refused", async () => {
    const app = await prepare({ fail: "route" });
    await app.comics.send();
    const drawing = app.comics.studio.drawings[0];
    await vi.waitFor(() => expect(drawing?.error?.code).toBe("route"), 5000);
    if (drawing === undefined) throw new Error("no drawing");
    await app.comics.redraw(drawing, { route: "edits" });
    expect(app.comics.studio.review?.plan.value?.route).toBe("edits");
  });

  it("takes progress that comes before the answer", async () => {
    const app = await prepare({});
    const draw = app.session.backend.drawComic;
    app.session.backend.drawComic = async () => {
      app.take({ kind: "comic", task: 999, progress: { step: "sent" } });
      app.take({ kind: "comic", task: 999, progress: { step: "partial", number: 1 } });
      return 999;
    };
    await app.comics.send();
    app.session.backend.drawComic = draw;
    expect(app.comics.studio.drawing(999)?.partial).toBe(1);
  });

  it("keeps the review open when sending fails, with the reason", async () => {
    const app = await prepare({}, { drawComic: () => Promise.reject(failure("service")) });
    await app.comics.send();
    expect(app.comics.studio.review?.error?.code).toBe("service");
    expect(app.comics.studio.drawings.length).toBe(0);
  });

  it("tells that a key is missing where it was sent without one, and draws with one", async () => {
    const app = await prepare({ key: "missing" });
    expect(app.comics.studio.review?.plan.value?.hasKey).toBe(false);
    await app.comics.send();
    await vi.waitFor(() => expect(app.comics.studio.drawings[0]?.error?.code).toBe("key"));
    await app.comics.plan();
    await app.preferences.setKey("sk-x", false);
    expect(app.preferences.key).toBe("session");
    await app.comics.send();
    expect(app.comics.studio.drawings.length).toBe(2);
  });

  it("tells the keychain's failure to who asked, and keeps the key for the session", async () => {
    const app = await open({ key: "missing", fail: "keychain" });
    await expect(app.preferences.setKey("sk-x", true)).rejects.toMatchObject({ code: "keychain" });
    await app.preferences.setKey("sk-x", false);
    expect(app.preferences.key).toBe("session");
  });

  it("deletes with a way back", async () => {
    const app = await open({ comics: 2 });
    const comic = app.comics.studio.comics.value?.[0];
    if (comic === undefined) throw new Error("no comic");
    app.navigation.go({ kind: "comic", id: comic.id });
    await app.comics.delete(comic);
    expect(app.navigation.here.kind).toBe("comics");
    expect(app.comics.studio.comics.value?.length).toBe(1);
    app.session.toasts.shown[0]?.action?.run();
    await vi.waitFor(() => expect(app.comics.studio.comics.value?.length).toBe(2));
  });
});

describe("preferences", () => {
  it("apply at once and are saved after a pause", async () => {
    const app = await open();
    const save = vi.spyOn(app.session.backend, "saveSettings");
    app.preferences.change({ theme: "dark", language: "es" });
    app.preferences.zoom(1.2);
    expect(document.documentElement.dataset["theme"]).toBe("dark");
    expect(document.documentElement.lang).toBe("es");
    expect(words.locale).toBe("es");
    expect(save).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(save).toHaveBeenCalledTimes(1));
    expect(save.mock.calls[0]?.[0]).toMatchObject({ theme: "dark", language: "es", rowHeight: 216 });
    app.preferences.change({ theme: "system", language: "en" });
    expect(document.documentElement.dataset["theme"]).toBeUndefined();
  });

  it("zoom by small steps without getting stuck, between the limits", async () => {
    const app = await open();
    for (let i = 0; i < 40; i++) app.preferences.zoom(1.002);
    expect(app.preferences.rowHeight).toBeGreaterThan(190);
    for (let i = 0; i < 40; i++) app.preferences.zoom(1.3);
    expect(app.preferences.rowHeight).toBe(360);
    for (let i = 0; i < 40; i++) app.preferences.zoom(0.7);
    expect(app.preferences.rowHeight).toBe(120);
  });
});
