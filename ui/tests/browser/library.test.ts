import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { fileDrag, focusedPhoto, id, openPage, useBrowser } from "./page";

let page: Page;
useBrowser();

describe("the library", () => {
  it("begins empty, takes a folder in, shows photos while it works, and tells how far it is", async () => {
    page = await openPage("?empty&photos=300");
    await id(page, "welcome").waitFor();
    expect(await id(page, "add-folder").count()).toBe(1);
    await id(page, "add-folder").click();
    await id(page, "photo").first().waitFor();
    await id(page, "status").waitFor();
    expect(await id(page, "status").innerText()).toMatch(/photos? found/);
    await id(page, "index-cancel").click();
    await id(page, "index-resume").click();
    await id(page, "status").waitFor({ state: "detached" });
    expect(await id(page, "count").innerText()).toBe("300 photos");
    await id(page, "problems").click();
    expect(await id(page, "problem-group").count()).toBe(4);
    expect(await id(page, "add-folder").count()).toBe(1);
  });

  it("keeps a bounded number of photos in the page, with shapes from the start", async () => {
    page = await openPage("?photos=30000");
    await id(page, "photo").first().waitFor();
    const counts = [await id(page, "photo").count()];
    for (const y of [4_000, 300_000, 900_000]) {
      await id(page, "grid").evaluate((grid, top) => (grid.scrollTop = top), y);
      await page.waitForTimeout(150);
      counts.push(await id(page, "photo").count());
    }
    expect(Math.max(...counts)).toBeLessThan(90);
    expect(Math.min(...counts)).toBeGreaterThan(8);
    const shape = await id(page, "photo")
      .nth(5)
      .evaluate((tile) => {
        const image = tile.querySelector("img");
        const box = tile.getBoundingClientRect();
        return { tile: box.width / box.height, image: (image?.naturalWidth ?? 1) / (image?.naturalHeight ?? 1) };
      });
    expect(Math.abs(shape.tile / shape.image - 1)).toBeLessThan(0.05);
  });

  it("keeps its place while newer photos arrive", async () => {
    page = await openPage("?photos=900&slow&empty");
    await id(page, "add-folder").click();
    await page.waitForFunction(() => document.querySelectorAll("[data-photo]").length > 20);
    await id(page, "grid").evaluate((grid) => (grid.scrollTop = 300));
    await page.waitForTimeout(100);
    const before = await id(page, "photo")
      .nth(8)
      .evaluate((tile) => ({ photo: tile.getAttribute("data-photo"), y: tile.getBoundingClientRect().top }));
    await id(page, "add-folder").click();
    await page.waitForTimeout(2_500);
    const after = await page
      .locator(`[data-photo="${before.photo}"]`)
      .evaluate((tile) => tile.getBoundingClientRect().top);
    expect(Math.abs(after - before.y)).toBeLessThan(200);
  });

  it("fills the panel by a click, and goes on by clicks, S, back and forward", async () => {
    page = await openPage();
    await id(page, "photo").nth(4).click();
    await id(page, "similar-result").first().waitFor();
    expect(await id(page, "similar-result").first().innerText()).toMatch(/^\.\d\d$|^1\.00$/);
    const first = (await id(page, "photo-info").locator("h3").innerText()).trim();
    await id(page, "similar-result").nth(2).click();
    await page.waitForFunction(
      (name) => document.querySelector("[data-testid=photo-info] h3")?.textContent !== name,
      first,
    );
    const second = (await id(page, "photo-info").locator("h3").innerText()).trim();
    await id(page, "find-similar").click();
    await id(page, "chip").waitFor();
    expect(await id(page, "chip").innerText()).toContain(`Like ${second}`);
    await id(page, "photo").nth(6).click();
    await page.keyboard.press("s");
    await page.waitForFunction(
      (name) => !document.querySelector("[data-testid=chip]")?.textContent?.includes(name),
      second,
    );
    await page.keyboard.press("Alt+ArrowLeft");
    await page.waitForFunction(
      (name) => document.querySelector("[data-testid=chip]")?.textContent?.includes(name),
      second,
    );
    await id(page, "back").click();
    expect(await id(page, "title").innerText()).toBe("All photos");
    await id(page, "forward").click();
    await id(page, "chip").waitFor();
    await id(page, "chip-close").click();
    expect(await id(page, "title").innerText()).toBe("All photos");
  });

  it("is walked by the keyboard alone", async () => {
    page = await openPage();
    await id(page, "photo").first().waitFor();
    await page.keyboard.press("ArrowRight");
    const start = await focusedPhoto(page);
    await page.keyboard.press("ArrowDown");
    const below = await focusedPhoto(page);
    expect(below).not.toBe(start);
    await page.keyboard.press("ArrowUp");
    expect(await focusedPhoto(page)).toBe(start);
    await page.keyboard.press("End");
    await page.waitForTimeout(100);
    const last = page.locator(`[data-photo="${await focusedPhoto(page)}"]`);
    expect(await last.getAttribute("aria-posinset")).toBe("600");
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    expect(await id(page, "count").innerText()).toBe("3 selected");
    await page.keyboard.press("Control+a");
    expect(await id(page, "count").innerText()).toBe("600 selected");
    await page.keyboard.press("Escape");
    expect(await id(page, "count").innerText()).toBe("600 photos");
    expect(await page.locator("[data-photo][tabindex='0']").count()).toBe(1);
  });

  it("selects with Ctrl and Shift, and opens by a double click though the panel moves the photos", async () => {
    page = await openPage();
    await id(page, "photo").nth(1).click();
    await id(page, "photo")
      .nth(3)
      .click({ modifiers: ["Control"] });
    expect(await id(page, "count").innerText()).toBe("2 selected");
    await id(page, "photo")
      .nth(5)
      .click({ modifiers: ["Shift"] });
    expect(await id(page, "count").innerText()).toBe("3 selected");
    await page.keyboard.press("Escape");
    const tile = id(page, "photo").nth(7);
    const photo = await tile.getAttribute("data-photo");
    await tile.dblclick();
    await id(page, "viewer").waitFor();
    await page.keyboard.press("Escape");
    expect(await focusedPhoto(page).then((focused) => focused ?? photo)).toBe(photo);
  });

  it("shows a photo large: neighbours, 100 %, information, back", async () => {
    page = await openPage();
    await id(page, "photo").nth(2).click();
    await page.keyboard.press("Enter");
    await id(page, "viewer-photo").waitFor();
    const name = await id(page, "viewer").getAttribute("aria-label");
    await page.keyboard.press("ArrowRight");
    expect(await id(page, "viewer").getAttribute("aria-label")).not.toBe(name);
    await page.keyboard.press("ArrowLeft");
    expect(await id(page, "viewer").getAttribute("aria-label")).toBe(name);
    const width = () => id(page, "viewer-photo").evaluate((image) => image.getBoundingClientRect().width);
    const fitted = await width();
    await page.keyboard.press("z");
    const full = await width();
    expect(full).toBeGreaterThan(fitted * 1.5);
    await page.keyboard.press("z");
    expect(await width()).toBeCloseTo(fitted, 0);
    await page.keyboard.press("i");
    await id(page, "viewer").locator("[data-testid=photo-info]").waitFor();
    await page.keyboard.press("Escape");
    await id(page, "viewer").waitFor({ state: "detached" });
  });

  it("tells what is known about a photo, with its second files", async () => {
    page = await openPage();
    const info = id(page, "photo-info");
    for (const nth of [0, 1, 2, 3, 4, 5, 6, 7]) {
      await id(page, "photo").nth(nth).click();
      await info.waitFor();
      if ((await id(page, "photo-second").count()) > 0) break;
    }
    await id(page, "photo-second").first().waitFor();
    expect(await id(page, "photo-second").allInnerTexts()).toEqual([
      expect.stringMatching(/\.MOV · Live Photo video · /),
      expect.stringMatching(/\.xmp · XMP data · /),
    ]);
    expect(await id(page, "photo-date").innerText()).toMatch(/UTC\+2$|\(date of the file\)$/);
    expect(await id(page, "photo-exposure").innerText()).toBe("1/250 s · f/2.8 · 35 mm · ISO 400");
    expect(await info.getByRole("img").getAttribute("aria-label")).toMatch(/^\d stars?$/);
    expect(await info.getByRole("list", { name: "Keywords" }).innerText()).toContain("Cola");
  });

  it("zooms the grid by the wheel and keeps the size", async () => {
    page = await openPage();
    const height = () =>
      id(page, "photo")
        .nth(1)
        .evaluate((tile) => tile.getBoundingClientRect().height);
    const before = await height();
    await id(page, "photo").nth(1).hover();
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -400);
    await page.keyboard.up("Control");
    await page.waitForTimeout(100);
    expect(await height()).toBeGreaterThan(before * 1.15);
  });

  it("offers the photo's menu", async () => {
    page = await openPage();
    await id(page, "photo").nth(3).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Find similar" }).click();
    await id(page, "chip").waitFor();
  });

  it("says before a drop what it will do, and does it", async () => {
    page = await openPage();
    await id(page, "photo").first().waitFor();
    await fileDrag(page, { step: "enter", kind: "folder", count: 1, x: 600, y: 300 });
    expect(await id(page, "drop-overlay").innerText()).toBe("Add this folder");
    await fileDrag(page, { step: "leave" });
    await id(page, "drop-overlay").waitFor({ state: "detached" });
    await fileDrag(page, { step: "enter", kind: "image", count: 1, x: 600, y: 300 });
    expect(await id(page, "drop-overlay").innerText()).toBe("Find photos like this");
    const tray = await id(page, "tray").boundingBox();
    await fileDrag(page, { step: "over", x: 600, y: (tray?.y ?? 0) + 10 });
    expect(await id(page, "drop-overlay").innerText()).toBe("Use in the comic");
    await fileDrag(page, { step: "over", x: 600, y: 300 });
    await fileDrag(page, { step: "drop", kind: "image", paths: ["/tmp/cola.jpg"], x: 600, y: 300 });
    await id(page, "query-image").waitFor();
    expect(await id(page, "chip").innerText()).toContain("Like cola.jpg");
    await id(page, "photo").first().waitFor();
  });

  it("finds photos like a pasted picture", async () => {
    page = await openPage();
    await id(page, "photo").first().waitFor();
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array([1, 2, 3])], "image.png", { type: "image/png" }));
      document.body.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
      );
    });
    await id(page, "query-image").waitFor();
    expect(await id(page, "chip").innerText()).toContain("Like the pasted picture");
  });

  it("removes a folder with a way back", async () => {
    page = await openPage("?photos=80");
    await id(page, "folder").hover();
    await id(page, "folder-menu").click();
    await page.getByRole("menuitem", { name: "Remove from the library" }).click();
    await id(page, "welcome").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await id(page, "photo").first().waitFor();
  });

  it("changes theme and language, and does no shortcut while somebody writes", async () => {
    page = await openPage();
    await id(page, "photo").nth(2).click();
    await id(page, "settings-open").click();
    await page.getByText("Dark", { exact: true }).click();
    expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
    await page.getByText("Español", { exact: true }).click();
    await page.getByRole("heading", { name: "Ajustes" }).waitFor();
    await id(page, "settings-textModel").fill("csss");
    await page.keyboard.press("Escape");
    await id(page, "settings").waitFor({ state: "detached" });
    expect(await id(page, "title").innerText()).toBe("Todas las fotos");
    expect(await id(page, "tray-photo").count()).toBe(0);
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Atajos de teclado" }).waitFor();
  });

  it("tells when the library cannot be read, and what to do", async () => {
    page = await openPage("?fail=library");
    await id(page, "failure").waitFor();
    expect(await id(page, "failure").innerText()).toContain("Restart the app");
    await page.getByRole("button", { name: "Try again" }).click();
    await id(page, "failure").waitFor();
  });
});
