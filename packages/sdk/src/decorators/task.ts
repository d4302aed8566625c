/** `@task`: declares a task class and its options, in legacy and TC39 decorators alike. */
import type { StepOptions } from "@millrace/core";
import { setDeclaration } from "../metadata/store.js";
import type { Task } from "../task.js";
import type { ClassOf } from "../types/params.js";
import { refuseOldDecorators } from "./refuse-old-decorators.js";

/** Options of a task: StepOptions and an id. */
export interface TaskOptions extends StepOptions {
  /** Name in manifests and records; default: the class name. Set it before renaming a class whose runs are unfinished. */
  readonly id?: string;
}

/** Declares a task. Bare (`@task`) or with options (`@task({ retry: { attempts: 3 } })`). */
export function task<C extends ClassOf<Task>>(target: C, context?: ClassDecoratorContext): void;
export function task(
  options?: TaskOptions,
): <C extends ClassOf<Task>>(target: C, context?: ClassDecoratorContext) => void;
export function task(first?: unknown): unknown {
  refuseOldDecorators("@task", first);
  if (typeof first === "function") return declare(first, {});
  return (target: () => void) => declare(target, (first ?? {}) as TaskOptions);
}

function declare(target: unknown, options: TaskOptions): void {
  refuseOldDecorators("@task", target);
  setDeclaration(target as () => void, { kind: "task", id: options.id, options });
}
