/**
 * Owns who has the focus while something lies over the rest.
 */

/** An attachment: the node takes the focus, and gives it back when it goes. */
export function holdFocus(node: HTMLElement): () => void {
  const before = document.activeElement;
  node.focus({ preventScroll: true });
  return () => {
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
}
