/** What every call of a body passes: misuse becomes the error of the call's own promise. */
import { MillraceError } from "@millrace/core";
import type { CallingBody } from "./calling-body.js";
import { LocalStep } from "./local-step.js";
import { markHandled } from "./mark-handled.js";

/** Begins a call. The rejection of misuse counts as handled, awaited or not; `begin` sees to that of its own. */
export function guardCall<T>(body: Pick<CallingBody, "ended" | "entry">, begin: () => Promise<T>): Promise<T> {
  try {
    if (LocalStep.isRunning()) throw insideLocalStep();
    // The code has ended, but a branch that nobody awaits may come here in the same turn.
    if (body.ended())
      throw new MillraceError("step-aborted", `${body.entry.id} has ended: it calls nothing more.`, {
        hint: "Await every branch of the body before it returns.",
        data: { flow: body.entry.id },
      });
    return begin();
  } catch (error) {
    const promise = Promise.reject(error);
    markHandled(promise);
    return promise;
  }
}

function insideLocalStep(): MillraceError {
  return new MillraceError(
    "flow-misuse",
    "call, map, step and shared of a flow cannot be used inside the function of its step.",
    {
      hint: "Do it in the flow's body, and hand its result on to the step.",
    },
  );
}
