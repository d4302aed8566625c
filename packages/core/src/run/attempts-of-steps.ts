/** The attempts of steps, read beside their records: failed ones leave a fact each, the last one is what its step's record says. */
import type { StepKey } from "../identity/brands.js";
import type { AttemptFailed, Fact, SettledFact, StoredBytes } from "./facts.js";

/** One attempt that has ended. Times are ms since 1970. */
export interface EndedAttempt {
  /** From 1. */
  readonly attempt: number;
  /** Null if it is not on record. */
  readonly startedAt: number | null;
  readonly endedAt: number;
  /** Why it did not succeed; absent if it did. */
  readonly error?: StoredBytes;
}

/** The fold. Of steps that have settled it holds nothing. */
export class AttemptsOfSteps {
  readonly #failed = new Map<StepKey, AttemptFailed[]>();

  /** Takes the next fact. */
  see(fact: Fact): void {
    if (fact.kind !== "attempt-failed") return;
    const failed = this.#failed.get(fact.key);
    if (failed) failed.push(fact);
    else this.#failed.set(fact.key, [fact]);
  }

  /** The attempts of a record that has just been seen, the last one included; they are forgotten. */
  settled(record: SettledFact): readonly EndedAttempt[] {
    const failed = this.#failed.get(record.key);
    const last = record.startedAt === undefined ? [] : [lastOf(record)];
    if (!failed) return last;
    this.#failed.delete(record.key);
    // What another code has tried, or what was given up, begins anew.
    const own = newest(
      failed.filter(({ identity, attempt }) => identity === record.identity && attempt <= record.attempts),
    );
    return own.at(-1)?.attempt === record.attempts ? own : [...own, ...last];
  }

  /** The attempts of a step without a record, by its key. */
  open(key: StepKey): readonly EndedAttempt[] {
    return newest(this.#failed.get(key) ?? []);
  }
}

/** One of each number, in order: the newest. */
function newest(failed: readonly AttemptFailed[]): readonly EndedAttempt[] {
  const byNumber = new Map(
    failed.map(({ attempt, startedAt, endedAt, error }) => [attempt, { attempt, startedAt, endedAt, error }]),
  );
  return [...byNumber.values()].sort((a, b) => a.attempt - b.attempt);
}

function lastOf({ attempts, startedAt, endedAt, error, ...more }: SettledFact): EndedAttempt {
  const own = "attemptStartedAt" in more ? more.attemptStartedAt : undefined;
  return {
    attempt: attempts,
    startedAt: (attempts === 1 ? startedAt : own) ?? null,
    endedAt,
    ...(error ? { error } : {}),
  };
}
