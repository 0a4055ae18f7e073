/**
 * Owns the language of the window: texts with plurals, and numbers, dates, sizes and prices as the reader writes them.
 */
import en from "../locales/en.json";
import es from "../locales/es.json";
import type { Language } from "../api/bindings";

export type TextKey = keyof typeof en;
export type Locale = "en" | "es";
type Text = string | { one: string; other: string };
export type Params = Record<string, string | number>;

const DAY_MS = 24 * 3600 * 1000;

const TEXTS: Record<Locale, Record<TextKey, Text>> = { en, es };

/** The locale for a setting; `system` takes the first of the reader's languages that we speak. */
export function localeFor(setting: Language, spoken: readonly string[]): Locale {
  if (setting !== "system") return setting;
  for (const tag of spoken) {
    const base = tag.slice(0, 2).toLowerCase();
    if (base === "en" || base === "es") return base;
  }
  return "en";
}

export class Words {
  locale = $state<Locale>("en");
  #plural = $derived(new Intl.PluralRules(this.locale));
  #integer = $derived(new Intl.NumberFormat(this.locale, { maximumFractionDigits: 0 }));
  #decimal = $derived(new Intl.NumberFormat(this.locale, { maximumFractionDigits: 1 }));
  #list = $derived(new Intl.ListFormat(this.locale, { type: "conjunction" }));
  #percent = $derived(new Intl.NumberFormat(this.locale, { style: "percent", maximumFractionDigits: 0 }));
  #money = $derived(
    new Intl.NumberFormat(this.locale, { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol" }),
  );
  #day = $derived(new Intl.DateTimeFormat(this.locale, { dateStyle: "long", timeZone: "UTC" }));
  #moment = $derived(new Intl.DateTimeFormat(this.locale, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }));
  #month = $derived(new Intl.DateTimeFormat(this.locale, { month: "long", year: "numeric", timeZone: "UTC" }));
  #local = $derived(new Intl.DateTimeFormat(this.locale, { dateStyle: "medium", timeStyle: "short" }));

  /** The text of a key. A text with plural forms chooses by `params.count`. */
  t(key: TextKey, params: Params = {}): string {
    const text = TEXTS[this.locale][key];
    let pattern: string;
    if (typeof text === "string") pattern = text;
    else pattern = this.#plural.select(Number(params["count"] ?? 0)) === "one" ? text.one : text.other;
    return this.fill(pattern, params);
  }

  /** The text with its parameters; one that is not given stays a placeholder. */
  fill(pattern: string, params: Params): string {
    return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = params[name];
      if (value === undefined) return whole;
      return typeof value === "number" ? this.#integer.format(value) : value;
    });
  }

  /** `a, b and c`. */
  list(parts: string[]): string {
    return this.#list.format(parts);
  }

  integer(value: number): string {
    return this.#integer.format(value);
  }

  percent(share: number): string {
    return this.#percent.format(Math.max(0, Math.min(1, share)));
  }

  rate(perSecond: number): string {
    return (perSecond < 10 ? this.#decimal : this.#integer).format(perSecond);
  }

  bytes(count: number): string {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
    let value = count;
    let unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit += 1;
    }
    return new Intl.NumberFormat(this.locale, {
      style: "unit",
      unit: units[unit] as string,
      unitDisplay: unit === 0 ? "long" : "short",
      maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
    }).format(value);
  }

  /** Dollars; small sums keep enough digits to tell them from nothing. */
  money(dollars: number): string {
    if (dollars === 0 || dollars >= 0.995) return this.#money.format(dollars);
    return new Intl.NumberFormat(this.locale, {
      style: "currency",
      currency: "USD",
      currencyDisplay: "narrowSymbol",
      minimumFractionDigits: 2,
      maximumFractionDigits: dollars < 0.1 ? 3 : 2,
    }).format(dollars);
  }

  /** How long something will take, to the precision that a person cares for. */
  duration(seconds: number): string {
    if (seconds < 60) return this.#unit(Math.max(1, Math.round(seconds)), "second");
    if (seconds < 3600) return this.#unit(Math.round(seconds / 60), "minute");
    return this.#unit(seconds / 3600, "hour", 1);
  }

  /** `1:05`, a running clock. */
  clock(seconds: number): string {
    const whole = Math.max(0, Math.floor(seconds));
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  }

  /** Wall-clock times of photos, which carry no zone. */
  day(takenAt: number): string {
    return this.#day.format(takenAt);
  }

  /** Whole days from one to the last before another, as short as they can be said. */
  period(from: number, until: number): string {
    const [first, last] = [new Date(from), new Date(until - DAY_MS)];
    const isFrom = first.getUTCDate() === 1;
    const isUntil = new Date(until).getUTCDate() === 1;
    if (first.getTime() === last.getTime()) return this.day(from);
    const years = first.getUTCMonth() === 0 && new Date(until).getUTCMonth() === 0;
    const whole: Intl.DateTimeFormatOptions = years ? { year: "numeric" } : { year: "numeric", month: "long" };
    const style: Intl.DateTimeFormatOptions = isFrom && isUntil ? whole : { dateStyle: "long" };
    return new Intl.DateTimeFormat(this.locale, { ...style, timeZone: "UTC" }).formatRange(first, last);
  }

  moment(takenAt: number): string {
    return this.#moment.format(takenAt);
  }

  /** `month` is `year * 12 + month` with months from 0. */
  month(month: number): string {
    const text = this.#month.format(Date.UTC(Math.floor(month / 12), month % 12, 1));
    return text.charAt(0).toLocaleUpperCase(this.locale) + text.slice(1);
  }

  /** Times of this computer, such as when a comic was drawn. */
  local(time: number): string {
    return this.#local.format(time);
  }

  #unit(value: number, unit: string, digits = 0): string {
    return new Intl.NumberFormat(this.locale, {
      style: "unit",
      unit,
      unitDisplay: unit === "minute" ? "short" : "long",
      maximumFractionDigits: digits,
    }).format(value);
  }
}

/** The words of this window. */
export const words = new Words();

export function t(key: TextKey, params?: Params): string {
  return words.t(key, params);
}
