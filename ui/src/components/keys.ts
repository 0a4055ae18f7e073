/**
 * Owns the question whether a key press is meant for the window, or for a field, a dialog or a half-written letter.
 */

/** A field that takes letters has the focus, or letters are being composed. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing || event.key === "Process") return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !["button", "checkbox", "radio", "range"].includes(target.type);
}

/** The focus is on something that does its own thing with Space, Enter and arrows. */
export function isOnControl(event: KeyboardEvent): boolean {
  return (
    event.target instanceof Element && event.target.closest("button, a, input, select, summary, [role=menu]") !== null
  );
}

export function isModalOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

export function hasModifier(event: KeyboardEvent | MouseEvent): boolean {
  return event.ctrlKey || event.metaKey;
}
