/**
 * Invents the files that the fake library could not take in, and what comes of trying them again. Never part of the app.
 */
import type { Problem } from "../bindings";

const CRASHED = "decoding it crashed the decoder (signal 11); the file was set aside";
const CUT = "the file is cut off: its end is missing. Copy it again from where it came from";

function invent(): Problem[] {
  const heic = Array.from({ length: 12 }, (_, n) => ({
    path: `/home/ana/Pictures/2024/IMG_${3100 + n * 7}.HEIC`,
    reason: "this HEIC photo needs something that Fotonovela cannot do yet: pictures in 4:4:4",
  }));
  return [
    { path: "/home/ana/Pictures/2018/odd.tif", reason: CRASHED },
    { path: "/home/ana/Pictures/2021/IMG_0423.jpg", reason: CUT },
    ...heic,
    {
      path: "/home/ana/Pictures/huge.png",
      reason: "the picture is too large: 50000 x 50000 pixels, and the limit is 512 megapixels",
    },
    {
      path: "/home/ana/Pictures/poster.png",
      reason: "the picture is too large: 40000 x 30000 pixels, and the limit is 512 megapixels",
    },
  ];
}

/** A file that was copied again is well; the others fail as before. */
export class FakeProblems {
  list = invent();
  #onChange: () => void;

  constructor(onChange: () => void) {
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
