import { describe, expect, it, vi } from "vitest";
import { beginAnew, open } from "./open";

beginAnew();

describe("the layout of the photos that are looked at", () => {
  it("is asked for once, and then only what changed", async () => {
    const app = await open();
    const ask = vi.spyOn(app.session.backend, "photoLayout");
    const before = app.library.layout;
    await app.marks.toggle("favourite", app.photos.ids[3] ?? 0);
    expect(app.library.summary.marked.favourite).toBe(1);
    expect(app.library.layout).toBe(before);
    expect(ask).not.toHaveBeenCalled();
  });

  it("is asked for anew where very much changed", async () => {
    const app = await open({ photos: 2100, empty: true });
    const changes = app.session.backend.photoChanges;
    const tooMany: boolean[] = [];
    app.session.backend.photoChanges = async (among, revision) => {
      const answer = await changes(among, revision);
      tooMany.push(answer.tooMany);
      return answer;
    };
    await app.intake.pickFolder();
    await vi.waitFor(() => expect(app.library.summary.photos).toBe(2100), 8000);
    await app.intake.removeFolder(app.library.folders.value?.[0]?.id ?? 0);
    expect([app.photos.ids.length, app.library.summary.photos]).toEqual([0, 0]);
    app.session.toasts.shown.at(-1)?.action?.run();
    await vi.waitFor(() => expect(app.photos.ids.length).toBe(2100));
    expect(tooMany).toContain(true);
    expect(new Set(app.photos.ids).size).toBe(2100);
  }, 10_000);

  it("is there at once on the way back, with what happened meanwhile", async () => {
    const app = await open();
    const [first = 0, second = 0] = app.photos.ids;
    await app.marks.toggle("favourite", first);
    app.navigation.go({ kind: "marked", mark: "favourite" });
    expect(app.photos.layout).toBeNull();
    await vi.waitFor(() => expect([...app.photos.ids]).toEqual([first]));
    app.navigation.back();
    expect(app.photos.ids.length).toBe(60);
    await app.marks.toggle("favourite", second);
    app.navigation.forward();
    await vi.waitFor(() => expect([...app.photos.ids]).toEqual([first, second]));
    await app.intake.removeFolder(app.library.folders.value?.[0]?.id ?? 0);
    expect(app.photos.ids.length).toBe(0);
    app.navigation.go({ kind: "photos" });
    await vi.waitFor(() => expect([app.photos.layout?.ids.length, app.library.summary.photos]).toEqual([0, 0]));
  });

  it("of another place comes though the one before is still under way", async () => {
    const app = await open({ slow: true });
    await app.marks.toggle("favourite", app.photos.ids[0] ?? 0);
    app.navigation.go({ kind: "recent" });
    app.navigation.go({ kind: "marked", mark: "favourite" });
    await vi.waitFor(() => expect(app.photos.ids.length).toBe(1), 5000);
  }, 10_000);
});
