/** What has failed in a run of rules and was not handled: why the run fails at its end, and what a resume tries again. */
import { type Firing, type Following, MillraceError, type RunToken, type StepKey } from "@millrace/core";
import type { UnitSettled } from "../../steps/unit.js";

/** Names in the message; the data holds all. */
const SHOWN = 5;

/** One failure. */
interface Failure {
  /** Rule and token: `count[0]`. */
  readonly what: string;
  readonly message: string;
  readonly key?: StepKey;
}

/** Folds the failures of one body. */
export class RuleFailures {
  readonly #name: string;
  readonly #blamed = new Set<StepKey>();
  readonly #failures: Failure[] = [];
  readonly #unmatched: string[] = [];
  /** By the id of the error token that stands for it: it counts if no rule matches that. */
  readonly #handed = new Map<string, Failure>();

  constructor(name: string) {
    this.#name = name;
  }

  /** Keys of firings that a later life tries again. */
  get blamed(): readonly StepKey[] {
    return [...this.#blamed];
  }

  get failed(): boolean {
    return this.#failures.length > 0 || this.#unmatched.length > 0;
  }

  /** A firing was ended with its run. */
  cutOff({ key, state }: UnitSettled): void {
    if (state !== "succeeded") this.#blamed.add(key);
  }

  /** A firing has ended, and this follows. */
  over({ rule, token }: Firing, { key, state }: UnitSettled, { failure }: Following): void {
    if (!failure) return;
    const what = `${rule.name}[${token.id}]`;
    // What succeeded and gave what is no token would do so again.
    const failed = { what, message: failure.message, ...(state === "failed" ? { key } : {}) };
    if (failure.token) this.#handed.set(failure.token.id, failed);
    else this.#count(failed);
  }

  /** True for the token of a failure: no rule handles it, so that the run has failed. */
  stands({ id }: RunToken): boolean {
    const failure = this.#handed.get(id);
    if (failure) this.#count(failure);
    return failure !== undefined;
  }

  /** A token that no rule matches, in a set in which that is an error. */
  unmatched({ id }: RunToken): void {
    this.#unmatched.push(id);
  }

  /** The error of a run that has failed. */
  error(): MillraceError {
    const unmatched = this.#unmatched;
    if (this.#failures.length === 0) {
      const tokens = listed(unmatched);
      return new MillraceError("token-unmatched", `No rule of ${this.#name} matches ${tokens}.`, {
        hint: 'Write a rule for them, or let them go: unmatched: "ignore" or "dead-letter".',
        data: { rules: this.#name, tokens: unmatched },
      });
    }
    const [first] = this.#failures;
    const message =
      this.#failures.length === 1
        ? `${first?.what} of ${this.#name} failed: ${first?.message}`
        : `${this.#failures.length} firings of ${this.#name} failed: ${listed(this.#failures.map(({ what }) => what))}.`;
    return new MillraceError("firings-failed", message, {
      hint: "A resume tries what failed again. A rule whose filter is { _error: true } handles failures.",
      data: {
        rules: this.#name,
        failed: this.#failures.map(({ what, message: why }) => ({ firing: what, message: why })),
        unmatched,
      },
    });
  }

  #count(failure: Failure): void {
    this.#failures.push(failure);
    if (failure.key !== undefined) this.#blamed.add(failure.key);
  }
}

function listed(names: readonly string[]): string {
  const more = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : "";
  return names.slice(0, SHOWN).join(", ") + more;
}
