/**
 * Owns what of the grid is in sight: its size, where it is scrolled to, the rows there, and that the place is kept while
 * photos come and go.
 */
import { tick, untrack } from "svelte";
import type { PhotoLayout } from "../api/backend";
import type { PhotoId } from "../api/bindings";
import type { Visit } from "../app/navigation.svelte";
import { layoutGrid, type GridLayout, type Section } from "./layout";
import { Slots } from "./slots";
import { stretchStart } from "./stretch";
import { rowAt, rowsInView, scrollToShow, sectionAt, type RowRange } from "./window";

const GAP = 4;
const HEADING = 48;
const TOP = 16;
const OVERSCAN = 400;
/** Tiles are asked for so many windows ahead. */
const AHEAD = 1.5;

export interface GridInput {
  photos: PhotoLayout;
  rowHeight: number;
  grouped: boolean;
  /** The photo that was acted on last. */
  lead: PhotoId | null;
}

/** A photo in sight, and the element that shows it. */
export interface Cell {
  id: PhotoId;
  index: number;
  row: number;
  slot: number;
}

interface Laid {
  layout: GridLayout;
  photos: PhotoLayout;
}

export class GridView {
  width = $state(0);
  height = $state(0);
  /** What of the grid lies above the window's upper edge, and above the stretch that the scroller holds. */
  top = $state(0);
  start = $state(0);
  #input: () => GridInput;
  #visit: Visit;
  #scroller: HTMLElement | undefined;
  #slots = new Slots();
  #restore: number;
  #before: Laid | null = null;

  heading = $derived.by(() => (this.#input().grouped ? HEADING : 0));
  layout: GridLayout = $derived.by(() => {
    const { photos, rowHeight, grouped } = this.#input();
    return layoutGrid(photos, {
      width: this.width,
      rowHeight,
      gap: GAP,
      heading: grouped ? HEADING : 0,
      top: grouped ? 0 : TOP,
    });
  });
  #range: RowRange = $derived.by(() => rowsInView(this.layout, this.top, this.height, OVERSCAN));
  #from = $derived.by(() => this.layout.rowFirst[this.#range.first] ?? 0);
  #to = $derived.by(() => this.layout.rowFirst[this.#range.end] ?? 0);
  #around: RowRange = $derived.by(() => rowsInView(this.layout, this.top, this.height, this.height * AHEAD));
  #aheadFrom = $derived.by(() => this.layout.rowFirst[this.#around.first] ?? 0);
  #aheadTo = $derived.by(() => this.layout.rowFirst[this.#around.end] ?? 0);
  /** The photos in sight by element, so that no element is moved in the page. */
  cells: Cell[] = $derived.by(() => {
    const ids = [...this.#input().photos.ids.subarray(this.#from, this.#to)];
    const slots = this.#slots.assign(ids);
    const cell = (id: PhotoId, n: number): Cell => {
      const index = this.#from + n;
      return { id, index, row: this.layout.rowOf[index] as number, slot: slots[n] as number };
    };
    return ids.map(cell).sort((a, b) => a.slot - b.slot);
  });
  sections: Section[] = $derived.by(() => {
    const { sections } = this.layout;
    if (sections.length === 0) return [];
    const first = sectionAt(sections, this.top - OVERSCAN);
    return sections.slice(first, sectionAt(sections, this.top + this.height + OVERSCAN) + 1);
  });
  /** The first photo in sight. */
  first = $derived.by(() => this.layout.rowFirst[rowAt(this.layout, this.top + this.heading)] ?? 0);

  constructor(input: () => GridInput, visit: Visit) {
    this.#input = input;
    this.#visit = visit;
    this.#restore = visit.scroll;
  }

  get scroller(): HTMLElement | undefined {
    return this.#scroller;
  }

  /** For the element that scrolls. */
  measure = (node: HTMLElement): (() => void) => {
    this.#scroller = node;
    const read = (): void => {
      this.width = node.clientWidth;
      this.height = node.clientHeight;
    };
    const observer = new ResizeObserver(read);
    observer.observe(node);
    read();
    return () => observer.disconnect();
  };

  /** The photos whose tiles will be needed, those in sight first. */
  ahead(): PhotoId[] {
    const { ids } = this.#input().photos;
    const around = (from: number, to: number): PhotoId[] => [...ids.subarray(from, to)];
    const [from, to] = [this.#from, this.#to];
    return [...around(from, to), ...around(to, this.#aheadTo), ...around(this.#aheadFrom, from)];
  }

  indexOf(id: PhotoId | null): number {
    return id === null ? -1 : this.#input().photos.ids.indexOf(id);
  }

  scrollTo = (y: number): void => {
    const node = this.#scroller;
    if (node === undefined) return;
    this.start = stretchStart(y, this.start, this.layout.height);
    node.scrollTop = y - this.start;
    this.top = this.start + node.scrollTop;
  };

  scrolled(): void {
    this.top = this.start + (this.#scroller?.scrollTop ?? 0);
    if (stretchStart(this.top, this.start, this.layout.height) !== this.start) this.scrollTo(this.top);
    this.#visit.scroll = this.top;
  }

  /** Brings a photo into sight, by the smallest scroll. */
  async show(index: number): Promise<void> {
    await tick();
    const row = this.layout.rowOf[index];
    if (row !== undefined) this.scrollTo(scrollToShow(this.layout, row, this.top, this.height, this.heading));
    await tick();
  }

  /** Brings a photo to the upper edge. */
  async showFirst(index: number): Promise<void> {
    this.scrollTo(this.#rowTop(this.layout, index) - this.heading);
    await tick();
  }

  /** Keeps the place after the layout changed; to be called when it did. */
  keepPlace(): void {
    const now = { layout: this.layout, photos: this.#input().photos };
    untrack(() => {
      const before = this.#before;
      if (this.#restore > 0 && now.layout.height > this.#restore) {
        const y = this.#restore;
        this.#restore = 0;
        // The scroller may still be as high as it was before its width was known.
        void tick().then(() => this.scrollTo(y));
      } else if (before !== null && before.layout !== now.layout && before.layout.count > 0) {
        const anchor = this.#anchorOf(before, before.photos !== now.photos);
        const id = before.photos.ids[anchor];
        const index = id === undefined ? -1 : now.photos.ids.indexOf(id);
        if (index >= 0) {
          this.scrollTo(this.#rowTop(now.layout, index) - (this.#rowTop(before.layout, anchor) - this.top));
        }
      }
      this.#before = now;
    });
  }

  /** The photo that must stay where it is: the leading one if it is in sight, else the first in sight. */
  #anchorOf({ layout, photos }: Laid, arrivals: boolean): number {
    const { lead } = this.#input();
    const first = layout.rowFirst[rowAt(layout, this.top + this.heading)] ?? 0;
    if (!arrivals && lead !== null) {
      const index = photos.ids.indexOf(lead);
      const y = layout.rowTop[layout.rowOf[index] ?? -1];
      if (y !== undefined && y + 40 > this.top && y < this.top + this.height) return index;
    }
    return this.top > 0 ? first : -1;
  }

  #rowTop(layout: GridLayout, index: number): number {
    return layout.rowTop[layout.rowOf[index] ?? 0] ?? 0;
  }
}
