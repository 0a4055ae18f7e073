/**
 * The backend of the app: the commands of the shell, the event channel, native file drags, and the addresses of the
 * picture protocols. The only module that knows Tauri.
 */
import { Channel, convertFileSrc, invoke } from "@tauri-apps/api/core";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { Backend, FileDrag } from "./backend";
import type { DropKind, Event } from "./bindings";
import { commands } from "./commands";
import { decodeLayout } from "./layout";

const core = commands((name, args) => invoke(name, args));

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
    void core
      .dropKind(paths)
      .catch((): DropKind => "other")
      .then((kind) => {
        if (type === "drop") listener({ step: "drop", kind, paths, x, y });
        else if (mine === drag) listener({ step: "enter", kind, count: paths.length, x, y });
      });
  });
}

async function subscribe(onEvent: (event: Event) => void): Promise<() => void> {
  const channel = new Channel<Event>(onEvent);
  await invoke("subscribe_events", { channel });
  return () => {
    channel.onmessage = () => undefined;
  };
}

export const tauriBackend: Backend = {
  subscribe,
  onFileDrag: watchFileDrags,
  onCloseAsked: (listener) => getCurrentWebview().listen("close-asked", listener),

  ...core,
  photoLayout: async (query) => decodeLayout(await invoke("photo_layout", { query })),
  queryImageFromBytes: (bytes, name) =>
    invoke("add_query_image", bytes, { headers: { "x-name": encodeURIComponent(name) } }),

  thumbnailUrl: (id, version) => address("thumb", `${id}?v=${encodeURIComponent(version)}`),
  photoUrl: (id, version) => address("photo", `${id}?v=${encodeURIComponent(version)}`),
  queryImageUrl: (token) => address("comic", `query/${token}`),
  plannedPictureUrl: (plan, index) => address("comic", `plan/${plan}/${index}`),
  partialUrl: (task, number) => address("comic", `partial/${task}?n=${number}`),
  versionUrl: (version) => address("comic", `version/${version}`),
};
