/**
 * Owns what can be done anywhere: the ways through the library, folders, the indexing, settings and help.
 */
import ArrowLeft from "@lucide/svelte/icons/arrow-left";
import ArrowRight from "@lucide/svelte/icons/arrow-right";
import BookOpen from "@lucide/svelte/icons/book-open";
import Clock from "@lucide/svelte/icons/clock";
import Database from "@lucide/svelte/icons/database";
import FolderPlus from "@lucide/svelte/icons/folder-plus";
import History from "@lucide/svelte/icons/history";
import Images from "@lucide/svelte/icons/images";
import Keyboard from "@lucide/svelte/icons/keyboard";
import Pause from "@lucide/svelte/icons/pause";
import Play from "@lucide/svelte/icons/play";
import Redo from "@lucide/svelte/icons/redo";
import Search from "@lucide/svelte/icons/search";
import Settings from "@lucide/svelte/icons/settings";
import TriangleAlert from "@lucide/svelte/icons/triangle-alert";
import Undo from "@lucide/svelte/icons/undo";
import type { App } from "../../app/app.svelte";
import { samePlace, type Place } from "../../app/places";
import { MARKS } from "../../app/marks";
import type { Action } from "./action";

/** Under the large view, the window waits. */
const free = (app: App): boolean => app.viewer.photo === null;
const isNotAt = (place: Place) => (app: App) => free(app) && !samePlace(app.navigation.here, place);
const goTo = (place: Place) => (app: App) => app.navigation.go(place);

const PHOTOS: Place = { kind: "photos" };
const RECENT: Place = { kind: "recent" };
const COMICS: Place = { kind: "comics" };
const PROBLEMS: Place = { kind: "problems" };

export const WINDOW_ACTIONS = [
  {
    id: "palette",
    group: "window",
    label: "palette.title",
    icon: Search,
    keys: ["Ctrl k"],
    whileTyping: true,
    when: (app) => app.session.dialog === null,
    run: (app) => {
      app.session.dialog = "palette";
      void app.history.load();
    },
  },
  {
    id: "search",
    group: "window",
    label: "search.label",
    icon: Search,
    keys: ["Ctrl f"],
    whileTyping: true,
    when: (app) => app.session.dialog === null && free(app),
    run: (app) => app.session.search(),
  },
  {
    id: "back",
    group: "window",
    label: "nav.back",
    icon: ArrowLeft,
    keys: ["Alt ArrowLeft"],
    repeats: true,
    when: (app) => app.navigation.canGoBack,
    run: (app) => app.navigation.back(),
  },
  {
    id: "forward",
    group: "window",
    label: "nav.forward",
    icon: ArrowRight,
    keys: ["Alt ArrowRight"],
    repeats: true,
    when: (app) => app.navigation.canGoForward,
    run: (app) => app.navigation.forward(),
  },
  {
    id: "undo",
    group: "window",
    label: "common.undo",
    icon: Undo,
    keys: ["Ctrl z"],
    listed: (app) => app.history.canUndo,
    run: (app) => app.history.undo(),
  },
  {
    id: "redo",
    group: "window",
    label: "history.redo",
    icon: Redo,
    keys: ["Ctrl Shift z"],
    listed: (app) => app.history.canRedo,
    run: (app) => app.history.redo(),
  },
  { id: "history", group: "window", label: "history.title", icon: History, run: (app) => app.history.open() },
  { id: "go.photos", group: "window", label: "nav.all", icon: Images, when: isNotAt(PHOTOS), run: goTo(PHOTOS) },
  { id: "go.recent", group: "window", label: "nav.recent", icon: Clock, when: isNotAt(RECENT), run: goTo(RECENT) },
  ...MARKS.map(({ mark, icon }) => ({
    id: `go.${mark}` as const,
    group: "window" as const,
    label: `mark.${mark}.place` as const,
    icon,
    when: isNotAt({ kind: "marked", mark }),
    run: goTo({ kind: "marked", mark }),
  })),
  { id: "go.comics", group: "window", label: "nav.comics", icon: BookOpen, when: isNotAt(COMICS), run: goTo(COMICS) },
  {
    id: "go.problems",
    group: "window",
    label: "nav.problems",
    icon: TriangleAlert,
    when: (app) => isNotAt(PROBLEMS)(app) && (app.library.status?.failed ?? 0) > 0,
    run: goTo(PROBLEMS),
  },
  {
    id: "folder.add",
    group: "window",
    label: "folder.add",
    icon: FolderPlus,
    when: free,
    run: (app) => app.intake.pickFolder(),
  },
  {
    id: "index.pause",
    group: "window",
    label: "index.pauseAction",
    icon: Pause,
    when: (app) => ["scanning", "working"].includes(app.library.status?.state ?? "idle"),
    run: (app) => app.indexing.pause(),
  },
  {
    id: "index.resume",
    group: "window",
    label: "index.resumeAction",
    icon: Play,
    when: (app) => app.library.status?.state === "stopped",
    run: (app) => app.indexing.resume(),
  },
  {
    id: "settings",
    group: "window",
    label: "settings.title",
    icon: Settings,
    keys: ["Ctrl ,"],
    whileTyping: true,
    run: (app) => (app.session.dialog = "settings"),
  },
  {
    id: "stores",
    group: "window",
    label: "store.title",
    icon: Database,
    run: (app) => (app.session.dialog = "stores"),
  },
  {
    id: "shortcuts",
    group: "window",
    label: "keys.title",
    icon: Keyboard,
    keys: ["?"],
    run: (app) => (app.session.dialog = "shortcuts"),
  },
] as const satisfies readonly Action[];
