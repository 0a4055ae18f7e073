import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { id, openPage, useBrowser } from "./page";

let page: Page;
useBrowser();

describe("the history", () => {
  it("takes back by key, and one by one in its list", async () => {
    page = await openPage("?photos=60");
    const hearts = () => page.locator('[data-testid="nav-favourite"]').innerText();
    await id(page, "photo").first().click();
    const before = await hearts();
    await page.keyboard.press("f");
    await expect.poll(hearts).not.toBe(before);
    await page.keyboard.press("Control+z");
    await expect.poll(hearts).toBe(before);
    await page.keyboard.press("Control+Shift+z");
    await expect.poll(hearts).not.toBe(before);
    await id(page, "history-open").click();
    await expect.poll(() => id(page, "history-edit").innerText()).toContain("1 photo marked as favourite");
    await id(page, "history-undo").focus();
    await page.keyboard.press("Enter");
    await id(page, "history-redo").waitFor();
    await page.keyboard.press("Escape");
    await id(page, "history").waitFor({ state: "detached" });
    await expect.poll(hearts).toBe(before);
  });

  it("says what it did above the veil of its dialog", async () => {
    page = await openPage("?photos=60");
    await id(page, "photo").first().click();
    await page.keyboard.press("f");
    await id(page, "history-open").click();
    await id(page, "history-undo").click();
    const box = await id(page, "toast").boundingBox();
    if (box === null) throw new Error("nothing is said");
    const inside = { x: box.x + 8, y: box.y + 8, width: box.width - 16, height: box.height - 16 };
    await page.mouse.move(2, 2);
    const over = await page.screenshot({ clip: inside });
    await page.keyboard.press("Escape");
    await id(page, "history").waitFor({ state: "detached" });
    expect(over.equals(await page.screenshot({ clip: inside }))).toBe(true);
  });
});
