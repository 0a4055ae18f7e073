/**
 * Who would draw for the fake core, and the addresses that it takes. Never part of the app.
 */
import type { ErrorReport, KeyState, Reason, Settings } from "../bindings";

export const HOST = "api.openai.com";

export interface FakeService {
  host: string;
  model: string;
  textModel: string;
  /** The route that the person chose. */
  route: string | null;
  key: KeyState;
}

export function invalid(code: string, params: Reason["params"] = {}): ErrorReport {
  return { code: "invalid", reason: { code, params }, detail: "" };
}

export function hostOf({ baseUrl }: Settings): string {
  return new URL(baseUrl).host;
}

export function isLoopback(host: string): boolean {
  return /^(localhost|127\.[\d.]+|\[::1\])(:\d+)?$/.test(host);
}

/** As the core tells of the key: a service on this computer may need none. */
export function serviceKeyState(key: KeyState, host: string): KeyState {
  return key === "missing" && isLoopback(host) ? "not_needed" : key;
}

/** Throws what is wrong with the address of a service. */
export function checkAddress(address: string): void {
  if (!URL.canParse(address)) throw invalid("service_url_unreadable");
  const { protocol, host, hostname } = new URL(address);
  if (protocol === "http:" && !isLoopback(host)) throw invalid("service_url_plain", { host: hostname });
  if (protocol !== "http:" && protocol !== "https:") throw invalid("service_url_scheme");
}
