import { describe, expect, it } from "vitest";
import { id, openPage, useBrowser } from "./page";

useBrowser();

describe("search by words", () => {
  it("shows what the words say, keeps them in view, and goes back", async () => {
    const page = await openPage("?photos=80");
    await id(page, "photo").first().waitFor();
    await page.keyboard.press("Control+f");
    const box = page.getByRole("searchbox", { name: "Search photos by words" });
    await expect.poll(() => box.evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.type("dog");
    await page.keyboard.press("Enter");
    await expect.poll(() => id(page, "chip").textContent()).toContain("“dog”");
    await id(page, "photo").first().waitFor();
    await box.fill("sea");
    await page.keyboard.press("Enter");
    await expect.poll(() => id(page, "chip").textContent()).toContain("“sea”");
    await page.keyboard.press("Alt+ArrowLeft");
    await id(page, "title").waitFor();
    expect(await box.inputValue()).toBe("");
  });

  it("searches among the photos of a scope, and leaves when the words are taken out", async () => {
    const page = await openPage("?photos=80");
    await id(page, "search").fill("dog");
    await page.keyboard.press("Enter");
    await id(page, "chip").waitFor();
    await id(page, "scope-among").selectOption({ label: "Favourites" });
    await expect.poll(() => id(page, "chip").textContent()).toContain("“dog”");
    await id(page, "search").fill("");
    await page.keyboard.press("Enter");
    await id(page, "title").waitFor();
  });

  it("gives the typed words up with Escape", async () => {
    const page = await openPage("?photos=80");
    await id(page, "search").fill("dog");
    await page.keyboard.press("Escape");
    expect(await id(page, "search").inputValue()).toBe("");
    expect(await id(page, "title").count()).toBe(1);
  });
});
