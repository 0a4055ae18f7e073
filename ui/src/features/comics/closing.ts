/**
 * Owns what happens when the window is asked to close while a comic is drawn.
 */
import type { App } from "../../app/app.svelte";

/** Asks the person; answers how to stop. */
export function followClosing(app: App): () => void {
  let gone = false;
  let stopAsking = (): void => undefined;
  void app.session.backend
    .onCloseAsked(() => (app.session.dialog = "closing"))
    .then((stop) => {
      stopAsking = stop;
      if (gone) stop();
    })
    .catch(() => undefined);
  return () => {
    gone = true;
    stopAsking();
  };
}
