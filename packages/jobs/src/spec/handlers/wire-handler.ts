/** `wire`: carries values between tasks and the flow's data. */
import { MillraceError } from "@millrace/core";
import type { TaskDocument } from "../flow-document.js";
import type { TaskHandler } from "../task-handler.js";
import { tickContext } from "../tick-context.js";
import { wireAll } from "../wire.js";
import { paramsOf } from "./params-of.js";

/** Parameter: `wirings`. */
export const wireHandler: TaskHandler = ({ flow, task, params, options }) => {
  const { wirings } = paramsOf(params, ["wirings"]);
  // The view is the document; handlers of users see it as read-only.
  const context = tickContext(flow.document, task as TaskDocument);
  wireAll(wirings, { sources: context, target: context, check: refuseOthers, transforms: options.transforms ?? {} });
};

/** Writes are for data and parameters: all else is the engine's. */
function refuseOthers(path: readonly string[]): void {
  const [ctx, scope, ...rest] = path;
  const within = scope === "task" ? rest : rest[0] === "tasks" ? rest.slice(2) : rest;
  const own = ctx === "ctx" && (scope === "task" || scope === "flow") && within.length > 1;
  const isTask = scope === "task" || rest[0] === "tasks";
  if (own && (within[0] === "data" || (isTask && within[0] === "taskParams"))) return;
  throw new MillraceError(
    "task-misuse",
    `${path.join(".")} is no place to write to: ctx.flow.data.…, ctx.task.data.…, ctx.flow.tasks.<key>.data.… and ….taskParams.… are.`,
  );
}
