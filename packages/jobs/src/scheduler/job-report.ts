/** What has become of a job in one run: told by the run's events, and by its record. */
import type { RunEvent, SettledState, StepState } from "@millrace/core";

/** Where a job stands. */
export type JobState =
  /** It has not begun, and maybe never will. */
  | "idle"
  /** What it requires is over; it waits for a thread. */
  | "scheduled"
  | "running"
  /** It has succeeded. */
  | "finished"
  | "failed"
  /** It never began, for another one's sake or since all was over. */
  | "skipped"
  /** It was aborted: it runs forever and the others were over, or all of it was ended. */
  | "cancelled";

/** A job in one run. Times are ms since 1970. */
export interface JobReport<R = unknown> {
  readonly state: JobState;
  /** Its result, once it is finished and the run is over. */
  readonly value?: R;
  /** Why it failed, was skipped or cancelled. */
  readonly error?: Error;
  readonly startedAt?: number;
  readonly endedAt?: number;
}

/** A job of which nothing has been told. */
export const IDLE: JobReport = { state: "idle" };

const STATES: Readonly<Record<SettledState, JobState>> = {
  succeeded: "finished",
  failed: "failed",
  skipped: "skipped",
  aborted: "cancelled",
};

/** The state of a step on record. */
export function stateOf(state: StepState): JobState {
  if (state in STATES) return STATES[state as SettledState];
  return state === "running" || state === "backing-off" ? "running" : "idle";
}

/** True for a job to which nothing more happens. */
export function isDone({ state }: JobReport): boolean {
  return state !== "idle" && state !== "scheduled" && state !== "running";
}

/** What an event makes of a job; undefined if it says nothing about its state. */
export function reportAfter(before: JobReport, event: RunEvent): JobReport | undefined {
  switch (event.type) {
    case "step-ready":
      return before.state === "idle" ? { state: "scheduled" } : undefined;
    case "step-running":
      return before.state === "running" ? undefined : { state: "running", startedAt: event.at };
    case "step-settled": {
      const { startedAt } = before;
      const error = event.error && Object.assign(new Error(event.error.message), { name: event.error.name });
      return {
        state: STATES[event.state],
        ...(startedAt === undefined ? {} : { startedAt }),
        endedAt: event.at,
        ...(error ? { error } : {}),
      };
    }
    default:
      return undefined;
  }
}
