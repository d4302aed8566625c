/** A job on its way through the dispatcher. */
import type { Job } from "@millrace/core";
import type { Ticket } from "./admission/group.js";
import type { StepLimits, WorkKind } from "./admission/limits.js";
import type { JobListener } from "./job-listener.js";
import type { LaneState } from "./lane-state.js";

/** One job, from its dispatch to its end. */
export interface Entry {
  readonly job: Job;
  readonly listener: JobListener;
  limits: StepLimits | undefined;
  readonly ahead: number;
  ticket: Ticket<Entry> | undefined;
  lane: LaneState<Entry> | undefined;
  kind: WorkKind;
  claimed: boolean;
  revoked: boolean;
  /** It went to a lane behind another one. */
  behind: boolean;
  /** Threads that ended under it through no fault that could be shown. */
  lost: number;
}

/** One that has just come. */
export function newEntry(given: Pick<Entry, "job" | "listener" | "limits" | "ahead" | "kind">): Entry {
  const { job, listener, limits, ahead, kind } = given;
  return {
    job,
    listener,
    limits,
    ahead,
    kind,
    ticket: undefined,
    lane: undefined,
    claimed: false,
    revoked: false,
    behind: false,
    lost: 0,
  };
}

/** Higher goes first. */
export function priorityOf(limits: StepLimits | undefined): number {
  return limits?.priority ?? 0;
}
