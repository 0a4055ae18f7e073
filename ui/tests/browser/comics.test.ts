import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { centre, drag, id, openPage, useBrowser } from "./page";

interface Closable {
  fotonovelaFake: { close(): void; closed: boolean };
}

let page: Page;
useBrowser();

async function review(query: string): Promise<void> {
  page = await openPage(query);
  await id(page, "photo").nth(1).click();
  await page.keyboard.press("c");
  await id(page, "comic-prompt").fill("The dog steals a sausage");
  await id(page, "comic-draw").click();
  await id(page, "plan-host").waitFor();
}

describe("the tray", () => {
  it("takes photos by drag, with a ghost and a lit target, and orders them by drag and keys", async () => {
    page = await openPage();
    await id(page, "photo").first().waitFor();
    const tray = await centre(id(page, "tray"));
    await drag(page, id(page, "photo").nth(2), tray, true);
    await id(page, "ghost").waitFor({ state: "attached" });
    await expect.poll(() => id(page, "tray").getAttribute("class")).toContain("lit");
    await page.mouse.up();
    await id(page, "ghost").waitFor({ state: "detached" });
    await expect.poll(() => id(page, "tray-photo").count()).toBe(1);
    await drag(page, id(page, "photo").nth(3), await centre(id(page, "tray")));
    await drag(page, id(page, "photo").nth(4), await centre(id(page, "tray")));
    const order = () =>
      id(page, "tray-photo").evaluateAll((items) => items.map((item) => item.getAttribute("data-tray-photo")));
    await expect.poll(() => id(page, "tray-photo").count()).toBe(3);
    const before = await order();
    const first = await id(page, "tray-photo").nth(0).boundingBox();
    await drag(page, id(page, "tray-photo").nth(2), { x: (first?.x ?? 0) + 3, y: (first?.y ?? 0) + 30 });
    await expect.poll(order).toEqual([before[2], before[0], before[1]]);
    await id(page, "tray-photo").nth(0).focus();
    await page.keyboard.press("Alt+ArrowRight");
    await expect.poll(order).toEqual([before[0], before[2], before[1]]);
    await page.keyboard.press("Delete");
    await expect.poll(order).toEqual([before[0], before[1]]);
  });

  it("gives up a drag by Esc or beside the tray", async () => {
    page = await openPage();
    await id(page, "photo").first().waitFor();
    await drag(page, id(page, "photo").nth(2), await centre(id(page, "tray")), true);
    await page.keyboard.press("Escape");
    await page.mouse.up();
    await drag(page, id(page, "photo").nth(2), await centre(id(page, "photo").nth(5)));
    await expect.poll(() => id(page, "tray-photo").count()).toBe(0);
    await expect.poll(() => id(page, "ghost").count()).toBe(0);
  });

  it("takes a whole selection, and no more than a comic can hold", async () => {
    page = await openPage();
    await id(page, "photo").first().click();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("c");
    await expect.poll(() => id(page, "tray-photo").count()).toBe(16);
    await expect.poll(() => id(page, "toast").innerText()).toContain("16 at most");
    const toast = await id(page, "toast").boundingBox();
    const tray = await id(page, "tray").boundingBox();
    expect((toast?.y ?? 0) + (toast?.height ?? 0)).toBeLessThanOrEqual(tray?.y ?? 0);
  });
});

describe("a comic", () => {
  it("is reviewed, sent, drawn, changed, saved and found again", async () => {
    await review("");
    await expect.poll(() => id(page, "planned-picture").count()).toBe(1);
    await expect.poll(() => id(page, "planned-picture").innerText()).toMatch(/photo-1\.jpg\s+\d+ × \d+\s+\d+ kB/);
    await expect.poll(() => id(page, "plan-host").innerText()).toBe("api.openai.com");
    await expect.poll(() => id(page, "plan-cost").innerText()).toBe("About 4–19 cents");
    await page.getByText("Exact text to be sent").click();
    await expect.poll(() => id(page, "plan-prompt").innerText()).toContain("The dog steals a sausage");
    await id(page, "comic-send").click();
    await id(page, "drawing").waitFor();
    await id(page, "comic-partial").waitFor();
    await id(page, "comic-result").waitFor();
    const version = await id(page, "comic-result").getAttribute("data-version");
    await id(page, "comic-change").fill("Make the hat red");
    await id(page, "comic-change-send").click();
    await id(page, "plan-host").waitFor();
    await expect.poll(() => id(page, "planned-picture").count()).toBe(2);
    await id(page, "comic-send").click();
    await id(page, "comic-partial").waitFor();
    await page.waitForFunction((old) => {
      const now = document.querySelector("[data-testid=comic-result]")?.getAttribute("data-version");
      return now !== undefined && now !== null && now !== old;
    }, version);
    await expect.poll(() => id(page, "comic-version").count()).toBe(2);
    await id(page, "comic-version").first().click();
    await expect.poll(() => id(page, "comic-result").getAttribute("data-version")).toBe(version);
    await id(page, "comic-save").click();
    await expect.poll(() => id(page, "toast").innerText()).toContain("comic.png");
    await id(page, "nav-comics").click();
    await expect.poll(() => id(page, "comic-card").count()).toBe(1);
    await id(page, "comic-card").getByRole("button").first().click();
    await id(page, "comic-delete").click();
    await id(page, "comics-empty").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await id(page, "comic-card").waitFor();
  });

  it("opens the review by Ctrl+Enter, which presses nothing in it, and waits for another Enter", async () => {
    page = await openPage();
    await id(page, "photo").nth(1).click();
    await page.keyboard.press("c");
    await id(page, "comic-prompt").fill("The dog steals a sausage");
    await page.keyboard.press("Control+Enter");
    await id(page, "plan-host").waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid") ?? "");
    await expect.poll(focused).toBe("comic-send");
    await page.keyboard.press("Enter");
    await id(page, "comic-partial").waitFor();
  });

  it("takes the focus into its story once, and leaves the keys of the photos alone afterwards", async () => {
    await review("");
    await id(page, "comic-send").click();
    await id(page, "comic-result").waitFor();
    await page.getByRole("button", { name: "New comic with these photos" }).click();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid") ?? "");
    await expect.poll(focused).toBe("comic-prompt");
    await id(page, "nav-comics").click();
    await id(page, "comic-card").waitFor();
    await id(page, "nav-all").click();
    await id(page, "photo").first().waitFor();
    await id(page, "comic-prompt").waitFor();
    expect(await focused()).not.toBe("comic-prompt");
  });

  it("is not lost with the window unasked", async () => {
    await review("?slow");
    await id(page, "comic-send").click();
    await id(page, "drawing").waitFor();
    const close = () => page.evaluate(() => (window as unknown as Closable).fotonovelaFake.close());
    const closed = () => page.evaluate(() => (window as unknown as Closable).fotonovelaFake.closed);
    await close();
    await expect.poll(() => id(page, "closing").innerText()).toContain("may still bill");
    await page.keyboard.press("Escape");
    await id(page, "closing").waitFor({ state: "detached" });
    expect(await closed()).toBe(false);
    await close();
    await id(page, "closing-close").click();
    await expect.poll(closed).toBe(true);
  });

  it("sends nothing when the review is closed", async () => {
    await review("");
    await page.keyboard.press("Escape");
    await id(page, "review").waitFor({ state: "detached" });
    await id(page, "nav-comics").click();
    await id(page, "comics-empty").waitFor();
  });

  it("can be cancelled while it is drawn, and says that it may be billed", async () => {
    await review("?slow&photos=60");
    await id(page, "comic-send").click();
    await id(page, "comic-cancel").click();
    await id(page, "drawing-failed").waitFor();
    await expect.poll(() => id(page, "drawing-failed").innerText()).toContain("may still bill");
  });

  it("leaves its last preview when it is broken off, as unfinished, not counted, and to be deleted", async () => {
    await review("?slow&photos=60");
    await id(page, "comic-send").click();
    await id(page, "comic-partial").waitFor({ timeout: 20_000 });
    await id(page, "comic-cancel").click();
    await id(page, "drawing-failed").waitFor();
    await id(page, "fix-dismiss").click();
    await page.getByText("Only a preview").waitFor();
    expect(await id(page, "nav-comics").innerText()).toBe("Comics");
    await id(page, "nav-comics").click();
    await expect.poll(() => id(page, "comic-card").innerText()).toContain("Unfinished");
    expect(await id(page, "comic-card").innerText()).not.toContain("version");
    await id(page, "comic-card").getByRole("button", { name: "Delete comic" }).click();
    await id(page, "comics-empty").waitFor();
  });

  it("stays as it was whole when a change of it is broken off", async () => {
    await review("?slow&photos=60&comics=1");
    await page.keyboard.press("Escape");
    await id(page, "nav-comics").click();
    await id(page, "comic-card").getByRole("button").first().click();
    const whole = await id(page, "comic-result").getAttribute("data-version");
    await id(page, "comic-change").fill("Make the hat red");
    await id(page, "comic-change-send").click();
    await id(page, "comic-send").click();
    await id(page, "comic-partial").waitFor({ timeout: 20_000 });
    await id(page, "comic-cancel").click();
    await id(page, "fix-dismiss").click();
    await expect.poll(() => id(page, "comic-version").count()).toBe(2);
    expect(await id(page, "comic-result").getAttribute("data-version")).toBe(whole);
    await id(page, "nav-comics").click();
    await expect.poll(() => id(page, "comic-card").innerText()).toContain("1 version");
  });

  it.each([
    ["keychain", "In the keychain"],
    ["session", "Until Fotonovela closes"],
    ["environment", "From the environment (OPENAI_API_KEY)"],
  ])("says where its key is: %s", async (key, text) => {
    await review(`?key=${key}`);
    await expect.poll(() => id(page, "plan-key").innerText()).toBe(text);
    expect(await id(page, "comic-send").isDisabled()).toBe(false);
  });

  it("needs no key on this computer, until the server there asks for one", async () => {
    page = await openPage("?key=missing&fail=key");
    await id(page, "settings-open").click();
    await expect.poll(() => id(page, "key-state").innerText()).toBe("No key yet");
    await id(page, "settings-baseUrl").fill("http://127.0.0.1:8080/v1");
    await expect.poll(() => id(page, "key-state").innerText()).toBe("No key needed");
    await page.keyboard.press("Escape");
    await id(page, "photo").nth(1).click();
    await page.keyboard.press("c");
    await id(page, "comic-prompt").fill("The dog steals a sausage");
    await id(page, "comic-draw").click();
    await expect.poll(() => id(page, "plan-key").innerText()).toBe("No key needed");
    await id(page, "comic-send").click();
    await id(page, "fix-key").click();
    await expect.poll(() => id(page, "plan-key").innerText()).toContain("127.0.0.1:8080 needs a key");
    await id(page, "key-input").fill("local");
    await id(page, "key-save").click();
    await expect.poll(() => id(page, "plan-key").innerText()).toBe("In the keychain");
    await id(page, "comic-send").click();
    await id(page, "comic-result").waitFor();
  });

  it("shows each picture whole before it is sent", async () => {
    await review("?photos=60");
    const fit = () =>
      id(page, "planned-picture")
        .locator("img")
        .evaluate((image) => getComputedStyle(image).objectFit);
    expect(await fit()).toBe("contain");
  });

  it("asks for a key where there is none, and helps where there is no keychain", async () => {
    await review("?key=missing&fail=keychain");
    await expect.poll(() => id(page, "comic-send").isDisabled()).toBe(true);
    await id(page, "key-input").fill("sk-test");
    await id(page, "key-save").click();
    await id(page, "key-error").waitFor();
    await expect.poll(() => id(page, "key-error").innerText()).toContain("until Fotonovela closes");
    await expect.poll(() => id(page, "key-session").isChecked()).toBe(true);
    await id(page, "key-save").click();
    await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>("[data-testid=comic-send]")?.disabled);
    await id(page, "comic-send").click();
    await id(page, "comic-result").waitFor();
  });

  it.each([
    ["cut", "fix-again", "may have been billed"],
    ["offline", "fix-again", "network"],
    ["service", "fix-again", "500"],
    ["route", "fix-route", "Responses API"],
  ])("offers the way out that fits: %s", async (code, button, says) => {
    await review(`?fail=${code}`);
    await id(page, "comic-send").click();
    await id(page, "drawing-failed").waitFor();
    await expect.poll(() => id(page, "drawing-failed").innerText()).toContain(says);
    await id(page, button).click();
    await id(page, "comic-send").click();
    await id(page, "comic-result").waitFor();
  });

  it("asks for another key when one is refused", async () => {
    await review("?fail=key");
    await id(page, "comic-send").click();
    await id(page, "fix-key").click();
    await id(page, "key-input").fill("sk-other");
    await id(page, "key-save").click();
    await id(page, "comic-send").click();
    await id(page, "comic-result").waitFor();
  });

  it("takes a refused story back to the tray to say it differently", async () => {
    await review("?fail=refused");
    await id(page, "comic-send").click();
    await id(page, "fix-prompt").click();
    await expect.poll(() => id(page, "comic-prompt").inputValue()).toBe("The dog steals a sausage");
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "comic-prompt");
    await expect.poll(() => id(page, "tray-photo").count()).toBe(1);
  });
});
