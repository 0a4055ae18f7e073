/**
 * Everything the window asks of the core. Two implementations: `tauri.ts` (the app) and `fake.ts` (a browser, tests).
 * Functions throw `ErrorReport`s; nothing is swallowed here.
 */
import type { Area, DropKind, Event, PhotoId, PhotoQuery, QueryImage, Reason, TaskId, VersionId } from "./bindings";
import type { Commands } from "./commands";

/** What a native drag over the window carries. Positions are CSS pixels in the page. */
export type FileDrag =
  | { step: "enter"; kind: DropKind; count: number; x: number; y: number }
  | { step: "over"; x: number; y: number }
  | { step: "drop"; kind: DropKind; paths: string[]; x: number; y: number }
  | { step: "leave" };

/** All photos of a query in their order, column by column. */
export interface PhotoLayout {
  /** The revision of the library that it shows. */
  revision: number;
  /** Wall-clock times in milliseconds as if they were UTC. */
  takenAt: Float64Array;
  ids: Uint32Array;
  /** How alike each is, where the query asks for likeness; otherwise empty. */
  scores: Float32Array;
  /** Width divided by height in thousandths; 0 if unknown. */
  aspects: Uint16Array;
  /** The part that is alike, by id, of photos where it is not the whole. */
  areas: Map<number, Area>;
  /** What the person should know about the answer. */
  notice: Reason | null;
}

export interface Backend extends Commands {
  /** Subscribes to the one channel of events. Answers how to unsubscribe. */
  subscribe(onEvent: (event: Event) => void): Promise<() => void>;
  /** Files dragged over the window from outside. Answers how to unsubscribe. */
  onFileDrag(listener: (drag: FileDrag) => void): Promise<() => void>;
  /** The window was asked to close while a comic is drawn. Answers how to unsubscribe. */
  onCloseAsked(listener: () => void): Promise<() => void>;

  /** All photos of a query, a few bytes each. */
  photoLayout(query: PhotoQuery): Promise<PhotoLayout>;
  /** Keeps a pasted or browser-dropped picture as a query. */
  queryImageFromBytes(bytes: Uint8Array, name: string): Promise<QueryImage>;

  thumbnailUrl(id: PhotoId, version: string): string;
  /** The original, upright, for the viewer. */
  photoUrl(id: PhotoId, version: string): string;
  queryImageUrl(token: number): string;
  plannedPictureUrl(plan: number, index: number): string;
  partialUrl(task: TaskId, number: number): string;
  versionUrl(version: VersionId): string;
}
