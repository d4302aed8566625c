/** A live display of a run: one line for each job where there is a terminal, else one for each change. */
import { type Clock, clockTime, cutToWidth, formatDuration, systemClock } from "@millrace/core";
import type { AnyJob } from "./job-model.js";
import { mostTelling } from "./most-telling.js";
import type { Outcome } from "./outcome.js";
import { detailedLines, oneLine, stateText, statsText } from "./outcome-text.js";
import type { JobChange, RunWatcher } from "./scheduled-run.js";

/** Where it is shown, and how. */
export interface MonitorOptions {
  /** Default: the process's stderr. */
  readonly stream?: MonitorStream;
  /** Marks without anything beyond ASCII. Default false. */
  readonly ascii?: boolean;
  /** In front of changes the time since the first of them, instead of that of the day. Default false. */
  readonly elapsed?: boolean;
  /** Times the drawing on a terminal. Default: the machine's. */
  readonly clock?: Clock;
}

/** What can be written to. */
export interface MonitorStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

const CLEAR_BELOW = "\u001b[J";
/** Shortest time between two drawings, ms: a run of thousands of jobs does not wait for its terminal. */
const FRAME_MS = 50;

/** Shows how a run goes: `scheduler.run(engine, { onChange: monitor() })`. */
export function monitor(options: MonitorOptions = {}): RunWatcher {
  const { stream = process.stderr } = options;
  return stream.isTTY ? drawing(stream, options) : telling(stream, options);
}

/** A line for each change. */
function telling(stream: MonitorStream, { elapsed = false }: MonitorOptions): RunWatcher {
  let first: number | undefined;
  return ({ job, to, at, error }) => {
    first ??= at;
    const time = elapsed ? `+${formatDuration(at - first)}` : clockTime(at);
    stream.write(`${time} ${oneLine(`${wayTo(job)} ${stateText({ state: to, ...(error ? { error } : {}) })}`)}\n`);
  };
}

/** A line for each job, drawn anew in place. */
function drawing(stream: MonitorStream, { ascii = false, clock = systemClock }: MonitorOptions): RunWatcher {
  let height = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;
  const draw = (outcome: Outcome): void => {
    cancel?.();
    cancel = undefined;
    const lines = frame(outcome, stream, ascii);
    stream.write(`${height > 0 ? `\u001b[${height}A` : ""}\r${CLEAR_BELOW}${lines.join("\n")}\n`);
    height = lines.length;
    drawnAt = clock.now();
  };
  const changed = (_: JobChange, now: () => Outcome): void => {
    const wait = drawnAt + FRAME_MS - clock.now();
    if (wait <= 0) draw(now());
    else cancel ??= clock.after(wait, () => draw(now()), { unref: true });
  };
  return Object.assign(changed, { end: draw });
}

/** What fits the terminal: more than it has rows could not be drawn over. */
function frame(outcome: Outcome, { columns = 80, rows = 24 }: MonitorStream, ascii: boolean): readonly string[] {
  const { lines } = outcome;
  const shown = mostTelling(outcome, Math.max(1, rows - 2));
  const left = lines.length - shown.length;
  return [
    ...detailedLines(outcome, shown, { ascii }),
    ...(left > 0 ? [`+ ${left} more of ${statsText(outcome)}`] : []),
  ].map((line) => cutToWidth(line, columns - 1, ascii ? "" : undefined));
}

/** `inner / work`: the outermost scheduler is all that is shown. */
function wayTo({ label, scheduler }: Pick<AnyJob, "label" | "scheduler">): string {
  return scheduler?.scheduler ? `${wayTo(scheduler)} / ${label}` : label;
}
