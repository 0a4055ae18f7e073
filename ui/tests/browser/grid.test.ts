import { describe, expect, it } from "vitest";
import { focusedPhoto, id, openPage, useBrowser } from "./page";

useBrowser();

describe("the grid", () => {
  it("goes to a date by key, and on from there by the arrows", async () => {
    const page = await openPage("?photos=3000");
    await id(page, "photo").first().waitFor();
    await page.keyboard.press("g");
    const months = id(page, "date-month").locator("option");
    await expect.poll(() => months.count()).toBeGreaterThan(12);
    const oldest = (await months.last().innerText()).trim();
    await id(page, "date-month").selectOption({ label: oldest });
    const day = (await id(page, "date-day").locator("option").nth(1).innerText()).trim();
    await id(page, "date-day").selectOption({ label: day });
    await id(page, "date-go").click();
    await expect.poll(() => focusedPhoto(page)).not.toBeNull();
    const focused = page.locator("[data-photo]:focus");
    expect(await focused.textContent()).toContain(day);
    await page.getByRole("heading", { name: oldest }).waitFor();
    const place = Number(await focused.getAttribute("aria-posinset"));
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => focused.getAttribute("aria-posinset")).toBe(String(place - 1));
    expect(await focused.textContent()).not.toContain(day);
  });

  it("takes keys while the scrubber has the focus", async () => {
    const page = await openPage("?photos=3000");
    await id(page, "photo").first().waitFor();
    const strip = (await page.getByRole("scrollbar").boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.click(strip.x + 20, strip.y + strip.height / 2);
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("scrollbar");
    await page.keyboard.press("End");
    await expect.poll(() => page.locator("[data-photo]:focus").getAttribute("aria-posinset")).toBe("3000");
  });

  it("has what one does with a photo only where the pointer is, and gives elements on while it scrolls", async () => {
    const page = await openPage("?photos=3000");
    await page.locator("[data-photo] img.shown").first().waitFor();
    const nodes = () => id(page, "photo").evaluateAll((all) => all.map((one) => one.querySelectorAll("*").length));
    await page.mouse.move(5, 5);
    await expect.poll(async () => Math.max(...(await nodes()))).toBeLessThan(8);
    await id(page, "photo").nth(2).hover();
    await id(page, "photo").nth(2).locator("[data-act=similar]").waitFor();
    await expect.poll(() => page.locator("[data-act=similar]").count()).toBe(1);
    await page.evaluate(() =>
      document.querySelectorAll("[data-photo]").forEach((one) => one.setAttribute("marked", "")),
    );
    for (let step = 1; step <= 20; step++) {
      await id(page, "grid").evaluate((grid, top) => (grid.scrollTop = top), step * 300);
      await page.waitForTimeout(30);
    }
    // All of the first sight are passed by: marks are left only on elements that were given on. How many are depends on
    // how many rows one frame of a busy machine passes.
    expect(await page.locator("[data-photo][marked]").count()).toBeGreaterThan(0);
    await page.locator("[data-photo] img.shown").first().waitFor();
    const wrong = await id(page, "photo").evaluateAll((all) =>
      all.filter((one) => one.querySelectorAll("img").length > 1).map((one) => one.outerHTML),
    );
    expect(wrong).toEqual([]);
  });

  it("lets the focus go with the photo that leaves the sight", async () => {
    const page = await openPage("?photos=3000");
    await id(page, "photo").nth(2).click();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => focusedPhoto(page)).not.toBeNull();
    const photo = await focusedPhoto(page);
    await id(page, "grid").evaluate((grid) => (grid.scrollTop = 20_000));
    await expect.poll(() => focusedPhoto(page)).toBeNull();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => page.locator(`[data-photo="${photo}"]`).count()).toBe(1);
  });

  it("of 70,000 photos of one day keeps as few in the page as any other", async () => {
    const page = await openPage("?photos=70000&oneday");
    await id(page, "photo").first().waitFor({ timeout: 30_000 });
    const longest = () =>
      page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const grid = document.querySelector("[data-testid=grid]") as HTMLElement;
            let last = performance.now();
            let longest = 0;
            let frame = 0;
            const step = (now: number): void => {
              longest = Math.max(longest, now - last);
              last = now;
              frame += 1;
              grid.scrollTop = (grid.scrollHeight / 40) * frame;
              if (frame < 40) requestAnimationFrame(step);
              else resolve(longest);
            };
            requestAnimationFrame(step);
          }),
      );
    process.stderr.write(
      `70,000 photos of one day: the longest frame of a scroll to the end took ${await longest()} ms\n`,
    );
    await page.keyboard.press("End");
    await page.locator('[data-photo][aria-posinset="70000"]').waitFor();
    expect(await id(page, "photo").count()).toBeLessThan(90);
  }, 60_000);
});
