/** A live display of a run: one line for each job where there is a terminal, else one for each change. */
import { clockTime } from "@millrace/core";
import type { AnyJob } from "./job-model.js";
import { detailedList, oneLine, stateText } from "./outcome-text.js";
import type { FollowOptions } from "./scheduled-run.js";

/** Where it is shown. */
export interface MonitorOptions {
  /** Default: the process's stderr. */
  readonly stream?: MonitorStream;
  /** Marks without anything beyond ASCII. Default false. */
  readonly ascii?: boolean;
}

/** What can be written to. */
export interface MonitorStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

const CLEAR_BELOW = "\u001b[J";

/** Shows every change: `scheduler.run(engine, { onChange: monitor() })`. */
export function monitor({
  stream = process.stderr,
  ascii = false,
}: MonitorOptions = {}): NonNullable<FollowOptions["onChange"]> {
  let drawn = 0;
  return ({ job, at }, now) => {
    if (!stream.isTTY)
      return void stream.write(`${clockTime(at)} ${oneLine(`${wayTo(job)} ${stateText(now(), job)}`)}\n`);
    const { columns = 80, rows = 24 } = stream;
    const lines = detailedList(now(), { ascii }).split("\n");
    // More than the terminal has could not be drawn over.
    const shown = lines.slice(0, rows - 2).map((line) => line.slice(0, columns - 1));
    if (lines.length > shown.length) shown.push(`+ ${lines.length - shown.length} more`);
    stream.write(`${drawn > 0 ? `\u001b[${drawn}A` : ""}\r${CLEAR_BELOW}${shown.join("\n")}\n`);
    drawn = shown.length;
  };
}

/** `inner / work`: the outermost scheduler is all that is shown. */
function wayTo({ label, scheduler }: Pick<AnyJob, "label" | "scheduler">): string {
  return scheduler?.scheduler ? `${wayTo(scheduler)} / ${label}` : label;
}
