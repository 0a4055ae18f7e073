/**
 * Invents the photos of the fake library and pretends to index them. Never part of the app.
 */
import type { Folder, IndexStatus, PhotoDetail, PhotoId, PhotoTile, Problem } from "../bindings";
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
const CAMERAS = ["Canon EOS R6", "Pixel 8", "FUJIFILM X-T5", "iPhone 15 Pro", null];
const DAY = 86_400_000;

export interface FakePhoto {
  tile: PhotoTile;
  scene: Scene;
  place: number;
  embedded: boolean;
  revision: number;
}

export function inventPhoto(id: PhotoId, folder: number, total: number, now: number): FakePhoto {
  const random = randomFrom(id);
  const draw = random();
  const aspect = ASPECTS[ASPECT_ODDS.findIndex((odd) => draw <= odd)] ?? ASPECTS[0];
  // Photos come in bursts: neighbours share the day and mostly the subject.
  const burst = Math.floor(id / 3);
  const mood = randomFrom(burst + 99_991);
  const scene = (mood() < 0.3 ? "dog" : SCENES[Math.floor(mood() * SCENES.length)]) ?? "dog";
  const ago = Math.pow(burst / Math.max(1, total / 3), 1.3) * 6 * 365 * DAY;
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
    },
    scene,
    place: random(),
    embedded: false,
    revision: 0,
  };
}

export function alike(a: FakePhoto, b: FakePhoto): number {
  if (a.tile.id === b.tile.id) return 1;
  const near = 1 - Math.abs(a.place - b.place);
  return a.scene === b.scene ? 0.62 + 0.36 * near : 0.18 + 0.3 * near;
}

export function detailOf(photo: FakePhoto, folder: Folder): PhotoDetail {
  const { tile } = photo;
  const random = randomFrom(tile.id + 5);
  const path = `${folder.path}/${new Date(tile.takenAt).getUTCFullYear()}/${tile.name}`;
  return {
    tile,
    path,
    copies: tile.id % 11 === 0 ? [`${folder.path}/backup/${tile.name}`] : [],
    bytes: Math.floor(1_400_000 + random() * 6_000_000),
    format: "JPEG",
    dateSource: tile.id % 9 === 0 ? "file" : "exif",
    camera: CAMERAS[tile.id % CAMERAS.length] ?? null,
    gps: null,
    problem: null,
    embedded: photo.embedded,
  };
}

export const PROBLEMS: Problem[] = [
  { path: "/home/ana/Pictures/2019/scan.tiff", reason: "TIFF files cannot be read yet." },
  { path: "/home/ana/Pictures/2021/IMG_0423.jpg", reason: "The file ends too early. Copy it again from the camera." },
  { path: "/home/ana/Pictures/huge.png", reason: "50,000 × 50,000 pixels are more than can be opened." },
];

/** The photos in memory, and the pretended work on them. */
export class FakeLibrary {
  photos = new Map<PhotoId, FakePhoto>();
  folders: Folder[] = [];
  removed: { id: PhotoId; revision: number }[] = [];
  revision = 1;
  state: IndexStatus["state"] = "idle";
  #nextId = 1;
  #waiting: FakePhoto[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;
  #onChange: () => void;
  #total: number;
  #ticks: number;

  constructor(total: number, ticks: number, onChange: () => void) {
    this.#total = total;
    this.#ticks = ticks;
    this.#onChange = onChange;
  }

  /** A library that was indexed long ago. */
  fill(): void {
    const folder = this.#folder("/home/ana/Pictures");
    for (let n = 0; n < this.#total; n++) {
      const photo = inventPhoto(this.#nextId, folder.id, this.#total, Date.now());
      this.#nextId += 1;
      this.#finish(photo);
      this.photos.set(photo.tile.id, photo);
    }
    folder.photos = this.#total;
    this.revision += 1;
    for (const photo of this.photos.values()) photo.revision = this.revision;
  }

  add(path: string): Folder {
    const known = this.folders.find((folder) => folder.path === path);
    if (known !== undefined) return known;
    const folder = this.#folder(path);
    for (let n = 0; n < this.#total; n++) {
      this.#waiting.push(inventPhoto(this.#nextId, folder.id, this.#total, Date.now()));
      this.#nextId += 1;
    }
    this.run();
    return folder;
  }

  remove(id: number): void {
    this.folders = this.folders.filter((folder) => folder.id !== id);
    this.#waiting = this.#waiting.filter((photo) => photo.tile.folder !== id);
    this.revision += 1;
    for (const photo of [...this.photos.values()].filter((one) => one.tile.folder === id)) {
      this.photos.delete(photo.tile.id);
      this.removed.push({ id: photo.tile.id, revision: this.revision });
    }
  }

  change(id: number, facts: Partial<Folder>): void {
    this.folders = this.folders.map((folder) => (folder.id === id ? { ...folder, ...facts } : folder));
    this.#onChange();
  }

  answerMissing(id: number, forget: boolean): void {
    const missing = [...this.photos.values()].filter((one) => one.tile.folder === id && one.tile.missing);
    if (forget) {
      this.revision += 1;
      for (const photo of missing) {
        this.photos.delete(photo.tile.id);
        this.removed.push({ id: photo.tile.id, revision: this.revision });
      }
    }
    this.change(id, { state: "online", message: null, missing: forget ? 0 : missing.length });
  }

  run(): void {
    clearInterval(this.#timer);
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
    const embedded = all.filter((photo) => photo.embedded).length;
    const working = this.state === "scanning" || this.state === "working";
    return {
      state: this.state,
      photos: all.length,
      thumbnails: all.filter((photo) => photo.tile.thumbnail !== null).length,
      embedded,
      failed: this.folders.length > 0 ? PROBLEMS.length : 0,
      photosPerSecond: working ? 41.3 : 0,
      etaSeconds: this.state === "working" ? (all.length - embedded) / 41 : null,
      trouble: null,
    };
  }

  #folder(path: string): Folder {
    const folder: Folder = {
      id: this.folders.length + 1,
      path,
      name: path.split("/").at(-1) ?? path,
      photos: 0,
      state: "online",
      message: null,
      missing: 0,
      options: { subfolders: true, exclude: [], kinds: null },
    };
    this.folders.push(folder);
    return folder;
  }

  #tick(): void {
    const step = Math.max(1, Math.ceil(this.#total / this.#ticks));
    this.revision += 1;
    for (const photo of this.#waiting.splice(0, step)) {
      photo.revision = this.revision;
      this.photos.set(photo.tile.id, photo);
      const folder = this.folders.find((one) => one.id === photo.tile.folder);
      if (folder !== undefined) folder.photos += 1;
    }
    if (this.#waiting.length === 0) this.state = "working";
    const all = [...this.photos.values()];
    const bare = all.filter((photo) => photo.tile.thumbnail === null).slice(0, step);
    const plain = all.filter((photo) => photo.tile.thumbnail !== null && !photo.embedded).slice(0, step);
    for (const photo of bare) this.#thumbnail(photo);
    for (const photo of plain) this.#finish(photo);
    if (bare.length === 0 && plain.length === 0 && this.#waiting.length === 0) {
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
    photo.embedded = true;
  }
}
