/** The inline executor: attempts run on the thread that opened it. For tests, debuggers and small flows; it cannot kill. */
import { type Clock, type Executor, type Lane, type LaneEvent, systemClock } from "@millrace/core";
import { captureOutput } from "../../attempt/capture-output.js";
import { guardExit } from "../../attempt/exit-guard.js";
import { loadTask, type TaskLoader } from "../../attempt/load-task.js";
import { OpenResources, type ResourceFakes } from "../../attempt/open-resources.js";
import { InlineLane } from "./inline-lane.js";

/** How an inline executor works. */
export interface InlineOptions {
  /** How many lanes are worth opening. Default 1: one attempt at a time. */
  readonly width?: number;
  /** Source of time. */
  readonly clock?: Clock;
}

/** How a test's inline executor works. */
export interface InlineTestOptions extends InlineOptions {
  /** What stands for resources. Default: nothing. */
  readonly fakes?: ResourceFakes;
}

/**
 * Opens an inline executor. While it is open, what attempts print is captured and `process.exit` in an attempt fails it;
 * code outside attempts is not affected.
 */
export function inlineExecutor(options: InlineOptions = {}): Executor {
  return inlineExecutorWith(loadTask, options);
}

/** An inline executor that finds the classes of its jobs in a way of its own. */
export function inlineExecutorWith(load: TaskLoader, options: InlineTestOptions): Executor {
  const clock = options.clock ?? systemClock;
  const resources = new OpenResources(options.fakes);
  const lanes = new Set<InlineLane>();
  const restores = [captureOutput("unchanged"), guardExit()];
  return {
    name: "inline",
    width: options.width ?? 1,
    openLane(on: (events: readonly LaneEvent[]) => void): Lane {
      const lane = new InlineLane(on, { clock, load, resources });
      lanes.add(lane);
      return lane;
    },
    async close(): Promise<void> {
      for (const lane of lanes) lane.end();
      for (const problem of await resources.close(clock)) process.stderr.write(`${problem}\n`);
      for (const restore of restores) restore();
    },
  };
}
