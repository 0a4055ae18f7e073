/**
 * Owns the geometry of the large view: how big a photo is shown and where, so that the point under the pointer stays
 * under the pointer. Pure.
 */

export interface View {
  /** CSS pixels per picture pixel. */
  scale: number;
  /** Offset of the picture's middle from the middle of the stage. */
  x: number;
  y: number;
}

interface Size {
  width: number;
  height: number;
}

/** Small pictures are not blown up beyond their pixels. */
export function fitScale(picture: Size, stage: Size, full: number): number {
  if (picture.width <= 0 || picture.height <= 0) return 1;
  return Math.min(stage.width / picture.width, stage.height / picture.height, full);
}

/** Keeps the picture's edge from coming inside the stage, and a smaller picture in the middle. */
export function clampView(view: View, picture: Size, stage: Size): View {
  const slackX = Math.max(0, (picture.width * view.scale - stage.width) / 2);
  const slackY = Math.max(0, (picture.height * view.scale - stage.height) / 2);
  return {
    scale: view.scale,
    x: Math.max(-slackX, Math.min(slackX, view.x)),
    y: Math.max(-slackY, Math.min(slackY, view.y)),
  };
}

/** Another scale around a point, given from the middle of the stage. */
export function zoomAt(view: View, scale: number, point: { x: number; y: number }): View {
  const ratio = scale / view.scale;
  return { scale, x: point.x - (point.x - view.x) * ratio, y: point.y - (point.y - view.y) * ratio };
}
