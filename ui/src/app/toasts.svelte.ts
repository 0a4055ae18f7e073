/**
 * Owns the short messages at the bottom of the window, some with one action such as undo.
 */
import type { ErrorReport } from "../api/bindings";
import { explain } from "./reasons";

export interface ToastAction {
  label: string;
  run: () => void;
}

export interface Toast {
  id: number;
  text: string;
  tone: "plain" | "danger";
  action: ToastAction | null;
}

const STAY_MS = 6_000;
const STAY_WITH_ACTION_MS = 12_000;
const MOST = 3;

export class Toasts {
  shown = $state.raw<readonly Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  say(text: string, action: ToastAction | null = null): void {
    this.#show({ id: this.#next, text, tone: "plain", action });
  }

  fail(error: ErrorReport): void {
    if (error.code === "cancelled") return;
    this.#show({ id: this.#next, text: explain(error.reason), tone: "danger", action: null });
  }

  dismiss(id: number): void {
    this.hold(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }

  /** Stays while somebody reads it or reaches for its button. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  release(id: number): void {
    const toast = this.shown.find((one) => one.id === id);
    if (toast !== undefined) this.#schedule(toast);
  }

  #show(toast: Toast): void {
    this.#next += 1;
    const same = this.shown.find((one) => one.text === toast.text);
    if (same !== undefined) this.dismiss(same.id);
    this.shown = [...this.shown, toast].slice(-MOST);
    this.#schedule(toast);
  }

  #schedule(toast: Toast): void {
    this.hold(toast.id);
    const stay = toast.action === null ? STAY_MS : STAY_WITH_ACTION_MS;
    this.#timers.set(
      toast.id,
      setTimeout(() => this.dismiss(toast.id), stay),
    );
  }
}
