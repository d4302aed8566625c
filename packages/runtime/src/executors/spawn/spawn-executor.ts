/** An executor of a spawner: a lane for each job that it runs at once, and its loop beside them. */
import { availableParallelism } from "node:os";
import { type Clock, type Executor, type Lane, type LaneEvent, systemClock } from "@millrace/core";
import { asError } from "../../attempt/outcome.js";
import { settlesWithin } from "../../attempt/settles-within.js";
import { SpawnLane } from "./spawn-lane.js";
import type { Spawner } from "./spawner.js";

/** How long a loop that was told to end is waited for, ms. */
const LOOP_GRACE_MS = 1_000;

/** How such an executor works. */
export interface SpawnExecutorOptions {
  /** For messages. Default `spawn`. */
  readonly name?: string;
  /** Source of time. */
  readonly clock?: Clock;
}

/** Runs jobs through a spawner: `openEngine({ executor: spawnExecutor(new Cluster()) })`. */
export function spawnExecutor(spawner: Spawner, options: SpawnExecutorOptions = {}): Executor {
  const { name = "spawn", clock = systemClock } = options;
  const lanes = new Set<SpawnLane>();
  const ending = new AbortController();
  let loop: Promise<void> | undefined;

  function begin(): void {
    if (loop || !spawner.background) return;
    // Whatever it is that throws, nobody waits for it before the executor is closed.
    loop = Promise.resolve()
      .then(() => spawner.background?.(ending.signal))
      .catch((thrown: unknown) => {
        if (ending.signal.aborted) return;
        const error = asError(thrown);
        const broken = new Error(`The background loop of ${name} failed: ${error.message}`, { cause: error });
        for (const lane of lanes) lane.end(broken);
        lanes.clear();
        // The next job that is spawned begins it again.
        loop = undefined;
      });
  }

  return {
    name,
    width: spawner.maxConcurrency ?? availableParallelism(),
    ...(spawner.elsewhere ? { elsewhere: true } : {}),
    openLane(on: (events: readonly LaneEvent[]) => void): Lane {
      const lane = new SpawnLane(on, { spawner, clock, begin });
      lanes.add(lane);
      return lane;
    },
    async close(): Promise<void> {
      ending.abort();
      for (const lane of lanes) lane.end();
      if (loop) await settlesWithin(loop, clock, LOOP_GRACE_MS);
    },
  };
}
