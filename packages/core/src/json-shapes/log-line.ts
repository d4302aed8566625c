/** One line of a run's logs: what the file observer writes under `.flow/logs/<run>/` and `flow logs --json` prints. */
import type { StepKey } from "../identity/brands.js";
import type { LogLevel } from "../ports/executor.js";
import type { RunEvent } from "../run/events.js";

/** A line; JSON with one line of text each in the files. */
export interface LogLine {
  /** ms since 1970. */
  readonly at: number;
  /** Severity. */
  readonly level: LogLevel;
  /** What was said. */
  readonly text: string;
  /** Key of the step that said it; absent for the flow body and the run itself. */
  readonly key?: StepKey;
  /** Node id of that step. */
  readonly node?: string;
  /** Task id of that step. */
  readonly task?: string;
  /** Stack of the error that the line tells of. */
  readonly stack?: string;
  /** Set if the engine speaks and not the author's code: the event behind the line. */
  readonly event?: RunEvent["type"];
}

/** Name of the file in a run's log folder that holds the lines of the flow body and of the run's life. */
export const FLOW_LOG = "flow.jsonl";
