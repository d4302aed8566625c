/** Events of an imagined run, for tests of what watches runs: time is moved by hand, and there is a maker for each kind of event. */
import {
  type BuildHash,
  type ErrorSummary,
  itemPath,
  type RunEvent,
  type RunId,
  rootPath,
  type Site,
  type StepKey,
  type StepRef,
  type StepTotals,
  stepKey,
} from "@millrace/core";

type Event<T extends RunEvent["type"]> = Extract<RunEvent, { type: T }>;

const NO_TOTALS: StepTotals = { total: 0, succeeded: 0, failed: 0, skipped: 0, aborted: 0, restored: 0, cached: 0 };

/** Makes events of one run of the flow `CityReport`. */
export class EventFeed {
  /** ms since 1970; move it forward between events. */
  now: number = new Date(2026, 0, 2, 12, 4, 31, 120).getTime();
  /** Id of the run that all events are of. */
  readonly run: RunId;

  /** A run of that id. */
  constructor(run: string = "oslo-1") {
    this.run = run as RunId;
  }

  /** The key of the map of the flow. */
  get mapKey(): StepKey {
    return stepKey(rootPath("CityReport"), "CityReport.run#map@forecasts" as Site, 0);
  }

  /** A step of the body, or of an item of its map. */
  step(task: string, item?: string): StepRef {
    const path = item === undefined ? rootPath("CityReport") : itemPath(this.mapKey, item);
    return { key: stepKey(path, `CityReport.run#${task}` as Site, 0), node: task, task };
  }

  /** The run begins; `steps`: what it has at least, as job graphs know. */
  started(steps?: number): Event<"run-started"> {
    return {
      type: "run-started",
      ...this.#base(),
      flow: "CityReport",
      build: "0123456789abcdef" as BuildHash,
      ...(steps === undefined ? {} : { steps }),
    };
  }

  /** The run goes on, with so many records. */
  resumed(recorded: number): Event<"run-resumed"> {
    return {
      type: "run-resumed",
      ...this.#base(),
      flow: "CityReport",
      build: "0123456789abcdef" as BuildHash,
      recorded,
    };
  }

  /** The map begins with so many items. */
  mapStarted(total: number): Event<"map-started"> {
    return { type: "map-started", ...this.#base(), node: "map", key: this.mapKey, total };
  }

  /** A step waits for its turn. */
  ready(step: StepRef): Event<"step-ready"> {
    return { type: "step-ready", ...this.#base(), step };
  }

  /** A breakpoint holds a step. */
  held(step: StepRef, selector: string): Event<"step-held"> {
    return { type: "step-held", ...this.#base(), step, selector };
  }

  /** An attempt begins. */
  running(step: StepRef, attempt = 1): Event<"step-running"> {
    return { type: "step-running", ...this.#base(), step, attempt };
  }

  /** A step starts again at no attempt's cost. */
  redispatched(step: StepRef, reason: string): Event<"step-redispatched"> {
    return { type: "step-redispatched", ...this.#base(), step, reason };
  }

  /** A step tells how far it is, from 0 to 1. */
  progress(step: StepRef, fraction: number, message?: string): Event<"progress"> {
    return { type: "progress", ...this.#base(), step, fraction, ...(message === undefined ? {} : { message }) };
  }

  /** A line of a step, or of the flow's body. */
  log(text: string, step?: StepRef, level: Event<"log">["level"] = "info"): Event<"log"> {
    return { type: "log", ...this.#base(), level, text, ...(step ? { step } : {}) };
  }

  /** The first attempt of three fails; the next one comes in so many ms. */
  attemptFailed(step: StepRef, retryInMs: number, error: ErrorSummary): Event<"attempt-failed"> {
    const retryAt = this.now + retryInMs;
    return { type: "attempt-failed", ...this.#base(), step, attempt: 1, attempts: 3, retryAt, error };
  }

  /** A step ends: well, after one attempt of 640 ms, unless said otherwise. */
  settled(step: StepRef, more: Partial<Event<"step-settled">> = {}): Event<"step-settled"> {
    const defaults = { state: "succeeded", source: "ran", attempts: 1, durationMs: 640 } as const;
    return { type: "step-settled", ...this.#base(), step, ...defaults, ...more };
  }

  /** The engine warns. */
  warning(code: string, message: string, hint?: string): Event<"warning"> {
    return { type: "warning", ...this.#base(), code, message, ...(hint === undefined ? {} : { hint }) };
  }

  /** The run stops and can go on. */
  suspended(reason: Event<"run-suspended">["reason"], message: string): Event<"run-suspended"> {
    return { type: "run-suspended", ...this.#base(), reason, message };
  }

  /** The run ends after 12.3 s: failed if there is an error. Counts not given are 0. */
  ended(totals: Partial<StepTotals> = {}, error?: ErrorSummary): Event<"run-ended"> {
    const end = { state: error ? "failed" : "succeeded", durationMs: 12_300 } as const;
    return {
      type: "run-ended",
      ...this.#base(),
      ...end,
      totals: { ...NO_TOTALS, ...totals },
      ...(error ? { error } : {}),
    };
  }

  #base(): { run: RunId; at: number } {
    return { run: this.run, at: this.now };
  }
}

/** One event of each kind, in an order that a run could have. */
export function everyEvent(feed: EventFeed = new EventFeed()): readonly RunEvent[] {
  const [plain, item] = [feed.step("Render"), feed.step("FetchForecast", "Oslo")];
  const error: ErrorSummary = {
    name: "TypeError",
    message: "fetch failed",
    stack: "TypeError: fetch failed\n    at x",
  };
  // By kind, so that a new kind of event without a sample does not compile.
  const byKind: { readonly [T in RunEvent["type"]]: Event<T> } = {
    "run-started": feed.started(),
    "map-started": feed.mapStarted(2),
    "step-ready": feed.ready(item),
    "step-held": feed.held(item, "FetchForecast"),
    "step-running": feed.running(item),
    log: feed.log("asking for Oslo", item),
    progress: feed.progress(item, 0.5, "half"),
    "attempt-failed": feed.attemptFailed(item, 1_000, { ...error, cause: { ...error, code: "ECONNRESET" } }),
    "step-redispatched": feed.redispatched(item, "its thread was lost"),
    "step-settled": feed.settled(plain, { state: "failed", error: { ...error, errors: [error] } }),
    warning: feed.warning("slow-body", "The body held the thread for 1.2 s.", "Move the work into a task."),
    "run-suspended": feed.suspended("interrupt", "SIGINT"),
    "run-resumed": feed.resumed(1),
    "run-ended": feed.ended({ total: 2, failed: 1, succeeded: 1 }, error),
  };
  return Object.values(byKind);
}
