/** The end of a step that a plan does not run: it has succeeded, with what stands on record. */
import type { StepSettled, StoredBytes } from "@millrace/core";
import type { Place } from "../steps/unit.js";

/** The settlement, without its place in the order. @param at ms since 1970. */
export function assumedSuccess(
  { key, site, node, body, task, identity }: Place,
  at: number,
  value: StoredBytes | undefined,
): Omit<StepSettled, "seq" | "at"> {
  return {
    kind: "step-settled",
    ...{ key, site, node, body, task, identity },
    state: "succeeded",
    source: "ran",
    attempts: 1,
    readyAt: at,
    endedAt: at,
    ...(value ? { value } : {}),
  };
}
