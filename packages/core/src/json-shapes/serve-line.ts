/** What `flow serve --json` prints: one document a line, as things happen. Times are ms since 1970. */
import type { RunId } from "../identity/brands.js";
import type { ErrorSummary } from "../run/events.js";
import type { ScheduleEntry } from "../schedule/schedule-entry.js";

/** One line. */
export type ServeLine =
  /** The first line; `next` is null for a schedule that has no instant left. */
  | { readonly event: "serving"; readonly schedules: readonly ServedSchedule[] }
  /** The run of an instant was started. */
  | { readonly event: "started"; readonly flow: string; readonly instant: number; readonly run: RunId }
  /** An instant was left out: `run` still goes. */
  | { readonly event: "skipped"; readonly flow: string; readonly instant: number; readonly run: RunId }
  /** So many instants (`more`: the newest of more) passed while nobody was there; for `madeUp` of them a run is started now. */
  | {
      readonly event: "missed";
      readonly flow: string;
      readonly count: number;
      readonly more: boolean;
      readonly first: number;
      readonly last: number;
      readonly madeUp: number;
    }
  /** The run of an instant could not be started. */
  | { readonly event: "failed"; readonly flow: string; readonly instant: number; readonly error: ErrorSummary }
  /** With `--http`: where requests are answered, and which file or variable has their token. */
  | { readonly event: "listening"; readonly url: string; readonly token: string }
  /** A run goes on that waited, or whose process is gone. */
  | { readonly event: "resumed"; readonly flow: string; readonly run: RunId }
  /** Such a run cannot go on here; said once of it. */
  | { readonly event: "left"; readonly flow: string; readonly run: RunId; readonly error: ErrorSummary }
  /** The last line: a signal has ended it. */
  | { readonly event: "stopped" };

/** A schedule that is kept. */
export interface ServedSchedule extends ScheduleEntry {
  /** Flow id. */
  readonly flow: string;
  readonly next: number | null;
}
