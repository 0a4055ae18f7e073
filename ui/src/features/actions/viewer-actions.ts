/**
 * Owns what can be done in the large view.
 */
import ChevronLeft from "@lucide/svelte/icons/chevron-left";
import ChevronRight from "@lucide/svelte/icons/chevron-right";
import Info from "@lucide/svelte/icons/info";
import X from "@lucide/svelte/icons/x";
import ZoomIn from "@lucide/svelte/icons/zoom-in";
import type { App } from "../../app/app.svelte";
import type { Action } from "./action";

const isOpen = (app: App): boolean => app.viewer.photo !== null;

function step(app: App, by: number): void {
  const id = app.viewer.step(by);
  if (id !== null) app.photos.select(id);
}

export const VIEWER_ACTIONS = [
  {
    id: "viewer.previous",
    group: "viewer",
    label: "viewer.previous",
    icon: ChevronLeft,
    keys: ["ArrowLeft", "ArrowUp"],
    repeats: true,
    when: (app) => isOpen(app) && app.viewer.neighbour(-1) !== null,
    run: (app) => step(app, -1),
  },
  {
    id: "viewer.next",
    group: "viewer",
    label: "viewer.next",
    icon: ChevronRight,
    keys: ["ArrowRight", "ArrowDown"],
    repeats: true,
    when: (app) => isOpen(app) && app.viewer.neighbour(1) !== null,
    run: (app) => step(app, 1),
  },
  {
    id: "viewer.zoom",
    group: "viewer",
    label: (app) => (app.viewer.zoom?.full === true ? "viewer.fit" : "viewer.full"),
    icon: ZoomIn,
    keys: ["z"],
    when: (app) => app.viewer.zoom?.possible === true,
    run: (app) => app.viewer.zoom?.toggle(),
  },
  {
    id: "viewer.info",
    group: "viewer",
    label: "viewer.info",
    icon: Info,
    keys: ["i"],
    when: isOpen,
    run: (app) => (app.viewer.info = !app.viewer.info),
  },
  {
    id: "viewer.close",
    group: "viewer",
    label: "viewer.close",
    icon: X,
    keys: ["Escape"],
    when: isOpen,
    run: (app) => app.viewer.close(),
  },
] as const satisfies readonly Action[];
