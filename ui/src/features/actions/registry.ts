/**
 * Owns the list of all actions. Keys, menus, buttons, the sheet of keys and the command palette are views of it.
 */
import type { Component } from "svelte";
import type { PhotoId } from "../../api/bindings";
import type { App } from "../../app/app.svelte";
import { t } from "../../app/i18n.svelte";
import type { Action, ActionGroup } from "./action";
import { chordText, isChord } from "./chords";
import { COMIC_ACTIONS } from "./comic-actions";
import { PHOTO_ACTIONS } from "./photo-actions";
import { VIEWER_ACTIONS } from "./viewer-actions";
import { WINDOW_ACTIONS } from "./window-actions";

const ALL = [...PHOTO_ACTIONS, ...COMIC_ACTIONS, ...VIEWER_ACTIONS, ...WINDOW_ACTIONS] as const;
export type ActionId = (typeof ALL)[number]["id"];

export const ACTIONS: readonly (Action & { id: ActionId })[] = ALL;
const BY_ID: ReadonlyMap<ActionId, Action> = new Map(ACTIONS.map((action) => [action.id, action]));

/** An action as a button, a menu or a list shows it. */
export interface Offer {
  id: ActionId;
  group: ActionGroup;
  label: string;
  icon: Component;
  /** Its keys as people read them. */
  keys: readonly string[];
  possible: boolean;
  /** Possible, and of use now. */
  listed: boolean;
  run: () => void;
}

/** The action for a photo: the one that keys act on, if no other is meant. */
export function offer(app: App, id: ActionId, photo: PhotoId | null = app.photos.current): Offer {
  const { group, icon, keys = [], label, listed, run, when } = BY_ID.get(id) as Action;
  const possible = when?.(app, photo) ?? true;
  return {
    id,
    group,
    label: t(typeof label === "string" ? label : label(app, photo)),
    icon,
    keys: keys.map(chordText),
    possible,
    listed: possible && (listed?.(app) ?? true),
    run: () => void run(app, photo),
  };
}

/** Label and first key, for a tip. */
export function tipOf({ keys, label }: Offer): string {
  return keys[0] === undefined ? label : `${label} (${keys[0]})`;
}

/** Runs the action of a key, if it is possible now; returns whether one ran. */
export function runKey(app: App, event: KeyboardEvent, typing: boolean): boolean {
  const photo = app.photos.current;
  const action = ACTIONS.find(
    ({ focused, keys = [], when, whileTyping }) =>
      focused !== true &&
      (!typing || whileTyping === true) &&
      keys.some((chord) => isChord(event, chord)) &&
      (when?.(app, photo) ?? true),
  );
  if (action === undefined) return false;
  if (!event.repeat || action.repeats === true) void action.run(app, photo);
  return true;
}
