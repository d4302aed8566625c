/** That what a flow still has to tick has handlers, and takes what it is given. */
import type { SpecFlow } from "./flow.js";
import type { Data } from "./flow-spec.js";
import { handlerOf } from "./handler-of.js";
import { reasonOf } from "./reason-of.js";
import { readWithoutIssues } from "./spec-issue.js";
import type { TaskHandlerParts, TickOptions } from "./task-handler.js";

/** Looks at all tasks that are not over. @throws MillraceError `flow-spec-invalid`, with all that is wrong. */
export function checkTypes(flow: SpecFlow, options: TickOptions): void {
  readWithoutIssues(`${flow.label} cannot be ticked`, (report) => {
    for (const [i, { taskType, taskParams, status }] of flow.tasks.entries()) {
      if (status !== "PENDING" && status !== "RUNNING") continue;
      const handler = handlerOf(taskType, options);
      if ("unknown" in handler) report(`tasks[${i}].taskType`, handler.unknown);
      else if (flow.ticks === 0 && typeof handler.handler !== "function") {
        const wrong = complaint(handler.handler, taskParams);
        if (wrong !== undefined) report(`tasks[${i}].taskParams`, wrong);
      }
    }
  });
}

function complaint(handler: TaskHandlerParts, params: Readonly<Data>): string | undefined {
  try {
    return handler.validate?.(params);
  } catch (error) {
    return `cannot be validated: ${reasonOf(error)}`;
  }
}
