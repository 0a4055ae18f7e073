/**
 * The backend of the app: every command of the shell, its arguments and its answer in one typed map, the event channel,
 * native file drags, and the addresses of the picture protocols. The only module that knows Tauri.
 */
import { Channel, convertFileSrc, invoke } from "@tauri-apps/api/core";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { Backend, FileDrag } from "./backend";
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

type None = Record<never, never>;

/** Name of each command -> what it takes and what it answers. */
interface Commands {
  events_subscribe: [args: { channel: Channel<Event> }, result: null];
  drop_kind: [args: { paths: string[] }, result: DropKind];
  folders_list: [args: None, result: Folder[]];
  folder_pick: [args: None, result: string | null];
  folders_add: [args: { paths: string[] }, result: Folder[]];
  folder_remove: [args: { id: FolderId }, result: null];
  set_folder_options: [args: { id: FolderId; options: FolderOptions }, result: null];
  answer_missing: [args: { id: FolderId; forget: boolean }, result: null];
  library_notice: [args: None, result: string | null];
  index_status: [args: None, result: IndexStatus];
  index_cancel: [args: None, result: null];
  index_resume: [args: None, result: null];
  problems_list: [args: None, result: Problem[]];
  problems_retry: [args: { paths: string[] | null }, result: null];
  photos_since: [args: { revision: number }, result: PhotoChanges];
  photo_get: [args: { id: PhotoId }, result: PhotoDetail];
  photos_visible: [args: { ids: PhotoId[] }, result: null];
  photos_by_path: [args: { paths: string[] }, result: PhotoId[]];
  photo_reveal: [args: { id: PhotoId }, result: null];
  photos_mark: [args: { ids: PhotoId[]; favourite: boolean }, result: null];
  similar_find: [args: { query: SimilarQuery; scope: Scope; limit: number }, result: Similar];
  query_image_open: [args: { path: string }, result: QueryImage];
  query_image_add: [args: Uint8Array, result: QueryImage];
  comic_plan: [args: { request: ComicRequest }, result: ComicPlan];
  comic_draw: [args: { plan: number }, result: TaskId];
  comic_cancel: [args: { task: TaskId }, result: null];
  comics_list: [args: None, result: Comic[]];
  comic_delete: [args: { id: ComicId }, result: null];
  comic_restore: [args: { id: ComicId }, result: null];
  comic_save: [args: { version: VersionId }, result: string | null];
  settings_get: [args: None, result: Settings];
  settings_save: [args: { settings: Settings }, result: null];
  key_state: [args: None, result: KeyState];
  key_set: [args: { key: string; remember: boolean }, result: KeyState];
  key_delete: [args: None, result: KeyState];
  store_kinds: [args: None, result: StoreKind[]];
  store_in_use: [args: None, result: string];
  store_state: [args: None, result: StoreState];
  store_test: [args: { address: string }, result: StoreState];
  store_work_start: [args: { job: StoreJob }, result: TaskId];
  store_work_cancel: [args: None, result: null];
  store_work: [args: None, result: StoreWork | null];
  store_token_state: [args: { address: string }, result: KeyState];
  store_token_set: [args: { address: string; token: string; remember: boolean }, result: KeyState];
  store_token_delete: [args: { address: string }, result: KeyState];
}

function call<Name extends keyof Commands>(
  name: Name,
  args: Commands[Name][0],
  headers?: Record<string, string>,
): Promise<Commands[Name][1]> {
  return invoke(name, args, headers === undefined ? undefined : { headers });
}

/** `thumb://localhost/<path>`, or `http://thumb.localhost/<path>` where the platform wants it so. */
function address(scheme: "thumb" | "photo" | "comic", path: string): string {
  return convertFileSrc("", scheme) + path;
}

async function watchFileDrags(listener: (drag: FileDrag) => void): Promise<() => void> {
  // The kind of what hovers is asked of the core; an answer that comes after the drag went on is of no use.
  let drag = 0;
  return getCurrentWebview().onDragDropEvent(({ payload }) => {
    if (payload.type === "leave") {
      drag += 1;
      listener({ step: "leave" });
      return;
    }
    const x = payload.position.x / window.devicePixelRatio;
    const y = payload.position.y / window.devicePixelRatio;
    if (payload.type === "over") {
      listener({ step: "over", x, y });
      return;
    }
    drag += 1;
    const mine = drag;
    const { type, paths } = payload;
    void call("drop_kind", { paths })
      .catch((): DropKind => "other")
      .then((kind) => {
        if (type === "drop") listener({ step: "drop", kind, paths, x, y });
        else if (mine === drag) listener({ step: "enter", kind, count: paths.length, x, y });
      });
  });
}

async function subscribe(onEvent: (event: Event) => void): Promise<() => void> {
  const channel = new Channel<Event>(onEvent);
  await call("events_subscribe", { channel });
  return () => {
    channel.onmessage = () => undefined;
  };
}

export const tauriBackend: Backend = {
  subscribe,
  onFileDrag: watchFileDrags,

  folders: () => call("folders_list", {}),
  pickFolder: () => call("folder_pick", {}),
  addFolders: (paths) => call("folders_add", { paths }),
  removeFolder: async (id) => void (await call("folder_remove", { id })),
  setFolderOptions: async (id, options) => void (await call("set_folder_options", { id, options })),
  answerMissing: async (id, forget) => void (await call("answer_missing", { id, forget })),
  libraryNotice: () => call("library_notice", {}),
  indexStatus: () => call("index_status", {}),
  cancelIndex: async () => void (await call("index_cancel", {})),
  resumeIndex: async () => void (await call("index_resume", {})),
  problems: () => call("problems_list", {}),
  retryProblems: async (paths) => void (await call("problems_retry", { paths })),

  photosSince: (revision) => call("photos_since", { revision }),
  photo: (id) => call("photo_get", { id }),
  setVisible: async (ids) => void (await call("photos_visible", { ids })),
  markPhotos: async (ids, favourite) => void (await call("photos_mark", { ids, favourite })),
  similar: (query, scope, limit) => call("similar_find", { query, scope, limit }),
  queryImageFromPath: (path) => call("query_image_open", { path }),
  queryImageFromBytes: (bytes, name) => call("query_image_add", bytes, { "x-name": encodeURIComponent(name) }),
  photosByPath: (paths) => call("photos_by_path", { paths }),
  revealPhoto: async (id) => void (await call("photo_reveal", { id })),

  planComic: (request) => call("comic_plan", { request }),
  drawComic: (plan) => call("comic_draw", { plan }),
  cancelComic: async (task) => void (await call("comic_cancel", { task })),
  comics: () => call("comics_list", {}),
  deleteComic: async (id) => void (await call("comic_delete", { id })),
  restoreComic: async (id) => void (await call("comic_restore", { id })),
  saveComic: (version) => call("comic_save", { version }),

  settings: () => call("settings_get", {}),
  saveSettings: async (settings) => void (await call("settings_save", { settings })),
  keyState: () => call("key_state", {}),
  setKey: (key, remember) => call("key_set", { key, remember }),
  deleteKey: () => call("key_delete", {}),

  storeKinds: () => call("store_kinds", {}),
  storeInUse: () => call("store_in_use", {}),
  storeState: () => call("store_state", {}),
  testStore: (address) => call("store_test", { address }),
  startStoreWork: (job) => call("store_work_start", { job }),
  cancelStoreWork: async () => void (await call("store_work_cancel", {})),
  storeWork: () => call("store_work", {}),
  storeTokenState: (address) => call("store_token_state", { address }),
  setStoreToken: (address, token, remember) => call("store_token_set", { address, token, remember }),
  deleteStoreToken: (address) => call("store_token_delete", { address }),

  thumbnailUrl: (id, version) => address("thumb", `${id}?v=${encodeURIComponent(version)}`),
  photoUrl: (id, version) => address("photo", `${id}?v=${encodeURIComponent(version)}`),
  queryImageUrl: (token) => address("comic", `query/${token}`),
  plannedPictureUrl: (plan, index) => address("comic", `plan/${plan}/${index}`),
  partialUrl: (task, number) => address("comic", `partial/${task}?n=${number}`),
  versionUrl: (version) => address("comic", `version/${version}`),
};
