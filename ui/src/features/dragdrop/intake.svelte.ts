/**
 * Owns what comes in from outside: folders and pictures that are dropped, picked or pasted, and what each of them does.
 */
import type { Backend } from "../../api/backend";
import type { DropKind, QueryImage } from "../../api/bindings";
import { toReport } from "../../api/errors";
import type { Zone } from "./drags.svelte";
import type { Library } from "../photos/library.svelte";
import type { Place, Places } from "../../app/places.svelte";
import type { Toasts } from "../../app/toasts.svelte";
import { TRAY_LIMIT, type Tray } from "../comics/tray.svelte";
import { t } from "../../app/i18n.svelte";

interface Deps {
  backend: Backend;
  library: Library;
  places: Places;
  tray: Tray;
  toasts: Toasts;
  /** Goes to a place and asks what it needs. */
  go(place: Place): void;
}

export class Intake {
  /** A picture is being read, before its similar photos show. */
  reading = $state(false);
  #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async pickFolder(): Promise<void> {
    try {
      const path = await this.#deps.backend.pickFolder();
      if (path !== null) await this.addFolders([path]);
    } catch (thrown) {
      this.#deps.toasts.fail(toReport(thrown));
    }
  }

  async addFolders(paths: string[]): Promise<void> {
    const { backend, library, places, toasts } = this.#deps;
    const { kind } = places.here;
    try {
      await backend.addFolders(paths);
      if (kind !== "photos" && kind !== "folder") this.#deps.go({ kind: "photos" });
    } catch (thrown) {
      toasts.fail(toReport(thrown));
    }
    await Promise.all([library.loadFolders(), library.sync()]);
  }

  async removeFolder(id: number): Promise<void> {
    const { backend, library, places, toasts } = this.#deps;
    const folder = library.folders.value?.find((one) => one.id === id);
    if (folder === undefined) return;
    try {
      await backend.removeFolder(id);
      places.forget((place) => place.kind === "folder" && place.id === id);
      toasts.say(t("folder.removed", { name: folder.name }), {
        label: t("common.undo"),
        run: () => void this.addFolders([folder.path]),
      });
    } catch (thrown) {
      toasts.fail(toReport(thrown));
    }
    await Promise.all([library.loadFolders(), library.sync()]);
  }

  /** Does what the overlay said before the drop. */
  async drop(kind: DropKind, paths: string[], zone: Zone): Promise<void> {
    const first = paths[0];
    if (first === undefined) return;
    if (kind === "folder") await this.addFolders(paths);
    else if (kind === "other") this.#deps.toasts.say(t("drop.unknown"));
    else if (zone === "tray") await this.#useFiles(paths);
    else await this.#query(() => this.#deps.backend.queryImageFromPath(first));
  }

  /** A pasted picture, or one dropped from a browser, of which there is no path. */
  async search(file: Blob, name: string): Promise<void> {
    await this.#query(async () => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      return this.#deps.backend.queryImageFromBytes(bytes, name);
    });
  }

  /** Puts photos into the tray and says what became of them. */
  use(ids: readonly number[], at?: number): void {
    const { tray, toasts } = this.#deps;
    const { left } = tray.put(ids, at);
    if (left > 0) toasts.say(t("tray.full", { count: left, limit: TRAY_LIMIT }));
  }

  async #useFiles(paths: string[]): Promise<void> {
    const { backend, toasts } = this.#deps;
    try {
      const ids = await backend.photosByPath(paths);
      this.use(ids);
      const strangers = paths.length - ids.length;
      if (strangers > 0) toasts.say(t("tray.notInLibrary", { count: strangers }));
    } catch (thrown) {
      toasts.fail(toReport(thrown));
    }
  }

  async #query(open: () => Promise<QueryImage>): Promise<void> {
    this.reading = true;
    try {
      this.#deps.go({ kind: "like", of: { image: await open() } });
    } catch (thrown) {
      this.#deps.toasts.fail(toReport(thrown));
    } finally {
      this.reading = false;
    }
  }
}
