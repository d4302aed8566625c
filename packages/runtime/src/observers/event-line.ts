/** The words for events: what a log says when the engine speaks. Used by the console and file observers. */
import {
  type ErrorSummary,
  errorText,
  formatCount,
  formatDuration,
  type LogLine,
  type RunEvent,
  totalsText,
} from "@millrace/core";

/** The log line of an event; undefined for those that say nothing in a log (ready, running, progress, maps). */
export function eventLine(event: RunEvent): LogLine | undefined {
  switch (event.type) {
    case "log":
      return { at: event.at, level: event.level, text: event.text, ...stepOf(event) };
    case "run-started":
      return life(event, "info", `started as run ${event.run} (build ${event.build.slice(0, 8)})`);
    case "run-resumed":
      return life(
        event,
        "info",
        `goes on with run ${event.run}: ${formatCount(event.recorded, "record")} to restore from`,
      );
    case "run-suspended":
      return life(event, "warn", `suspended (${event.reason}): ${event.message}`);
    case "run-ended":
      return {
        ...life(event, event.state === "succeeded" ? "info" : "error", endText(event)),
        ...stackOf(event.error),
      };
    case "attempt-failed": {
      const pause = formatDuration(Math.max(0, event.retryAt - event.at));
      const text = `attempt ${event.attempt} of ${event.attempts} failed: ${errorText(event.error)}; next in ${pause}`;
      return { ...life(event, "warn", text), ...stackOf(event.error) };
    }
    case "step-held":
      return life(
        event,
        "info",
        `held at ${event.selector === undefined ? "every step" : `breakpoint "${event.selector}"`}`,
      );
    case "step-redispatched":
      return life(event, "warn", `runs again from its start: ${event.reason}`);
    case "step-settled":
      return settledLine(event);
    case "warning":
      return life(event, "warn", `[${event.code}] ${event.message}${event.hint ? ` ${event.hint}` : ""}`);
    case "map-started":
    case "step-ready":
    case "step-running":
    case "progress":
      return undefined;
  }
}

/** The line that a log keeps of an event: steps that go well, are restored or are let go of leave none. */
export function logLine(event: RunEvent): LogLine | undefined {
  if (event.type === "step-settled" && (event.state !== "failed" || event.source !== "ran")) return undefined;
  return eventLine(event);
}

type Event<T extends RunEvent["type"]> = Extract<RunEvent, { type: T }>;

function settledLine(event: Event<"step-settled">): LogLine {
  const took = formatDuration(event.durationMs);
  if (event.source !== "ran") return life(event, "debug", `${event.state} (${event.source})`);
  const tries = event.attempts > 1 ? ` after ${event.attempts} attempts` : "";
  const reason = event.error ? `: ${errorText(event.error)}` : "";
  switch (event.state) {
    case "succeeded":
      return life(event, "info", `done in ${took}${tries}`);
    case "failed":
      return { ...life(event, "error", `failed in ${took}${tries}${reason}`), ...stackOf(event.error) };
    case "aborted":
      return life(event, "debug", `aborted${reason}`);
    case "skipped":
      return life(event, "debug", "skipped");
  }
}

function endText(event: Event<"run-ended">): string {
  const reason = event.error ? `: ${errorText(event.error)}` : "";
  return `${event.state} in ${formatDuration(event.durationMs)} (${totalsText(event.totals)})${reason}`;
}

function life(event: RunEvent, level: LogLine["level"], text: string): LogLine {
  return { at: event.at, level, text, ...stepOf(event), event: event.type };
}

function stepOf(event: RunEvent): Pick<LogLine, "key" | "node" | "task"> {
  if (!("step" in event) || !event.step) return {};
  const { key, node, task } = event.step;
  return { key, node, task };
}

function stackOf(error: ErrorSummary | undefined): Pick<LogLine, "stack"> {
  return error?.stack ? { stack: error.stack } : {};
}
