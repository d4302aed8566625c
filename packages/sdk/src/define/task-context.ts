/** What `run` and the hooks of `defineTask` get beside their parameters. */
import { taskBinding } from "../context/binding.js";
import type { Logger } from "../context/logger.js";
import type { TaskShared } from "../context/shared.js";
import { reportProgress, type StepInfo, useResource } from "../context/task-binding.js";
import type { Resource, ResourceClass } from "../resource.js";

/** A running attempt as the code of a task sees it. Its members may be taken apart: `({ city }, { log, signal }) => …`. */
export interface TaskContext {
  /** Aborted on cancel, timeout and interrupt: pass it on to whatever can be stopped. */
  readonly signal: AbortSignal;
  /** Lines for the step's log. */
  readonly log: Logger;
  /** Facts about this attempt. */
  readonly info: StepInfo;
  /** What the steps of this run share. What this attempt writes is for others once it has succeeded. */
  readonly shared: TaskShared;
  /** Tells how far the work is. `fraction` runs from 0 to 1. */
  progress(fraction: number, message?: string): void;
  /** Tells what the work is at. */
  progress(message: string): void;
  /**
   * Hands a value to whoever reads `run.stream` of this step just now. Nothing of it is recorded, and nothing waits for a reader.
   * @throws MillraceError `value-not-sendable` with the path of what cannot be sent, or if it takes more than 1 MiB.
   */
  emit(chunk: unknown): void;
  /**
   * The one instance of a resource in this thread, opened at its first use.
   * @throws MillraceError `resource-failed` if it cannot be opened; the next use tries again.
   */
  use<T extends Resource>(target: ResourceClass<T>): Promise<T>;
}

/** The context of a task that runs. What it does not ask for is not made. */
export function contextOf(task: object): TaskContext {
  const binding = taskBinding(task);
  return {
    get signal() {
      return binding.signal;
    },
    get log() {
      return binding.log;
    },
    get info() {
      return binding.info;
    },
    get shared() {
      return binding.shared;
    },
    progress: (first: number | string, message?: string) => reportProgress(binding, first, message),
    emit: (chunk) => binding.emit(chunk),
    use: (target) => useResource(binding, target),
  };
}
