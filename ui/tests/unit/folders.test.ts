import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { Folder, IndexStatus, Problem } from "../../src/api/bindings";
import { ALL_KINDS, commandIn, isPolled, optionsFrom } from "../../src/features/folders/folders.svelte";
import { groupProblems, kindOf, sentence } from "../../src/features/problems/problems";
import { beginAnew, open } from "./open";

const core = join(import.meta.dirname, "../../../core/src");

beginAnew();

describe("problems", () => {
  const of = (path: string, reason: string): Problem => ({ path, reason });

  it("knows the kind of a file by its ending, where there is one", () => {
    expect(["/a/b.HEIC", "/a/b.heif", "/a/b.jpg", "C:\\a\\b.TIF", "/a/b", "/a.d/.hidden"].map(kindOf)).toEqual([
      "HEIC",
      "HEIC",
      "JPEG",
      "TIFF",
      "",
      "",
    ]);
  });

  it("makes sentences of what the core says", () => {
    expect(["the file is empty", "It is. ", "Why?", ""].map((text) => sentence(text.trim()))).toEqual([
      "The file is empty.",
      "It is.",
      "Why?",
      "",
    ]);
  });

  it("puts together what failed alike, though numbers and details differ", () => {
    const groups = groupProblems([
      of("/a.heic", "this HEIC photo needs x"),
      of("/1.png", "the picture is too large: 50000 x 50000 pixels"),
      of("/2.png", "the picture is too large: 40000 x 9 pixels"),
      of("/3.jpg", "the file is damaged (marker 7). Copy it again"),
      of("/4.jpeg", "the file is damaged (bad table). Copy it again"),
      of("/b.heif", "this HEIC photo needs x"),
      of("/c.heic", "this HEIC photo needs x"),
    ]);
    expect(groups.map((one) => [one.kind, one.problems.length, one.reason, one.differs])).toEqual([
      ["HEIC", 3, "This HEIC photo needs x.", false],
      ["PNG", 2, "The picture is too large.", true],
      ["JPEG", 2, "The file is damaged. Copy it again.", true],
    ]);
    expect(new Set(groups.map(({ key }) => key)).size).toBe(3);
  });

  it("keeps kinds of files and kinds of faults apart, and names first what did harm", () => {
    const groups = groupProblems([
      of("/a.jpg", "the file is empty"),
      of("/b.jpg", "the file is empty"),
      of("/a.png", "the file is empty"),
      of("/c.jpg", "decoding it took longer than 30 s; the file was set aside"),
    ]);
    expect(groups.map((one) => [one.kind, one.problems.length, one.setAside])).toEqual([
      ["JPEG", 1, true],
      ["JPEG", 2, false],
      ["PNG", 1, false],
    ]);
  });

  it("knows harm by the words that the core uses for it", () => {
    const harms = readFileSync(join(core, "error/decode.rs"), "utf8").match(/; the file was set aside"\)\]/g);
    expect(harms?.length).toBeGreaterThan(1);
  });

  it("are tried again, one or all, and come back if they fail again", async () => {
    const app = await open();
    app.navigation.go({ kind: "problems" });
    await vi.waitFor(() => expect(app.library.problems.value?.length).toBe(16));
    const cut = app.library.problems.value?.find(({ path }) => path.endsWith("0423.jpg"));
    await app.indexing.retry([cut?.path ?? ""]);
    expect(app.library.problems.value?.length).toBe(15);
    expect(app.session.toasts.shown.at(-1)?.text).toBe("Trying 1 file again");
    await app.indexing.retry(null);
    expect(app.library.problems.value).toEqual([]);
    expect(app.session.toasts.shown.at(-1)?.text).toBe("Trying 15 files again");
    await vi.waitFor(() => expect(app.library.problems.value?.length).toBe(15));
  });

  it("wait for the end of a pause", async () => {
    const app = await open({ paused: true });
    await app.library.loadProblems();
    await app.indexing.retry(null);
    expect(app.session.toasts.shown.at(-1)?.text).toContain("when you resume");
  });
});

describe("the indexing", () => {
  it("pauses and resumes, and opens paused if it was", async () => {
    const app = await open();
    expect(app.library.paused).toBe(false);
    await app.indexing.pause();
    expect(app.library.paused).toBe(true);
    await app.indexing.resume();
    await vi.waitFor(() => expect(app.library.paused).toBe(false));
    expect((await open({ paused: true })).library.paused).toBe(true);
  });

  it("tells a halt from a pause; a missing model halts nothing", async () => {
    const full = await open({ trouble: "disk" });
    expect([full.library.halted, full.library.paused]).toEqual([true, false]);
    expect(full.library.troubleTitle).toContain("disk is full");
    const model = await open({ trouble: "model" });
    expect([model.library.halted, model.library.paused]).toEqual([false, true]);
    const status = { ...(model.library.status as IndexStatus), state: "idle" as const };
    model.take({ kind: "index", status });
    expect([model.library.halted, model.library.paused]).toEqual([false, false]);
  });

  it("saves the effort", async () => {
    const app = await open();
    const save = vi.spyOn(app.session.backend, "saveSettings");
    app.preferences.change({ effort: "gentle" });
    await vi.waitFor(() => expect(save.mock.calls[0]?.[0]).toMatchObject({ effort: "gentle" }));
  });

  it("passes on what there is to know about the library", async () => {
    expect((await open()).library.notice).toBeNull();
    expect((await open({ rebuilt: true })).library.notice).toContain("catalogue was damaged");
  });
});

describe("folders", () => {
  it("take what the dialog says: whole lines, and all kinds as all kinds", () => {
    expect(optionsFrom(false, " *.png \n\n/2019/\n", new Set(ALL_KINDS))).toEqual({
      subfolders: false,
      exclude: ["*.png", "/2019/"],
      kinds: null,
    });
    expect(optionsFrom(true, "", new Set(["heic", "jpeg"] as const)).kinds).toEqual(["jpeg", "heic"]);
  });

  it("know all kinds of the core", () => {
    const bindings = readFileSync(join(import.meta.dirname, "../../src/api/bindings.ts"), "utf8");
    const kinds = /export type Kind = ([^;]+);/.exec(bindings)?.[1]?.match(/\w+/g) ?? [];
    expect([...ALL_KINDS].sort()).toEqual(kinds.sort());
  });

  it("keep their options open until they are saved, and say what is wrong with a pattern", async () => {
    const app = await open();
    const folder = app.library.folders.value?.[0] as Folder;
    app.folders.editing = folder.id;
    await expect(app.folders.save(folder.id, optionsFrom(true, "[a", new Set(ALL_KINDS)))).rejects.toMatchObject({
      code: "invalid",
    });
    expect(app.folders.editing).toBe(folder.id);
    await app.folders.save(folder.id, optionsFrom(true, "a*", new Set(ALL_KINDS)));
    expect(app.folders.editing).toBeNull();
    expect(app.library.folders.value?.[0]?.options.exclude).toEqual(["a*"]);
  });

  it("that are polled name the command that helps", async () => {
    const app = await open({ unusual: true });
    const polled = (app.library.folders.value ?? []).filter(isPolled);
    expect(polled.map(({ name }) => name)).toEqual(["Scans"]);
    expect(commandIn(polled[0]?.message ?? "")).toBe("sudo sysctl fs.inotify.max_user_watches=1048576");
    expect(commandIn("the folder cannot be read")).toBeNull();
  });

  it("that miss many photos keep them, or forget them", async () => {
    const app = await open({ unusual: true });
    const asking = (): Folder => app.library.folders.value?.find(({ name }) => name === "Pictures") as Folder;
    expect([asking().state, asking().missing, app.library.photos.length]).toEqual(["asking", 15, 60]);
    await app.folders.answerMissing(asking(), false);
    expect([asking().state, asking().missing, app.library.photos.length]).toEqual(["online", 15, 60]);
    expect(app.session.toasts.shown.at(-1)?.text).toContain("kept");
    await app.folders.answerMissing(asking(), true);
    await vi.waitFor(() => expect([asking().missing, app.library.photos.length]).toEqual([0, 45]));
    expect(app.session.toasts.shown.at(-1)?.text).toContain("back without indexing");
  });
});
