/**
 * Albums of the fake library, kept as the core keeps them. Never part of the app.
 */
import type { Album, AlbumId, EditEntry, PhotoChanges, PhotoId, PhotoQuery, Scope } from "../bindings";
import type { Commands } from "../commands";
import { failure } from "./comics";
import type { FakeEdits, Step } from "./edits";
import type { FakeLibrary } from "./library";

interface Kept {
  id: AlbumId;
  name: string;
  photos: PhotoId[];
  query: PhotoQuery | null;
}

type AlbumCommands = Pick<
  Commands,
  | "albums"
  | "createAlbum"
  | "saveAlbum"
  | "renameAlbum"
  | "deleteAlbum"
  | "addToAlbum"
  | "removeFromAlbum"
  | "moveInAlbum"
>;

function refusal(code: string, params: Record<string, string> = {}): unknown {
  return { code: "invalid", reason: { code, params }, detail: "" };
}

export class FakeAlbums {
  readonly commands: AlbumCommands;
  #kept = new Map<AlbumId, Kept>();
  #next = 1;
  readonly #library: FakeLibrary;
  readonly #edits: FakeEdits;

  constructor(library: FakeLibrary, edits: FakeEdits) {
    this.#library = library;
    this.#edits = edits;
    this.commands = {
      albums: async () => this.#list(),
      createAlbum: async (name, photos) => this.#create(name, this.#known(photos), null),
      saveAlbum: async (name, query) => this.#create(name, [], query),
      renameAlbum: async (id, name) => this.#rename(id, name),
      deleteAlbum: async (id) => this.#delete(id),
      addToAlbum: async (id, photos) => {
        const { photos: before } = this.#plain(id);
        const added = this.#known(photos).filter((photo) => !before.includes(photo));
        return this.#arrange(id, "album_photos_added", [...before, ...added], added.length);
      },
      removeFromAlbum: async (id, photos) => {
        const { photos: before } = this.#plain(id);
        const left = before.filter((photo) => !photos.includes(photo));
        return this.#arrange(id, "album_photos_removed", left, before.length - left.length);
      },
      moveInAlbum: async (id, photos, next) => {
        const { photos: before } = this.#plain(id);
        const moved = photos.filter((photo) => before.includes(photo));
        const order = before.filter((photo) => !moved.includes(photo));
        const at = next === null ? -1 : order.indexOf(next);
        order.splice(at < 0 ? order.length : at, 0, ...moved);
        const changed = order.filter((photo, place) => before[place] !== photo);
        return this.#arrange(id, "album_photos_moved", order, changed.length);
      },
    };
  }

  /** Where photos of the scope's album lie in it; null: the scope says no album. */
  places({ album }: Scope): Map<PhotoId, number> | null {
    if (album == null) return null;
    return new Map(this.#kept.get(album)?.photos.map((photo, place) => [photo, place]));
  }

  /** Names of the plain albums that a photo is in. */
  namesOf(photo: PhotoId): string[] {
    return [...this.#kept.values()].filter((album) => album.photos.includes(photo)).map((album) => album.name);
  }

  /** Changes of which only those inside the scope's album are told to be inside. */
  within(among: Scope, changes: PhotoChanges): PhotoChanges {
    const places = this.places(among);
    if (places === null) return changes;
    return { ...changes, inside: changes.inside.filter((id) => places.has(id)) };
  }

  #list(): Album[] {
    return [...this.#kept.values()]
      .map(({ photos, ...album }) => ({ ...album, photos: album.query === null ? photos.length : null }))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  #known(photos: readonly PhotoId[]): PhotoId[] {
    return [...new Set(photos)].filter((photo) => this.#library.photos.has(photo));
  }

  #plain(id: AlbumId): Kept {
    const album = this.#kept.get(id);
    if (album === undefined) throw failure("not_found");
    if (album.query !== null) throw refusal("album_smart", { name: album.name });
    return album;
  }

  #free(name: string, id: AlbumId | null): string {
    const wanted = name.trim();
    if (wanted === "") throw refusal("album_nameless");
    const isTaken = [...this.#kept.values()].some(
      (album) => album.id !== id && album.name.toLowerCase() === wanted.toLowerCase(),
    );
    if (isTaken) throw refusal("album_taken", { name: wanted });
    return wanted;
  }

  #create(name: string, photos: PhotoId[], query: PhotoQuery | null): EditEntry {
    if (query?.what?.kind === "image") throw refusal("album_of_outsider");
    const album = { id: this.#next++, name: this.#free(name, null), photos, query };
    return this.#edits.make("album_created", { album: album.name }, this.#changing(album.id, album));
  }

  #rename(id: AlbumId, name: string): EditEntry | null {
    const album = this.#kept.get(id);
    const wanted = this.#free(name, id);
    if (album === undefined || album.name === wanted) return null;
    return this.#edits.make("album_renamed", { album: wanted }, this.#changing(id, { ...album, name: wanted }));
  }

  #delete(id: AlbumId): EditEntry | null {
    const album = this.#kept.get(id);
    if (album === undefined) return null;
    return this.#edits.make("album_deleted", { album: album.name }, this.#changing(id, undefined));
  }

  #arrange(
    id: AlbumId,
    code: "album_photos_added" | "album_photos_removed" | "album_photos_moved",
    photos: PhotoId[],
    count: number,
  ): EditEntry | null {
    if (count === 0) return null;
    const album = this.#plain(id);
    return this.#edits.make(code, { album: album.name, count }, this.#changing(id, { ...album, photos }));
  }

  #changing(id: AlbumId, after: Kept | undefined): Step {
    return () => {
      const before = this.#kept.get(id);
      this.#set(id, after);
      return () => this.#set(id, before);
    };
  }

  #set(id: AlbumId, album: Kept | undefined): void {
    const touched = [...(this.#kept.get(id)?.photos ?? []), ...(album?.photos ?? [])];
    if (album === undefined) this.#kept.delete(id);
    else this.#kept.set(id, album);
    this.#library.touch(touched);
  }
}
