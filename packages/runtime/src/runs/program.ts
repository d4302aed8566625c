/** What a run executes: a flow of the code, a job graph or a rule set. The drivers make programs, the run controller opens them. */
import type { StepOptions } from "@millrace/core";
import type { Body, RunScope } from "./run-scope.js";

/** Something with a body that a run drives to its end. */
export interface Program {
  /** Flow id, or name of a job graph or rule set: what the run is listed under. */
  readonly id: string;
  readonly kind: "flow" | "graph" | "rules";
  readonly options: Pick<StepOptions, "timeout">;
  /** So many steps it has at least, if that can be said before it begins. */
  readonly steps?: number;
  /** Whether its first work is for a thread, as far as its graph tells. */
  beginsInThread(): boolean;
  /** Makes the run's own body. `startedAt`: ms since 1970. */
  open(scope: RunScope, startedAt: number): Body;
}
