import { describe, it } from "vitest";
import { fakeBackend } from "../../src/api/fake";
import type { Event } from "../../src/api/bindings";
import { SCENARIOS } from "../scenarios/all";

const PHOTOS = 12;

describe("the fake core does as the real one", () => {
  it.each(Object.entries(SCENARIOS))("%s", async (_name, scenario) => {
    const core = fakeBackend({ photos: PHOTOS, empty: true, well: true, key: "missing" });
    const events: Event[] = [];
    await core.subscribe((event) => events.push(event));
    await scenario({ core, folder: "/home/ana/Pictures", photos: PHOTOS, events });
  });
});
