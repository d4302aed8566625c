/** Words for the state of runs and steps, shared by the tables. */
import type { OwnerInfo, RunState, StepState, SuspendReason } from "@millrace/core";
import type { Colors } from "./streams.js";

/** What the words need to know of a run. */
export interface RunStanding {
  readonly state: RunState;
  readonly reason?: SuspendReason;
  readonly owner?: OwnerInfo;
}

/** `running`, `lost` (its process is gone), `suspended (wait)`, `succeeded`, …; coloured. */
export function stateText({ state, reason, owner }: RunStanding, colors: Colors): string {
  switch (state) {
    case "running":
      return owner ? colors.cyan("running") : colors.yellow("lost (process gone)");
    case "suspended":
      return colors.yellow(reason === undefined ? "suspended" : `suspended (${reason})`);
    case "succeeded":
      return colors.green(state);
    case "failed":
      return colors.red(state);
    case "aborted":
      return colors.yellow(state);
  }
}

/** The state of a step, coloured. */
export function stepStateText(state: StepState, colors: Colors): string {
  if (state === "succeeded") return colors.green(state);
  if (state === "failed") return colors.red(state);
  return colors.yellow(state);
}

/** `2026-01-02 12:04:31`, in local time. */
export function localTime(at: number): string {
  const time = new Date(at);
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** `2026-01-02 12:04:31` on the wall clock of a zone. */
export function zoneTime(at: number, timeZone: string): string {
  // Swedish writes times as ISO does.
  return new Date(at).toLocaleString("sv-SE", { timeZone });
}
