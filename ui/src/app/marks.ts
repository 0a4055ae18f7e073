/**
 * Owns which marks a person can give to photos, as places, actions, menus and tiles show them.
 */
import EyeOff from "@lucide/svelte/icons/eye-off";
import Heart from "@lucide/svelte/icons/heart";
import type { Mark } from "../api/bindings";

/** The marks in the order of their places, each with its key. Texts: `mark.<mark>.*`. */
export const MARKS = [
  { mark: "favourite", key: "f", icon: Heart, onTile: true },
  { mark: "hidden", key: "h", icon: EyeOff, onTile: false },
] as const satisfies readonly {
  mark: Mark;
  key: string;
  icon: typeof Heart;
  /** Whether a tile under the pointer offers it. */
  onTile: boolean;
}[];

export function iconOf(mark: Mark): typeof Heart {
  return (MARKS.find((each) => each.mark === mark) ?? MARKS[0]).icon;
}
