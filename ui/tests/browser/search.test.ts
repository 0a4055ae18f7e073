import { describe, expect, it } from "vitest";
import { id, openPage, useBrowser } from "./page";

useBrowser();

describe("search by words", () => {
  it("shows what the words say, keeps them in view, and goes back", async () => {
    const page = await openPage("?photos=80");
    await id(page, "photo").first().waitFor();
    await page.keyboard.press("Control+f");
    const box = page.getByRole("combobox", { name: "Search photos by words" });
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

  it("says what was understood, and searches without what is taken out", async () => {
    const page = await openPage("?photos=80");
    await id(page, "search").fill('dog -snow summer 2023 camera:"pixel 8" -is:portrait rating:3 xyzzy');
    await page.keyboard.press("Enter");
    const chips = id(page, "search-chip");
    await expect
      .poll(async () => (await chips.allInnerTexts()).map((text) => text.replace(/\s/gu, " ")))
      .toEqual(["June – August 2023", "Camera: pixel 8", "not: Portrait", "3 stars or more", "without “snow”"]);
    expect(await id(page, "search-unknown").innerText()).toBe("“xyzzy” is looked for in names and texts only");
    await page.getByRole("button", { name: "Take out: Camera: pixel 8" }).click();
    await expect.poll(() => chips.count()).toBe(4);
    await page.getByRole("button", { name: /^Take out: June/u }).press("Enter");
    await expect.poll(() => id(page, "search").inputValue()).toBe("dog -snow -is:portrait rating:3 xyzzy");
    await expect.poll(() => id(page, "photo").count()).toBeGreaterThan(0);
    await id(page, "back").click();
    await id(page, "title").waitFor();
    expect(await id(page, "understood").count()).toBe(0);
  });

  it("says that there is nothing, and what helps", async () => {
    const page = await openPage("?photos=80");
    await id(page, "search").fill("dog camera:daguerreotype");
    await page.keyboard.press("Enter");
    await page.getByText("No photos found").waitFor();
    await page.getByRole("button", { name: "Take out: Camera: daguerreotype" }).click();
    await id(page, "photo").first().waitFor();
  });

  it("says the same in Spanish", async () => {
    const page = await openPage("?photos=80", { locale: "es" });
    await id(page, "search").fill("dog -snow 2023 camera:pixel");
    await page.keyboard.press("Enter");
    await expect.poll(() => id(page, "search-chip").allInnerTexts()).toEqual(["2023", "Cámara: pixel", "sin «snow»"]);
  });

  it("offers words to go on with, taken by keys or the pointer", async () => {
    const page = await openPage("?photos=80");
    const box = id(page, "search");
    await box.pressSequentially("dog be");
    const options = page.getByRole("listbox", { name: "Words to go on with" }).getByRole("option");
    await expect.poll(() => options.allInnerTexts()).toEqual(["beach", "berlin", "beret"]);
    expect(await box.getAttribute("aria-expanded")).toBe("true");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const active = await box.getAttribute("aria-activedescendant");
    expect(await page.locator(`[id="${active}"]`).innerText()).toBe("berlin");
    await page.keyboard.press("Enter");
    expect(await box.inputValue()).toBe("dog berlin");
    expect(await box.getAttribute("aria-expanded")).toBe("false");
    expect(await id(page, "chip").count()).toBe(0);
    await box.pressSequentially(" ki");
    await options.first().click();
    expect(await box.inputValue()).toBe("dog berlin kitchen");
    await box.pressSequentially(" co");
    await options.first().waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => box.getAttribute("aria-expanded")).toBe("false");
    expect(await box.inputValue()).toBe("dog berlin kitchen co");
    await page.keyboard.press("Enter");
    await expect.poll(() => id(page, "chip").textContent()).toContain("“dog berlin kitchen co”");
  });
});
