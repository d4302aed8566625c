/** `@flow`: declares a flow class, in legacy and TC39 decorators alike. */

import type { Durability, Duration, ScheduleOptions } from "@millrace/core";
import type { Flow } from "../flow.js";
import { setDeclaration } from "../metadata/store.js";
import type { ClassOf } from "../types/params.js";
import { refuseOldDecorators } from "./refuse-old-decorators.js";

/** Options of a flow. */
export interface FlowOptions {
  /** Name in manifests and records; default: the class name. */
  readonly id?: string;
  /** Raised by hand to invalidate recorded results of this flow as a sub-flow. */
  readonly version?: string;
  /**
   * Longest time of the flow, as a run or as a sub-flow: then it fails with `flow-timeout`, which names what it was waiting for.
   * A run that goes on after an interrupt goes on counting; time in which nobody owned it counts only while it waited for
   * something from outside. A sub-flow, and a run that had ended, begin to count anew.
   */
  readonly timeout?: Duration;
  /**
   * When it runs by itself, without parameters: a cron expression in UTC, or one with its zone and policies. Kept by `flow serve`,
   * and by engines that are opened with `schedules`.
   */
  readonly schedule?: string | ScheduleOptions;
  /**
   * When outcomes of its steps are on disk. `before`, the default: before its code hears of them, so that nothing recorded runs again. `behind`:
   * some milliseconds later, which is faster for chains of short steps; a crash takes the last of them with it, and they run again, also
   * those whose results later steps have used. For steps that are pure or idempotent. What ends the run is committed before anybody hears of it.
   */
  readonly durability?: Durability;
}

/** Declares a flow. Bare (`@flow`) or with options. */
export function flow<C extends ClassOf<Flow>>(target: C, context?: ClassDecoratorContext): void;
export function flow(
  options?: FlowOptions,
): <C extends ClassOf<Flow>>(target: C, context?: ClassDecoratorContext) => void;
export function flow(first?: unknown): unknown {
  refuseOldDecorators("@flow", first);
  if (typeof first === "function") return declare(first, {});
  return (target: () => void) => declare(target, (first ?? {}) as FlowOptions);
}

function declare(target: unknown, options: FlowOptions): void {
  refuseOldDecorators("@flow", target);
  setDeclaration(target as () => void, { kind: "flow", id: options.id, options });
}
