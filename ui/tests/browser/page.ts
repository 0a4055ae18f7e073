/**
 * Owns the browser of these tests: the fake build behind the app's own content policy, opened in a real Chromium.
 */
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { chromium, type Browser, type Locator, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";

const ROOT = join(import.meta.dirname, "../../dist-fake");
const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
/** The app's policy, but for pictures: the fake draws its own. */
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
  "font-src 'self'; object-src 'none'; base-uri 'none'; frame-src 'none'; form-action 'none'";

let server: Server;
let browser: Browser;
let base = "";
/** What the console complained about; no test may leave anything here. */
export const complaints: string[] = [];

export async function startBrowser(): Promise<void> {
  server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    if (path === "/favicon.ico") {
      response.writeHead(204).end();
      return;
    }
    const file = join(ROOT, path === "/" ? "index.html" : path);
    readFile(file).then(
      (body) => {
        const type = TYPES[extname(file)] ?? "application/octet-stream";
        response.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
}

export async function stopBrowser(): Promise<void> {
  await browser.close();
  server.close();
}

/** A browser for all tests of a file; after each, its pages are closed and must not have complained. */
export function useBrowser(): void {
  beforeAll(startBrowser);
  afterAll(stopBrowser);
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(complaints.splice(0)).toEqual([]);
  });
}

export interface Look {
  width?: number;
  height?: number;
  dark?: boolean;
  locale?: string;
}

export async function openPage(query = "", look: Look = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1280, height: look.height ?? 800 },
    colorScheme: look.dark === true ? "dark" : "light",
    locale: look.locale ?? "en",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error.stack)));
  await page.goto(base + query);
  await page.locator("main").waitFor();
  return page;
}

export function id(page: Page | Locator, testid: string): Locator {
  return page.locator(`[data-testid="${testid}"]`);
}

/** Drags by the pointer, in steps as a hand would. */
export async function drag(page: Page, from: Locator, to: { x: number; y: number }, hold = false): Promise<void> {
  const box = await from.boundingBox();
  if (box === null) throw new Error("nothing to drag");
  const start = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  for (let step = 1; step <= 8; step++) {
    await page.mouse.move(start.x + ((to.x - start.x) * step) / 8, start.y + ((to.y - start.y) * step) / 8);
  }
  if (!hold) await page.mouse.up();
}

export async function centre(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error("nothing there");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Lets files hover over the window as the system would. */
export async function fileDrag(page: Page, drag: unknown): Promise<void> {
  await page.evaluate((one) => {
    (window as unknown as { fotonovelaFake: { drag(drag: unknown): void } }).fotonovelaFake.drag(one);
  }, drag);
}

/** Whose photo is focused, by its number. */
export async function focusedPhoto(page: Page): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.getAttribute("data-photo") ?? null);
}
