/**
 * Owns the list of scenarios.
 */
import * as comics from "./comics";
import * as edits from "./edits";
import * as library from "./library";
import type { Scenario } from "./stage";

export const SCENARIOS: Readonly<Record<string, Scenario>> = { ...library, ...edits, ...comics };
