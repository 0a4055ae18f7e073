/**
 * Invents the photos of the fake library and pretends to index them. Never part of the app.
 */
import type {
  ErrorReport,
  Folder,
  IndexStatus,
  PhotoChanges,
  Mark,
  PhotoId,
  PhotoSummary,
  PhotoTile,
  Scope,
} from "../bindings";
import type { Step } from "./edits";
import { FakeProblems } from "./problems";
import { SCENE_COLOR, SCENES, randomFrom, type Scene } from "./scenes";

const ASPECTS = [
  [4032, 3024],
  [3024, 4032],
  [6000, 4000],
  [4000, 6000],
  [3840, 2160],
  [3000, 3000],
  [9000, 3000],
] as const;
const ASPECT_ODDS = [0.42, 0.62, 0.8, 0.88, 0.94, 0.985, 1];
const DAY = 86_400_000;
const EVERYWHERE: Scope = { folder: null, mark: null, from: null, until: null, subject: null };
const MOST_CHANGES = 2_000;

export interface FakePhoto {
  tile: PhotoTile;
  scene: Scene;
  place: number;
  revision: number;
}

/** A photo of the last years, or of this day. */
export function inventPhoto(id: PhotoId, folder: number, total: number, oneDay: boolean): FakePhoto {
  const random = randomFrom(id);
  const draw = random();
  const aspect = ASPECTS[ASPECT_ODDS.findIndex((odd) => draw <= odd)] ?? ASPECTS[0];
  // Photos come in bursts: neighbours share the day and mostly the subject.
  const burst = Math.floor(id / 3);
  const mood = randomFrom(burst + 99_991);
  const scene = (mood() < 0.3 ? "dog" : SCENES[Math.floor(mood() * SCENES.length)]) ?? "dog";
  const now = oneDay ? Math.floor(Date.now() / DAY) * DAY + 0.9 * DAY : Date.now();
  const ago = oneDay ? 0 : Math.pow(burst / Math.max(1, total / 3), 1.3) * 6 * 365 * DAY;
  const prefix = ["IMG_", "DSC_", "PXL_", "P10"][Math.floor(mood() * 4)] ?? "IMG_";
  return {
    tile: {
      id,
      width: aspect[0],
      height: aspect[1],
      takenAt: Math.floor(now - ago - random() * 0.3 * DAY),
      color: null,
      thumbnail: null,
      name: `${prefix}${String(1000 + ((id * 37) % 9000)).padStart(4, "0")}.jpg`,
      folder,
      missing: false,
      marks: [],
      embedded: false,
    },
    scene,
    place: random(),
    revision: 0,
  };
}

export function newestFirst(a: PhotoTile, b: PhotoTile): number {
  return b.takenAt - a.takenAt || b.id - a.id;
}

export function belongs(tile: PhotoTile, { folder, mark, from, until }: Scope): boolean {
  return (
    (folder === null || tile.folder === folder) &&
    (mark === null || tile.marks.includes(mark)) &&
    (mark === "hidden" || !tile.marks.includes("hidden")) &&
    (from === null || tile.takenAt >= from) &&
    (until === null || tile.takenAt < until)
  );
}

/** The photos in memory, and the pretended work on them. */
export class FakeLibrary {
  photos = new Map<PhotoId, FakePhoto>();
  folders: Folder[] = [];
  removed: { id: PhotoId; revision: number }[] = [];
  revision = 1;
  state: IndexStatus["state"] = "idle";
  trouble: ErrorReport | null = null;
  readonly problems: FakeProblems;
  #nextId = 1;
  /** Photos whose parts can be found. */
  #parts = 0;
  #lastFolder = 0;
  #waiting: FakePhoto[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;
  #onChange: () => void;
  #total: number;
  #ticks: number;
  #oneDay: boolean;

  constructor(
    total: number,
    ticks: number,
    { oneDay, well }: { oneDay: boolean; well: boolean },
    onChange: () => void,
  ) {
    this.problems = new FakeProblems(well, () => this.#onChange());
    this.#total = total;
    this.#ticks = ticks;
    this.#oneDay = oneDay;
    this.#onChange = onChange;
  }

  /** A library that was indexed long ago. */
  fill(): void {
    const folder = this.#folder("/home/ana/Pictures");
    for (let n = 0; n < this.#total; n++) {
      const photo = inventPhoto(this.#nextId, folder.id, this.#total, this.#oneDay);
      this.#nextId += 1;
      this.#finish(photo);
      this.photos.set(photo.tile.id, photo);
    }
    folder.photos = this.#total;
    this.#parts = this.#total;
    this.revision += 1;
    for (const photo of this.photos.values()) photo.revision = this.revision;
  }

  /** A folder that is not of the library yet; see `adding`. */
  newFolder(path: string): Folder {
    this.#lastFolder += 1;
    return {
      id: this.#lastFolder,
      path,
      name: path.split("/").at(-1) ?? path,
      photos: 0,
      state: "online",
      message: null,
      missing: 0,
      options: { subfolders: true, exclude: [], kinds: null },
    };
  }

  /** Adds a folder and finds its photos; made again, it has those that it had. */
  adding(folder: Folder): Step {
    let restore = (): void => this.#find(folder);
    return () => {
      restore();
      return () => {
        restore = this.remove(folder.id);
      };
    };
  }

  /** Returns how to bring the folder back as it was. */
  remove(id: number): () => void {
    const folder = this.folders.find((one) => one.id === id);
    const waiting = this.#waiting.filter((photo) => photo.tile.folder === id);
    const photos = [...this.photos.values()].filter((one) => one.tile.folder === id);
    this.folders = this.folders.filter((one) => one.id !== id);
    this.#waiting = this.#waiting.filter((photo) => photo.tile.folder !== id);
    this.#drop(photos);
    this.#onChange();
    return () => {
      if (folder !== undefined) this.folders = [...this.folders, folder].sort((a, b) => a.id - b.id);
      this.#waiting.push(...waiting);
      this.#bringBack(photos);
      if (waiting.length > 0) this.run();
      this.#onChange();
    };
  }

  /** Further folders, each in a state that is not the usual one. */
  addUnusual(): void {
    Object.assign(this.#folder("/media/ana/Archive"), {
      state: "offline",
      message: { code: "folder_gone", params: {} },
    } satisfies Partial<Folder>);
    Object.assign(this.#folder("/srv/Scans"), {
      message: {
        code: "folder_polled",
        params: { folders: 31, command: "sudo sysctl fs.inotify.max_user_watches=1048576" },
      },
    } satisfies Partial<Folder>);
    const first = this.folders[0];
    if (first === undefined) return;
    const lost = [...this.photos.values()].filter((photo) => photo.tile.folder === first.id && photo.tile.id % 4 === 0);
    for (const photo of lost) photo.tile = { ...photo.tile, missing: true };
    const message = { code: "folder_asking", params: { asked: lost.length, photos: this.photos.size } };
    this.change(first.id, { state: "asking", message, missing: lost.length });
  }

  /** As the core tells it; more than 2,000 changes are not told one by one. */
  changes(among: Scope, revision: number): PhotoChanges {
    const changed = [...this.photos.values()].filter((photo) => photo.revision > revision).map(({ tile }) => tile);
    const tooMany = changed.length > MOST_CHANGES;
    const tiles = tooMany ? [] : changed.sort(newestFirst);
    return {
      revision: this.revision,
      tiles,
      inside: tiles.filter((tile) => belongs(tile, among)).map(({ id }) => id),
      removed: this.removed.filter((one) => one.revision > revision).map(({ id }) => id),
      tooMany,
    };
  }

  summary(): PhotoSummary {
    const all = [...this.photos.values()].map(({ tile }) => tile);
    const among = (mark: Mark | null): PhotoTile[] => all.filter((tile) => belongs(tile, { ...EVERYWHERE, mark }));
    const tiles = among(null);
    const years = new Set(tiles.map(({ takenAt }) => new Date(takenAt).getUTCFullYear()));
    return {
      photos: tiles.length,
      marked: { favourite: among("favourite").length, hidden: among("hidden").length },
      years: [...years].sort((a, b) => b - a),
    };
  }

  mark(ids: readonly PhotoId[], mark: Mark, set: boolean): void {
    this.touch(ids, (tile) => {
      const others = tile.marks.filter((each) => each !== mark);
      return { ...tile, marks: set ? [...others, mark] : others };
    });
  }

  /** Notes that photos changed. */
  touch(ids: readonly PhotoId[], change = (tile: PhotoTile): PhotoTile => tile): void {
    this.revision += 1;
    for (const id of ids) {
      const photo = this.photos.get(id);
      if (photo === undefined) continue;
      photo.tile = change(photo.tile);
      photo.revision = this.revision;
    }
    this.#onChange();
  }

  /** The work stops until somebody lets it go on. */
  halt(trouble: ErrorReport): void {
    this.stop();
    this.trouble = trouble;
  }

  change(id: number, facts: Partial<Folder>): void {
    this.folders = this.folders.map((folder) => (folder.id === id ? { ...folder, ...facts } : folder));
    this.#onChange();
  }

  missingOf(id: number): FakePhoto[] {
    return [...this.photos.values()].filter((one) => one.tile.folder === id && one.tile.missing);
  }

  /** Returns how to ask again. */
  answerMissing(id: number, forget: boolean): () => void {
    const missing = this.missingOf(id);
    const before = this.folders.find((one) => one.id === id);
    if (forget) this.#drop(missing);
    const left = forget ? 0 : missing.length;
    const photos = [...this.photos.values()].filter((one) => one.tile.folder === id).length;
    this.change(id, { state: "online", message: null, missing: left, photos });
    return () => {
      this.#bringBack(missing);
      if (before !== undefined) this.change(id, before);
    };
  }

  run(): void {
    clearInterval(this.#timer);
    this.trouble = null;
    this.state = "scanning";
    this.#timer = setInterval(() => this.#tick(), 60);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.state = "stopped";
    this.#onChange();
  }

  status(): IndexStatus {
    const all = [...this.photos.values()];
    const embedded = all.filter((photo) => photo.tile.embedded).length;
    const thumbnails = all.filter((photo) => photo.tile.thumbnail !== null).length;
    const failed = this.folders.length > 0 ? this.problems.list.length : 0;
    const working = this.state === "scanning" || this.state === "working";
    return {
      state: this.state,
      photos: all.length,
      thumbnails,
      embedded,
      failed,
      other: this.folders.length > 0 ? { video: 5, sidecar: 12 } : {},
      passes: [
        { name: "thumbnail", done: thumbnails, failed, paused: false },
        { name: "photo", done: embedded, failed, paused: false },
        { name: "regions", done: Math.min(embedded, this.#parts), failed, paused: false },
      ],
      photosPerSecond: working ? 41.3 : 0,
      etaSeconds: this.state === "working" ? (all.length - embedded) / 41 : null,
      trouble: this.trouble,
    };
  }

  #drop(photos: readonly FakePhoto[]): void {
    this.revision += 1;
    for (const photo of photos) {
      this.photos.delete(photo.tile.id);
      this.removed.push({ id: photo.tile.id, revision: this.revision });
    }
  }

  #bringBack(photos: readonly FakePhoto[]): void {
    this.revision += 1;
    for (const photo of photos) {
      photo.revision = this.revision;
      this.photos.set(photo.tile.id, photo);
    }
    this.removed = this.removed.filter((one) => !this.photos.has(one.id));
  }

  #find(folder: Folder): void {
    this.folders.push(folder);
    for (let n = 0; n < this.#total; n++) {
      this.#waiting.push(inventPhoto(this.#nextId, folder.id, this.#total, this.#oneDay));
      this.#nextId += 1;
    }
    this.run();
  }

  #folder(path: string): Folder {
    const folder = this.newFolder(path);
    this.folders.push(folder);
    return folder;
  }

  #tick(): void {
    const step = Math.max(1, Math.ceil(this.#total / this.#ticks));
    this.revision += 1;
    for (const photo of this.#waiting.splice(0, step * 3)) {
      photo.revision = this.revision;
      this.photos.set(photo.tile.id, photo);
      const folder = this.folders.find((one) => one.id === photo.tile.folder);
      if (folder !== undefined) folder.photos += 1;
    }
    if (this.#waiting.length === 0) this.state = "working";
    const all = [...this.photos.values()];
    const bare = all.filter((photo) => photo.tile.thumbnail === null).slice(0, step);
    const plain = all.filter((photo) => photo.tile.thumbnail !== null && !photo.tile.embedded).slice(0, step);
    for (const photo of bare) this.#thumbnail(photo);
    for (const photo of plain) this.#finish(photo);
    const isCompared = bare.length === 0 && plain.length === 0 && this.#waiting.length === 0;
    if (isCompared && this.#parts < all.length) this.#parts += step * 4;
    else if (isCompared) {
      clearInterval(this.#timer);
      this.state = "idle";
    }
    this.#onChange();
  }

  #thumbnail(photo: FakePhoto): void {
    photo.tile = { ...photo.tile, color: SCENE_COLOR[photo.scene], thumbnail: `${photo.tile.id}a` };
    photo.revision = this.revision;
  }

  #finish(photo: FakePhoto): void {
    this.#thumbnail(photo);
    photo.tile = { ...photo.tile, embedded: true };
  }
}
