/** What comes to a run from outside: messages, and changes of its breakpoints. Each is on record before it takes effect, once. */
import { type BreakpointChanged, bytesInMemory, type Fact, type MessageReceived, type RunId } from "@millrace/core";
import type { Draft } from "../steps/unit.js";
import type { BreakpointGate } from "./breakpoint-gate.js";
import { latch } from "./latch.js";
import type { Mailbox } from "./mailbox.js";
import type { RunEnding } from "./run-ending.js";
import type { RunLedger } from "./run-ledger.js";
import { runOver } from "./run-over.js";

/** The run. */
export interface ReceivingRun {
  readonly id: RunId;
  readonly ending: RunEnding;
  readonly ledger: RunLedger;
  /** Resolves once it has its lease, or never will. */
  readonly opened: Promise<void>;
  mailbox(): Mailbox;
  gate(): BreakpointGate;
}

/** A change of breakpoints, with the id by which it is made once. */
export type AskedChange = Pick<BreakpointChanged, "id" | "change" | "selector">;

/** The inbox of one run. Every method resolves when it is on record. @throws MillraceError `run-over`. */
export class RunInbox {
  readonly #run: ReceivingRun;
  /** Ids of changes that are on their way to the record. */
  readonly #changes = new Set<string>();

  constructor(run: ReceivingRun) {
    this.#run = run;
  }

  /** A message; one that has come before is not taken twice. */
  async receive(name: string, value: Uint8Array, id: string): Promise<void> {
    await this.#untilOpen();
    if (!this.#run.mailbox().isNew(id)) return;
    await this.#record({ kind: "message", id, name, value: bytesInMemory(value) }, (fact) =>
      // append hands back the very fact it was given, with its place in the order.
      this.#run.mailbox().put(fact as MessageReceived),
    );
  }

  /** A change; one that has been made is not made twice. */
  async change(change: AskedChange): Promise<void> {
    await this.#untilOpen();
    if (this.#run.gate().breakpoints.knows(change.id) || this.#changes.has(change.id)) return;
    this.#changes.add(change.id);
    await this.#record({ kind: "breakpoint", ...change }, (fact) =>
      // As above.
      this.#run.gate().changed(fact as BreakpointChanged),
    );
  }

  async #untilOpen(): Promise<void> {
    const { id, ending, opened } = this.#run;
    await opened;
    if (ending.decided) throw runOver(id, ending.state);
  }

  async #record(draft: Draft, done: (fact: Fact) => void): Promise<void> {
    const { id, ending, ledger } = this.#run;
    const recorded = latch<"recorded" | "over">();
    ledger.append(draft, (fact) => {
      done(fact);
      recorded.resolve("recorded");
    });
    void ending.outcome.then(() => recorded.resolve("over"));
    if ((await recorded.promise) === "over") throw runOver(id, ending.state);
  }
}
