/** The one text that a workload's run comes down to, whoever has run it: states, attempts, data and order, without times and ids. */
import { WORKLOADS, type Workload } from "./workload.js";

/** What was seen of a step. Moments are places in the order of what was seen. */
export interface Seen {
  readonly state: string;
  /** Attempts begun. */
  readonly attempts: number;
  readonly value?: unknown;
  readonly error?: string | undefined;
  /** When its first attempt began. */
  readonly began: number;
  /** When it was over. */
  readonly settled: number;
}

/**
 * Writes the trace. Of order it has what the workload asks for: which of the steps that a step needs were over when it began. Steps that the
 * workload does not know are in it, too, so that they cannot stay unseen.
 */
export function traceOf(workload: Workload, steps: ReadonlyMap<string, Seen>, state: string): string {
  const needs: Readonly<Record<string, readonly string[]>> = WORKLOADS[workload];
  const lines = [...steps]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, seen]) => {
      const before = (needs[name] ?? ["?"]).filter((one) => (steps.get(one)?.settled ?? Infinity) < seen.began);
      const what = seen.error ?? JSON.stringify(seen.value);
      return `${name}: ${seen.state}, attempts ${seen.attempts}, after [${before.join(" ")}]: ${what}`;
    });
  return `${[...lines, `run: ${state}`].join("\n")}\n`;
}
