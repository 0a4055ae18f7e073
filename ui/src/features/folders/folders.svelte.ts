/**
 * Owns what a person decides about a folder that is in the library: what it takes, and whether photos that vanished from
 * it are forgotten.
 */
import type { Folder, FolderId, FolderOptions, Kind } from "../../api/bindings";
import { toReport } from "../../api/errors";
import type { Library } from "../photos/library.svelte";
import type { Session } from "../../app/session.svelte";
import { t } from "../../app/i18n.svelte";

/** How the dialog shows the kinds of files: names that are the same in every language, the usual ones first. */
export const KINDS: Readonly<Record<Kind, string>> = {
  jpeg: "JPEG",
  heic: "HEIC",
  raw: "RAW",
  png: "PNG",
  webp: "WebP",
  avif: "AVIF",
  jxl: "JPEG XL",
  jp2: "JPEG 2000",
  tiff: "TIFF",
  gif: "GIF",
  bmp: "BMP",
  qoi: "QOI",
};
export const ALL_KINDS = Object.keys(KINDS) as Kind[];

/** What the dialog holds, as the core takes it: all kinds stay all kinds when new ones come. */
export function optionsFrom(subfolders: boolean, patterns: string, kinds: ReadonlySet<Kind>): FolderOptions {
  const exclude = patterns
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const chosen = ALL_KINDS.filter((kind) => kinds.has(kind));
  return { subfolders, exclude, kinds: chosen.length === ALL_KINDS.length ? null : chosen };
}

/** A folder that is there but checked from time to time. */
export function isPolled(folder: Folder): boolean {
  return folder.state === "online" && folder.message?.code === "folder_polled";
}

/** The command that lets the system watch more. */
export function watchCommand(folder: Folder): string {
  return String(folder.message?.params["command"] ?? "");
}

export class Folders {
  /** The folder whose options are open. */
  editing = $state<FolderId | null>(null);
  #session: Session;
  #library: Library;

  constructor(session: Session, library: Library) {
    this.#session = session;
    this.#library = library;
  }

  /** Throws: the dialog says what is wrong, for example with a pattern. */
  async save(id: FolderId, options: FolderOptions): Promise<void> {
    await this.#session.backend.setFolderOptions(id, options);
    this.editing = null;
    await Promise.all([this.#library.loadFolders(), this.#library.sync()]);
  }

  /** The photos that vanished from a folder at once: forgotten, or kept in the grid as missing. */
  async answerMissing(folder: Folder, forget: boolean): Promise<void> {
    const { backend, toasts } = this.#session;
    try {
      await backend.answerMissing(folder.id, forget);
      const params = { count: folder.missing, name: folder.name };
      toasts.say(t(forget ? "missing.forgotten" : "missing.kept", params));
    } catch (thrown) {
      toasts.fail(toReport(thrown));
    }
    await Promise.all([this.#library.loadFolders(), this.#library.sync()]);
  }
}
