import { describe, expect, it, vi } from "vitest";
import { words } from "../../src/app/i18n.svelte";
import { chordText, isChord } from "../../src/features/actions/chords";
import { fuzzyFilter, fuzzyScore } from "../../src/features/actions/fuzzy";
import { ACTIONS, offer, runKey, tipOf } from "../../src/features/actions/registry";
import { beginAnew, open } from "./open";

beginAnew();

function press(key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  return new KeyboardEvent("keydown", { key, ...more });
}

describe("a chord", () => {
  it("is met by its keys and no others", () => {
    expect(isChord(press("k", { ctrlKey: true }), "Ctrl k")).toBe(true);
    expect(isChord(press("k", { metaKey: true }), "Ctrl k")).toBe(true);
    expect(isChord(press("K", { ctrlKey: true, shiftKey: true }), "Ctrl k")).toBe(false);
    expect(isChord(press("Z", { ctrlKey: true, shiftKey: true }), "Ctrl Shift z")).toBe(true);
    expect(isChord(press("k"), "Ctrl k")).toBe(false);
    expect(isChord(press("S"), "s")).toBe(true);
    expect(isChord(press("?", { shiftKey: true }), "?")).toBe(true);
    expect(isChord(press("+", { ctrlKey: true, shiftKey: true }), "Ctrl +")).toBe(true);
    expect(isChord(press("s", { altKey: true }), "s")).toBe(false);
  });

  it("is shown as people write it", () => {
    expect(chordText("Alt ArrowLeft")).toBe("Alt ←");
    expect(chordText("Ctrl k")).toBe("Ctrl K");
  });
});

describe("a search in labels", () => {
  const labels = ["Find similar", "Add to favourites", "Favourites", "Add a folder"].map((label) => ({ label }));
  const found = (typed: string): string[] => fuzzyFilter(typed, labels).map(({ label }) => label);

  it("finds letters in their order, words and beginnings first", () => {
    expect(found("fav")).toEqual(["Favourites", "Add to favourites"]);
    expect(found("fs")[0]).toBe("Find similar");
    expect(found("aaf")[0]).toBe("Add a folder");
    expect(found("xyz")).toEqual([]);
    expect(found(" ")).toEqual(labels.map(({ label }) => label));
  });

  it("knows no accents or capitals", () => {
    expect(fuzzyScore("ANADIR", "Añadir a favoritas")).not.toBeNull();
    expect(fuzzyScore("comic", "Cómics")).not.toBeNull();
  });
});

describe("actions", () => {
  it("have one name and one set of words each, in both languages", async () => {
    const app = await open();
    expect(new Set(ACTIONS.map(({ id }) => id)).size).toBe(ACTIONS.length);
    app.photos.select(app.photos.ids[0] ?? 0);
    for (const locale of ["en", "es"] as const) {
      words.locale = locale;
      const labels = ACTIONS.map(({ id }) => offer(app, id).label);
      expect(labels.filter((label, index) => labels.indexOf(label) !== index)).toEqual([]);
    }
  });

  it("never share a key while both are possible", async () => {
    const app = await open({ photos: 60, comics: 1 });
    const clashes = (): string[] => {
      const keys = ACTIONS.map((action) => offer(app, action.id))
        .filter((one) => one.possible)
        .flatMap((one) => one.keys);
      return keys.filter((key, index) => keys.indexOf(key) !== index);
    };
    expect(clashes()).toEqual([]);
    app.photos.select(app.photos.ids[1] ?? 0);
    expect(clashes()).toEqual([]);
    app.photos.view(app.photos.ids[1] ?? 0);
    expect(clashes()).toEqual([]);
  });

  it("run by their keys when possible, and not into a field", async () => {
    const app = await open();
    expect(runKey(app, press("s"), false)).toBe(false);
    const id = app.photos.ids[2] ?? 0;
    app.photos.select(id);
    expect(runKey(app, press("c"), true)).toBe(false);
    expect(runKey(app, press("c"), false)).toBe(true);
    expect(app.comics.tray.photos).toEqual([id]);
    expect(runKey(app, press("k", { ctrlKey: true }), true)).toBe(true);
    expect(app.session.dialog).toBe("palette");
  });

  it("that turn something over do it once while a key is held", async () => {
    const app = await open();
    app.photos.select(app.photos.ids[0] ?? 0);
    const toggle = vi.spyOn(app.marks, "toggle");
    expect(runKey(app, press("f"), false)).toBe(true);
    expect(runKey(app, press("f", { repeat: true }), false)).toBe(true);
    expect(toggle).toHaveBeenCalledTimes(1);
    const before = app.preferences.rowHeight;
    runKey(app, press("+", { ctrlKey: true, repeat: true }), false);
    expect(app.preferences.rowHeight).toBeGreaterThan(before);
  });

  it("mean the large photo before the one in the grid, and Esc closes it first", async () => {
    const app = await open();
    const id = app.photos.ids[4] ?? 0;
    app.photos.view(id);
    expect(offer(app, "photo.view").possible).toBe(false);
    runKey(app, press("ArrowRight"), false);
    expect(app.viewer.photo).toBe(app.photos.ids[5]);
    runKey(app, press("Escape"), false);
    expect(app.viewer.photo).toBeNull();
    expect(app.selection.ids.size).toBe(1);
    runKey(app, press("Escape"), false);
    expect(app.selection.ids.size).toBe(0);
  });

  it("give their key to a tip", async () => {
    const app = await open();
    expect(tipOf(offer(app, "settings"))).toBe("Settings (Ctrl ,)");
    expect(tipOf(offer(app, "folder.add"))).toBe("Add a folder");
  });
});
