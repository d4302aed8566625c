/**
 * The instants of a schedule: the one place that knows cron. A wall-clock time that daylight saving leaves out comes by as much
 * later as the clocks jump; one that comes twice counts once, unless the schedule repeats within the hour.
 */
import { Cron } from "croner";
import type { ScheduleEntry } from "./schedule-entry.js";

/** What has gone by. */
export interface PastInstants {
  /** ms since 1970, oldest first: the newest of them, up to the limit. */
  readonly newest: readonly number[];
  /** There are more than `newest` holds. */
  readonly more: boolean;
}

/** When a schedule is due. */
export class Timetable {
  readonly #cron: Cron;

  /** @throws Error of the cron library if expression or zone cannot be used. */
  constructor({ cron, timezone }: Pick<ScheduleEntry, "cron" | "timezone">) {
    this.#cron = new Cron(cron, { timezone });
  }

  /** The first instant after `ms` (since 1970); undefined if none will ever come. */
  next(ms: number): number | undefined {
    return this.#cron.nextRun(new Date(ms))?.getTime();
  }

  /** The instants after `from` and up to `to`. */
  between(from: number, to: number, limit: number): PastInstants {
    // The library counts in whole seconds, and back from the last one before the time given: one too late may come along.
    const back = this.#cron.previousRuns(limit + 2, new Date(to + 1_000));
    const within = back.map((date) => date.getTime()).filter((at) => at > from && at <= to);
    const newest = within.slice(0, limit).reverse();
    return { newest, more: within.length > limit };
  }
}
