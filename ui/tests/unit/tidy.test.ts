import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const files = ["src", "tests"]
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  )
  .filter((name) => /\.(ts|svelte|css)$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(root, name), "utf8") }));
const ours = files.filter(({ name }) => name.startsWith("src/") && name !== "src/api/bindings.ts");

function imports({ name, text }: { name: string; text: string }): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => {
    const target = match[1] ?? "";
    return target.startsWith(".") ? normalize(join(dirname(name), target)) : target;
  });
}

/** The files of ours that a file imports. */
function sourcesOf(file: { name: string; text: string }): string[] {
  return imports(file).flatMap((target) =>
    ["", ".ts", ".svelte.ts", "/index.ts"]
      .map((end) => target + end)
      .filter((name) => ours.some((one) => one.name === name)),
  );
}

/** Files of a folder and what they may import of ours. */
const ARROWS: readonly [from: RegExp, to: RegExp][] = [
  [/^src\/api\//, /^src\/api\//],
  [/^src\/components\//, /^src\/components\//],
  // The one file that joins the features' states.
  [/^src\/app\/app\.svelte\.ts$/, /^src\/(api|app|features)\//],
  [/^src\/app\//, /^src\/(api|app|locales)\//],
  [/^src\/grid\/(layout|window)\.ts$/, /^$/],
  [/^src\/grid\//, /^src\/(grid|components|app|api)\//],
  [/^src\/features\//, /^src\/(features|grid|components|app|api)\//],
  [/^src\/frame\//, /^src\/(frame|features|grid|components|app|api)\//],
];

describe("the house", () => {
  it("lets arrows point one way: frame, features, app, api", () => {
    const wrong = ours.flatMap((file) => {
      const rule = ARROWS.find(([from]) => from.test(file.name));
      if (rule === undefined) return [];
      return imports(file)
        .filter((target) => target.startsWith("src/") && !rule[1].test(target))
        .map((target) => `${file.name} -> ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it("lets the views see only types and errors of the api", () => {
    const wrong = ours
      .filter(({ name }) => /^src\/(features|frame|grid)\//.test(name))
      .flatMap((file) => imports(file).map((target) => ({ name: file.name, target })))
      .filter(({ target }) => target.startsWith("src/api/") && !/\/(bindings|errors|backend)$/.test(target));
    expect(wrong).toEqual([]);
  });

  it("compares places in one file", () => {
    const wrong = ours
      .filter(({ name, text }) => name !== "src/app/places.ts" && /\b(?:here|place)\.kind\s*[!=]==/.test(text))
      .map(({ name }) => name);
    expect(wrong).toEqual([]);
  });

  it("has no circle between files", () => {
    const arrows = new Map(ours.map((file) => [file.name, sourcesOf(file)]));
    // Takes away the files that import nothing more, until only circles and what leads to them are left.
    for (let leaves = [""]; leaves.length > 0; leaves.forEach((name) => arrows.delete(name))) {
      leaves = [...arrows].filter(([, to]) => !to.some((name) => arrows.has(name))).map(([name]) => name);
    }
    expect([...arrows.keys()]).toEqual([]);
  });

  it("knows Tauri in one place", () => {
    const wrong = ours.filter((file) => imports(file).some((target) => target.startsWith("@tauri-apps/")));
    expect(wrong.map(({ name }) => name)).toEqual(["src/api/tauri.ts"]);
  });

  it("names raw colours only in the tokens", () => {
    const raw = /#[0-9a-f]{3,8}\b(?![-\w])|\b(?:rgba?|hsla?|oklch)\(/i;
    const wrong = ours
      .filter(({ name }) => name !== "src/styles/tokens.css" && !name.startsWith("src/api/fake"))
      .flatMap(({ name, text }) => text.split("\n").map((line) => ({ name, line })))
      .filter(({ line }) => raw.test(line) && !line.includes("{#") && !line.includes("this.#"))
      .map(({ name, line }) => `${name}: ${line.trim()}`);
    expect(wrong).toEqual([]);
  });

  it("has no inline style or remote address that the content policy would stop", () => {
    for (const { name, text } of ours) {
      if (name.startsWith("src/api/fake")) continue;
      expect(text, name).not.toMatch(/\sstyle="/);
      expect(text, name).not.toMatch(/url\(["']?(?:data:|https?:)/);
    }
  });

  it("opens every module with what it owns", () => {
    const silent = ours.filter(({ text }) => !/^(\/\*|<!--)/.test(text)).map(({ name }) => name);
    expect(silent).toEqual([]);
  });
});
