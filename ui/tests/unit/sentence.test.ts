import { describe, expect, it } from "vitest";
import type { Understood } from "../../src/api/bindings";
import { words } from "../../src/app/i18n.svelte";
import { chipsOf } from "../../src/features/search/chips";
import { withLast, withoutPart, type Part } from "../../src/features/search/sentence";

const NOTHING: Understood = { words: "", excluded: [], from: null, until: null, filters: [], unknown: [] };
const TIME: Part = { kind: "time", at: 0 };

describe("a sentence", () => {
  const text =
    'dogs camera:"nikon d90" at  the beach -is:portrait -cat summer 2023 -2019 NOT sun es:cuadrada -"red car"';
  const understood: Understood = {
    ...NOTHING,
    words: "dogs at the beach",
    excluded: ["cat", "sun", "red car"],
    from: Date.UTC(2023, 5),
    until: Date.UTC(2023, 8),
    filters: [
      { kind: "camera", text: "nikon d90" },
      { kind: "not", filter: { kind: "shape", shape: "portrait" } },
      { kind: "not", filter: { kind: "taken", from: Date.UTC(2019, 0), until: Date.UTC(2020, 0) } },
      { kind: "shape", shape: "square" },
    ],
  };
  const pieces = ["dogs", 'camera:"nikon d90"', "at", "the", "beach", "-is:portrait", "-cat", "summer", "2023"];
  const end = ["-2019", "NOT", "sun", "es:cuadrada", '-"red car"'];
  const without = (part: Part, ...gone: string[]): void => {
    const left = [...pieces, ...end].filter((piece) => !gone.includes(piece));
    expect(withoutPart(text, understood, part)).toBe(left.join(" "));
  };

  it("loses what says one thing, and nothing else", () => {
    without({ kind: "filter", at: 0 }, 'camera:"nikon d90"');
    without({ kind: "filter", at: 1 }, "-is:portrait");
    without({ kind: "filter", at: 2 }, "-2019");
    without({ kind: "filter", at: 3 }, "es:cuadrada");
    without({ kind: "excluded", at: 0 }, "-cat");
    without({ kind: "excluded", at: 1 }, "NOT", "sun");
    without({ kind: "excluded", at: 2 }, '-"red car"');
    without(TIME, "summer", "2023");
  });

  it("loses a time wherever it stands, with the words inside it", () => {
    const cases: [text: string, words: string, left: string][] = [
      ["last christmas", "", ""],
      ["perros de verano de 2023 de Cola", "perros de de Cola", "perros de de Cola"],
      ['"polar bear" 2019..2021 snow', "polar bear snow", '"polar bear" snow'],
      ["2019 dog 2020", "dog 2020", "dog 2020"],
      ["note:this 10:30 ayer", "note:this 10:30", "note:this 10:30"],
    ];
    for (const [typed, words, left] of cases) {
      expect(withoutPart(typed, { ...NOTHING, words }, TIME), typed).toBe(left);
    }
  });

  it("gets a word in the place of the last one", () => {
    expect(withLast("dog be", "beach")).toBe("dog beach");
    expect(withLast("be", "beach")).toBe("beach");
    expect(withLast("dog ", "beach")).toBe("dog beach");
  });
});

/** Languages put different blanks into a span of time. */
const plain = (text: string): string => text.replace(/\s/gu, " ");

describe("what was understood", () => {
  it("is told in the reader's words", () => {
    const understood: Understood = {
      ...NOTHING,
      from: Date.UTC(2019, 0),
      until: Date.UTC(2022, 0),
      excluded: ["cat"],
      filters: [
        { kind: "not", filter: { kind: "path", text: "beach" } },
        { kind: "not", filter: { kind: "taken", from: Date.UTC(2020, 0), until: Date.UTC(2021, 0) } },
        { kind: "rating", least: 1 },
        { kind: "favourite" },
      ],
    };
    const labels = (): string[] => chipsOf(understood).map(({ label }) => plain(label));
    words.locale = "en";
    expect(labels()).toEqual([
      "2019 – 2021",
      "not: Folder or file: beach",
      "not: 2020",
      "1 star or more",
      "Favourites",
      "without “cat”",
    ]);
    words.locale = "es";
    expect(labels()[1]).toBe("no: Carpeta o archivo: beach");
  });

  it("has times as short as they can be", () => {
    words.locale = "en";
    const period = (from: number, until: number): string => plain(words.period(from, until));
    const day = (year: number, month: number, date = 1): number => Date.UTC(year, month, date);
    expect(period(day(2023, 0), day(2024, 0))).toBe("2023");
    expect(period(day(2023, 4), day(2023, 5))).toBe("May 2023");
    expect(period(day(2023, 4, 3), day(2023, 4, 4))).toBe("May 3, 2023");
    expect(period(day(2023, 11, 20), day(2024, 0, 7))).toBe("December 20, 2023 – January 6, 2024");
    words.locale = "es";
    expect(period(day(2023, 5), day(2023, 8))).toBe("junio–agosto de 2023");
  });
});
