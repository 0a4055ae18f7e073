import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, it } from "vitest";
import { id, openPage, startBrowser, stopBrowser } from "./browser/page";

beforeAll(startBrowser);
afterAll(stopBrowser);

/** The same measure as in the real window (tests/window/scale.rs), in Chromium over made-up photos. */
it("measures how the grid moves", { timeout: 120_000 }, async () => {
  const page = await openPage("?photos=100000");
  await id(page, "photo").first().waitFor();
  const measure = readFileSync(join(import.meta.dirname, "frames.js"), "utf8");
  const found = (await page.evaluate(measure)) as number[];
  process.stdout.write(`| Chromium, 100000 | ${found.map((one) => one.toFixed(0)).join(" | ")} | |\n`);
});
