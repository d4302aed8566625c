/** `this.all` and `this.race`: several promises, and nothing left running when they settle. */
import { MillraceError, type StepKey } from "@millrace/core";
import { blame, blamed } from "./blame.js";

/** Ends what stands behind an entrant, and names what was aborted. */
export type End = (entrant: unknown, message: string) => readonly StepKey[];

/** Fulfils with all results, or rejects with the first failure after all have ended. */
export async function allOf(entrants: readonly unknown[], end: End): Promise<unknown[]> {
  const results: unknown[] = new Array(entrants.length);
  await untilDecided(entrants, end, (index, outcome) => {
    if (outcome.failed) return "another entrant of the same `all` failed";
    results[index] = outcome.value;
    return undefined;
  });
  return results;
}

/** Settles as the first entrant does, after all others have ended. */
export async function raceOf(entrants: readonly unknown[], end: End): Promise<unknown> {
  if (entrants.length === 0) {
    throw new MillraceError("flow-misuse", "this.race was given nothing: it would never settle.", {
      hint: "Give it at least one promise.",
    });
  }
  let winner: unknown;
  await untilDecided(entrants, end, (_, outcome) => {
    if (!outcome.failed) winner = outcome.value;
    return "another entrant decided the race";
  });
  return winner;
}

type Outcome = { readonly failed: false; readonly value: unknown } | { readonly failed: true; readonly error: unknown };

/**
 * Waits for all. The first outcome for which `decides` gives a reason ends the others; if it is a failure, it is thrown at the end. What
 * failed after it or was aborted by it is tried again with it, or a resume would meet these ends again.
 */
async function untilDecided(
  entrants: readonly unknown[],
  end: End,
  decides: (index: number, outcome: Outcome) => string | undefined,
): Promise<void> {
  let decision: Outcome | undefined;
  const taken = new Set<StepKey>();
  const settled = (index: number, outcome: Outcome): void => {
    if (decision) {
      if (outcome.failed) for (const key of blamed(outcome.error)) taken.add(key);
      return;
    }
    const reason = decides(index, outcome);
    if (reason === undefined) return;
    decision = outcome;
    for (const [other, entrant] of entrants.entries())
      if (other !== index) for (const key of end(entrant, reason)) taken.add(key);
  };
  await Promise.all(
    entrants.map((entrant, index) =>
      Promise.resolve(entrant).then(
        (value) => settled(index, { failed: false, value }),
        (error: unknown) => settled(index, { failed: true, error }),
      ),
    ),
  );
  // Assigned in a callback, which the type checker does not follow.
  const last = decision as Outcome | undefined;
  if (last?.failed) throw blame(last.error, taken);
}
