/** Plain lines, one for each event worth a line: for pipes, CI logs and servers. A live display is the command line's. */
import { formatCount, formatLogLine, type LogLine, type Observer, type RunEvent, type RunId } from "@millrace/core";
import { ansiPaint } from "./ansi-paint.js";
import { eventLine } from "./event-line.js";
import { RunTally } from "./run-tally.js";
import { type TextSink, tolerantSink } from "./text-sink.js";

/** How the console observer writes. */
export interface ConsoleObserverOptions {
  /** Default: the process's stderr. */
  readonly stream?: TextSink & { readonly isTTY?: boolean };
  /** Default: if the stream is a terminal and NO_COLOR is not set. */
  readonly color?: boolean;
  /** `limited`: lines for steps that went well, up to 10 in 2 s, then counts. `none`: only what needs attention. Default `limited`. */
  readonly successes?: "limited" | "none";
}

interface WatchedRun {
  readonly flow: string;
  readonly tally: RunTally;
}

const WINDOW_MS = 2_000;
const LINES_PER_WINDOW = 10;

/**
 * Run life, log lines, failed attempts and steps, warnings, and a summary; steps that go well are summed up as soon as
 * there are many of them. `debug` lines of the author are written, `debug` lines of the engine are not.
 */
export function consoleObserver(options: ConsoleObserverOptions = {}): Observer {
  const { successes = "limited" } = options;
  const stream = tolerantSink(options.stream ?? process.stderr);
  const paint = ansiPaint(options.color ?? (stream.isTTY === true && !process.env.NO_COLOR));
  const runs = new Map<RunId, WatchedRun>();
  let windowStart = Number.NEGATIVE_INFINITY;
  let room = LINES_PER_WINDOW;
  let held = 0;
  let last: RunEvent | undefined;
  let tail: NodeJS.Timeout | undefined;
  let closed = false;

  const print = (event: RunEvent, line: LogLine): void => {
    const speaker = runs.get(event.run)?.flow ?? event.run;
    // With several runs in one process, a line must say whose it is.
    const prefix = runs.size > 1 ? `${paint.dim(event.run)} ` : "";
    stream.write(`${prefix}${formatLogLine(line, { paint, speaker })}\n`);
  };

  const sumUp = (now: number): void => {
    clearTimeout(tail);
    tail = undefined;
    const tally = last && runs.get(last.run)?.tally;
    if (held > 0 && last && tally) print(last, { at: now, level: "info", text: progressText(tally, now) });
    // While there is a crowd, single lines would be an arbitrary choice: counts say it all.
    room = held > LINES_PER_WINDOW ? 0 : LINES_PER_WINDOW;
    held = 0;
  };

  const success = (event: RunEvent, line: LogLine): void => {
    if (event.at - windowStart >= WINDOW_MS) {
      sumUp(event.at);
      windowStart = event.at;
    }
    if (room > 0) {
      room -= 1;
      print(event, line);
      return;
    }
    held += 1;
    last = event;
    // A burst that ends in silence is still told, without keeping the process alive.
    tail ??= setTimeout(() => sumUp(Date.now()), WINDOW_MS).unref();
  };

  return {
    name: "console",
    on(event) {
      if (closed) return;
      if (event.type === "run-started" || event.type === "run-resumed") {
        runs.set(event.run, { flow: event.flow, tally: new RunTally() });
      }
      runs.get(event.run)?.tally.apply(event);
      const line = eventLine(event);
      const ends = event.type === "run-ended" || event.type === "run-suspended";
      if (ends) {
        clearTimeout(tail);
        tail = undefined;
        held = 0;
      }
      if (line && event.type === "step-settled" && event.state !== "failed") {
        if (successes === "limited" && event.state === "succeeded" && event.source === "ran") success(event, line);
      } else if (line && (event.type === "log" || line.level !== "debug")) {
        print(event, line);
      }
      if (ends) runs.delete(event.run);
    },
    close() {
      closed = true;
      clearTimeout(tail);
    },
  };
}

function progressText(tally: RunTally, now: number): string {
  const { done, failed, restored, expected, isEstimate, startedAt = now } = tally;
  const about = isEstimate ? "~" : "";
  const of = expected > done ? ` of ${about}${formatCount(expected)}` : "";
  const rate = (done - restored) / Math.max(1, (now - startedAt) / 1_000);
  const parts = [`${formatCount(done)}${of} steps done`];
  if (failed > 0) parts.push(`${formatCount(failed)} failed`);
  if (restored > 0) parts.push(`${formatCount(restored)} restored`);
  parts.push(`${formatCount(Math.round(rate))}/s`);
  return parts.join(", ");
}
