/** A stand-in runs in place of a task. Prebaked results and controlled tasks are stand-ins. */
import { jsonImage } from "@millrace/core";
import type { LoadedTask, TaskLoader } from "@millrace/runtime/internal";

/** One attempt of the task that a stand-in runs in place of. */
export type StandInJob = Parameters<TaskLoader>[0];

/** Runs in place of one task. */
export interface StandIn {
  /** Class of the task. */
  // biome-ignore lint/complexity/noBannedTypes: any class
  readonly target: Function;
  /** Called by each engine that it is given to: several may have it, at once or one after the other. */
  open(): OpenStandIn;
}

/** A stand-in in one engine. */
export interface OpenStandIn {
  /** What runs for one attempt. `real` finds the task itself. */
  load(job: StandInJob, real: TaskLoader): LoadedTask | Promise<LoadedTask>;
  /** The engine is being closed: nothing may wait any longer. */
  release?(): void;
  /** The engine has closed. */
  close?(): Promise<void>;
}

/** A task whose `run` is a function of the instance. */
export function taskRunning(run: (instance: object) => unknown): LoadedTask {
  class StandInTask {
    run(): unknown {
      return run(this);
    }
  }
  return { create: StandInTask };
}

/** Parameters for people. */
export function paramsText(params: object): string {
  return JSON.stringify(jsonImage(params));
}
