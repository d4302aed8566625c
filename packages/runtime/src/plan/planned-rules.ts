/** A rule set in a plan: what a firing gives that runs is not made up, so that nothing follows it; what may follow is what stands on record and was not met. */
import type { ActivationPath, Decision, PlannedStep } from "@millrace/core";
import { bug } from "@millrace/core";
import type { Draft, UnitSettled } from "../steps/unit.js";
import type { PlanNotes } from "./plan-notes.js";
import type { PlannedBody, RunningStep, UnitEnd } from "./planned-body.js";

/** What a rule set's body is planned with. */
export interface PlannedRulesSpec {
  readonly path: ActivationPath;
  /** What is on record for it. */
  readonly records: readonly UnitSettled[];
  readonly notes: PlanNotes;
}

/** The body of a rule set. */
export class PlannedRules implements PlannedBody {
  readonly mayLoop = false;
  readonly #spec: PlannedRulesSpec;
  /** Firings that run. */
  readonly #running = new Set<string>();

  constructor(spec: PlannedRulesSpec) {
    this.#spec = spec;
  }

  get isDoubtful(): boolean {
    return this.#running.size > 0;
  }

  /** A firing is met once its token is there, and then nothing about it is unknown. */
  doubtOf(): undefined {
    return undefined;
  }

  guess(): Decision<UnitSettled> {
    throw bug("A plan guessed at a firing.", {});
  }

  runs({ node }: RunningStep): void {
    this.#running.add(node);
  }

  /** What was cut off gives no tokens, and makes room for the next. */
  endOf(draft: Draft & UnitEnd): Draft {
    const { value: _, ...rest } = draft;
    return { ...rest, state: "aborted" } as Draft;
  }

  settled(): void {}

  restored(): void {}

  aborted(): void {}

  asksFor({ key }: UnitSettled): boolean {
    return this.#spec.notes.verdictOf(key) !== undefined;
  }

  unreached(): readonly PlannedStep[] {
    if (!this.isDoubtful) return [];
    const [first] = this.#running;
    const because =
      this.#running.size === 1
        ? `it may follow ${first}, which runs`
        : `it may follow one of the ${this.#running.size} firings that run`;
    return this.#spec.records.flatMap((record): PlannedStep[] => {
      const { key, node, task, body } = record;
      const isToken = record.kind === "activation-settled" && record.activation === "token";
      if (isToken || body !== this.#spec.path || this.asksFor(record)) return [];
      return [{ key, node, task, verdict: "unknown", because }];
    });
  }
}
