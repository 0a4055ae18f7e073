/**
 * Owns what comes in from outside: folders and pictures that are dropped, picked or pasted, and what each of them does.
 */
import type { DropKind, PhotoId, QueryImage } from "../../api/bindings";
import { toReport } from "../../api/errors";
import { t } from "../../app/i18n.svelte";
import { folderOf, isPlace } from "../../app/places";
import type { Session } from "../../app/session.svelte";
import type { Comics } from "../comics/comics.svelte";
import type { History } from "../history/history.svelte";
import type { Library } from "../photos/library.svelte";
import type { Zone } from "./drags.svelte";

interface Deps {
  comics: Comics;
  history: History;
  library: Library;
}

export class Intake {
  /** A picture is being read, before its similar photos show. */
  reading = $state(false);
  #session: Session;
  #library: Library;
  #comics: Comics;
  #history: History;

  constructor(session: Session, { comics, history, library }: Deps) {
    this.#session = session;
    this.#library = library;
    this.#comics = comics;
    this.#history = history;
  }

  async pickFolder(): Promise<void> {
    try {
      const path = await this.#session.backend.pickFolder();
      if (path !== null) await this.addFolders([path]);
    } catch (thrown) {
      this.#session.toasts.fail(toReport(thrown));
    }
  }

  async addFolders(paths: string[]): Promise<void> {
    const { backend, navigation, toasts } = this.#session;
    const { here } = navigation;
    try {
      await backend.addFolders(paths);
      if (!isPlace(here, "photos") && !isPlace(here, "folder")) navigation.go({ kind: "photos" });
    } catch (thrown) {
      toasts.fail(toReport(thrown));
    }
    await Promise.all([this.#library.loadFolders(), this.#library.sync()]);
  }

  async removeFolder(id: number): Promise<void> {
    const { backend, navigation, toasts } = this.#session;
    const folder = this.#library.folders.value?.find((one) => one.id === id);
    if (folder === undefined) return;
    try {
      const edit = await backend.removeFolder(id);
      navigation.forget((place) => folderOf(place) === id);
      toasts.say(t("folder.removed", { name: folder.name }), this.#history.undoOf(edit));
    } catch (thrown) {
      toasts.fail(toReport(thrown));
    }
    await Promise.all([this.#library.loadFolders(), this.#library.sync()]);
  }

  /** Does what the overlay said before the drop. */
  async drop(kind: DropKind, paths: string[], zone: Zone): Promise<void> {
    const first = paths[0];
    if (first === undefined) return;
    if (kind === "folder") await this.addFolders(paths);
    else if (kind === "other") this.#session.toasts.say(t("drop.unknown"));
    else if (zone === "tray") await this.#useFiles(paths);
    else await this.#searchFile(first);
  }

  /**
   * What the system's clipboard holds: files do what dropping them would, a picture searches. Returns whether there was
   * either.
   */
  async paste(): Promise<boolean> {
    const { backend, navigation, toasts } = this.#session;
    try {
      const paths = await backend.clipboardFiles();
      if (paths.length > 0) {
        await this.drop(await backend.dropKind(paths), paths, "window");
        return true;
      }
      this.reading = true;
      const image = await backend.queryImageFromClipboard();
      if (image === null) toasts.say(t("paste.nothing"));
      else navigation.go({ kind: "like", of: { image } });
      return image !== null;
    } catch (thrown) {
      toasts.fail(toReport(thrown));
      return false;
    } finally {
      this.reading = false;
    }
  }

  /** A pasted picture, or one dropped from a browser, of which there is no path. */
  async search(file: Blob, name: string): Promise<void> {
    await this.#query(async () => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      return this.#session.backend.queryImageFromBytes(bytes, name);
    });
  }

  /** A file of the library is that photo; any other stays outside. */
  async #searchFile(path: string): Promise<void> {
    const { backend, navigation } = this.#session;
    let photo: PhotoId | undefined;
    if (!(await this.#session.attempt(async () => ([photo] = await backend.photosByPath([path]))))) return;
    if (photo === undefined) await this.#query(() => backend.queryImageFromPath(path));
    else navigation.go({ kind: "like", of: { photo } });
  }

  async #useFiles(paths: string[]): Promise<void> {
    const { backend, toasts } = this.#session;
    try {
      const ids = await backend.photosByPath(paths);
      this.#comics.use(ids);
      const strangers = paths.length - ids.length;
      if (strangers > 0) toasts.say(t("tray.notInLibrary", { count: strangers }));
    } catch (thrown) {
      toasts.fail(toReport(thrown));
    }
  }

  async #query(open: () => Promise<QueryImage>): Promise<void> {
    this.reading = true;
    try {
      this.#session.navigation.go({ kind: "like", of: { image: await open() } });
    } catch (thrown) {
      this.#session.toasts.fail(toReport(thrown));
    } finally {
      this.reading = false;
    }
  }
}
