import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { id, openPage, useBrowser } from "./page";

let page: Page;
useBrowser();

async function openStores(query = "?photos=80"): Promise<void> {
  page = await openPage(query);
  await id(page, "settings-open").click();
  await id(page, "store-kinds").scrollIntoViewIfNeeded();
}

async function choose(kind: string, address: string): Promise<void> {
  await id(page, "store-kinds").getByRole("radio", { name: kind }).check();
  await id(page, "store-address").fill(address);
}

describe("the store", () => {
  it("says how the one in use is, and checks it", async () => {
    await openStores();
    await expect.poll(() => id(page, "store-state").innerText()).toMatch(/In this app[^]*80 of 80 photos/);
    await id(page, "store-verify").click();
    await id(page, "store-done").waitFor();
    await expect
      .poll(() => id(page, "store-done").innerText())
      .toMatch(/Everything is right: 80 photos, and 100% .* 100 searches/);
    await expect.poll(() => id(page, "store-back").count()).toBe(0);
  });

  it("is tested, moved to with progress, and left again, by the keyboard", async () => {
    await openStores();
    await id(page, "store-kinds").getByRole("radio", { name: "In this app" }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await page.keyboard.type("http://localhost:19530");
    await page.keyboard.press("Enter");
    await id(page, "store-test-result").waitFor();
    await expect.poll(() => id(page, "store-test-result").innerText()).toMatch(/milvus 2\.3\.5 · 0 of 80/);
    await id(page, "store-move").focus();
    await page.keyboard.press("Enter");
    await id(page, "store-progress").waitFor();
    await expect.poll(() => id(page, "store-move").count()).toBe(0);
    await id(page, "store-done").waitFor();
    await expect.poll(() => id(page, "store-state").innerText()).toContain("http://localhost:19530");
    await id(page, "store-back").focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      () => document.querySelector('[data-testid="store-state"]')?.textContent?.includes("In this app") === true,
    );
  });

  it("that does not answer is told, and the one of before stays", async () => {
    await openStores();
    await choose("Milvus server", "http://wrong:19530");
    await id(page, "store-test").click();
    await id(page, "store-test-error").waitFor();
    await expect.poll(() => id(page, "store-test-error").innerText()).toContain("Check that it runs");
    await id(page, "store-move").click();
    await id(page, "store-error").waitFor();
    await expect.poll(() => id(page, "store-work").innerText()).toContain("Still in use: In this app.");
    await expect.poll(() => id(page, "store-state").innerText()).toContain("In this app");
  });

  it("that wants a token opens its entry, and takes it", async () => {
    await openStores();
    await choose("Qdrant server", "http://secret:6334");
    await id(page, "store-test").click();
    await id(page, "store-token-input").fill("zoes-own-token");
    await id(page, "store-token-session").check();
    await page.keyboard.press("Tab");
    await id(page, "store-token-save").click();
    await id(page, "store-token-delete").waitFor();
    await expect.poll(() => id(page, "store-token-state").innerText()).toBe("Until Fotonovela closes");
    await id(page, "store-test").click();
    await id(page, "store-test-result").waitFor();
    expect(await page.content()).not.toContain("zoes-own-token");
  });

  it("goes on after a cancelled move, and tells the end where the dialog was closed", async () => {
    await openStores("?photos=80&slow");
    await choose("Milvus Lite", "/home/ana/vectors");
    await id(page, "store-move").click();
    await page.waitForFunction(
      () => Number(document.querySelector('[data-testid="store-progress"]')?.getAttribute("aria-valuenow")) > 0,
    );
    await id(page, "store-cancel").click();
    await id(page, "store-go-on").waitFor();
    await expect
      .poll(() => id(page, "store-work").innerText())
      .toMatch(/Stopped at \d+ of 80 photos\. Still in use: In this app/);
    await id(page, "store-go-on").click();
    await id(page, "store-progress").waitFor();
    await page.keyboard.press("Escape");
    await id(page, "toast").waitFor({ timeout: 20_000 });
    await expect.poll(() => id(page, "toast").innerText()).toContain("In use from now on: Milvus Lite.");
    await id(page, "toast").getByRole("button", { name: "Show" }).click();
    await id(page, "store-done").waitFor();
  });

  it("that is away is told beside the answers, with the way to its settings", async () => {
    page = await openPage("?photos=80&store=away");
    await id(page, "photo").nth(2).click();
    await id(page, "store-notice").waitFor();
    await id(page, "similar-result").first().waitFor();
    await page.keyboard.press("s");
    await id(page, "chip").waitFor();
    await expect.poll(() => id(page, "store-notice").innerText()).toContain("The store of this app answered instead.");
    await expect.poll(() => id(page, "store-notice").count()).toBe(1);
    await id(page, "store-show").click();
    await id(page, "store-again").waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toBe("Where similar photos are searched");
    await id(page, "store-kinds").getByRole("radio", { name: "In this app" }).check();
    await id(page, "store-move").click();
    await id(page, "store-done").waitFor();
    await page.keyboard.press("Escape");
    await id(page, "store-notice").waitFor({ state: "detached" });
  });
});
