import { describe, expect, it } from "vitest";
import { focusedPhoto, id, openPage, useBrowser } from "./page";

useBrowser();

describe("the command palette", () => {
  it("finds by letters, walks by arrows, runs by Enter, and gives the focus back", async () => {
    const page = await openPage("?photos=80");
    await id(page, "photo").nth(2).click();
    const photo = await id(page, "photo").nth(2).getAttribute("data-photo");
    await id(page, "photo").nth(2).focus();
    await page.keyboard.press("Control+k");
    const field = page.getByRole("combobox", { name: "Commands" });
    await expect.poll(() => field.evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.type("fav");
    await expect.poll(() => id(page, "palette-option").count()).toBe(2);
    const chosen = page.locator("[role=option][aria-selected=true][data-action]");
    const first = await chosen.getAttribute("data-action");
    expect(await field.getAttribute("aria-activedescendant")).toBe(await chosen.getAttribute("id"));
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => chosen.getAttribute("data-action")).not.toBe(first);
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => chosen.getAttribute("data-action")).toBe(first);
    await page.keyboard.press("Escape");
    await id(page, "palette").waitFor({ state: "detached" });
    await expect.poll(() => focusedPhoto(page)).toBe(photo);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("find sim");
    await page.keyboard.press("Enter");
    await id(page, "chip").waitFor();
    expect(await id(page, "palette").count()).toBe(0);
  });

  it("offers only what is possible, with its keys", async () => {
    const page = await openPage("?photos=80");
    await id(page, "photo").first().waitFor();
    await page.keyboard.press("Control+k");
    await id(page, "palette").waitFor();
    expect(await page.locator("[data-action='photo.similar']").count()).toBe(0);
    expect(await page.locator("[data-action=settings]").textContent()).toContain("Ctrl ,");
    await page.keyboard.type("zzz");
    await page.getByText("No command like this is possible now").waitFor();
    await page.keyboard.press("Enter");
    await id(page, "palette").waitFor();
  });

  it("offers to undo and to redo only where there is something to", async () => {
    const page = await openPage("?photos=80");
    const has = (action: string) => page.locator(`[data-action=${action}]`).count();
    const look = async (): Promise<[number, number]> => {
      await page.keyboard.press("Control+k");
      await page.locator("[data-action=history]").waitFor();
      const found: [number, number] = [await has("undo"), await has("redo")];
      await page.keyboard.press("Escape");
      await id(page, "palette").waitFor({ state: "detached" });
      return found;
    };
    await id(page, "photo").first().click();
    expect(await look()).toEqual([0, 0]);
    await page.keyboard.press("f");
    await expect.poll(() => id(page, "nav-favourite").innerText()).toContain("1");
    await expect.poll(look).toEqual([1, 0]);
    await page.keyboard.press("Control+z");
    await expect.poll(look).toEqual([0, 1]);
  });

  it("speaks Spanish, takes letters without their accents, and opens a dialog that returns the focus", async () => {
    const page = await openPage("?photos=80", { locale: "es-ES" });
    await id(page, "photo").nth(1).click();
    await id(page, "photo").nth(1).focus();
    const photo = await focusedPhoto(page);
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Comandos" }).waitFor();
    await page.keyboard.type("anadir una");
    await page.getByRole("option", { name: "Añadir una carpeta" }).waitFor();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("ajustes");
    await page.keyboard.press("Enter");
    await id(page, "settings").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => focusedPhoto(page)).toBe(photo);
  });
});
