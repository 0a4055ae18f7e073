import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { complaints, id, openPage, startBrowser, stopBrowser } from "./page";

let page: Page;
let axe = "";
beforeAll(async () => {
  await startBrowser();
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
});
afterAll(stopBrowser);
afterEach(async () => {
  await page.context().close();
  complaints.length = 0;
});

/** What people with a screen reader, a keyboard or weak eyes would stumble over. */
async function stumbles(): Promise<string[]> {
  await page.evaluate(axe);
  const results = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id: rule, nodes }) =>
      nodes.map((node) => `${rule}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`),
    );
}

describe.each([{ dark: false }, { dark: true }])("access, dark: $dark", (look) => {
  it("of the library, the panel and the tray", async () => {
    page = await openPage("?photos=80", look);
    await id(page, "photo").nth(2).click();
    await page.keyboard.press("c");
    await id(page, "similar-result").first().waitFor();
    expect(await stumbles()).toEqual([]);
    await page.keyboard.press("s");
    await id(page, "chip").waitFor();
    expect(await stumbles()).toEqual([]);
  });

  it("of the welcome", async () => {
    page = await openPage("?empty", look);
    await id(page, "welcome").waitFor();
    expect(await stumbles()).toEqual([]);
  });

  it("of the large view", async () => {
    page = await openPage("?photos=80", look);
    await id(page, "photo").nth(2).click();
    await page.keyboard.press("Enter");
    await page.keyboard.press("i");
    await id(page, "viewer-photo").waitFor();
    expect(await stumbles()).toEqual([]);
  });

  it("of a box over the large view, and of a part that was found", async () => {
    page = await openPage("?photos=80", look);
    await id(page, "photo").nth(2).click();
    await page.keyboard.press("b");
    await page.keyboard.press("ArrowRight");
    await id(page, "area-box").waitFor();
    expect(await stumbles()).toEqual([]);
    await page.keyboard.press("Enter");
    await id(page, "chip").waitFor();
    expect(await stumbles()).toEqual([]);
  });

  it("of the words that are offered, and of what was understood", async () => {
    page = await openPage("?photos=80", look);
    await id(page, "search").pressSequentially("dog -snow 2023 xyzzy be");
    await id(page, "search-word").first().waitFor();
    await page.keyboard.press("ArrowDown");
    expect(await stumbles()).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Enter");
    await id(page, "search-unknown").waitFor();
    expect(await stumbles()).toEqual([]);
  });

  it("of the dialogs", async () => {
    page = await openPage("?photos=80&key=missing", look);
    await id(page, "settings-open").click();
    expect(await stumbles()).toEqual([]);
    await page.keyboard.press("Escape");
    await id(page, "keys-open").click();
    expect(await stumbles()).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await id(page, "palette-option").first().waitFor();
    expect(await stumbles()).toEqual([]);
    await page.keyboard.press("Escape");
    await id(page, "photo").nth(2).click();
    await page.keyboard.press("c");
    await id(page, "example").first().click();
    await id(page, "comic-draw").click();
    await id(page, "plan-host").waitFor();
    expect(await stumbles()).toEqual([]);
  });

  it("of the comics, one comic and the problems", async () => {
    page = await openPage("?photos=80&comics=2", look);
    await id(page, "nav-comics").click();
    await id(page, "comic-card").first().waitFor();
    expect(await stumbles()).toEqual([]);
    await id(page, "comic-card").first().getByRole("button").first().click();
    await id(page, "comic-result").waitFor();
    expect(await stumbles()).toEqual([]);
    await id(page, "problems").click();
    await id(page, "problem").first().waitFor();
    expect(await stumbles()).toEqual([]);
  });

  it("of notices, folder options and the paused indexing", async () => {
    page = await openPage("?photos=80&unusual&rebuilt&trouble=disk", look);
    await id(page, "missing").waitFor();
    await id(page, "trouble").waitFor();
    expect(await stumbles()).toEqual([]);
    await id(page, "folder").nth(2).click();
    await id(page, "folder-polled").waitFor();
    expect(await stumbles()).toEqual([]);
    await id(page, "folder").nth(2).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Folder options" }).click();
    await id(page, "folder-options").waitFor();
    expect(await stumbles()).toEqual([]);
  });

  it("of the settings of stores, and of the word that one is away", async () => {
    page = await openPage("?photos=80&store=away", look);
    await id(page, "photo").nth(2).click();
    await id(page, "store-notice").waitFor();
    expect(await stumbles()).toEqual([]);
    await id(page, "store-show").click();
    await id(page, "store-again").waitFor();
    await id(page, "store-kinds").getByRole("radio", { name: "Qdrant server" }).check();
    await id(page, "store-address").fill("http://secret:6334");
    await id(page, "store-test").click();
    await id(page, "store-token-input").waitFor();
    expect(await stumbles()).toEqual([]);
  });

  it("returns the focus from a dialog to where it was", async () => {
    page = await openPage("?photos=80", look);
    await id(page, "settings-open").focus();
    await page.keyboard.press("Enter");
    await id(page, "settings").waitFor();
    await page.keyboard.press("Escape");
    await id(page, "settings").waitFor({ state: "detached" });
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-testid")))
      .toBe("settings-open");
  });
});
