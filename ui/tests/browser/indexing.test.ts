import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { id, openPage, useBrowser } from "./page";

let page: Page;
useBrowser();

describe("the indexing", () => {
  it("pauses and resumes by the keyboard, and says that it is paused", async () => {
    page = await openPage("?empty&photos=400&slow");
    await id(page, "add-folder").click();
    await id(page, "index-cancel").focus();
    await page.keyboard.press("Enter");
    await id(page, "index-resume").waitFor();
    await expect.poll(() => id(page, "status").innerText()).toMatch(/^Paused: \d+ of \d+ ready to compare/);
    await id(page, "index-resume").focus();
    await page.keyboard.press("Enter");
    await id(page, "index-cancel").waitFor();
  });

  it("goes on with the parts of photos, and pauses there too", async () => {
    page = await openPage("?empty&photos=1500", { locale: "es" });
    await id(page, "add-folder").click();
    await expect.poll(() => id(page, "status").innerText()).toMatch(/^Partes de las fotos: [\d.]+ de 1500/);
    await id(page, "index-cancel").click();
    await expect.poll(() => id(page, "status").innerText()).toMatch(/^Partes de las fotos en pausa: [\d.]+ de 1500/);
    await id(page, "index-resume").click();
    await id(page, "status").waitFor({ state: "detached" });
  });

  it("shows previews until there are thumbnails, which take their place over them", async () => {
    page = await openPage("?empty&photos=400&slow");
    await id(page, "add-folder").click();
    const shown = page.locator("[data-photo]:has(img.preview.shown)");
    await shown.first().waitFor();
    const photo = await shown.first().getAttribute("data-photo");
    await page.waitForFunction(
      (one) => document.querySelector(`[data-photo="${one}"] img.shown:not(.preview)`) !== null,
      photo,
    );
    const order = await page
      .locator(`[data-photo="${photo}"] .frame`)
      .evaluate((frame) => [...frame.querySelectorAll("img")].map((image) => image.classList.contains("preview")));
    expect(order).toEqual([true, false]);
  });

  it("that was done long ago asks for no previews", async () => {
    page = await openPage("?photos=80");
    await page.locator("[data-photo] img.shown").first().waitFor();
    await expect.poll(() => id(page, "preview").count()).toBe(0);
  });

  it("says what stops it, and goes on when asked", async () => {
    page = await openPage("?photos=80&trouble=disk");
    await id(page, "trouble").waitFor();
    await expect.poll(() => id(page, "trouble").innerText()).toContain("Free some space");
    await expect.poll(() => id(page, "status").innerText()).toContain("The disk is full");
    await id(page, "trouble-retry").click();
    await id(page, "trouble").waitFor({ state: "detached" });
  });

  it("takes its effort from the settings", async () => {
    page = await openPage("?photos=80");
    await id(page, "settings-open").click();
    const choices = id(page, "settings-effort");
    await expect.poll(() => choices.innerText()).toContain("One core");
    await choices.getByRole("radio", { name: "Normal" }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Escape");
    await id(page, "settings-open").click();
    await expect.poll(() => choices.getByRole("radio", { name: "Full" }).isChecked()).toBe(true);
  });

  it("tells once that the catalogue was made anew", async () => {
    page = await openPage("?photos=80&rebuilt");
    await id(page, "notice").waitFor();
    await id(page, "notice").getByRole("button", { name: "Close" }).click();
    await id(page, "notice").waitFor({ state: "detached" });
  });
});

describe("the problems", () => {
  it("stand together by kind, open, and are tried again", async () => {
    page = await openPage("?photos=80");
    await id(page, "problems").click();
    const groups = id(page, "problem-group");
    await groups.first().waitFor();
    const heads = async () => (await groups.locator("h2").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
    await expect.poll(heads).toEqual(["1 TIFF file Set aside", "12 HEIC files", "2 PNG files", "1 JPEG file"]);
    await expect.poll(() => id(page, "problem").count()).toBe(7);
    await id(page, "group-open").click();
    await expect.poll(() => id(page, "problem").count()).toBe(16);
    await page.getByRole("button", { name: "Try IMG_0423.jpg again" }).click();
    await page.getByText("Trying 1 file again", { exact: true }).waitFor();
    await page.getByRole("heading", { name: "1 JPEG file" }).waitFor({ state: "detached" });
    await page.waitForTimeout(600);
    await expect.poll(() => id(page, "problem").count()).toBe(15);
    await id(page, "problems-retry").click();
    await page.getByText("Trying 15 files again", { exact: true }).waitFor();
    await groups.nth(2).waitFor();
  });
});

describe("a folder", () => {
  it("takes what its options say, by keyboard alone", async () => {
    page = await openPage("?photos=80");
    await id(page, "folder-menu").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await id(page, "folder-options").waitFor();
    await id(page, "options-subfolders").focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    await page.keyboard.type("[broken");
    await page.keyboard.press("Control+Enter");
    await id(page, "options-error").waitFor();
    await id(page, "options-exclude").fill("drafts/");
    await page.getByRole("button", { name: "Add Screenshots/" }).click();
    await id(page, "options-gif").uncheck();
    await id(page, "options-save").click();
    await id(page, "folder-options").waitFor({ state: "detached" });
    await id(page, "folder").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Folder options" }).click();
    await expect.poll(() => id(page, "options-exclude").inputValue()).toBe("drafts/\nScreenshots/");
    await expect.poll(() => id(page, "options-subfolders").isChecked()).toBe(false);
    await expect.poll(() => id(page, "options-gif").isChecked()).toBe(false);
    await expect.poll(() => id(page, "options-jpeg").isChecked()).toBe(true);
  });

  it("is not saved without any kind of file", async () => {
    page = await openPage("?photos=80");
    await id(page, "folder").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Folder options" }).click();
    for (const box of await id(page, "folder-options").locator("fieldset input").all()) await box.uncheck();
    await page.getByText("Choose at least one kind of file.").waitFor();
    await expect.poll(() => id(page, "options-save").isDisabled()).toBe(true);
  });

  it("asks calmly about many missing photos, and keeps them first", async () => {
    page = await openPage("?photos=80&unusual");
    await id(page, "missing").waitFor();
    await expect
      .poll(() => id(page, "missing").innerText())
      .toContain("20 of 80 photos of “Pictures” are missing. Is the disk connected?");
    await id(page, "missing-keep").click();
    await id(page, "missing").waitFor({ state: "detached" });
    await expect.poll(() => id(page, "count").innerText()).toBe("80 photos");
    await id(page, "folder").first().click({ button: "right" });
    await page.getByRole("menuitem", { name: "Forget 20 missing photos" }).click();
    await page.getByText("60 photos", { exact: true }).first().waitFor();
  });

  it("that is away or looked at from time to time says so, and what helps", async () => {
    page = await openPage("?photos=80&unusual");
    const [away, polled] = [id(page, "folder").nth(1), id(page, "folder").nth(2)];
    await expect.poll(() => away.innerText()).toContain("Not connected");
    await away.click();
    await expect.poll(() => id(page, "folder-offline").innerText()).toContain("Connect its disk");
    await expect.poll(() => polled.getAttribute("title")).toContain("sudo sysctl");
    await polled.click();
    await expect.poll(() => id(page, "folder-polled").locator("code").innerText()).toMatch(/^sudo sysctl \S+$/);
  });
});
