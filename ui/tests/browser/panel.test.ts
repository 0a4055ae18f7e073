import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { centre, drag, focusedPhoto, id, openPage, useBrowser } from "./page";

let page: Page;
useBrowser();

/** The selected photos in sight, in the order of the grid. */
async function selected(page: Page): Promise<(string | null)[]> {
  const tiles = page.locator('[data-photo][aria-selected="true"]');
  return tiles.evaluateAll((all) =>
    all
      .sort((a, b) => Number(a.getAttribute("aria-posinset")) - Number(b.getAttribute("aria-posinset")))
      .map((one) => one.getAttribute("data-photo")),
  );
}

async function top(page: Page): Promise<number> {
  return id(page, "grid").evaluate((grid) => grid.scrollTop);
}

async function inSight(page: Page, photo: string | null): Promise<boolean> {
  const grid = await id(page, "grid").boundingBox();
  const tile = await page.locator(`[data-photo="${photo}"]`).boundingBox();
  if (grid === null || tile === null) return false;
  return tile.y >= grid.y && tile.y + tile.height <= grid.y + grid.height;
}

describe("similar photos in the panel", () => {
  it("are dragged into the tray, put there by their button, and have the menu of photos", async () => {
    page = await openPage("?photos=60");
    await id(page, "photo").first().click();
    const results = id(page, "similar-result");
    const [first, second] = [
      await results.nth(0).getAttribute("data-id"),
      await results.nth(1).getAttribute("data-id"),
    ];
    const inTray = () =>
      id(page, "tray-photo").evaluateAll((all) => all.map((one) => one.getAttribute("data-tray-photo")));
    await results.nth(0).scrollIntoViewIfNeeded();
    await drag(page, results.nth(0), await centre(id(page, "tray")));
    await expect.poll(inTray).toEqual([first]);
    await results.nth(1).scrollIntoViewIfNeeded();
    await results.nth(1).hover();
    await id(page, "result-tray").nth(1).click();
    await expect.poll(inTray).toEqual([first, second]);
    await results.nth(1).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Find similar" }).click();
    await id(page, "chip").waitFor();
    expect(await id(page, "photo").first().getAttribute("data-photo")).toBe(second);
  });

  it("lead to where the photo lies, and Back to what was selected and in sight", async () => {
    page = await openPage("?photos=300");
    await id(page, "grid").evaluate((grid) => (grid.scrollTop = 1500));
    await page.locator('[aria-posinset="1"]').waitFor({ state: "detached" });
    const near = Number(await id(page, "photo").nth(12).getAttribute("aria-posinset"));
    await page.locator(`[aria-posinset="${near}"]`).click();
    await page.locator(`[aria-posinset="${near + 2}"]`).click({ modifiers: ["Shift"] });
    await expect.poll(() => id(page, "count").innerText()).toBe("3 selected");
    const before = await selected(page);
    const scrolled = await top(page);
    const result = id(page, "similar-result").nth(20);
    const photo = await result.getAttribute("data-id");
    await result.click();
    await expect.poll(() => selected(page)).toEqual([photo]);
    await expect.poll(() => focusedPhoto(page)).toBe(photo);
    await expect.poll(() => inSight(page, photo)).toBe(true);
    await expect.poll(() => id(page, "toast").innerText()).toContain("3 photos were selected");
    await id(page, "toast").getByRole("button", { name: "Back" }).click();
    await expect.poll(() => selected(page)).toEqual(before);
    await expect.poll(() => top(page)).toBe(scrolled);
    await page.keyboard.press("Alt+ArrowRight");
    await expect.poll(() => selected(page)).toEqual([photo]);
    await page.keyboard.press("Alt+ArrowLeft");
    await expect.poll(() => selected(page)).toEqual(before);
    await expect.poll(() => focusedPhoto(page)).toBe(before.at(-1));
  });

  it("lead out of a place that does not have the photo, and back into it", async () => {
    page = await openPage("?photos=300");
    await id(page, "photo").nth(3).click();
    await page.keyboard.press("f");
    await id(page, "nav-favourite").click();
    await expect.poll(() => id(page, "count").innerText()).toBe("1 photo");
    await id(page, "photo").first().click();
    const before = await selected(page);
    const result = id(page, "similar-result").nth(5);
    const photo = await result.getAttribute("data-id");
    await result.click();
    await expect.poll(() => id(page, "title").innerText()).toBe("All photos");
    await expect.poll(() => selected(page)).toEqual([photo]);
    await expect.poll(() => inSight(page, photo)).toBe(true);
    await id(page, "back").click();
    await expect.poll(() => id(page, "title").innerText()).toBe("Favourites");
    await expect.poll(() => selected(page)).toEqual(before);
  });

  it("open large by a double click, though the first click fills the panel anew", async () => {
    page = await openPage("?photos=60");
    await id(page, "photo").first().click();
    const result = id(page, "similar-result").nth(4);
    await result.scrollIntoViewIfNeeded();
    const name = ((await result.getAttribute("title")) ?? "").split(" · ")[0];
    const { x, y } = await centre(result);
    await page.mouse.dblclick(x, y);
    await id(page, "viewer").waitFor();
    expect(await id(page, "viewer").getAttribute("aria-label")).toContain(name);
  });

  it("are meant by keys when they have the focus, and join the selection by Ctrl", async () => {
    page = await openPage("?photos=60");
    await id(page, "photo").first().click();
    const [first = ""] = await selected(page);
    const results = id(page, "similar-result");
    const second = await results.nth(1).getAttribute("data-id");
    await results.nth(0).click({ modifiers: ["Control"] });
    await expect.poll(() => id(page, "count").innerText()).toBe("2 selected");
    expect(await selected(page)).toContain(first);
    await results.nth(1).focus();
    await page.keyboard.press("c");
    await expect
      .poll(() => id(page, "tray-photo").evaluateAll((all) => all.map((one) => one.getAttribute("data-tray-photo"))))
      .toEqual([second]);
    await results.nth(1).hover();
    await id(page, "result-favourite").nth(1).click();
    await expect.poll(() => id(page, "nav-favourite").innerText()).toContain("1");
    await expect
      .poll(() => id(page, "result-favourite").nth(1).getAttribute("aria-label"))
      .toBe("Remove from favourites");
  });

  it("stand on top, seen from the first for each photo; the facts unfold below and stay so", async () => {
    page = await openPage("?photos=300");
    await id(page, "photo").first().click();
    await id(page, "similar-result").nth(20).waitFor();
    expect(await id(page, "photo-info").isVisible()).toBe(false);
    const [results, facts] = [await centre(id(page, "similar-result").first()), await centre(id(page, "panel-facts"))];
    expect(results.y).toBeLessThan(facts.y);
    const scrolled = () => id(page, "panel-results").evaluate((element) => element.scrollTop);
    await id(page, "similar-result").nth(20).scrollIntoViewIfNeeded();
    expect(await scrolled()).toBeGreaterThan(0);
    await id(page, "photo").nth(3).click();
    await expect.poll(scrolled).toBe(0);
    await id(page, "panel-facts").click();
    await id(page, "photo-info").waitFor();
    await page.reload();
    await id(page, "photo").nth(3).click();
    await id(page, "photo-info").waitFor();
    await expect.poll(async () => (await centre(id(page, "similar-result").first())).y).toBeLessThan(facts.y);
  });
});
