/** The runtime's side of a task instance: what a running attempt ties it to. Implemented where the attempt runs. */
import type { RunId, StepKey } from "@millrace/core";
import type { Resource, ResourceClass } from "../resource.js";
import type { Logger } from "./logger.js";
import type { TaskShared } from "./shared.js";

/** Facts about the attempt. */
export interface StepInfo {
  readonly run: RunId;
  /** Key of the step. */
  readonly step: StepKey;
  /** Node id in the flow's graph. */
  readonly node: string;
  /** Task id. */
  readonly task: string;
  /** From 1. */
  readonly attempt: number;
  /** True while running if a failure of this attempt would be followed by another. */
  readonly willRetry: boolean;
  /** Equal for all attempts and resumes of the step: give it to outside systems that deduplicate. 32 characters. */
  readonly idempotencyKey: string;
}

/** The runtime's side of a task instance. */
export interface TaskBinding {
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly info: StepInfo;
  readonly shared: TaskShared;
  /** Moments for progress displays; `fraction` from 0 to 1. */
  progress(fraction: number | undefined, message: string | undefined): void;
  /** A chunk for whoever reads the step's stream. */
  emit(chunk: unknown): void;
  /** The thread's instance of a resource. */
  use(target: ResourceClass): Promise<object>;
}

/** Progress in the two forms that authors use: how far (0 to 1) with or without a message, or a message alone. */
export function reportProgress(binding: TaskBinding, first: number | string, message?: string): void {
  if (typeof first === "number") binding.progress(first, message);
  else binding.progress(undefined, first);
}

/** The thread's instance of a resource. */
export async function useResource<T extends Resource>(
  binding: Pick<TaskBinding, "use">,
  target: ResourceClass<T>,
): Promise<T> {
  return (await binding.use(target)) as T; // what it gives is of that class, or stands for it in a test
}
