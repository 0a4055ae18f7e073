/**
 * Sorts the files that could not be taken in: what is wrong in the same way, with the same kind of file, is one group.
 */
import type { Problem } from "../../api/bindings";
import { explain, explainBriefly } from "../../app/reasons";

export interface ProblemGroup {
  /** What its files have in common; no other group has it. */
  key: string;
  /** The kind of file by its ending, such as `HEIC`; empty where there is none. */
  kind: string;
  /** What happened and what to do, as far as it is the same for all. */
  reason: string;
  /** Whether each file has more to say than the group. */
  differs: boolean;
  /** Whether the files did harm to their decoder, and were set aside. */
  setAside: boolean;
  problems: Problem[];
}

const SAME_KIND: Readonly<Record<string, string>> = {
  JPG: "JPEG",
  JPE: "JPEG",
  JFIF: "JPEG",
  TIF: "TIFF",
  HEIF: "HEIC",
};
/** What did harm to its decoder is set aside. */
const SET_ASIDE: ReadonlySet<string> = new Set(["decoder_crashed", "decoder_too_slow", "decoder_too_hungry"]);

export function kindOf(path: string): string {
  const ending = /[^/\\]\.([a-z0-9]{1,5})$/i.exec(path)?.[1]?.toUpperCase() ?? "";
  return SAME_KIND[ending] ?? ending;
}

/** Harm to the decoder first, then the largest group. */
export function groupProblems(problems: readonly Problem[]): ProblemGroup[] {
  const groups = new Map<string, ProblemGroup>();
  for (const problem of problems) {
    const kind = kindOf(problem.path);
    const common = explainBriefly(problem.reason);
    const key = `${kind} ${common}`;
    const group = groups.get(key);
    if (group === undefined) {
      const reason = explain(problem.reason);
      const setAside = SET_ASIDE.has(problem.reason.code);
      groups.set(key, { key, kind, reason, differs: false, setAside, problems: [problem] });
    } else {
      group.problems.push(problem);
      if (explain(problem.reason) === group.reason || group.differs) continue;
      group.differs = true;
      group.reason = common;
    }
  }
  return [...groups.values()].sort(
    (a, b) => Number(b.setAside) - Number(a.setAside) || b.problems.length - a.problems.length,
  );
}
