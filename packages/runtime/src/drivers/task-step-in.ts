/** Makes the step of a task or command for whichever driver issues it. */
import { idempotencyKey, type TaskEntry } from "@millrace/core";
import type { Code } from "../builds/code.js";
import type { RunScope } from "../runs/run-scope.js";
import { TaskStep } from "../steps/task-step.js";
import type { StepWork, TaskStepSpec } from "../steps/task-step-spec.js";
import type { RunHost, UnitSettled } from "../steps/unit.js";

/** What the driver knows of the step. */
export type TaskCall = Pick<TaskStepSpec, "place" | "work" | "options" | "params" | "refs" | "beside" | "ahead">;

/** What a step of a task runs. */
export function taskWork(entry: TaskEntry, code: Code): StepWork {
  const { id, exportName, rule } = entry;
  return {
    task: id,
    module: code.moduleUrl(entry),
    exportName,
    ...(rule ? { emits: rule.emits } : {}),
  };
}

/** The step, with what the run's past says of it. `host` is the body's. */
export function taskStepIn(
  {
    scope,
    host,
    onSettled,
  }: { readonly scope: RunScope; readonly host: RunHost; readonly onSettled: (fact: UnitSettled) => void },
  { place, work, options, params, refs, beside, ahead }: TaskCall,
): TaskStep {
  const { key } = place;
  const spec: TaskStepSpec = {
    place,
    work,
    options,
    params,
    refs,
    beside,
    ahead,
    idempotencyKey: idempotencyKey(scope.host.id, key),
    failedBefore: scope.past.failedAttempt(key),
    restarted: scope.past.restarted(key),
    anewAfter: scope.past.anewAfter(key),
    suspicions: scope.past.suspicions(key),
  };
  return new TaskStep(spec, host, scope, onSettled);
}
