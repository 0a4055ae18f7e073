import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { fileDrag, id, openPage, useBrowser, type Look } from "./page";

useBrowser();

async function openLarge(query = "?photos=80", look: Look = {}): Promise<Page> {
  const page = await openPage(query, look);
  await id(page, "photo").nth(4).click();
  await page.keyboard.press("Enter");
  await id(page, "viewer-photo").waitFor();
  return page;
}

/** Draws over the picture, from and to fractions of it. */
async function draw(page: Page, picture: string, from: [number, number], to: [number, number]): Promise<void> {
  const box = await id(page, picture).boundingBox();
  if (box === null) throw new Error("no picture");
  const at = ([x, y]: [number, number]): [number, number] => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]));
  await page.mouse.move(...at(to));
}

describe("a part of a photo", () => {
  it("is drawn in the large view, and becomes what is looked for", async () => {
    const page = await openLarge();
    const name = (await id(page, "viewer").getAttribute("aria-label")) ?? "?";
    await page.keyboard.press("b");
    await id(page, "area-picker").waitFor();
    await draw(page, "viewer-photo", [0.25, 0.25], [0.75, 0.75]);
    const [picture, box] = [await id(page, "viewer-photo").boundingBox(), await id(page, "area-box").boundingBox()];
    expect((box?.width ?? 0) / (picture?.width ?? 1)).toBeCloseTo(0.5, 1);
    await page.mouse.up();
    await expect.poll(() => id(page, "chip").innerText()).toBe(`A part of ${name}`);
    expect(await id(page, "viewer").count()).toBe(0);
    const outline = await id(page, "chip")
      .locator("[data-testid=area]")
      .evaluate((one) => one.style.width);
    expect(parseFloat(outline)).toBeCloseTo(50, 0);
    await id(page, "photo").nth(2).hover();
    await id(page, "photo").nth(2).locator("[data-testid=area]").waitFor();
    expect(await id(page, "meaning").count()).toBe(1);
    await page.keyboard.press("Alt+ArrowLeft");
    await id(page, "title").waitFor();
  });

  it("is drawn by keys; Escape leaves the box, then the photo", async () => {
    const page = await openLarge();
    const name = await id(page, "viewer").getAttribute("aria-label");
    await id(page, "viewer-part").press("Enter");
    await page.keyboard.press("ArrowRight");
    const box = id(page, "area-box");
    const before = await box.boundingBox();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowDown");
    const after = await box.boundingBox();
    expect(after?.x).toBeGreaterThan(before?.x ?? Infinity);
    expect(after?.height).toBeGreaterThan(before?.height ?? Infinity);
    expect(await id(page, "viewer").getAttribute("aria-label")).toBe(name);
    await page.keyboard.press("Escape");
    await id(page, "area-picker").waitFor({ state: "detached" });
    expect(await id(page, "viewer").count()).toBe(1);
    await page.keyboard.press("b");
    await page.keyboard.press("Enter");
    await expect.poll(() => id(page, "chip").innerText()).toBe(`A part of ${name}`);
  });

  it("that is too small to be meant is no part", async () => {
    const page = await openLarge();
    await page.keyboard.press("b");
    await draw(page, "viewer-photo", [0.5, 0.5], [0.51, 0.51]);
    await page.mouse.up();
    await id(page, "area-box").waitFor({ state: "detached" });
    expect(await id(page, "area-picker").count()).toBe(1);
  });

  it("is outlined in what was found, in the grid and in the large view, until that is turned off", async () => {
    const page = await openPage("?photos=80", { dark: true });
    await id(page, "photo").nth(1).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Find it inside photos" }).click();
    await expect.poll(() => id(page, "chip").innerText()).toMatch(/ inside photos$/);
    const tile = id(page, "photo").nth(3);
    await page.mouse.move(0, 0);
    await tile.hover();
    const [outline, photo] = [await tile.locator("[data-testid=area]").boundingBox(), await tile.boundingBox()];
    if (outline === null || photo === null) throw new Error("not shown");
    expect(outline.x).toBeGreaterThanOrEqual(photo.x);
    expect(outline.x + outline.width).toBeLessThanOrEqual(photo.x + photo.width + 1);
    await tile.dblclick();
    const large = id(page, "viewer").locator("[data-testid=area]");
    await large.waitFor();
    await page.keyboard.press("o");
    await large.waitFor({ state: "detached" });
    expect(await id(page, "viewer-outline").getAttribute("aria-pressed")).toBe("false");
    await id(page, "viewer-outline").click();
    await large.waitFor();
  });
});

describe("a part of a picture from outside", () => {
  it("is drawn at the head of the grid; the whole of it is looked for inside photos", async () => {
    const page = await openPage("?photos=80");
    await id(page, "photo").first().waitFor();
    await fileDrag(page, { step: "drop", kind: "image", paths: ["/tmp/sofa.jpg"], x: 400, y: 300 });
    await id(page, "query-part").click();
    await draw(page, "area-picker", [0.1, 0.1], [0.6, 0.6]);
    await page.mouse.up();
    await expect.poll(() => id(page, "chip").innerText()).toBe("A part of sofa.jpg");
    await id(page, "query-image").locator("[data-testid=area]").waitFor();
    await id(page, "query-inside").click();
    await expect.poll(() => id(page, "chip").innerText()).toBe("sofa.jpg inside photos");
    await id(page, "query-part").click();
    await page.keyboard.press("Escape");
    await id(page, "area-picker").waitFor({ state: "detached" });
    await page.keyboard.press("Alt+ArrowLeft");
    await expect.poll(() => id(page, "chip").innerText()).toBe("A part of sofa.jpg");
    await page.keyboard.press("Alt+ArrowLeft");
    await expect.poll(() => id(page, "chip").innerText()).toBe("Similar to sofa.jpg");
  });
});

describe("what similar means", () => {
  it("is chosen by keys or the pointer, belongs to the place, and is not asked of words or parts", async () => {
    const page = await openPage("?photos=80", { locale: "es" });
    await id(page, "photo").nth(4).click();
    await page.keyboard.press("s");
    await id(page, "chip").waitFor();
    const slider = page.getByRole("main").getByRole("slider", { name: "Qué significa parecida" });
    const says = () => slider.getAttribute("aria-valuetext");
    expect(await says()).toBe("Ambas cosas");
    const scores = () => page.locator("main .score").allInnerTexts();
    const both = await scores();
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(says).toBe("Mismo tipo de cosa");
    await expect.poll(scores).not.toEqual(both);
    await id(page, "photo").nth(5).click();
    await page.keyboard.press("s");
    await expect.poll(says).toBe("Ambas cosas");
    await page.keyboard.press("Alt+ArrowLeft");
    await expect.poll(says).toBe("Mismo tipo de cosa");
    await id(page, "search").fill("dog");
    await page.keyboard.press("Enter");
    await slider.waitFor({ state: "detached" });
  });

  it("is chosen in the panel, and goes along to the grid", async () => {
    const page = await openPage("?photos=80");
    await id(page, "photo").nth(4).click();
    const results = id(page, "similar-result");
    const labels = () => results.evaluateAll((all) => all.map((one) => one.getAttribute("title")));
    await results.first().waitFor();
    const both = await labels();
    const slider = id(page, "similar-panel").getByRole("slider");
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(labels).not.toEqual(both);
    await id(page, "find-similar").click();
    const grid = page.getByRole("main").getByRole("slider", { name: "What similar means" });
    await expect.poll(() => grid.getAttribute("aria-valuetext")).toBe("Looks like this");
  });
});
