/** The settlement of a node that never begins: skipped, or failed before anything of it ran. */
import { bytesInMemory, encodeError, type JobNode } from "@millrace/core";
import type { Draft, Place } from "../../steps/unit.js";

/** The fact. `at`: ms since 1970. */
export function unbegun(node: JobNode, place: Place, state: "skipped" | "failed", error: unknown, at: number): Draft {
  const settled = {
    ...place,
    state,
    source: "ran" as const,
    attempts: 0,
    readyAt: at,
    endedAt: at,
    error: bytesInMemory(encodeError(error)),
  };
  const { run } = node;
  if ("task" in run) return { kind: "step-settled", ...settled };
  const activation = "flow" in run ? "subflow" : "graph" in run ? "graph" : "step";
  return { kind: "activation-settled", activation, steps: 0, ...settled };
}
