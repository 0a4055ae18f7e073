/**
 * Sorts the files that could not be taken in: what is wrong in the same way, with the same kind of file, is one group.
 */
import type { Problem } from "../../api/bindings";

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
const IN_BRACKETS = /\s*\([^)]*\)/g;

/** What the core says of a file is a clause or a sentence; people get a sentence. */
export function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return begun === "" || /[.?]$/.test(begun) ? begun : `${begun}.`;
}

export function kindOf(path: string): string {
  const ending = /[^/\\]\.([a-z0-9]{1,5})$/i.exec(path)?.[1]?.toUpperCase() ?? "";
  return SAME_KIND[ending] ?? ending;
}

/** Harm to the decoder first, then the largest group. */
export function groupProblems(problems: readonly Problem[]): ProblemGroup[] {
  const groups = new Map<string, ProblemGroup>();
  for (const problem of problems) {
    const kind = kindOf(problem.path);
    const reason = problem.reason.replace(IN_BRACKETS, "");
    // Sizes and times differ from file to file, what to do about them does not.
    const key = `${kind} ${reason.replace(/\d+/g, "#")}`;
    const group = groups.get(key);
    if (group === undefined) {
      const setAside = reason.includes("was set aside");
      groups.set(key, { key, kind, reason: problem.reason, differs: false, setAside, problems: [problem] });
    } else {
      group.differs ||= problem.reason !== group.problems[0]?.reason;
      group.problems.push(problem);
    }
  }
  const sorted = [...groups.values()].sort(
    (a, b) => Number(b.setAside) - Number(a.setAside) || b.problems.length - a.problems.length,
  );
  return sorted.map((group) => ({ ...group, reason: sentence(group.differs ? common(group.problems) : group.reason) }));
}

/** The reason without what differs: without brackets, and up to the colon where there are numbers behind it. */
function common(problems: readonly Problem[]): string {
  const reasons = problems.map(({ reason }) => reason.replace(IN_BRACKETS, ""));
  const first = reasons[0] ?? "";
  return reasons.every((reason) => reason === first) ? first : (/^[^:;\d]+(?=[:;])/.exec(first)?.[0] ?? first);
}
