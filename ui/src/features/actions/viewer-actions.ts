/**
 * Owns what can be done in the large view.
 */
import ChevronLeft from "@lucide/svelte/icons/chevron-left";
import ChevronRight from "@lucide/svelte/icons/chevron-right";
import Frame from "@lucide/svelte/icons/frame";
import Info from "@lucide/svelte/icons/info";
import SquareDashedMousePointer from "@lucide/svelte/icons/square-dashed-mouse-pointer";
import X from "@lucide/svelte/icons/x";
import ZoomIn from "@lucide/svelte/icons/zoom-in";
import type { App } from "../../app/app.svelte";
import type { Action } from "./action";

const isOpen = (app: App): boolean => app.viewer.photo !== null;
/** While a box is drawn, the arrows are its own. */
const canStep = (app: App, by: number): boolean =>
  isOpen(app) && !app.viewer.picking && app.viewer.neighbour(by) !== null;

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
    when: (app) => canStep(app, -1),
    run: (app) => step(app, -1),
  },
  {
    id: "viewer.next",
    group: "viewer",
    label: "viewer.next",
    icon: ChevronRight,
    keys: ["ArrowRight", "ArrowDown"],
    repeats: true,
    when: (app) => canStep(app, 1),
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
    id: "viewer.part",
    group: "viewer",
    label: "part.find",
    icon: SquareDashedMousePointer,
    keys: ["b"],
    when: (_app, photo) => photo !== null,
    run: (app, photo) => {
      if (!isOpen(app)) app.photos.view(photo);
      app.viewer.picking = !app.viewer.picking;
    },
  },
  {
    id: "viewer.outline",
    group: "viewer",
    label: "part.outline",
    icon: Frame,
    keys: ["o"],
    when: (app) => app.photos.layout?.areas.has(app.viewer.photo ?? -1) === true,
    run: (app) => (app.viewer.outlined = !app.viewer.outlined),
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
    run: (app) => {
      if (app.viewer.picking) app.viewer.picking = false;
      else app.viewer.close();
    },
  },
] as const satisfies readonly Action[];
