/** `print` and `log`: a line, the latter with who says it. Texts as they are, all else as JSON. */
import type { TaskHandler, TaskTick } from "../task-handler.js";
import { paramsOf } from "./params-of.js";

/** @param mark What stands before the message. */
export function printHandler(mark: (tick: TaskTick) => string): TaskHandler {
  return (tick) => {
    const { msg } = paramsOf(tick.params, ["msg"]);
    tick.print(`${mark(tick)}${typeof msg === "string" ? msg : JSON.stringify(msg)}`);
  };
}
