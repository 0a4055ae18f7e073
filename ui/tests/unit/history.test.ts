import { describe, expect, it, vi } from "vitest";
import { textOf } from "../../src/features/history/history.svelte";
import { words } from "../../src/app/i18n.svelte";
import { beginAnew, favouritesOf, open } from "./open";

describe("what a person did", () => {
  beginAnew();

  it("is undone and made again, the last thing first, and said", async () => {
    const app = await open();
    const [first, second] = [...app.photos.ids];
    await app.marks.toggle("favourite", first ?? 0);
    await app.marks.toggle("favourite", second ?? 0);
    await app.history.undo();
    expect(await favouritesOf(app)).toEqual([first]);
    expect(app.session.toasts.shown.at(-1)?.text).toBe("Undone: 1 photo marked as favourite");
    await app.history.undo();
    expect(await favouritesOf(app)).toEqual([]);
    await app.history.undo();
    expect(app.session.toasts.shown.at(-1)?.text).toBe("There is nothing to undo");
    await app.history.redo();
    expect(await favouritesOf(app)).toEqual([first]);
    await app.marks.toggle("favourite", first ?? 0);
    await app.history.redo();
    expect(app.session.toasts.shown.at(-1)?.text).toBe("There is nothing to redo");
  });

  it("brings a folder back with what it leaves out and its favourites", async () => {
    const app = await open();
    const folder = app.library.folders.value?.[0];
    const options = { subfolders: false, exclude: ["drafts/"], kinds: null };
    await app.folders.save(folder?.id ?? 0, options);
    const photo = app.photos.ids[0] ?? 0;
    await app.marks.toggle("favourite", photo);
    await app.intake.removeFolder(folder?.id ?? 0);
    expect(app.library.summary.photos).toBe(0);
    app.session.toasts.shown.at(-1)?.action?.run();
    await vi.waitFor(() => expect(app.library.summary.photos).toBe(60));
    expect(app.library.folders.value?.map((one) => [one.id, one.options])).toEqual([[folder?.id, options]]);
    expect(await favouritesOf(app)).toEqual([photo]);
    await app.history.redo();
    expect(app.library.summary.photos).toBe(0);
  });

  it("leaves the place of a folder whose adding is undone", async () => {
    const app = await open();
    await app.intake.addFolders(["/home/ana/More"]);
    const added = app.library.folders.value?.find((one) => one.name === "More");
    app.navigation.go({ kind: "folder", id: added?.id ?? 0 });
    await app.history.undo();
    expect(app.library.folders.value?.length).toBe(1);
    expect(app.navigation.here.kind).toBe("photos");
  });

  it("asks again about photos whose forgetting is undone", async () => {
    const app = await open({ unusual: true });
    const asking = () => app.library.folders.value?.find((one) => one.state === "asking");
    const folder = asking();
    const missing = folder?.missing ?? 0;
    if (folder !== undefined) await app.folders.answerMissing(folder, true);
    expect(app.library.summary.photos).toBe(60 - missing);
    await app.history.undo();
    expect(app.library.summary.photos).toBe(60);
    expect(asking()?.missing).toBe(missing);
  });

  it("undoes just the one that is chosen in the list", async () => {
    const app = await open({ comics: 1 });
    const comic = app.comics.studio.comics.value?.[0];
    if (comic !== undefined) await app.comics.delete(comic);
    await app.marks.toggle("favourite", app.photos.ids[0] ?? 0);
    await app.history.open();
    expect(app.session.dialog).toBe("history");
    expect(app.history.edits.map((edit) => edit.code)).toEqual(["mark_set", "comic_deleted"]);
    words.locale = "es";
    expect(app.history.edits.map(textOf)[1]).toBe(`Cómic «${comic?.title}» eliminado`);
    await app.history.undo(app.history.edits[1]?.id);
    expect(app.comics.studio.comics.value?.length).toBe(1);
    expect(app.history.edits.map((edit) => edit.undone)).toEqual([false, true]);
    expect(app.library.summary.marked.favourite).toBe(1);
  });
});
