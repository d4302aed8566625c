/** The handler of a task type: one that was given, or a built-in one. */
import { suggestName } from "@millrace/core";
import { BUILT_IN } from "./handlers/built-in.js";
import { isRecord, shown } from "./json-data.js";
import type { TaskHandler, TickOptions } from "./task-handler.js";

/** The handler; a text that says what is wrong, as the end of a sentence, if there is none. */
export function handlerOf(
  type: string,
  { handlers = {} }: TickOptions,
): { readonly handler: TaskHandler } | { readonly unknown: string } {
  if (Object.hasOwn(handlers, type)) {
    const handler: unknown = handlers[type];
    if (isHandler(handler)) return { handler };
    return { unknown: `is "${type}", whose handler is ${shown(handler)}: it must be a function, or { initialTick }` };
  }
  if (Object.hasOwn(BUILT_IN, type)) return { handler: BUILT_IN[type] as TaskHandler };
  if (type === "task")
    return { unknown: "is a task of the build: only an engine runs it. Start the flow with engine.start" };
  const known = [...Object.keys(handlers), ...Object.keys(BUILT_IN)];
  return {
    unknown: `is "${type}", which has no handler. ${suggestName(type, known, `There are ${known.join(", ")}`)}`,
  };
}

/** Handlers may come from modules that nobody has checked. */
function isHandler(value: unknown): value is TaskHandler {
  return typeof value === "function" || (isRecord(value) && typeof value.initialTick === "function");
}
