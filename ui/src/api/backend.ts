/**
 * Everything the window asks of the core. Two implementations: `tauri.ts` (the app) and `fake.ts` (a browser, tests).
 * Functions throw `ErrorReport`s; nothing is swallowed here.
 */
import type {
  Comic,
  ComicId,
  ComicPlan,
  ComicRequest,
  DropKind,
  Event,
  Folder,
  FolderId,
  FolderOptions,
  IndexStatus,
  KeyState,
  PhotoChanges,
  PhotoDetail,
  PhotoId,
  Problem,
  QueryImage,
  Scope,
  Settings,
  Similar,
  SimilarQuery,
  StoreJob,
  StoreKind,
  StoreState,
  StoreWork,
  TaskId,
  VersionId,
} from "./bindings";

/** What a native drag over the window carries. Positions are CSS pixels in the page. */
export type FileDrag =
  | { step: "enter"; kind: DropKind; count: number; x: number; y: number }
  | { step: "over"; x: number; y: number }
  | { step: "drop"; kind: DropKind; paths: string[]; x: number; y: number }
  | { step: "leave" };

export interface Backend {
  /** Subscribes to the one channel of events. Answers how to unsubscribe. */
  subscribe(onEvent: (event: Event) => void): Promise<() => void>;
  /** Files dragged over the window from outside. Answers how to unsubscribe. */
  onFileDrag(listener: (drag: FileDrag) => void): Promise<() => void>;

  folders(): Promise<Folder[]>;
  /** Opens the native dialog; null if the person closed it. */
  pickFolder(): Promise<string | null>;
  addFolders(paths: string[]): Promise<Folder[]>;
  /** Forgets a folder; its files stay untouched, and adding it again brings everything back. */
  removeFolder(id: FolderId): Promise<void>;
  /** Changes what a folder takes, at once. */
  setFolderOptions(id: FolderId, options: FolderOptions): Promise<void>;
  /** Answers the question of a folder in state `asking`: forget its missing photos, or keep them in the grid. */
  answerMissing(id: FolderId, forget: boolean): Promise<void>;
  /** What the person should know about how the library was opened, such as that its catalogue was damaged. */
  libraryNotice(): Promise<string | null>;
  indexStatus(): Promise<IndexStatus>;
  /** Pauses until `resumeIndex`, over restarts too. */
  cancelIndex(): Promise<void>;
  resumeIndex(): Promise<void>;
  problems(): Promise<Problem[]>;
  /** Looks again at these files with a problem, or at all of them (null). */
  retryProblems(paths: string[] | null): Promise<void>;

  /** Photos that changed after `revision`; 0 answers all, newest photo first. */
  photosSince(revision: number): Promise<PhotoChanges>;
  photo(id: PhotoId): Promise<PhotoDetail>;
  /** Tells the indexer which photos are on screen, so that they come first. */
  setVisible(ids: PhotoId[]): Promise<void>;
  /** Marks photos as favourites, or takes the marks away. */
  markPhotos(ids: PhotoId[], favourite: boolean): Promise<void>;
  /** The photos of the scope that are most alike, best first. */
  similar(query: SimilarQuery, scope: Scope, limit: number): Promise<Similar>;
  /** Keeps a dropped file as a query. */
  queryImageFromPath(path: string): Promise<QueryImage>;
  /** Keeps a pasted or browser-dropped picture as a query. */
  queryImageFromBytes(bytes: Uint8Array, name: string): Promise<QueryImage>;
  /** Photos of the library among dropped files; files outside it are left out. */
  photosByPath(paths: string[]): Promise<PhotoId[]>;
  /** Shows the photo's file in the file manager. */
  revealPhoto(id: PhotoId): Promise<void>;

  planComic(request: ComicRequest): Promise<ComicPlan>;
  /** Sends exactly the plan; progress comes as `Event` of kind `comic`. */
  drawComic(plan: number): Promise<TaskId>;
  cancelComic(task: TaskId): Promise<void>;
  /** Newest first. */
  comics(): Promise<Comic[]>;
  deleteComic(id: ComicId): Promise<void>;
  /** Undoes `deleteComic`. */
  restoreComic(id: ComicId): Promise<void>;
  /** Asks for a place with the native dialog; answers the path, or null if closed. */
  saveComic(version: VersionId): Promise<string | null>;

  settings(): Promise<Settings>;
  saveSettings(settings: Settings): Promise<void>;
  keyState(): Promise<KeyState>;
  /** `remember`: keychain; otherwise in memory until the app closes. */
  setKey(key: string, remember: boolean): Promise<KeyState>;
  deleteKey(): Promise<KeyState>;

  /** The kinds of stores that this build has. */
  storeKinds(): Promise<StoreKind[]>;
  /** The address of the store in use, which is not asked. */
  storeInUse(): Promise<string>;
  storeState(): Promise<StoreState>;
  /** Asks a store how it is, without using it. */
  testStore(address: string): Promise<StoreState>;
  /** How far it is comes as `Event` of kind `store`. One at a time. */
  startStoreWork(job: StoreJob): Promise<TaskId>;
  cancelStoreWork(): Promise<void>;
  /** The work under way, or the last one of this run. */
  storeWork(): Promise<StoreWork | null>;
  storeTokenState(address: string): Promise<KeyState>;
  /** `remember` as for `setKey`. */
  setStoreToken(address: string, token: string, remember: boolean): Promise<KeyState>;
  deleteStoreToken(address: string): Promise<KeyState>;

  thumbnailUrl(id: PhotoId, version: string): string;
  /** The original, upright, for the viewer. */
  photoUrl(id: PhotoId, version: string): string;
  queryImageUrl(token: number): string;
  plannedPictureUrl(plan: number, index: number): string;
  partialUrl(task: TaskId, number: number): string;
  versionUrl(version: VersionId): string;
}
