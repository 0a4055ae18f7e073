/**
 * Owns what can be done with the tray from anywhere.
 */
import PenLine from "@lucide/svelte/icons/pen-line";
import Trash2 from "@lucide/svelte/icons/trash-2";
import WandSparkles from "@lucide/svelte/icons/wand-sparkles";
import type { App } from "../../app/app.svelte";
import type { Action } from "./action";

const withTray = (app: App): boolean => app.comics.tray.photos.length > 0 && app.viewer.photo === null;

export const COMIC_ACTIONS = [
  {
    id: "comic.write",
    group: "comic",
    label: "comic.write",
    icon: PenLine,
    when: withTray,
    run: (app) => app.comics.callPrompt(),
  },
  {
    id: "comic.draw",
    group: "comic",
    label: "comic.draw",
    icon: WandSparkles,
    keys: ["Ctrl Enter"],
    whileTyping: true,
    when: (app) => app.photos.shown && app.viewer.photo === null && app.comics.tray.ready,
    run: (app) => app.comics.plan(),
  },
  {
    id: "tray.clear",
    group: "comic",
    label: "tray.clear",
    icon: Trash2,
    when: withTray,
    run: (app) => app.comics.tray.clear(),
  },
] as const satisfies readonly Action[];
