/**
 * Owns what an action is: a thing that a person can do, said once.
 */
import type { Component } from "svelte";
import type { PhotoId } from "../../api/bindings";
import type { App } from "../../app/app.svelte";
import type { TextKey } from "../../app/i18n.svelte";

export type ActionGroup = "photos" | "comic" | "viewer" | "window";

export interface Action {
  id: string;
  group: ActionGroup;
  label: TextKey | ((app: App, photo: PhotoId | null) => TextKey);
  icon: Component;
  /** As `isChord` reads them; the first one is shown. */
  keys?: readonly string[];
  /** The keys belong to what has the focus, which listens itself. */
  focused?: boolean;
  /** The keys work while somebody writes, too. */
  whileTyping?: boolean;
  /** Goes on as long as the key is held. */
  repeats?: boolean;
  /** Whether it is possible now; always, if it is not said. */
  when?: (app: App, photo: PhotoId | null) => boolean;
  /** Whether a list of what is possible has it, if that is less than `when`: a key may answer that there is nothing to do. */
  listed?: (app: App) => boolean;
  run: (app: App, photo: PhotoId | null) => unknown;
}
