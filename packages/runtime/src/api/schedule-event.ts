/** What engines tell of their schedules. */
import type { RunId } from "@millrace/core";

/** What happened at the instants of a schedule; times are ms since 1970. */
export type ScheduleEvent =
  /** This engine started the run of an instant. */
  | { readonly type: "started"; readonly flow: string; readonly instant: number; readonly run: RunId }
  /** An instant was left out: `run` still goes. */
  | { readonly type: "skipped"; readonly flow: string; readonly instant: number; readonly run: RunId }
  /** Instants passed while no process was there, or while the machine slept. */
  | {
      readonly type: "missed";
      readonly flow: string;
      /** How many; if there are `more`, the newest of them. */
      readonly count: number;
      readonly more: boolean;
      readonly first: number;
      readonly last: number;
      /** For how many of them a run is started now. */
      readonly madeUp: number;
    }
  /** The run of an instant could not be started; the schedule goes on. */
  | { readonly type: "failed"; readonly flow: string; readonly instant: number; readonly error: Error };
