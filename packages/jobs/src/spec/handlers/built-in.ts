/** The task types that every flow has. */
import type { TaskHandler } from "../task-handler.js";
import { flowHandler } from "./flow-handler.js";
import { printHandler } from "./print-handler.js";
import { spreadHandler } from "./spread-handler.js";
import { switchHandler } from "./switch-handler.js";
import { wireHandler } from "./wire-handler.js";

/** Handlers by task type. */
export const BUILT_IN: Readonly<Record<string, TaskHandler>> = {
  flow: flowHandler,
  log: printHandler(({ flow, task }) => `[${flow.label}/${task.key}] `),
  noop: () => undefined,
  print: printHandler(() => ""),
  spread: spreadHandler,
  switch: switchHandler,
  wire: wireHandler,
};
