/** Ids of scheduled runs: the same for one flow and one instant in every process, so that an instant is one run. */
import { createHash } from "node:crypto";
import type { RunId } from "@millrace/core";

/** Longest part that stands for the flow. */
const FLOW_LENGTH = 96;

/** `CityReport-20261126T060000Z`. `instant`: ms since 1970. */
export function scheduledRunId(flow: string, instant: number): RunId {
  const stamp = new Date(instant).toISOString().replace(/[-:]|\.\d+/g, "");
  // Safe: letters, digits, dots, dashes and underscores, begun by a letter or digit, 113 at most.
  return `${prefixOf(flow)}-${stamp}` as RunId;
}

/** The run was started by a schedule of the flow. */
export function isScheduledRun(flow: string, run: RunId): boolean {
  const prefix = `${prefixOf(flow)}-`;
  return run.startsWith(prefix) && /^[+-]?\d+T\d{6}Z$/.test(run.slice(prefix.length));
}

/** The flow's id as far as ids of runs can hold it; what they cannot hold is told apart by a hash. */
function prefixOf(flow: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(flow) && flow.length <= FLOW_LENGTH) return flow;
  const hash = createHash("sha256").update(flow).digest("hex").slice(0, 12);
  const kept = flow.replace(/[^A-Za-z0-9_.-]/g, "_").slice(0, FLOW_LENGTH - hash.length - 3);
  return `f_${kept}_${hash}`;
}
