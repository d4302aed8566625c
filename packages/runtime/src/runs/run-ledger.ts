/** A run's ledger: gives each fact its place in the order and hands it to the committer, under the run's lease. */
import type { Durability, Fact, Lease } from "@millrace/core";
import type { Draft, RunHost } from "../steps/unit.js";
import type { Committer } from "./committer.js";

/** The one writer of a run's facts. */
export class RunLedger {
  readonly #committer: Committer;
  readonly #clock: RunHost["clock"];
  readonly #onLost: (error: Error) => void;
  #lease: Lease | undefined;
  #seq = 0;
  #closed = false;

  /** @param onLost Told once a commit was refused; nothing is written after that. */
  constructor(committer: Committer, clock: RunHost["clock"], onLost: (error: Error) => void) {
    this.#committer = committer;
    this.#clock = clock;
    this.#onLost = onLost;
  }

  /** Whose facts they are; undefined until `open`. */
  get lease(): Lease | undefined {
    return this.#lease;
  }

  /** True once nothing is written any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Begins to write, after the newest sequence number on record. */
  open(lease: Lease, seq: number): void {
    this.#lease = lease;
    this.#seq = seq;
  }

  /** Ends writing: later facts are dropped, their callbacks never called. */
  close(): void {
    this.#closed = true;
  }

  /** Commits a fact, together with those that stand before it; `done` comes after the commit, unless that may lag behind. The drafts become the facts. */
  append(
    draft: Draft,
    done: (fact: Fact) => void,
    before: readonly Draft[] = [],
    durability: Durability = "before",
  ): void {
    if (this.#closed || !this.#lease) return;
    const facts = before.map((each) => this.#stamp(each));
    const fact = this.#stamp(draft);
    facts.push(fact);
    const behind = durability === "behind";
    this.#committer.append({
      lease: this.#lease,
      facts,
      urgent: !behind,
      done: (error) => {
        if (error) this.#lose(error);
        else if (!behind) done(fact);
      },
    });
    if (behind) queueMicrotask(() => this.#closed || done(fact));
  }

  #lose(error: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onLost(error);
  }

  #stamp(draft: Draft): Fact {
    // Safe: a draft is a fact without its two stamps. A copy of each would cost more than its commit.
    const fact = draft as Draft & { seq: number; at: number };
    fact.seq = ++this.#seq;
    fact.at = this.#clock.now();
    return fact as Fact;
  }
}
