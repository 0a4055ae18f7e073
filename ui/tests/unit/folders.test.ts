import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { Folder, IndexStatus, Problem, Reason } from "../../src/api/bindings";
import { ALL_KINDS, isPolled, optionsFrom, watchCommand } from "../../src/features/folders/folders.svelte";
import { explain, explainFully, sentence } from "../../src/app/reasons";
import { words } from "../../src/app/i18n.svelte";
import { groupProblems, kindOf } from "../../src/features/problems/problems";
import { beginAnew, open } from "./open";

beginAnew();

describe("problems", () => {
  const of = (path: string, code: string, params: Reason["params"] = {}): Problem => ({
    path,
    reason: { code, params },
  });

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
      of("/a.heic", "lacking_feature", { kind: "HEIC", detail: "x" }),
      of("/1.png", "too_large", { width: 50_000, height: 50_000, megapixels: 512 }),
      of("/2.png", "too_large", { width: 40_000, height: 9, megapixels: 512 }),
      of("/3.jpg", "corrupt", { detail: "marker 7" }),
      of("/4.jpeg", "corrupt", { detail: "bad table" }),
      of("/b.heif", "lacking_feature", { kind: "HEIC", detail: "x" }),
      of("/c.heic", "lacking_feature", { kind: "HEIC", detail: "x" }),
    ]);
    expect(groups.map((one) => [one.kind, one.problems.length, one.reason, one.differs])).toEqual([
      ["HEIC", 3, "This HEIC photo needs something that Fotonovela cannot do yet: x.", false],
      ["PNG", 2, "The picture is too large.", true],
      ["JPEG", 2, "The file is damaged. Copy it again from where it came from.", true],
    ]);
    expect(new Set(groups.map(({ key }) => key)).size).toBe(3);
  });

  it("keeps kinds of files and kinds of faults apart, and names first what did harm", () => {
    const groups = groupProblems([
      of("/a.jpg", "empty"),
      of("/b.jpg", "empty"),
      of("/a.png", "empty"),
      of("/c.jpg", "decoder_too_slow", { seconds: 30 }),
    ]);
    expect(groups.map((one) => [one.kind, one.problems.length, one.setAside])).toEqual([
      ["JPEG", 1, true],
      ["JPEG", 2, false],
      ["PNG", 1, false],
    ]);
  });

  it("are told in the reader's language, without the words of other programs", () => {
    words.locale = "es";
    const [group] = groupProblems([of("/a.jpg", "corrupt", { detail: "bad table" })]);
    expect(group?.reason).toBe("El archivo está dañado. Cópialo de nuevo desde su origen.");
    expect(explainFully({ code: "corrupt", params: { detail: "bad table" } })).toBe(`${group?.reason} (bad table)`);
    expect(explain({ code: "of_a_newer_core", params: {} })).toBe("Of_a_newer_core.");
  });

  it("name their cause, and leave out what is not given", () => {
    const away = { cause: "store_away", store: "http://nas:1" };
    const answered = "The store of this app answered instead.";
    const text = "Check that it runs and that its address is right";
    expect(explain({ code: "answered_here", params: away })).toBe(
      `The vector store http://nas:1 does not answer. ${text}. ${answered}`,
    );
    expect(explain({ code: "answered_here", params: { ...away, detail: "refused" } })).toBe(
      `The vector store http://nas:1 does not answer: refused. ${text}. ${answered}`,
    );
    words.locale = "es";
    expect(explain({ code: "answered_here", params: { ...away, detail: "refused" } })).toBe(
      "El almacén de vectores http://nas:1 no responde. Comprueba que está en marcha y que su dirección es correcta. " +
        "Ha respondido en su lugar el almacén de esta aplicación.",
    );
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
    expect((await open({ rebuilt: true })).library.notice?.code).toBe("catalog_rebuilt");
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
    expect(watchCommand(polled[0] as Folder)).toBe("sudo sysctl fs.inotify.max_user_watches=1048576");
  });

  it("that miss many photos keep them, or forget them", async () => {
    const app = await open({ unusual: true });
    const asking = (): Folder => app.library.folders.value?.find(({ name }) => name === "Pictures") as Folder;
    expect([asking().state, asking().missing, app.library.summary.photos]).toEqual(["asking", 15, 60]);
    await app.folders.answerMissing(asking(), false);
    expect([asking().state, asking().missing, app.library.summary.photos]).toEqual(["online", 15, 60]);
    expect(app.session.toasts.shown.at(-1)?.text).toContain("kept");
    await app.folders.answerMissing(asking(), true);
    await vi.waitFor(() => expect([asking().missing, app.library.summary.photos]).toEqual([0, 45]));
    expect(app.session.toasts.shown.at(-1)?.text).toContain("back without indexing");
  });
});
