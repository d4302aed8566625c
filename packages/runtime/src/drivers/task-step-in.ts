/** Makes the step of a task for whichever driver issues it. */
import { idempotencyKey } from "@millrace/core";
import type { RunScope } from "../runs/run-scope.js";
import { TaskStep } from "../steps/task-step.js";
import type { TaskStepSpec } from "../steps/task-step-spec.js";
import type { RunHost, UnitSettled } from "../steps/unit.js";

/** What the driver knows of the step. */
export type TaskCall = Pick<TaskStepSpec, "place" | "entry" | "options" | "params" | "refs" | "beside" | "ahead">;

/** The step, with what the run's past says of it. `host` is the body's. */
export function taskStepIn(
  {
    scope,
    host,
    onSettled,
  }: { readonly scope: RunScope; readonly host: RunHost; readonly onSettled: (fact: UnitSettled) => void },
  { place, entry, options, params, refs, beside, ahead }: TaskCall,
): TaskStep {
  const { key } = place;
  const spec: TaskStepSpec = {
    place,
    entry,
    options,
    params,
    refs,
    beside,
    ahead,
    module: scope.code.moduleUrl(entry),
    idempotencyKey: idempotencyKey(scope.host.id, key),
    failedBefore: scope.past.failedAttempt(key),
    restarted: scope.past.restarted(key),
    suspicions: scope.past.suspicions(key),
  };
  return new TaskStep(spec, host, scope, onSettled);
}
