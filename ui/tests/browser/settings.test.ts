import { describe, expect, it } from "vitest";
import { id, openPage, useBrowser } from "./page";

useBrowser();

describe("the settings", () => {
  it("say what confines the processes that read photos, and what of it is missing", async () => {
    const whole = await openPage("?photos=20");
    await id(whole, "settings-open").click();
    await expect.poll(() => id(whole, "settings-safety").innerText()).toContain("Landlock 7, seccomp");

    const old = await openPage("?photos=20&unconfined");
    await id(old, "settings-open").click();
    const missing = id(old, "settings-safety").getByRole("listitem");
    await expect.poll(() => missing.count()).toBe(2);
    expect(await missing.nth(0).innerText()).toMatch(/^Landlock \(version 4\) .*Linux 6.12/);
    expect(await missing.nth(1).innerText()).toMatch(/^Seccomp does not filter/);
  });

  it("list the models, add one, and take another into use", async () => {
    const page = await openPage("?photos=20");
    await id(page, "settings-open").click();
    const models = id(page, "models").getByRole("listitem");
    await expect.poll(() => models.count()).toBe(2);
    expect(await models.nth(0).innerText()).toContain("in use");
    expect(await models.nth(0).getByRole("button").count()).toBe(0);
    await id(page, "models-add").click();
    await expect.poll(() => models.count()).toBe(3);
    expect(await models.nth(2).innerText()).toContain("Not for searches by words.");
    await models.nth(2).getByRole("button", { name: "Use" }).click();
    await expect.poll(() => models.nth(2).innerText()).toContain("being prepared");
    await models.nth(1).getByRole("button", { name: "Use" }).click();
    await models.nth(2).getByRole("button", { name: "Remove" }).click();
    await expect.poll(() => models.count()).toBe(2);
  });
});
