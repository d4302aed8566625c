/** The engine of tests, as types. */
import type { Clock, Observer, RunStore } from "@millrace/core";
import type { Engine, EngineOptions, Run, Spawner, StartArguments } from "@millrace/runtime";
import type { CallArguments, Callable, ClassOf, Flow, ResultOf, Task } from "@millrace/sdk";
import type { EventLog } from "../events/event-log.js";
import type { ResourceFake } from "../stand-ins/fake.js";
import type { StandIn } from "../stand-ins/stand-in.js";

/** How a test's engine is opened. Nothing has to be given. */
export interface TestEngineOptions {
  /** What runs in place of tasks: `prebaked(…)`, `controlled(…)`. */
  readonly standIns?: readonly StandIn[];
  /** What stands for resources of tasks: `fake(Db, { query: … })`. */
  readonly fakes?: readonly ResourceFake[];
  /** Classes that flows name by id instead of by class. */
  readonly classes?: readonly ClassOf<Callable>[];
  /** Source of time: a ManualClock, to move timeouts and pauses by hand. Default: the machine's. */
  readonly clock?: Clock;
  /** Seeds `this.random()` and `this.uuid()` of flows. Default `test`: every execution of a test sees the same numbers. */
  readonly seed?: string;
  /** Who runs the commands of `shell` nodes. Default: bash. */
  readonly commands?: Spawner;
  /** Who runs `container` nodes. Default: Docker or Podman. */
  readonly containers?: Spawner;
  /** A memory store of the test's own, for runs that another engine goes on with. */
  readonly store?: RunStore;
  /** Further watchers. */
  readonly observers?: readonly Observer[];
  /** Task steps that run at once. Default: 64. */
  readonly maxConcurrency?: number;
  /** What becomes of runs that only wait. Default `stay`. */
  readonly waits?: "stay" | "suspend";
  /** Keeps the schedules of the flows under `classes`; a function is told what happens. Default false. */
  readonly schedules?: EngineOptions["schedules"];
  /** Sizes of named pools. */
  readonly pools?: Readonly<Record<string, number>>;
  /** Totals of resource tokens. Default: `cpus` and `memory` (MiB) of the machine. */
  readonly resources?: Readonly<Record<string, number>>;
  /**
   * A run fails if it does not conform to its flow's graph. Default: true where the graph is known, that is under the
   * Vitest plugin; classes that no build has seen have none.
   */
  readonly strict?: boolean;
}

/** An engine that runs classes as the test holds them: inline, on this thread, recorded in memory. */
export interface TestEngine extends Engine {
  /** What happened, over all runs. */
  readonly events: EventLog;
  /** Starts a flow and gives its result. What `start` throws is a rejection here. */
  run<T extends Flow>(target: ClassOf<T>, ...args: StartArguments<T>): Promise<ResultOf<T>>;
  /** Starts one task as the only step of a run, with options, hooks and retries as in a flow. */
  startTask<T extends Task>(target: ClassOf<T>, ...args: CallArguments<T>): Run<ResultOf<T>>;
  /** As startTask; gives its result. */
  runTask<T extends Task>(target: ClassOf<T>, ...args: CallArguments<T>): Promise<ResultOf<T>>;
}
