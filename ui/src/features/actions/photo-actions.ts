/**
 * Owns what can be done with photos: with one of them and those selected with it, and with the grid.
 */
import BookOpen from "@lucide/svelte/icons/book-open";
import CalendarDays from "@lucide/svelte/icons/calendar-days";
import ClipboardType from "@lucide/svelte/icons/clipboard-type";
import Copy from "@lucide/svelte/icons/copy";
import ExternalLink from "@lucide/svelte/icons/external-link";
import Eye from "@lucide/svelte/icons/eye";
import PictureInPicture from "@lucide/svelte/icons/picture-in-picture-2";
import PanelRight from "@lucide/svelte/icons/panel-right";
import ScanSearch from "@lucide/svelte/icons/scan-search";
import SquareCheck from "@lucide/svelte/icons/square-check";
import SquareDashed from "@lucide/svelte/icons/square-dashed";
import X from "@lucide/svelte/icons/x";
import ZoomIn from "@lucide/svelte/icons/zoom-in";
import ZoomOut from "@lucide/svelte/icons/zoom-out";
import type { PhotoId } from "../../api/bindings";
import type { App } from "../../app/app.svelte";
import { MARKS } from "../../app/marks";
import { WHOLE } from "../../app/places";
import type { Action } from "./action";

const ZOOM_STEP = 1.15;

const onPhoto = (_app: App, photo: PhotoId | null): boolean => photo !== null;
const inGrid = (app: App): boolean => app.photos.shown && app.viewer.photo === null && app.photos.ids.length > 0;

export const PHOTO_ACTIONS = [
  {
    id: "photo.view",
    group: "photos",
    label: "photo.open",
    icon: Eye,
    keys: ["Enter", "Space"],
    focused: true,
    when: (app, photo) => photo !== null && app.viewer.photo === null,
    run: (app, photo) => app.photos.view(photo),
  },
  {
    id: "photo.similar",
    group: "photos",
    label: "similar.find",
    icon: ScanSearch,
    keys: ["s"],
    when: onPhoto,
    run: (app, photo) => app.photos.findSimilar(photo),
  },
  {
    id: "photo.inside",
    group: "photos",
    label: "similar.inside",
    icon: PictureInPicture,
    when: onPhoto,
    run: (app, photo) => app.photos.findSimilar(photo, { area: WHOLE }),
  },
  ...MARKS.map(({ mark, key, icon }) => ({
    id: `photo.${mark}` as const,
    group: "photos" as const,
    label: (app: App, photo: PhotoId | null) =>
      (app.library.tiles.peek(photo ?? -1)?.marks.includes(mark) ?? false)
        ? (`mark.${mark}.remove` as const)
        : (`mark.${mark}.add` as const),
    icon,
    keys: [key],
    when: onPhoto,
    run: (app: App, photo: PhotoId | null) => app.marks.toggle(mark, photo),
  })),
  {
    id: "photo.tray",
    group: "photos",
    label: "tray.add",
    icon: BookOpen,
    keys: ["c"],
    when: onPhoto,
    run: (app, photo) => app.comics.useMeant(photo),
  },
  {
    id: "photo.copy",
    group: "photos",
    label: "photo.copy",
    icon: Copy,
    keys: ["Ctrl c"],
    // Text that is selected is what is copied.
    when: (app, photo) => onPhoto(app, photo) && document.getSelection()?.isCollapsed !== false,
    run: (app, photo) => photo !== null && app.photos.copy(photo),
  },
  {
    id: "photo.reveal",
    group: "photos",
    label: "photo.reveal",
    icon: ExternalLink,
    when: onPhoto,
    run: (app, photo) => photo !== null && app.photos.reveal(photo),
  },
  {
    id: "photo.copyPath",
    group: "photos",
    label: "photo.copyPath",
    icon: ClipboardType,
    when: onPhoto,
    run: (app, photo) => photo !== null && app.photos.copyPath(photo),
  },
  {
    id: "select.all",
    group: "photos",
    label: "keys.all",
    icon: SquareCheck,
    keys: ["Ctrl a"],
    when: inGrid,
    run: (app) => app.photos.selectAll(),
  },
  {
    id: "select.none",
    group: "photos",
    label: "keys.none",
    icon: SquareDashed,
    keys: ["Ctrl d", "Escape"],
    when: (app) => inGrid(app) && app.drags.photos === null && app.selection.ids.size > 0,
    run: (app) => app.photos.selectNone(),
  },
  {
    id: "similar.leave",
    group: "photos",
    label: "similar.leave",
    icon: X,
    when: (app) => app.photos.byLikeness && app.viewer.photo === null,
    run: (app) => app.navigation.leaveChain(),
  },
  {
    id: "panel",
    group: "photos",
    label: (app) => (app.panel.wanted ? "similar.hide" : "similar.show"),
    icon: PanelRight,
    when: inGrid,
    run: (app) => app.panel.want(!app.panel.wanted),
  },
  {
    id: "grid.date",
    group: "photos",
    label: "grid.date",
    icon: CalendarDays,
    keys: ["g"],
    when: (app) => inGrid(app) && !app.photos.byLikeness,
    run: (app) => (app.session.dialog = "date"),
  },
  {
    id: "grid.larger",
    group: "photos",
    label: "grid.larger",
    icon: ZoomIn,
    keys: ["Ctrl +", "Ctrl ="],
    whileTyping: true,
    repeats: true,
    run: (app) => app.preferences.zoom(ZOOM_STEP),
  },
  {
    id: "grid.smaller",
    group: "photos",
    label: "grid.smaller",
    icon: ZoomOut,
    keys: ["Ctrl -"],
    whileTyping: true,
    repeats: true,
    run: (app) => app.preferences.zoom(1 / ZOOM_STEP),
  },
] as const satisfies readonly Action[];
