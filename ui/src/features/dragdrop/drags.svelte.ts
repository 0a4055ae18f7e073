/**
 * Owns what is being dragged: photos of the library by pointer, or files from outside. Where the pointer is over is
 * told from outside, since only the page knows it.
 */
import type { FileDrag } from "../../api/backend";
import type { DropKind, PhotoId } from "../../api/bindings";

export type Zone = "tray" | "window";

export interface PhotoDrag {
  ids: readonly PhotoId[];
  /** A photo that is moved inside the tray, or one that comes from the grid. */
  from: "grid" | "tray";
  x: number;
  y: number;
  /** Where in the tray it would land; null while it is elsewhere. */
  at: number | null;
}

export interface Hover {
  kind: DropKind;
  count: number;
  zone: Zone;
}

export class Drags {
  photos = $state.raw<PhotoDrag | null>(null);
  files = $state.raw<Hover | null>(null);

  /** Follows a native drag; answers the drop when it comes. */
  follow(
    drag: FileDrag,
    zoneAt: (x: number, y: number) => Zone,
  ): { kind: DropKind; paths: string[]; zone: Zone } | null {
    switch (drag.step) {
      case "enter":
        this.files = { kind: drag.kind, count: drag.count, zone: zoneAt(drag.x, drag.y) };
        return null;
      case "over": {
        const zone = zoneAt(drag.x, drag.y);
        if (this.files !== null && this.files.zone !== zone) this.files = { ...this.files, zone };
        return null;
      }
      case "leave":
        this.files = null;
        return null;
      case "drop":
        this.files = null;
        return { kind: drag.kind, paths: drag.paths, zone: zoneAt(drag.x, drag.y) };
    }
  }
}
