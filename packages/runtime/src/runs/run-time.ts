/**
 * How long a run has been going, folded from its facts: what its flow's timeout counts. Time without an owner does not count,
 * unless the run was waiting for something from outside; nor does what came before an end that was resumed.
 */
import type { Fact } from "@millrace/core";

/** The time of one run up to its newest fact. */
export class RunTime {
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
    if (fact.kind === "run-ended") this.#state = "ended";
    if (fact.kind === "run-suspended") this.#state = fact.reason === "wait" ? "waiting" : "going";
  }

  /** What counts if the run goes on now, ms. */
  spentMs(now: number): number {
    if (this.#state === "ended" || this.#since === undefined) return 0;
    const until = this.#state === "waiting" ? now : this.#last;
    return this.#earlierMs + Math.max(0, until - this.#since);
  }
}
