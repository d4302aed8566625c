/**
 * How long a run has been going, folded from its facts: what the timeouts of its flow and of its sub-flows count. Time without an owner does
 * not count, unless the run was waiting for something from outside; nor does what came before an end that was resumed.
 */
import type { Fact, StepKey } from "@millrace/core";

/** The time of one run up to its newest fact. */
export class RunTime {
  /** What had been counted when a unit began that is not settled: sub-flows with a timeout, sleeps and waits. */
  readonly #begun = new Map<StepKey, number>();
  #earlierMs = 0;
  #since: number | undefined;
  #last = 0;
  #state: "going" | "waiting" | "ended" = "going";

  /** Takes the next fact. */
  see(fact: Fact): void {
    if (fact.kind === "run-resumed") {
      this.#earlierMs = this.spentMs(fact.at);
      this.#since = fact.at;
      this.#state = "going";
    }
    this.#since ??= fact.at;
    this.#last = fact.at;
    if (fact.kind === "run-suspended") this.#state = fact.reason === "wait" ? "waiting" : "going";
    if (fact.kind === "timer") this.#begun.set(fact.key, this.spentMs(fact.at));
    if (fact.kind === "activation-settled") this.#begun.delete(fact.key);
    if (fact.kind !== "run-ended") return;
    this.#state = "ended";
    this.#begun.clear();
  }

  /** What counts if the run goes on now, ms. */
  spentMs(now: number): number {
    if (this.#state === "ended" || this.#since === undefined) return 0;
    const until = this.#state === "waiting" ? now : this.#last;
    return this.#earlierMs + Math.max(0, until - this.#since);
  }

  /** The same since a unit began, ms; undefined if it has not. */
  spentSince(key: StepKey, now: number): number | undefined {
    const begun = this.#begun.get(key);
    return begun === undefined ? undefined : this.spentMs(now) - begun;
  }
}
