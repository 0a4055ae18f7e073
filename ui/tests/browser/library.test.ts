import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { fileDrag, focusedPhoto, id, openPage, useBrowser } from "./page";

let page: Page;
useBrowser();

describe("the library", () => {
  it("begins empty, takes a folder in, shows photos while it works, and tells how far it is", async () => {
    page = await openPage("?empty&photos=300");
    await id(page, "welcome").waitFor();
    await expect.poll(() => id(page, "add-folder").count()).toBe(1);
    await id(page, "add-folder").click();
    await id(page, "photo").first().waitFor();
    await id(page, "status").waitFor();
    await expect.poll(() => id(page, "status").innerText()).toMatch(/Getting \d+ photos? ready/);
    await id(page, "index-cancel").click();
    await id(page, "index-resume").click();
    await id(page, "status").waitFor({ state: "detached" });
    await expect.poll(() => id(page, "count").innerText()).toBe("300 photos");
    await id(page, "problems").click();
    await expect.poll(() => id(page, "problem-group").count()).toBe(4);
    await expect.poll(() => id(page, "add-folder").count()).toBe(1);
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

  it("reaches the oldest photo of a library taller than the element that is scrolled, by End, and by scrubber and wheel", async () => {
    page = await openPage("?photos=130000");
    await id(page, "photo").first().waitFor({ timeout: 60_000 });
    const grid = id(page, "grid");
    const oldest = page.locator('[data-photo][aria-posinset="130000"]');
    const bottom = () => oldest.evaluate((tile) => tile.getBoundingClientRect().bottom - window.innerHeight);
    await page.keyboard.press("End");
    await oldest.waitFor();
    expect(await bottom()).toBeLessThanOrEqual(0);
    expect(await grid.evaluate((node) => node.scrollHeight)).toBeLessThan(4_100_000);
    await page.keyboard.press("Home");
    await page.locator('[data-photo][aria-posinset="1"]').waitFor();
    const strip = (await page.getByRole("scrollbar").boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.click(strip.x + 20, strip.y + strip.height * 0.84);
    await page.locator('[data-photo][aria-posinset="1"]').waitFor({ state: "detached" });
    await page.mouse.move(400, 400);
    for (let turns = 0; turns < 30 && (await oldest.count()) === 0; turns++) await page.mouse.wheel(0, 50_000);
    await oldest.waitFor();
    expect(await id(page, "photo").count()).toBeLessThan(90);
  }, 90_000);

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
    await expect.poll(() => id(page, "similar-result").first().innerText()).toMatch(/^\d{1,3}%$/);
    const first = (await id(page, "panel-facts").innerText()).trim();
    await id(page, "similar-result").nth(2).click();
    await page.waitForFunction(
      (name) => document.querySelector("[data-testid=panel-facts]")?.textContent !== name,
      first,
    );
    const second = (await id(page, "panel-facts").innerText()).trim();
    await id(page, "find-similar").click();
    await id(page, "chip").waitFor();
    await expect.poll(() => id(page, "chip").innerText()).toContain(`Similar to ${second}`);
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
    await expect.poll(() => id(page, "title").innerText()).toBe("All photos");
    await id(page, "forward").click();
    await id(page, "chip").waitFor();
    await id(page, "chip-close").click();
    await expect.poll(() => id(page, "title").innerText()).toBe("All photos");
  });

  it("marks favourites by key, heart and menu, and shows them in their place", async () => {
    page = await openPage();
    await id(page, "nav-favourite").click();
    await expect.poll(() => id(page, "main").innerText()).toContain("No favourites yet");
    await id(page, "nav-all").click();
    await id(page, "photo").nth(1).click();
    await page.keyboard.press("f");
    await page.locator("[data-photo] .marked").waitFor();
    await id(page, "photo").nth(4).hover();
    await id(page, "photo").nth(4).locator("[data-act=favourite]").click();
    await id(page, "photo").nth(6).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Add to favourites" }).click();
    await page.waitForFunction(() => document.querySelectorAll("[data-photo] .marked").length === 3);
    await expect.poll(() => id(page, "nav-favourite").innerText()).toContain("3");
    await id(page, "nav-favourite").click();
    await expect.poll(() => id(page, "count").innerText()).toBe("3 photos");
    await id(page, "photo").first().dblclick();
    const opened = await id(page, "viewer").getAttribute("aria-label");
    await id(page, "viewer-favourite").click();
    await page.waitForFunction(() => document.querySelector("[data-testid=count]")?.textContent === "2 photos");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => id(page, "viewer").getAttribute("aria-label")).not.toBe(opened);
    await page.keyboard.press("Escape");
    await expect.poll(() => id(page, "photo").count()).toBe(2);
  });

  it("hides photos by key, keeps them in their place, and shows them again", async () => {
    page = await openPage();
    const count = () => id(page, "count").innerText();
    const before = Number.parseInt((await count()).replace(/\D/g, ""), 10);
    await id(page, "photo").nth(1).click();
    await page.keyboard.press("h");
    await expect.poll(count).toContain((before - 1).toString());
    await id(page, "nav-hidden").click();
    await expect.poll(count).toBe("1 photo");
    await page.keyboard.press("Control+z");
    await expect.poll(() => id(page, "main").innerText()).toContain("Nothing is hidden");
    await id(page, "nav-all").click();
    await expect.poll(count).toContain(before.toString());
  });

  it("looks for similar photos among favourites and in a year", async () => {
    page = await openPage();
    await id(page, "photo").nth(5).click();
    await page.keyboard.press("f");
    await id(page, "photo").nth(2).click();
    await page.keyboard.press("s");
    await id(page, "chip").waitFor();
    await page.waitForFunction(() => document.querySelector("[data-testid=count]")?.textContent?.includes("200"));
    await id(page, "scope-among").selectOption({ label: "Favourites" });
    await page.waitForFunction(() => document.querySelectorAll("[data-photo]").length === 1);
    const year = await id(page, "scope-year").locator("option").last().innerText();
    await id(page, "scope-year").selectOption(year);
    await page.getByText("No similar photos here").waitFor();
    await page.getByRole("button", { name: "Look among all photos" }).click();
    await page.waitForFunction(() => document.querySelector("[data-testid=count]")?.textContent?.includes("200"));
    await expect.poll(() => id(page, "scope-year").inputValue()).toBe("");
  });

  it("is walked by the keyboard alone", async () => {
    page = await openPage();
    await id(page, "photo").first().waitFor();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => focusedPhoto(page)).not.toBeNull();
    const start = await focusedPhoto(page);
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => focusedPhoto(page)).not.toBe(start);
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => focusedPhoto(page)).toBe(start);
    await page.keyboard.press("End");
    await expect.poll(() => page.locator("[data-photo]:focus").getAttribute("aria-posinset")).toBe("600");
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    await expect.poll(() => id(page, "count").innerText()).toBe("3 selected");
    await page.keyboard.press("Control+a");
    await expect.poll(() => id(page, "count").innerText()).toBe("600 selected");
    await page.keyboard.press("Escape");
    await expect.poll(() => id(page, "count").innerText()).toBe("600 photos");
    await expect.poll(() => page.locator("[data-photo][tabindex='0']").count()).toBe(1);
  });

  it("selects with Ctrl and Shift, and opens by a double click though the panel moves the photos", async () => {
    page = await openPage();
    await id(page, "photo").nth(1).click();
    await id(page, "photo")
      .nth(3)
      .click({ modifiers: ["Control"] });
    await expect.poll(() => id(page, "count").innerText()).toBe("2 selected");
    await id(page, "photo")
      .nth(5)
      .click({ modifiers: ["Shift"] });
    await expect.poll(() => id(page, "count").innerText()).toBe("3 selected");
    await page.keyboard.press("Escape");
    const tile = id(page, "photo").nth(7);
    const photo = await tile.getAttribute("data-photo");
    await tile.dblclick();
    await id(page, "viewer").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => focusedPhoto(page).then((focused) => focused ?? photo)).toBe(photo);
  });

  it("shows a photo large: neighbours, 100 %, information, back", async () => {
    page = await openPage();
    await id(page, "photo").nth(2).click();
    await page.keyboard.press("Enter");
    await id(page, "viewer-photo").waitFor();
    const name = await id(page, "viewer").getAttribute("aria-label");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => id(page, "viewer").getAttribute("aria-label")).not.toBe(name);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => id(page, "viewer").getAttribute("aria-label")).toBe(name);
    const width = () => id(page, "viewer-photo").evaluate((image) => image.getBoundingClientRect().width);
    const fitted = await width();
    await page.keyboard.press("z");
    await expect.poll(width).toBeGreaterThan(fitted * 1.5);
    await page.keyboard.press("z");
    await expect.poll(width).toBeCloseTo(fitted, 0);
    await page.keyboard.press("i");
    await id(page, "viewer").locator("[data-testid=photo-info]").waitFor();
    await page.keyboard.press("Escape");
    await id(page, "viewer").waitFor({ state: "detached" });
  });

  it("tells what is known about a photo, with its second files", async () => {
    page = await openPage();
    const info = id(page, "photo-info");
    await id(page, "photo").first().waitFor();
    const photos = await id(page, "photo").evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute("data-photo")));
    // The fake backend gives every fourth photo a video and a sidecar.
    const paired = photos.find((photo) => Number(photo) % 4 === 0);
    await page.locator(`[data-photo="${paired}"]`).click();
    await id(page, "panel-facts").click();
    await id(page, "photo-second").first().waitFor();
    await expect
      .poll(() => id(page, "photo-second").allInnerTexts())
      .toEqual([expect.stringMatching(/\.MOV · Live Photo video · /), expect.stringMatching(/\.xmp · metadata · /)]);
    await expect.poll(() => id(page, "photo-date").innerText()).toMatch(/UTC\+2$|\(date of the file\)$/);
    await expect.poll(() => id(page, "photo-exposure").innerText()).toBe("1/250 s · f/2.8 · 35 mm · ISO 400");
    await expect.poll(() => info.getByRole("img").getAttribute("aria-label")).toMatch(/^\d stars?$/);
    await expect.poll(() => info.getByRole("list", { name: "Keywords" }).innerText()).toContain("Cola");
    await expect.poll(() => id(page, "photo-description").innerText()).toBe("Cola asleep on the sofa");
    await expect.poll(() => id(page, "others").innerText()).toBe("5 videos not shown");
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
    await expect.poll(height).toBeGreaterThan(before * 1.15);
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
    await expect.poll(() => id(page, "drop-overlay").innerText()).toBe("Add this folder");
    await fileDrag(page, { step: "leave" });
    await id(page, "drop-overlay").waitFor({ state: "detached" });
    await fileDrag(page, { step: "enter", kind: "image", count: 1, x: 600, y: 300 });
    await expect.poll(() => id(page, "drop-overlay").innerText()).toBe("Find photos like this");
    const tray = await id(page, "tray").boundingBox();
    await fileDrag(page, { step: "over", x: 600, y: (tray?.y ?? 0) + 10 });
    await expect.poll(() => id(page, "drop-overlay").innerText()).toBe("Use in the comic");
    await fileDrag(page, { step: "over", x: 600, y: 300 });
    await fileDrag(page, { step: "drop", kind: "image", paths: ["/tmp/cola.jpg"], x: 600, y: 300 });
    await id(page, "query-image").waitFor();
    await expect.poll(() => id(page, "chip").innerText()).toContain("Similar to cola.jpg");
    await id(page, "photo").first().waitFor();
  });

  it("finds photos like a pasted picture", async () => {
    page = await openPage();
    await id(page, "photo").first().waitFor();
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47])], "image.png", { type: "image/png" }));
      document.body.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
      );
    });
    await id(page, "query-image").waitFor();
    await expect.poll(() => id(page, "chip").innerText()).toContain("Similar to the pasted picture");
  });

  it("is as it was left after the way back from similar photos", async () => {
    page = await openPage("?photos=300");
    await id(page, "grid").hover();
    await page.mouse.wheel(0, 1500);
    await expect.poll(() => id(page, "grid").evaluate((grid) => grid.scrollTop)).toBeGreaterThan(1000);
    const selected = () => page.locator('[data-photo][aria-selected="true"]').getAttribute("data-photo");
    await id(page, "photo").nth(14).click();
    const left = await selected();
    const name = () => id(page, "panel-facts").innerText();
    const before = await name();
    await page.keyboard.press("s");
    await id(page, "chip").waitFor();
    await id(page, "photo").nth(4).click();
    await expect.poll(name).not.toBe(before);
    await page.keyboard.press("Alt+ArrowLeft");
    await id(page, "chip").waitFor({ state: "detached" });
    await expect.poll(name).toBe(before);
    await expect.poll(() => focusedPhoto(page)).toBe(left);
    expect(await selected()).toBe(left);
  });

  it("copies photos, and pastes files and pictures that only the system's clipboard has", async () => {
    page = await openPage("?photos=60");
    await id(page, "photo").nth(2).click();
    await page.keyboard.press("Control+c");
    await expect.poll(() => id(page, "toast").innerText()).toContain("1 photo copied");
    const paste = () =>
      page.evaluate(() => void document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { bubbles: true })));
    await paste();
    await id(page, "chip").waitFor();
    const name = (await id(page, "panel-facts").innerText()).trim();
    expect(await id(page, "chip").innerText()).toContain(name);
    await id(page, "chip-close").click();
    await page.evaluate(() => {
      (window as unknown as { fotonovelaFake: { clipboard: unknown } }).fotonovelaFake.clipboard = {
        files: [],
        image: false,
      };
    });
    await paste();
    await expect.poll(() => id(page, "toast").last().innerText()).toContain("no picture on the clipboard");
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
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
    await page.getByText("Español", { exact: true }).click();
    await page.getByRole("heading", { name: "Ajustes" }).waitFor();
    await id(page, "settings-textModel").fill("csss");
    await page.keyboard.press("Escape");
    await id(page, "settings").waitFor({ state: "detached" });
    await expect.poll(() => id(page, "title").innerText()).toBe("Todas las fotos");
    await expect.poll(() => id(page, "tray-photo").count()).toBe(0);
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Atajos de teclado" }).waitFor();
  });

  it("tells when the library cannot be read, and what to do", async () => {
    page = await openPage("?fail=library");
    await id(page, "failure").waitFor();
    await expect.poll(() => id(page, "failure").innerText()).toContain("Start Fotonovela again");
    await page.getByRole("button", { name: "Try again" }).click();
    await id(page, "failure").waitFor();
  });

  it("keep their places when one is clicked and when none is", async () => {
    const page = await openPage("?photos=80");
    await id(page, "panel-empty").waitFor();
    const boxes = () => id(page, "photo").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
    const before = await boxes();
    await id(page, "photo").nth(2).click();
    await id(page, "similar-result").first().waitFor();
    expect(await boxes()).toEqual(before);
    await page.keyboard.press("Escape");
    await id(page, "panel-empty").waitFor();
    expect(await boxes()).toEqual(before);
  });
});
