/** Ticks a flow until it is over. */
import { MillraceError } from "@millrace/core";
import type { SpecFlow } from "./flow.js";
import type { TickOptions } from "./task-handler.js";
import { tickFlow } from "./tick-flow.js";

/** Options of `runUntilDone`. */
export interface RunUntilDoneOptions extends TickOptions {
  /** Most ticks that this call makes. Default 500. */
  readonly maxTicks?: number;
}

/**
 * Ticks a flow until it has completed or failed, and returns it: `status` and `errors` say which.
 * @throws MillraceError `ticks-exceeded` with the tasks that are unfinished; what `tickFlow` throws.
 */
export async function runUntilDone(
  flow: SpecFlow,
  { maxTicks = 500, ...options }: RunUntilDoneOptions = {},
): Promise<SpecFlow> {
  for (let tick = 0; tick < maxTicks && !flow.isOver; tick++) await tickFlow(flow, options);
  if (flow.isOver) return flow;
  const unfinished = flow.tasksByStatus("PENDING", "RUNNING").map(({ key, status }) => `${key} (${status})`);
  throw new MillraceError(
    "ticks-exceeded",
    `${flow.label} is not over after ${maxTicks} ticks. Unfinished: ${unfinished.join(", ") || "none"}.`,
    { hint: "Raise maxTicks, or find what these tasks wait for.", data: { flow: flow.key, maxTicks, unfinished } },
  );
}
