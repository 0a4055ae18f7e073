import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import en from "../../src/locales/en.json";
import es from "../../src/locales/es.json";
import { localeFor, Words } from "../../src/app/i18n.svelte";

type Text = string | { one: string; other: string };
const texts: Record<string, Record<string, Text>> = { en, es };

function placeholders(text: Text): string[] {
  const patterns = typeof text === "string" ? [text] : [text.one, text.other];
  return [...new Set(patterns.flatMap((pattern) => pattern.match(/\{\w+\}/g) ?? []))].sort();
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(svelte|ts)$/.test(name))
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

describe("locales", () => {
  it("have the same keys, forms and placeholders", () => {
    expect(Object.keys(es)).toEqual(Object.keys(en));
    for (const [key, text] of Object.entries(texts["en"] ?? {})) {
      const other = texts["es"]?.[key] ?? "";
      expect(typeof other, key).toBe(typeof text);
      expect(placeholders(other), key).toEqual(placeholders(text));
    }
  });

  it("leave no text empty, and follow the house's words", () => {
    for (const [locale, table] of Object.entries(texts)) {
      for (const [key, text] of Object.entries(table)) {
        for (const form of typeof text === "string" ? [text] : [text.one, text.other]) {
          expect(form.trim(), `${locale} ${key}`).not.toBe("");
          expect(form, `${locale} ${key}`).not.toMatch(/!|\b(please|embedding|vector)\b/i);
        }
      }
    }
  });

  it("have every key that is used, and use every key they have", () => {
    const code = sources(join(import.meta.dirname, "../../src")).join("\n");
    const used = [...code.matchAll(/\bt\(\s*["']([\w.]+)["']/g)].map((match) => match[1] ?? "");
    expect(used.length).toBeGreaterThan(100);
    expect(used.filter((key) => !(key in en))).toEqual([]);
    const families = [...code.matchAll(/\bt\(`([\w.]+)\$\{/g)].map((match) => match[1] ?? "");
    const unused = Object.keys(en).filter(
      (key) =>
        !code.includes(`"${key}"`) && !code.includes(`'${key}'`) && !families.some((family) => key.startsWith(family)),
    );
    expect(unused).toEqual([]);
  });
});

describe("words", () => {
  const words = new Words();

  it("chooses plural forms and writes numbers as the reader does", () => {
    words.locale = "en";
    expect(words.t("photos.count", { count: 1 })).toBe("1 photo");
    expect(words.t("photos.count", { count: 30_112 })).toBe("30,112 photos");
    words.locale = "es";
    expect(words.t("photos.count", { count: 30_112 })).toBe("30.112 fotos");
    expect(words.t("photos.count", { count: 2_000_000 })).toContain("fotos");
  });

  it("formats scores, sizes, prices and times", () => {
    words.locale = "en";
    expect(words.percent(0.934)).toBe("93%");
    expect(words.percent(-0.2)).toBe("0%");
    expect(words.bytes(412_300)).toBe("412 kB");
    expect(words.bytes(5_230_000)).toBe("5.2 MB");
    expect(words.money(0.063)).toBe("$0.063");
    expect(words.money(0.19)).toBe("$0.19");
    expect(words.money(0)).toBe("$0.00");
    expect(words.duration(40)).toBe("40 seconds");
    expect(words.duration(720)).toBe("12 min");
    expect(words.clock(65)).toBe("1:05");
    expect(words.month(2023 * 12 + 5)).toBe("June 2023");
    words.locale = "es";
    expect(words.percent(0.934)).toBe("93 %");
    expect(words.month(2023 * 12 + 5)).toBe("Junio de 2023");
  });

  it("shows the wall-clock time of a photo whatever the zone of the reader", () => {
    words.locale = "en";
    expect(words.moment(Date.UTC(2023, 5, 1, 0, 5))).toMatch(/^June 1, 2023 at 12:05/);
  });

  it("takes the first language that it speaks", () => {
    expect(localeFor("system", ["fr-FR", "es-MX", "en"])).toBe("es");
    expect(localeFor("system", ["fr-FR"])).toBe("en");
    expect(localeFor("es", ["en"])).toBe("es");
  });
});
