/** `Task`: the base class of work. Subclasses run in worker threads, one instance for each attempt. */
import { taskBinding } from "./context/binding.js";
import type { Logger } from "./context/logger.js";
import type { TaskShared } from "./context/shared.js";
import { reportProgress, type StepInfo, useResource } from "./context/task-binding.js";
import type { Resource, ResourceClass } from "./resource.js";
import type { params } from "./types/params.js";

/** A unit of work with typed parameters (fields with `@param()`) and a result. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see the interface below
export abstract class Task<R = unknown> {
  /** Aborted on cancel, timeout and interrupt: pass it on to whatever can be stopped. */
  protected get signal(): AbortSignal {
    return taskBinding(this).signal;
  }

  /** Lines for the step's log. */
  protected get log(): Logger {
    return taskBinding(this).log;
  }

  /** Facts about this attempt. */
  protected get info(): StepInfo {
    return taskBinding(this).info;
  }

  /** What the steps of this run share. What this attempt writes is for others once it has succeeded. */
  protected get shared(): TaskShared {
    return taskBinding(this).shared;
  }

  /** Tells how far the work is. `fraction` runs from 0 to 1. */
  progress(fraction: number, message?: string): void;
  /** Tells what the work is at. */
  progress(message: string): void;
  progress(first: number | string, message?: string): void {
    reportProgress(taskBinding(this), first, message);
  }

  /**
   * Hands a value to whoever reads `run.stream` of this step just now. Nothing of it is recorded, and nothing waits for a reader.
   * @throws MillraceError `value-not-sendable` with the path of what cannot be sent, or if it takes more than 1 MiB.
   */
  emit(chunk: unknown): void {
    taskBinding(this).emit(chunk);
  }

  /**
   * The one instance of a resource in this thread, opened at its first use.
   * @throws MillraceError `resource-failed` if it cannot be opened; the next use tries again.
   */
  use<T extends Resource>(target: ResourceClass<T>): Promise<T> {
    return useResource(taskBinding(this), target);
  }

  /** The work. May be synchronous. */
  abstract run(): R | Promise<R>;

  /** First of all. A throw skips `run` and counts as failure. */
  onCreate?(): void | Promise<void>;
  /** Before `run`, if the step failed in an earlier life of the run and is tried again. A throw counts as failure. */
  onRestart?(): void | Promise<void>;
  /** After a successful `run`. A throw fails the attempt. */
  onSuccess?(): void | Promise<void>;
  /** After a failure, also of onCreate, onRestart and onSuccess, and after a timeout. A throw is reported. */
  onFailure?(error: Error): void | Promise<void>;
  /** On cancel, timeout or interrupt, within the grace period. A throw is reported. */
  onAbort?(reason: Error): void | Promise<void>;
  /** Last, whatever happened. A throw is reported. */
  onDestroy?(): void | Promise<void>;
}

/** The slot that generated declarations fill; never set. A method, so that subclasses stay assignable. */
// biome-ignore lint/correctness/noUnusedVariables: merged declarations repeat the type parameters
export interface Task<R = unknown> {
  // biome-ignore lint/suspicious/noExplicitAny: `any` marks a class that no build has seen (types/params.ts)
  [params]?(p: any, seen: any): void;
}
