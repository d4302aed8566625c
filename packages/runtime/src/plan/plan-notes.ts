/** What a plan has found of each call, in the order in which calls were met. What is found later may make a call unknown. */
import type { ActivationPath, PlannedStep, PlanVerdict, StepKey } from "@millrace/core";
import type { Place } from "../steps/unit.js";

/** A call that was met. */
type Noted = PlannedStep & { readonly key: StepKey };

/** The notes of one plan. */
export class PlanNotes {
  readonly #steps = new Map<StepKey, Noted>();

  /** Calls that have been met. */
  get size(): number {
    return this.#steps.size;
  }

  get steps(): readonly Noted[] {
    return [...this.#steps.values()];
  }

  /** A driver may ask about a call twice: the last word holds. */
  note({ key, node, task }: Place, verdict: PlanVerdict, because: string): void {
    this.#steps.set(key, { key, node, task, verdict, because });
  }

  verdictOf(key: StepKey): PlanVerdict | undefined {
    return this.#steps.get(key)?.verdict;
  }

  /** Nobody knows any more what becomes of a call. */
  doubt(key: StepKey, because: string): void {
    const step = this.#steps.get(key);
    if (step) this.#steps.set(key, { ...step, verdict: "unknown", because });
  }

  /**
   * The same for calls in a body, and in all inside it: for those that were to run, and for whatever was met later.
   * @param since Number of calls that had been met before.
   */
  doubtAll(body: ActivationPath, since: number, because: string): void {
    for (const [i, { key, verdict }] of this.steps.entries())
      if (key.startsWith(`${body}/`) && (i >= since || verdict === "runs")) this.doubt(key, because);
  }
}
