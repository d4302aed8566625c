/** What a notification says: a moment of a run, with words for people. */
import { errorText, formatDuration, totalsText } from "@millrace/core";
import type { RunMoment } from "../run-moments.js";

/** A moment of a run, and a sentence about it. */
export interface Notification extends RunMoment {
  /** `CityReport failed in 12.3 s (2 steps: 1 failed): TypeError: fetch failed (run 01K…)`. */
  readonly text: string;
}

const VERBS = {
  start: "started",
  restart: "goes on",
  success: "succeeded",
  failure: "failed",
  abort: "was aborted",
  suspend: "is suspended",
} as const;

/** Adds the words. */
export function notificationOf(moment: RunMoment): Notification {
  const { run, totals, durationMs, error, message } = moment;
  const took = durationMs === undefined ? "" : ` in ${formatDuration(durationMs)}`;
  const steps = totals ? ` (${totalsText(totals)})` : "";
  const why = error ? `: ${errorText(error)}` : message ? `: ${message}` : "";
  return { ...moment, text: `${headline(moment)}${took}${steps}${why} (run ${run})` };
}

/** `CityReport failed`. */
export function headline({ flow, kind }: RunMoment): string {
  return `${flow} ${VERBS[kind]}`;
}
