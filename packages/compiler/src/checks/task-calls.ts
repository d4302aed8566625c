/** The calls of tasks, for advice on the order in which they are awaited. */
import type { CallExpression } from "ts-morph";
import type { FlowCall } from "../calls/find-calls.js";
import type { CheckFacts } from "./check.js";
import { taskEffects } from "./task-effects.js";

/** Calls of one task each. */
export interface TaskCalls {
  readonly byNode: ReadonlyMap<CallExpression, FlowCall>;
  /** True if what is called changes nothing. Takes long to find out: asked last. */
  readonly isQuiet: (call: FlowCall) => boolean;
}

/** Those of the files that are looked at. */
export function taskCallsOf(all: CheckFacts): TaskCalls {
  const effects = taskEffects(all);
  return {
    byNode: new Map(
      all.calls
        .filter(({ method, target }) => {
          const tasks = (method === "call" || method === "ref") && target?.type === "one" ? target.candidates : [];
          return tasks.length > 0 && tasks.every(({ kind }) => kind === "task");
        })
        .map((call) => [call.node, call]),
    ),
    isQuiet: ({ target }) => target?.candidates.every((task) => !effects(task).changes) === true,
  };
}
