/** The thread executor: every lane runs its attempts in a worker thread of its own. The default of the engine. */
import { availableParallelism } from "node:os";
import { bug, type Clock, type Executor, type Lane, type LaneEvent, type LaneKind, systemClock } from "@millrace/core";
import { installedPackage } from "../../loading/installed-package.js";
import { ThreadLane } from "./thread-lane.js";
import { type ThreadLimits, ThreadPool } from "./thread-pool.js";

/** Light steps that share one of the threads for them. */
const LIGHT_LANES = 64;

/** How a thread executor works. */
export interface ThreadOptions {
  /** Worker threads at a time, without as many that light steps share and those of isolated steps. Default: the machine's parallelism. */
  readonly threads?: number;
  /** File URL of the module that serves channels. Default: ours. */
  readonly entry?: string;
  /** Limits of each thread's heap and stack. Default: Node's. */
  readonly resourceLimits?: ThreadLimits;
  /** Longest time to a thread's first word, ms. Default 10,000. */
  readonly startTimeoutMs?: number;
  /** A thread that holds more than this after a step is replaced, MiB: heap and buffers. Default: three quarters of its heap's limit. */
  readonly recycleMiB?: number | undefined;
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
  const common = { entry: options.entry ?? installedPackage().workerEntry, limits: options.resourceLimits };
  const pools = {
    plain: [new ThreadPool({ ...common, threads: width })],
    light: Array.from(
      { length: width },
      () => new ThreadPool({ ...common, threads: 1, use: { together: LIGHT_LANES } }),
    ),
    isolated: [new ThreadPool({ ...common, threads: width, use: "once" })],
  };
  const most = { plain: width, light: width * LIGHT_LANES, isolated: width };
  const lanes = { plain: [] as ThreadLane[], light: [] as ThreadLane[], isolated: [] as ThreadLane[] };
  return {
    name: "threads",
    width,
    special: { light: { threads: width, lanes: LIGHT_LANES }, isolated: most.isolated },
    openLane(on: (events: readonly LaneEvent[]) => void, kind: LaneKind = "plain", thread = 0): Lane {
      lanes[kind] = lanes[kind].filter(({ broken }) => !broken);
      if (lanes[kind].length === most[kind]) throw bug(`More than ${most[kind]} ${kind} lanes were opened.`);
      const pool = pools[kind][thread];
      if (!pool) throw bug(`A ${kind} lane was opened in thread ${thread}, which there is not.`);
      const lane = new ThreadLane({
        pool,
        kind,
        clock: options.clock ?? systemClock,
        startTimeoutMs: options.startTimeoutMs ?? 10_000,
        idleMs: options.idleMs ?? 50,
        recycleMiB: options.recycleMiB,
        on,
      });
      lanes[kind].push(lane);
      return lane;
    },
    async close(): Promise<void> {
      await Promise.all(Object.values(lanes).flatMap((some) => some.map((lane) => lane.end())));
      await Promise.all(Object.values(pools).flatMap((some) => some.map((pool) => pool.close())));
    },
  };
}
