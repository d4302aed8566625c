/** A run's past, as its bodies ask for it: what is on record, and how far its order and its keys can be relied on. */
import type { ActivationPath, StepKey } from "@millrace/core";
import type { UnitSettled } from "../steps/unit.js";
import { type RunRecord, recordsWithin } from "./run-record.js";

/** The past of one run; empty for a new one. */
export class RunPast {
  readonly #record: RunRecord | undefined;
  readonly #codeChanged: boolean;
  /** This life may meet another body than the one recorded. */
  readonly #loose: boolean;

  /**
   * @param codeChanged The code differs from the build that wrote the record.
   * @param accepted The user accepts that a replay diverges.
   */
  constructor(record: RunRecord | undefined, codeChanged: boolean, accepted: boolean) {
    this.#record = record;
    this.#codeChanged = codeChanged;
    this.#loose = codeChanged || accepted || (record?.dropped.length ?? 0) > 0;
  }

  /** Units on record. */
  get size(): number {
    let n = 0;
    for (const records of this.#record?.bodies.values() ?? []) n += records.length;
    return n;
  }

  /** What is on record for a body, in the order of its delivery. */
  recordsOf(path: ActivationPath): readonly UnitSettled[] {
    return this.#record?.bodies.get(path) ?? [];
  }

  /** What stands inside a settled activation, at any depth. */
  within(record: UnitSettled): readonly UnitSettled[] {
    return record.kind === "activation-settled" && this.#record ? recordsWithin(this.#record, record.key) : [];
  }

  /** The record was made for this very body, so its place in the order binds. */
  firm(record: UnitSettled): boolean {
    return !this.#loose && record.seq > (this.#record?.looseUpTo ?? 0);
  }

  /** The record was made by other code, so its key may have moved. */
  movable(record: UnitSettled): boolean {
    return this.#codeChanged || record.seq <= (this.#record?.changedUpTo ?? 0);
  }

  /** Failed attempts on record of a step that is not settled. */
  failedAttempts(key: StepKey): number {
    return this.#record?.failedAttempts.get(key) ?? 0;
  }

  /** The step's last record was a failure that is tried again. */
  restarted(key: StepKey): boolean {
    return this.#record?.restarted.has(key) ?? false;
  }
}
