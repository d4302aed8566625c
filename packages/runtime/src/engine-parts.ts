/** What an engine is made of. Put together by open-engine.ts, and by whoever tests with other parts. */
import type { Clock, GraphWitness, LocalFunction, Observer, RunId, RunStore } from "@millrace/core";
import type { ResourceFakes } from "./attempt/open-resources.js";
import type { Code } from "./builds/code.js";
import type { InflightNotes } from "./inflight/inflight-notes.js";
import type { EngineLimits } from "./steps/admission/limits.js";
import type { Dispatcher } from "./steps/dispatcher.js";

/** What an engine is made of. */
export interface EngineParts {
  /** The project's folder. */
  readonly root: string;
  readonly code: Code;
  readonly store: RunStore;
  /** Spreads steps over the lanes of the executors. */
  readonly dispatcher: Dispatcher;
  readonly observers: readonly Observer[];
  readonly clock: Clock;
  /** What steps may ask for. */
  readonly limits: EngineLimits;
  readonly strict: boolean;
  /** Runs that only wait are suspended. */
  readonly suspendWaiting: boolean;
  /** Hears what each body has shown of its flow's graph, when it ends. */
  readonly witness?: (flow: string, shown: GraphWitness) => void;
  /** Notes which steps are in flight, where they can outlive the process. */
  readonly inflight?: InflightNotes;
  /** What `local` nodes of job graphs can run, by name. */
  readonly locals?: Readonly<Record<string, LocalFunction>>;
  /** What stands for resources of the main thread. Default: nothing. */
  readonly fakes?: ResourceFakes;
  /** Stopped before the runs are. */
  readonly schedules?: { stop(): Promise<void> };
  /** Id of a run whose starter gives none. */
  readonly newRunId: () => RunId;
  /** Seed of a new run's generators. */
  readonly newSeed: () => string;
  /** Called when the runs have stopped: closes the executors that were opened for this engine. */
  readonly closeExecutors: () => Promise<void>;
  /** The store was opened for this engine: it is closed once the last fact has been written. */
  readonly ownsStore: boolean;
  /** Called at the end of all. */
  readonly released?: () => void;
}
