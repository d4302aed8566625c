/** The run as the units of one body see it: what settles after the body's end is recorded as such, and commits are as its flow wants them. */
import type { Durability } from "@millrace/core";
import type { Draft, RunHost } from "../steps/unit.js";

/** Facts that end a unit. */
const SETTLEMENTS: ReadonlySet<Draft["kind"]> = new Set(["step-settled", "activation-settled", "shared-used"]);

/** Makes it. @param isOver The body has ended, and its run goes on: no later life of it may see what settles now. */
export function bodyHost(run: RunHost, isOver: () => boolean, durability?: Durability): RunHost {
  return {
    id: run.id,
    clock: run.clock,
    emit: (event) => run.emit(event),
    stream: (step, attempt, chunk) => run.stream(step, attempt, chunk),
    append: (draft, done, before) => {
      const late = isOver() && SETTLEMENTS.has(draft.kind);
      // Safe: those kinds have the field.
      run.append(late ? ({ ...draft, late: true } as Draft) : draft, done, before, durability);
    },
  };
}
