/**
 * Owns the bytes of a layout, as the core's types/layout.rs describes them: columns that are read in place.
 */
import type { PhotoLayout } from "./backend";
import type { Area, Reason } from "./bindings";

/** What follows the columns. */
interface Rest {
  areas: [number, Area][];
  notice: Reason | null;
}

const HEAD = 16;

export function decodeLayout(bytes: ArrayBuffer): PhotoLayout {
  const head = new DataView(bytes);
  const revision = head.getFloat64(0, true);
  const count = head.getUint32(8, true);
  const scored = head.getUint32(12, true);
  let at = HEAD;
  const column = (size: number, length = count): number => {
    at += size * length;
    return at - size * length;
  };
  const takenAt = new Float64Array(bytes, column(8), count);
  const ids = new Uint32Array(bytes, column(4), count);
  const scores = new Float32Array(bytes, column(4, scored), scored);
  const aspects = new Uint16Array(bytes, column(2), count);
  const rest = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, at))) as Rest;
  return { revision, takenAt, ids, scores, aspects, areas: new Map(rest.areas), notice: rest.notice };
}
