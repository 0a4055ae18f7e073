/**
 * Invents the files that the fake library could not take in, and what comes of trying them again. Never part of the app.
 */
import type { Problem, Reason } from "../bindings";

const CRASHED: Reason = { code: "decoder_crashed", params: { detail: "signal 11" } };
const CUT: Reason = { code: "truncated", params: {} };

function tooLarge(width: number, height: number): Reason {
  return { code: "too_large", params: { width, height, megapixels: 512 } };
}

function invent(): Problem[] {
  const heic = Array.from({ length: 12 }, (_, n) => ({
    path: `/home/ana/Pictures/2024/IMG_${3100 + n * 7}.HEIC`,
    reason: { code: "lacking_feature", params: { kind: "HEIC", detail: "separate_colour_plane_flag" } },
  }));
  return [
    { path: "/home/ana/Pictures/2018/odd.tif", reason: CRASHED },
    { path: "/home/ana/Pictures/2021/IMG_0423.jpg", reason: CUT },
    ...heic,
    { path: "/home/ana/Pictures/huge.png", reason: tooLarge(50_000, 50_000) },
    { path: "/home/ana/Pictures/poster.png", reason: tooLarge(40_000, 30_000) },
  ];
}

/** A file that was copied again is well; the others fail as before. */
export class FakeProblems {
  list: Problem[];
  #onChange: () => void;

  /** `well`: every file can be read. */
  constructor(well: boolean, onChange: () => void) {
    this.list = well ? [] : invent();
    this.#onChange = onChange;
  }

  retry(paths: readonly string[] | null): void {
    const tried = this.list.filter(({ path }) => paths?.includes(path) ?? true);
    this.list = this.list.filter((problem) => !tried.includes(problem));
    this.#onChange();
    setTimeout(() => {
      this.list = [...this.list, ...tried.filter(({ reason }) => reason !== CUT)];
      this.list.sort((a, b) => a.path.localeCompare(b.path));
      this.#onChange();
    }, 400);
  }
}
