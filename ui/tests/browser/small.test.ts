import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { id, openPage, useBrowser } from "./page";

let page: Page;
useBrowser();

describe("a small window", () => {
  it("shows places with their names and counts when asked, over the photos", async () => {
    page = await openPage("?photos=60", { width: 1000, height: 700 });
    const grid = await id(page, "grid").boundingBox();
    expect((await id(page, "folder").first().boundingBox())?.width).toBeLessThan(60);
    await id(page, "places-toggle").click();
    await expect.poll(async () => (await id(page, "folder").first().boundingBox())?.width).toBeGreaterThan(150);
    expect(await id(page, "folder").first().innerText()).toMatch(/\d/);
    expect(await id(page, "grid").boundingBox()).toEqual(grid);
    await id(page, "folder").first().click();
    await expect.poll(async () => (await id(page, "folder").first().boundingBox())?.width).toBeLessThan(60);
  });

  it("folds its tray to one line, which keeps it folded", async () => {
    page = await openPage("?photos=60", { width: 800, height: 600 });
    await id(page, "photo").first().click();
    await page.keyboard.press("c");
    const height = async () => (await id(page, "tray").boundingBox())?.height ?? 0;
    await expect.poll(height).toBeGreaterThan(150);
    await id(page, "tray-fold").click();
    await expect.poll(height).toBeLessThan(60);
    await page.reload();
    await id(page, "photo").nth(1).click();
    await page.keyboard.press("c");
    await id(page, "tray-unfold").waitFor();
    await id(page, "tray-unfold").click();
    await id(page, "comic-prompt").waitFor();
  });
});

describe("small faults", () => {
  it("names a folder that is away as such where its count would be", async () => {
    page = await openPage("?photos=60&unusual");
    await expect
      .poll(() => id(page, "folder").allInnerTexts())
      .toContainEqual(expect.stringContaining("Not connected"));
  });

  it("leaves radio buttons empty that are not chosen, also in the dark", async () => {
    page = await openPage("?photos=60", { dark: true });
    await id(page, "settings-open").click();
    const rim = (checked: boolean) =>
      id(page, "settings-effort")
        .locator(checked ? "input:checked" : "input:not(:checked)")
        .first()
        .evaluate((radio) => parseFloat(getComputedStyle(radio).borderTopWidth));
    expect(await rim(false)).toBeLessThan(2);
    expect(await rim(true)).toBe(5);
  });

  it("shows the button of the panel as pressed only while there is a panel", async () => {
    page = await openPage("?photos=60");
    const pressed = () => id(page, "panel-toggle").getAttribute("aria-pressed");
    expect(await pressed()).toBe("true");
    await id(page, "panel-toggle").click();
    await id(page, "similar-panel").waitFor({ state: "detached" });
    expect(await pressed()).toBe("false");
    await id(page, "nav-comics").click();
    await id(page, "comics-empty").waitFor();
    expect(await id(page, "panel-toggle").count()).toBe(0);
  });

  it("draws no scrollbar of the window over a dialog", async () => {
    page = await openPage("?photos=12");
    await id(page, "photo").first().click();
    const flows = () =>
      page.evaluate(() =>
        ["[data-testid=grid]", "[data-testid=panel-results]", "dialog .scroll"].map((css) => {
          const element = document.querySelector(css);
          return element === null ? "" : getComputedStyle(element).overflowY;
        }),
      );
    expect(await flows()).toEqual(["scroll", "scroll", ""]);
    await id(page, "settings-open").click();
    await id(page, "settings").waitFor();
    expect(await flows()).toEqual(["hidden", "hidden", "auto"]);
    await page.keyboard.press("Escape");
    await id(page, "settings").waitFor({ state: "detached" });
    expect(await flows()).toEqual(["scroll", "scroll", ""]);
  });

  it("says what cannot be saved right at its field", async () => {
    page = await openPage("?photos=60");
    await id(page, "settings-open").click();
    const field = id(page, "settings-baseUrl");
    await field.fill("http://comics.example/v1");
    await expect.poll(() => id(page, "settings-error").innerText()).toContain("comics.example");
    const [above, below] = [await field.boundingBox(), await id(page, "settings-error").boundingBox()];
    if (above === null || below === null) throw new Error("it is out of sight");
    expect(below.y - (above.y + above.height)).toBeGreaterThanOrEqual(0);
    expect(below.y - (above.y + above.height)).toBeLessThan(30);
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    await field.fill("https://comics.example/v1");
    await id(page, "settings-error").waitFor({ state: "detached" });
  });

  it("fills the heart of a favourite in the large view", async () => {
    page = await openPage("?photos=60");
    await id(page, "photo").first().click();
    await page.keyboard.press("Enter");
    const heart = () =>
      id(page, "viewer-favourite")
        .locator("svg")
        .evaluate((svg) => getComputedStyle(svg).fill);
    expect(await heart()).toBe("none");
    await page.keyboard.press("f");
    await expect.poll(heart).not.toBe("none");
  });
});
