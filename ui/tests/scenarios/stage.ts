/**
 * Owns what scenarios are played with: a core with an empty library, and how to look at what it does. Scenarios run
 * over the fake core (tests/unit/scenarios.test.ts) and over the real one, in the real window (tests/window/scenarios.rs):
 * what they say holds for both.
 */
import type { Backend } from "../../src/api/backend";
import type { ErrorReport, Event, PhotoId, Scope } from "../../src/api/bindings";
import { ALL } from "../../src/app/places";

export interface Stage {
  core: Backend;
  /** A folder of photos that all can be read. */
  folder: string;
  /** How many there are. */
  photos: number;
  /** What the core told since it was last forgotten, oldest first. */
  events: Event[];
}

export type Scenario = (stage: Stage) => Promise<void>;

const DEADLINE_MS = 40_000;
const PAUSE_MS = 20;

/** Throws unless `actual` is as `expected` says. Of objects, only what is named is compared. */
export function is(actual: unknown, expected: unknown, what = "it"): void {
  if (Array.isArray(expected)) {
    const list = Array.isArray(actual) ? (actual as unknown[]) : null;
    if (list?.length !== expected.length) differ(actual, expected, what);
    expected.forEach((one, index) => is(list?.[index], one, `${what}[${index}]`));
  } else if (typeof expected === "object" && expected !== null) {
    if (typeof actual !== "object" || actual === null) differ(actual, expected, what);
    for (const [name, one] of Object.entries(expected)) {
      is((actual as Record<string, unknown>)[name], one, `${what}.${name}`);
    }
  } else if (actual !== expected) differ(actual, expected, what);
}

function differ(actual: unknown, expected: unknown, what: string): never {
  throw new Error(`${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
}

export function holds(fact: boolean, what: string): void {
  if (!fact) throw new Error(`it does not hold that ${what}`);
}

/** Looks again and again until nothing is wrong. */
export async function eventually<T>(look: () => T | Promise<T>): Promise<T> {
  const end = Date.now() + DEADLINE_MS;
  for (;;) {
    try {
      return await look();
    } catch (wrong) {
      if (Date.now() > end) throw wrong;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** The error of something that fails. */
export async function failure(work: Promise<unknown>): Promise<ErrorReport> {
  let answer: unknown;
  try {
    answer = await work;
  } catch (thrown) {
    return thrown as ErrorReport;
  }
  throw new Error(`it did not fail but answered ${JSON.stringify(answer)}`);
}

/** Waits for an event. */
export async function heard(stage: Stage, kind: Event["kind"]): Promise<void> {
  await eventually(() =>
    holds(
      stage.events.some((event) => event.kind === kind),
      `there was an event: ${kind}`,
    ),
  );
}

/** The photos of a scope in their order. */
export async function idsOf({ core }: Stage, among: Partial<Scope> = {}): Promise<PhotoId[]> {
  return [...(await core.photoLayout({ what: null, among: { ...ALL, ...among }, limit: null })).ids];
}

/** Adds the folder and waits until its photos can be compared. Returns them, newest first. */
export async function fill(stage: Stage): Promise<PhotoId[]> {
  await stage.core.addFolders([stage.folder]);
  await eventually(async () => {
    is(await stage.core.indexStatus(), { state: "idle", photos: stage.photos, embedded: stage.photos });
  });
  return idsOf(stage);
}
