/**
 * Owns the scenarios of settings, the tray and comics, of which nothing is sent here.
 */
import type { ComicRequest } from "../../src/api/bindings";
import { eventually, failure, fill, holds, is, type Scenario, type Stage } from "./stage";

function request(photos: number[], change: Partial<ComicRequest> = {}): ComicRequest {
  return {
    photos,
    prompt: "The dog steals a sausage\nand runs",
    layout: "four_panels",
    purpose: "final",
    size: "1024x1536",
    quality: "low",
    parent: null,
    route: null,
    ...change,
  };
}

/** Lets comics be drawn there; nobody is asked by planning. */
async function choose({ core }: Stage, baseUrl: string, route: string | null): Promise<void> {
  await core.saveSettings({ ...(await core.settings()), baseUrl, route });
}

export const settingsAreKeptAndNonsenseIsRefused: Scenario = async ({ core }) => {
  const before = await core.settings();
  is(before, { theme: "system", language: "system", effort: "normal", store: "embedded", route: null });
  const changed = { ...before, theme: "dark", rowHeight: 240, textModel: "another" } as const;
  await core.saveSettings(changed);
  is(await core.settings(), changed);
  const wrong = { ...changed, baseUrl: "http://comics.invalid/v1" };
  is(await failure(core.saveSettings(wrong)), {
    code: "invalid",
    reason: { code: "service_url_plain", params: { host: "comics.invalid" } },
  });
  is(await failure(core.saveSettings({ ...changed, baseUrl: "no address" })), {
    code: "invalid",
    reason: { code: "service_url_unreadable" },
  });
  is(await core.settings(), changed);
};

export const theTrayIsKept: Scenario = async (stage) => {
  const { core } = stage;
  is(await core.tray(), null);
  const [first = 0, second = 0] = await fill(stage);
  const tray = request([second, first], { layout: "single", prompt: "" });
  await core.keepTray(tray);
  is(await core.tray(), tray);
};

export const aComicIsPlannedWithoutAKeyAndNotDrawn: Scenario = async (stage) => {
  const { core } = stage;
  const [first = 0, second = 0] = await fill(stage);
  await choose(stage, "https://api.openai.com/v1", "responses");
  is(await core.keyState(), "missing");
  const plan = await core.planComic(request([first, second]));
  is(plan, { host: "api.openai.com", key: "missing", hasKey: false, route: "responses", textModel: "gpt-4o" });
  is(plan.pictures, [{ photo: first }, { photo: second }]);
  const small = plan.pictures.every(({ width, height, bytes }) => Math.max(width, height) <= 2048 && bytes > 0);
  holds(small, "the pictures are small");
  holds(plan.prompt.includes("The dog steals a sausage\nand runs"), "the story is sent as it is");
  holds((plan.estimate?.lowUsd ?? 0) > 0, "the price is known");

  stage.events.length = 0;
  const task = await core.drawComic(plan.plan);
  await eventually(() => {
    const told = stage.events.findLast((event) => event.kind === "comic" && event.task === task);
    const reason = { code: "draw_key_wanted", params: { host: "api.openai.com" } };
    is(told, { progress: { step: "failed", comic: null, error: { code: "key", reason } } });
  });
  is(await core.comics(), []);
};

export const aServiceElsewhereIsAskedInItsOwnWay: Scenario = async (stage) => {
  const { core } = stage;
  const [first = 0] = await fill(stage);
  await choose(stage, "https://comics.invalid/v1", null);
  const plan = await core.planComic(request([first], { layout: "single" }));
  is(plan, { host: "comics.invalid", route: "edits", textModel: null, estimate: null, hasKey: false });
  await choose(stage, "http://127.0.0.1:9/v1", null);
  const here = await core.planComic(request([first]));
  is(await core.keyState(), "not_needed");
  is(here, { host: "127.0.0.1:9", route: "edits", estimate: null, key: "not_needed", hasKey: true });
};

export const aComicThatMakesNoSenseIsNotPlanned: Scenario = async (stage) => {
  const { core } = stage;
  const [first = 0] = await fill(stage);
  await choose(stage, "https://comics.invalid/v1", null);
  const refused = async (change: Partial<ComicRequest>) => failure(core.planComic(request([first], change)));
  is(await refused({ prompt: "  " }), { code: "invalid", reason: { code: "story_empty" } });
  is(await refused({ photos: [] }), { code: "invalid", reason: { code: "comic_without_photos" } });
  is(await refused({ photos: [first, 1_000_000] }), { code: "not_found", reason: { code: "photo_not_found" } });
  is(await core.deleteComic(1_000_000), null);
};

export const aKeyIsKeptForTheSessionAndForgotten: Scenario = async (stage) => {
  const { core } = stage;
  await choose(stage, "https://comics.invalid/v1", null);
  is(await core.setKey("sk-test", false), "session");
  is(await core.keyState(), "session");
  is(await core.deleteKey(), "missing");
  is(await failure(core.setKey("  ", false)), { code: "invalid", reason: { code: "key_empty" } });
};

export const whatIsNoPictureIsNotLookedFor: Scenario = async ({ core }) => {
  const bytes = new TextEncoder().encode("no picture");
  is(await failure(core.queryImageFromBytes(bytes, "fake.png")), { code: "unreadable" });
};
