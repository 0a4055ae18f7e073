/**
 * Owns the photos of the grid and what is done with them: selecting, viewing, looking for similar ones.
 */
import type { PhotoLayout } from "../../api/backend";
import type { Area, PhotoId, Scope } from "../../api/bindings";
import { copyText } from "../../app/copy";
import { t } from "../../app/i18n.svelte";
import { isAll, isPhotos, isPlace, likeWords, likenessOf, type Place, type Refinement } from "../../app/places";
import type { Session } from "../../app/session.svelte";
import type { Similar } from "../similar/similar.svelte";
import type { Viewer } from "../viewer/viewer.svelte";
import type { Library } from "./library.svelte";
import { NO_PHOTOS } from "./merge";
import type { Selection } from "./selection.svelte";

interface Deps {
  library: Library;
  selection: Selection;
  similar: Similar;
  viewer: Viewer;
}

export class Photos {
  #session: Session;
  #deps: Deps;

  /** The photos of the grid in its order; null until they are there. */
  layout: PhotoLayout | null = $derived.by(() => this.#layoutOf(this.#session.navigation.here));
  /** Their ids. */
  ids: Uint32Array = $derived(this.layout?.ids ?? NO_PHOTOS.ids);
  /** Whether the grid is shown at all. */
  shown = $derived.by(() => isPhotos(this.#session.navigation.here));
  /** Whether the grid shows photos by likeness. */
  byLikeness = $derived.by(() => likenessOf(this.#session.navigation.here) !== null);
  /** The photo that keys act on: the one in the large view, the one with the focus, or the one that was acted on last. */
  current = $derived.by(
    () => this.#deps.viewer.photo ?? (this.shown ? (this.focused ?? this.#deps.selection.lead) : null),
  );
  /** The photo beside the grid that has the focus: keys mean it. */
  focused = $state<PhotoId | null>(null);
  /** A photo that the grid shall bring into sight and focus; taken away by the grid. */
  wanted = $state.raw<{ photo: PhotoId; first: boolean } | null>(null);

  constructor(session: Session, deps: Deps) {
    this.#session = session;
    this.#deps = deps;
  }

  /** A plain click: this photo alone, and its similar photos in the panel. */
  select(id: PhotoId): void {
    this.#deps.selection.only(id);
    this.#fill(id);
  }

  toggle(id: PhotoId): void {
    const { selection } = this.#deps;
    selection.toggle(id);
    this.#fill(selection.ids.size > 0 ? id : null);
  }

  extendTo(id: PhotoId): void {
    this.#deps.selection.extendTo(id, this.ids);
    this.#fill(id);
  }

  selectAll(): void {
    this.#deps.selection.all(this.ids);
    this.#note();
  }

  /** A photo beside the grid joins those that are selected, or leaves them; the panel stays as it is. */
  gather(id: PhotoId): void {
    const { lead } = this.#deps.selection;
    this.#deps.selection.toggle(id);
    this.#deps.selection.lead = lead;
    this.#note();
  }

  selectNone(): void {
    this.#deps.selection.none();
    this.#fill(null);
  }

  /** Fills the panel, and remembers for the way back what was selected here. */
  #fill(id: PhotoId | null): void {
    this.#note();
    void this.#deps.similar.show(id);
  }

  #note(): void {
    this.#session.navigation.visit.selected = this.#deps.selection.kept();
  }

  /** Selects what was selected when the person was here last. */
  restore(): void {
    const { selected } = this.#session.navigation.visit;
    if (selected === null) return;
    this.#deps.selection.restore(selected);
    void this.#deps.similar.show(selected.ids.size > 0 ? selected.lead : null);
  }

  /** Shows a photo where it lies: in this place, or among all photos. The way back leads to what was selected here. */
  show(id: PhotoId): void {
    const { navigation, toasts } = this.#session;
    const count = this.#deps.selection.ids.size;
    navigation.goAnew(this.ids.includes(id) ? navigation.here : { kind: "photos" });
    this.select(id);
    this.wanted = { photo: id, first: false };
    const back = { label: t("nav.back"), run: () => navigation.back() };
    if (count > 1) toasts.say(t("photos.leftSelected", { count }), back);
  }

  /** The photos that an action on this one means. */
  meantBy(id: PhotoId): PhotoId[] {
    const { selection, viewer } = this.#deps;
    return viewer.photo === id ? [id] : selection.meantBy(id, this.ids);
  }

  /** "Find similar": the photos like this one, or with a part like a part of it, become the grid. */
  findSimilar(id: PhotoId | null, how: Refinement = {}): void {
    if (id === null) return;
    const { selection, viewer } = this.#deps;
    viewer.close();
    // Several photos stay selected for the way back.
    if (selection.ids.size < 2) this.select(id);
    this.#session.navigation.go({ kind: "like", of: { photo: id }, ...how });
    this.select(id);
  }

  /** Looks for the photos that words say; words after words are one step of the way back. No words: leaves. */
  findWords(text: string): void {
    const { navigation } = this.#session;
    this.#deps.viewer.close();
    const words = text.trim();
    const isAtWords = likeWords(navigation.here) !== null;
    const place: Place = { kind: "like", of: { words } };
    if (words === "") {
      if (isAtWords) navigation.leaveChain();
    } else if (isAtWords) navigation.replace(place);
    else navigation.go(place);
  }

  /** Looks for the photos like those of the grid among others. */
  findAmong(scope: Scope): void {
    this.refine({ scope: isAll(scope) ? undefined : scope });
  }

  /** Looks for photos with a part like a part of the picture that the grid was asked with. */
  findPart(area: Area): void {
    const { navigation } = this.#session;
    if (isPlace(navigation.here, "like")) navigation.go({ ...navigation.here, area, meaning: undefined });
  }

  /** Changes what else is said of the photos that the grid looks for. */
  refine(how: Refinement): void {
    const { navigation } = this.#session;
    if (isPlace(navigation.here, "like")) navigation.replace({ ...navigation.here, ...how });
  }

  /** Selects a photo of the grid, and has it shown first. */
  goTo(index: number): void {
    const id = this.ids[Math.min(index, this.ids.length - 1)];
    if (id === undefined) return;
    this.select(id);
    this.wanted = { photo: id, first: true };
  }

  view(id: PhotoId | null): void {
    if (id === null) return;
    this.select(id);
    this.#deps.viewer.open(id, () => this.ids);
  }

  async reveal(id: PhotoId): Promise<void> {
    await this.#session.attempt(() => this.#session.backend.revealPhoto(id));
  }

  /** Puts the photos that are meant into the system's clipboard, for other programs. */
  async copy(id: PhotoId): Promise<void> {
    const ids = this.meantBy(id);
    const { backend, toasts } = this.#session;
    if (await this.#session.attempt(() => backend.copyPhotos(ids)))
      toasts.say(t("photo.copied", { count: ids.length }));
  }

  async copyPath(id: PhotoId): Promise<void> {
    const { backend, toasts } = this.#session;
    await this.#session.attempt(async () => {
      const { path } = await backend.photo(id);
      if (await copyText(path)) toasts.say(t("photo.pathCopied"));
    });
  }

  #layoutOf(place: Place): PhotoLayout | null {
    if (likenessOf(place) !== null) return this.#deps.similar.grid.value;
    return isPhotos(place) ? this.#deps.library.layout : null;
  }
}
