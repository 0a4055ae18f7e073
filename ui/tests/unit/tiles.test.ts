import { describe, expect, it, vi } from "vitest";
import { fakeBackend } from "../../src/api/fake";
import { ALL } from "../../src/app/places";
import { Tiles } from "../../src/features/photos/tiles.svelte";

function opened() {
  const backend = fakeBackend({ photos: 60 });
  const asked: number[][] = [];
  const ask = backend.photoTiles;
  backend.photoTiles = (ids) => {
    asked.push(ids);
    return ask(ids);
  };
  const failed = vi.fn();
  return { backend, asked, failed, tiles: new Tiles(backend, failed) };
}

describe("tiles", () => {
  it("are asked for once, many in one question", async () => {
    const { tiles, asked } = opened();
    expect(tiles.of([1, 2, 3])).toEqual([]);
    tiles.show([2, 4, 5]);
    await vi.waitFor(() => expect(tiles.of([1, 2, 3, 4, 5]).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]));
    expect(asked).toEqual([[1, 2, 3, 4, 5]]);
    tiles.show([4, 5]);
    expect(tiles.get(1)?.id).toBe(1);
    await Promise.resolve();
    expect(asked.length).toBe(1);
  });

  it("of rows that flew past while an answer was under way are not asked for", async () => {
    const { tiles, asked } = opened();
    tiles.show([1]);
    await vi.waitFor(() => expect(asked.length).toBe(1));
    for (let id = 2; id < 50; id++) tiles.show([id]);
    await vi.waitFor(() => expect(tiles.peek(49)).toBeDefined());
    expect(asked).toEqual([[1], [49]]);
  });

  it("that are gone are not asked for again, until they return", async () => {
    const { tiles, asked, backend } = opened();
    const folder = (await backend.folders())[0]?.id ?? 0;
    expect(await tiles.load([1, 777])).toHaveLength(1);
    expect(tiles.get(777)).toBeUndefined();
    await backend.removeFolder(folder);
    tiles.take(await backend.photoChanges(ALL, 2));
    expect(tiles.get(1)).toBeUndefined();
    await Promise.resolve();
    expect(asked).toEqual([[1, 777]]);
    await backend.undo(null);
    tiles.take(await backend.photoChanges(ALL, 2));
    expect(tiles.get(1)?.id).toBe(1);
  });

  it("in sight are asked for again when very much changed, and the others forgotten", async () => {
    const { tiles, asked } = opened();
    await tiles.load([1, 2, 3]);
    tiles.show([2, 3]);
    await tiles.refresh();
    expect(asked).toEqual([
      [1, 2, 3],
      [2, 3],
    ]);
    expect([1, 2, 3].map((id) => tiles.peek(id)?.id)).toEqual([undefined, 2, 3]);
  });

  it("that cannot be read are told once", async () => {
    const { tiles, backend, failed } = opened();
    backend.photoTiles = () => Promise.reject(new Error("the disk is gone"));
    tiles.show([1, 2]);
    await vi.waitFor(() => expect(failed).toHaveBeenCalledTimes(1));
  });
});
