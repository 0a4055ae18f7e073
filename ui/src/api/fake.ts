/**
 * A backend in memory, for browsers and tests: a library that was never photographed, and a service that never bills.
 * The address chooses what happens: `?photos=30000`, `?empty`, `?oneday` (all photos are of this day), `?well` (every file can be read), `?comics=5`, `?key=missing`, `?slow`, `?fail=<code>`
 * (how the first drawing ends; `keychain` and `library` fail elsewhere), `?unusual` (folders that are away, polled, or
 * miss photos), `?paused`, `?trouble=<code>` (what stops the indexing), `?rebuilt` (a notice), `?store=away` (a server that
 * does not answer), `?unconfined` (an old kernel). Never part of the app.
 */
import type { Backend, FileDrag } from "./backend";
import type { ComicRequest, ErrorCode, Event, KeyState, QueryImage, Settings } from "./bindings";
import { FakeAlbums } from "./fake/albums";
import { FakeComics, failure } from "./fake/comics";
import { CONFINED, UNCONFINED } from "./fake/confinement";
import { fakeModels } from "./fake/models";
import { checkAddress, hostOf, invalid, serviceKeyState } from "./fake/service";
import { FakeEdits } from "./fake/edits";
import { layoutOf } from "./fake/layout";
import { detailOf } from "./fake/detail";
import { FakeLibrary } from "./fake/library";
import { drawPage } from "./fake/pages";
import { drawScene, SCENES } from "./fake/scenes";
import { fakeStores } from "./fake/stores";
import { suggest, understand } from "./fake/words";

/** How files begin: JPEG and PNG. */
const PICTURES = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47],
];

const MOST_URLS = 3_000;
const PICKED = "/home/ana/Pictures";
const PROMPTS = ["Cola steals the sausages", "This dog wears a cute outfit", "The dog goes to Hogwarts"];

const TROUBLE = {
  reason: {
    code: "write_failed",
    params: { path: "/home/ana/.local/share/fotonovela/thumbnails", detail: "no space left on device" },
  },
  detail: "Write { kind: StorageFull }",
};
const REBUILT = {
  code: "catalog_rebuilt",
  params: { path: "/home/ana/.local/share/fotonovela/catalog.db.damaged-20261123", photos: 598 },
};

export interface FakeOptions {
  photos?: number;
  empty?: boolean;
  oneDay?: boolean;
  well?: boolean;
  slow?: boolean;
  comics?: number;
  key?: KeyState;
  fail?: ErrorCode | "library" | null;
  unusual?: boolean;
  paused?: boolean;
  trouble?: ErrorCode | null;
  rebuilt?: boolean;
  storeAway?: boolean;
  unconfined?: boolean;
}

export function optionsFrom(search: string): FakeOptions {
  const query = new URLSearchParams(search);
  return {
    photos: Number(query.get("photos") ?? 600),
    empty: query.has("empty"),
    oneDay: query.has("oneday"),
    well: query.has("well"),
    slow: query.has("slow"),
    comics: Number(query.get("comics") ?? 0),
    key: (query.get("key") as KeyState | null) ?? "keychain",
    fail: query.get("fail") as ErrorCode | "library" | null,
    unusual: query.has("unusual"),
    paused: query.has("paused"),
    trouble: query.get("trouble") as ErrorCode | null,
    rebuilt: query.has("rebuilt"),
    storeAway: query.get("store") === "away",
    unconfined: query.has("unconfined"),
  };
}

/** The backend, and handles for tests: files are dragged over the window, and it is closed. */
export interface FakeBackend extends Backend {
  drag(drag: FileDrag): void;
  close(): void;
  closed: boolean;
  clipboard: { files: string[]; image: boolean };
}

export function fakeBackend(options: FakeOptions = {}): FakeBackend {
  const listeners = new Set<(event: Event) => void>();
  const draggers = new Set<(drag: FileDrag) => void>();
  const closers = new Set<() => void>();
  const emit = (event: Event): void => listeners.forEach((listener) => listener(event));
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, options.slow === true ? ms * 40 + 400 : ms));
  const library = new FakeLibrary(
    options.photos ?? 600,
    options.slow === true ? 900 : 40,
    { oneDay: options.oneDay === true, well: options.well === true },
    () => {
      emit({ kind: "photos", revision: library.revision });
      emit({ kind: "index", status: library.status() });
      emit({ kind: "folders" });
    },
  );
  const failing = options.fail === "library" ? null : (options.fail ?? null);
  const comics = new FakeComics(failing, options.slow === true ? 2_000 : 120, (task, progress) =>
    emit({ kind: "comic", task, progress }),
  );
  const stores = fakeStores({
    away: options.storeAway === true,
    step: options.slow === true ? 600 : 60,
    photos: () => library.status().embedded,
    emit,
  });
  const edits = new FakeEdits();
  const albums = new FakeAlbums(library, edits);
  if (options.empty !== true) library.fill();
  if (options.unusual === true) library.addUnusual();
  if (options.paused === true) library.stop();
  if (options.trouble != null) library.halt({ ...TROUBLE, code: options.trouble });
  comics.invent(options.comics ?? 0, PROMPTS, [...library.photos.keys()]);
  let key = options.key ?? "keychain";
  let queries = 0;
  let tray: ComicRequest | null = null;
  let settings: Settings = {
    theme: "system",
    language: "system",
    rowHeight: 180,
    model: null,
    store: "embedded",
    effort: "normal",
    baseUrl: "https://api.openai.com/v1",
    route: null,
    textModel: "gpt-4o",
    draftModel: "gpt-image-2.6-flare",
    finalModel: "gpt-image-2.6-sunburst",
  };

  const urls = new Map<string, string>();
  const url = (name: string, draw: () => string): string => {
    const known = urls.get(name);
    if (known !== undefined) return known;
    const made = URL.createObjectURL(new Blob([draw()], { type: "image/svg+xml" }));
    urls.set(name, made);
    const oldest = urls.keys().next().value;
    if (urls.size > MOST_URLS && oldest !== undefined) {
      URL.revokeObjectURL(urls.get(oldest) ?? "");
      urls.delete(oldest);
    }
    return made;
  };
  const photoOf = (id: number) => {
    const photo = library.photos.get(id);
    if (photo === undefined) throw { code: "not_found", reason: { code: "photo_not_found", params: {} }, detail: "" };
    return photo;
  };
  const sceneUrl = (id: number, longest: number): string =>
    url(`${id}/${longest}`, () => {
      const { tile, scene } = photoOf(id);
      const scale = longest / Math.max(tile.width, tile.height);
      return drawScene(id, scene, Math.round(tile.width * scale), Math.round(tile.height * scale));
    });
  const sizeOf = (version: number): { size: string; four: boolean } => {
    const comic = comics.comics.find((one) => one.versions.some((v) => v.id === version));
    return {
      size: comic?.versions.find((v) => v.id === version)?.size ?? "1024x1024",
      four: comic?.layout === "four_panels",
    };
  };
  const query = (name: string): QueryImage => {
    queries += 1;
    return { token: queries, name, width: 1600, height: 1200 };
  };

  const backend: FakeBackend = {
    closed: false,
    clipboard: { files: [], image: false },
    close() {
      if (comics.isDrawing()) closers.forEach((listener) => listener());
      else backend.closed = true;
    },
    async onCloseAsked(listener) {
      closers.add(listener);
      return () => closers.delete(listener);
    },
    async answerClose(close) {
      backend.closed = close;
    },
    drag: (drag) => draggers.forEach((listener) => listener(drag)),
    async subscribe(onEvent) {
      listeners.add(onEvent);
      return () => listeners.delete(onEvent);
    },
    async onFileDrag(listener) {
      draggers.add(listener);
      return () => draggers.delete(listener);
    },
    dropKind: async (paths) => (paths.some((path) => /\.[a-z]+$/i.test(path)) ? "image" : "folder"),
    folders: async () => library.folders.map((folder) => ({ ...folder })),
    async pickFolder() {
      await pause(20);
      return `${PICKED}${library.folders.length === 0 ? "" : ` ${library.folders.length + 1}`}`;
    },
    async addFolders(paths) {
      await pause(10);
      if (failing === "unreadable") throw failure("unreadable");
      return paths.map((path) => {
        const known = library.folders.find((folder) => folder.path === path);
        if (known !== undefined) return known;
        const folder = library.newFolder(path);
        edits.make("folder_added", { path }, library.adding(folder));
        return folder;
      });
    },
    async removeFolder(id) {
      const folder = library.folders.find((one) => one.id === id);
      if (folder === undefined) return null;
      return edits.make("folder_removed", { path: folder.path }, () => library.remove(id));
    },
    async setFolderOptions(id, chosen) {
      if (chosen.exclude.some((pattern) => pattern.includes("[") && !pattern.includes("]"))) {
        const pattern = chosen.exclude.find((one) => one.includes("[")) ?? "";
        throw { code: "invalid", reason: { code: "pattern_unusable", params: { pattern } }, detail: "" };
      }
      const folder = library.folders.find((one) => one.id === id);
      if (folder === undefined) throw failure("not_found");
      const { options: before, path } = folder;
      if (JSON.stringify(before) === JSON.stringify(chosen)) return null;
      return edits.make("folder_options", { path }, () => {
        library.change(id, { options: chosen });
        return () => library.change(id, { options: before });
      });
    },
    async answerMissing(id, forget) {
      const count = library.missingOf(id).length;
      if (count === 0) return null;
      const code = forget ? "missing_forgotten" : "missing_kept";
      return edits.make(code, { count }, () => library.answerMissing(id, forget));
    },
    ...fakeModels(),
    confinement: async () => (options.unconfined === true ? UNCONFINED : CONFINED),
    libraryNotice: async () => (options.rebuilt === true ? REBUILT : null),
    indexStatus: async () => library.status(),
    async cancelIndex() {
      library.stop();
    },
    async resumeIndex() {
      library.run();
    },
    async problems() {
      await pause(5);
      return library.folders.length > 0 ? library.problems.list : [];
    },
    async retryProblems(paths) {
      library.problems.retry(paths);
    },
    async photoLayout(query) {
      await pause(5);
      if (options.fail === "library") {
        throw {
          code: "catalog",
          reason: { code: "catalog_damaged", params: { detail: "database disk image is malformed" } },
          detail: "database disk image is malformed",
        };
      }
      return layoutOf(library, albums, query, stores.notice());
    },
    async photoTiles(ids) {
      await pause(3);
      return ids.flatMap((id) => library.photos.get(id)?.tile ?? []);
    },
    async photoChanges(among, revision) {
      await pause(5);
      return albums.within(among, library.changes(among, revision));
    },
    async photoSummary() {
      return library.summary();
    },
    async photo(id) {
      await pause(3);
      const photo = photoOf(id);
      const folder = library.folders.find((one) => one.id === photo.tile.folder);
      if (folder === undefined) throw failure("not_found");
      return detailOf(photo, folder);
    },
    setVisible: async () => undefined,
    async markPhotos(ids, mark, set) {
      const changed = ids.filter(
        (id) => library.photos.has(id) && library.photos.get(id)?.tile.marks.includes(mark) !== set,
      );
      if (changed.length === 0) return null;
      return edits.make(set ? "mark_set" : "mark_unset", { count: changed.length, mark }, () => {
        library.mark(changed, mark, set);
        return () => library.mark(changed, mark, !set);
      });
    },
    ...albums.commands,
    ...edits.commands,
    understandWords: async (text) => understand(text),
    suggestWords: async (text) => suggest(text),
    async queryImageFromPath(path) {
      await pause(10);
      return query(path.split("/").at(-1) ?? "");
    },
    async queryImageFromBytes(bytes, name) {
      await pause(10);
      if (bytes.length === 0) throw { code: "unreadable", reason: { code: "empty", params: {} }, detail: "" };
      if (!PICTURES.some((start) => start.every((byte, at) => bytes[at] === byte))) {
        throw { code: "unreadable", reason: { code: "not_a_picture", params: {} }, detail: "" };
      }
      return query(name);
    },
    photosByPath: async (paths) =>
      [...library.photos.values()]
        .filter((p) => paths.some((path) => path.endsWith(p.tile.name)))
        .map((p) => p.tile.id),
    revealPhoto: async () => undefined,

    clipboardFiles: async () => backend.clipboard.files,
    queryImageFromClipboard: async () => (backend.clipboard.image ? query("") : null),
    async copyPhotos(ids) {
      backend.clipboard = { files: ids.map((id) => `${PICKED}/${photoOf(id).tile.name}`), image: ids.length === 1 };
    },

    async planComic(request) {
      await pause(30);
      const model = request.purpose === "draft" ? settings.draftModel : settings.finalModel;
      return comics.plan(
        request,
        request.photos.map((id) => photoOf(id).tile),
        { host: hostOf(settings), model, textModel: settings.textModel, route: settings.route, key },
      );
    },
    async drawComic(plan) {
      return comics.draw(plan, key);
    },
    async cancelComic(task) {
      comics.cancel(task);
    },
    tray: async () => tray,
    async keepTray(changed) {
      tray = changed;
    },
    comics: async () => comics.comics.filter((comic) => !comics.deleted.has(comic.id)),
    async deleteComic(id) {
      const title = comics.comics.find((comic) => comic.id === id && !comics.deleted.has(id))?.title;
      if (title === undefined) return null;
      return edits.make("comic_deleted", { title }, () => {
        comics.deleted.add(id);
        return () => void comics.deleted.delete(id);
      });
    },
    saveComic: async () => "/home/ana/Pictures/comic.png",

    settings: async () => settings,
    async saveSettings(changed) {
      checkAddress(changed.baseUrl);
      settings = changed;
    },
    keyState: async () => serviceKeyState(key, hostOf(settings)),
    async setKey(text, remember) {
      if (text.trim() === "") throw invalid("key_empty");
      if (remember && failing === "keychain") throw failure("keychain");
      if (comics.fail === "key") comics.fail = null;
      key = remember ? "keychain" : "session";
      return key;
    },
    async deleteKey() {
      key = "missing";
      return serviceKeyState(key, hostOf(settings));
    },

    ...stores.commands,

    // One photo of four has no preview: an empty picture, which a page takes as one that failed.
    thumbnailUrl(id, version) {
      if (version !== "0") return sceneUrl(id, 480);
      return id % 4 === 0 ? url("none", () => "") : sceneUrl(id, 40);
    },
    photoUrl: (id) => sceneUrl(id, 3000),
    queryImageUrl: (token) =>
      url(`query/${token}`, () => drawScene(token, SCENES[token % SCENES.length] ?? "dog", 640, 480)),
    plannedPictureUrl(plan, index) {
      const photo = comics.plans.get(plan)?.plan.pictures[index]?.photo ?? null;
      return photo === null ? url("parent", () => drawPage(7, "1024x1536", true, 1)) : sceneUrl(photo, 480);
    },
    partialUrl(task, number) {
      const request = comics.jobs.get(task)?.request;
      return url(`partial/${task}/${number}`, () =>
        drawPage(task, request?.size ?? "1024x1024", request?.layout === "four_panels", number / 4),
      );
    },
    versionUrl: (version) =>
      url(`version/${version}`, () => drawPage(version, sizeOf(version).size, sizeOf(version).four, 1)),
  };
  return backend;
}
