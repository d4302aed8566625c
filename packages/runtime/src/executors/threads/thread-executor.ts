/** The thread executor: every lane runs its attempts in a worker thread of its own. The default of the engine. */
import { availableParallelism } from "node:os";
import { bug, type Clock, type Executor, type Lane, type LaneEvent, systemClock } from "@millrace/core";
import { installedPackage } from "../../loading/installed-package.js";
import { ThreadLane } from "./thread-lane.js";
import { type ThreadLimits, ThreadPool } from "./thread-pool.js";

/** How a thread executor works. */
export interface ThreadOptions {
  /** Worker threads at a time. Default: the machine's parallelism. */
  readonly threads?: number;
  /** File URL of the module that serves channels. Default: ours. */
  readonly entry?: string;
  /** Limits of each thread's heap and stack. Default: Node's. */
  readonly resourceLimits?: ThreadLimits;
  /** Longest time to a thread's first word, ms. Default 10,000. */
  readonly startTimeoutMs?: number;
  /** How long a channel stays open with nothing to do, ms; open channels keep the process alive. Default 50. */
  readonly idleMs?: number;
  /** Source of time. */
  readonly clock?: Clock;
}

/**
 * Opens a thread executor. Threads start when jobs come and stay warm until close; idle ones let the process exit.
 * @throws MillraceError `engine-bundled`.
 */
export function threadExecutor(options: ThreadOptions = {}): Executor {
  const width = options.threads ?? availableParallelism();
  const pool = new ThreadPool({
    threads: width,
    entry: options.entry ?? installedPackage().workerEntry,
    limits: options.resourceLimits,
  });
  const lanes: ThreadLane[] = [];
  return {
    name: "threads",
    width,
    openLane(on: (events: readonly LaneEvent[]) => void): Lane {
      if (lanes.length === width) throw bug(`More than ${width} lanes were opened on ${width} threads.`);
      const lane = new ThreadLane({
        pool,
        clock: options.clock ?? systemClock,
        startTimeoutMs: options.startTimeoutMs ?? 10_000,
        idleMs: options.idleMs ?? 50,
        on,
      });
      lanes.push(lane);
      return lane;
    },
    async close(): Promise<void> {
      await Promise.all(lanes.map((lane) => lane.end()));
      await pool.close();
    },
  };
}
