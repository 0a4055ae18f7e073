/** What confines the decoders that the fake has not: on a new kernel, and on an old one. */
import type { Confinement } from "../bindings";

export const CONFINED: Confinement = {
  landlock: 7,
  holds: ["files", "network", "scopes", "calls", "memory", "processor"],
  missing: [],
};
export const UNCONFINED: Confinement = {
  landlock: 4,
  holds: ["files", "network", "memory", "processor"],
  missing: [
    { code: "no_scopes", params: { landlock: 4 } },
    { code: "no_call_filter", params: { landlock: 4 } },
  ],
};
