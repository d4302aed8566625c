/** The options of `openEngine`. */
import type { BuildHash, Clock, Executor, LocalFunction, Observer, RunStore } from "@millrace/core";
import type { Spawner, SpawnerAround } from "../executors/spawn/spawner.js";
import type { ScheduleEvent } from "./schedule-event.js";

/** How an engine is opened. Everything has a default that suits a project in the current folder. */
export interface EngineOptions {
  /** The project's folder, or one inside it. Default: the current folder. */
  readonly cwd?: string;
  /**
   * Build to pin. Default: the current one (`.flow/manifest.json`). `none`: no build is needed; the engine knows no tasks and flows, and
   * runs job graphs of commands and local functions.
   */
  readonly build?: BuildHash | "none";
  /** Where runs are kept. Default: the `checkpointer` of `millrace` in package.json; `.flow/state.db`. The engine closes a store only if it opened it. */
  readonly store?: RunStore;
  /** Where attempts run. Default: threads. The engine closes an executor only if it opened it. */
  readonly executor?: "threads" | "inline" | Executor;
  /** Who runs the commands of `shell` nodes. Default: the `commands` of `millrace` in package.json; bash, as many at once as the machine has processors. */
  readonly commands?: Spawner | SpawnerAround;
  /** Who runs `container` nodes. Default: the `containers` of `millrace` in package.json; Docker or Podman, whose client is on the PATH. */
  readonly containers?: Spawner | SpawnerAround;
  /** Worker threads. Default: the machine's parallelism. */
  readonly threads?: number;
  /** A thread that holds more than this after a step is replaced before the next, MiB: heap and buffers. Default: three quarters of its heap's limit. */
  readonly recycleMiB?: number;
  /** Steps that run at once over all lanes. Default: no limit but the lanes. */
  readonly maxConcurrency?: number;
  /** Sizes of named pools, laid over those of `millrace` in package.json: no more steps of a pool run at once. */
  readonly pools?: Readonly<Record<string, number>>;
  /**
   * Totals of resource tokens, laid over those of `millrace` in package.json. Default: `cpus`, the machine's parallelism, and
   * `memory`, its MiB.
   */
  readonly resources?: Readonly<Record<string, number>>;
  /** Who watches. Default: the `loggers` and `extensions` of `millrace` in package.json; without `loggers`, the file logger. */
  readonly observers?: readonly Observer[];
  /**
   * `auto`: go on with runs whose owner died, was interrupted or found no threads, and with those that wait. One whose flow is gone, or
   * whose functions another program has, is left as it is, with a line on stderr. Default `none`.
   */
  readonly recover?: "auto" | "none";
  /**
   * `suspend`: a run that waits for messages, or for a time more than 10 s away, and for nothing else is suspended (reason
   * `wait`), so that the process can end; it goes on with `resume`. Default `stay`: it waits in the process.
   */
  readonly waits?: "stay" | "suspend";
  /**
   * A run fails if it does not conform to its flow's graph: a call that the graph does not know, or that comes before what
   * the graph lets it wait for. Default false: unknown calls are recorded as `dynamic`, with a warning.
   */
  readonly strict?: boolean;
  /**
   * Starts the flows that have a schedule when their time comes, once however many engines keep the same schedules on one store. A
   * function is told what happens. Default false. The timers keep the process alive until the engine is closed.
   */
  readonly schedules?: boolean | ((event: ScheduleEvent) => void);
  /** Functions that the `local` nodes of job graphs run on the main thread, by name. See `Engine.local`. */
  readonly locals?: Readonly<Record<string, LocalFunction>>;
  /** Source of time. */
  readonly clock?: Clock;
}
