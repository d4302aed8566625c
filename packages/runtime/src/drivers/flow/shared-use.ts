/**
 * One use of shared state by a body: a unit as steps are, so that it is delivered in order and given again on a resume, and
 * committed together with what it writes. Observers and views do not count it as a step.
 */
import {
  bytesInMemory,
  encodeError,
  type SettledState,
  type SharedEntry,
  type SharedWrite,
  type StoredBytes,
} from "@millrace/core";
import { asError } from "../../attempt/outcome.js";
import { latch } from "../../runs/latch.js";
import { commitFact, type RunShared } from "../../shared/run-shared.js";
import type { Unit, UnitSettled } from "../../steps/unit.js";
import type { MainUnitSpec } from "./main-unit.js";

/** What a use does. */
export interface SharedOperation {
  /** Its key; undefined if it is about all of them. */
  readonly key: string | undefined;
  /** It needs what is there. */
  readonly reads: boolean;
  /** It writes its key: nobody else may until it is committed. */
  readonly writes: boolean;
  /** Runs it over what was found. @throws what the author's code throws: the use fails with it. */
  run(found: readonly SharedEntry[]): SharedResult;
}

/** What comes of a use. */
export interface SharedResult {
  /** What its caller gets, encoded. */
  readonly value?: Uint8Array | undefined;
  readonly write?: SharedWrite;
}

/** What it belongs to. */
export interface SharedUseSpec extends MainUnitSpec {
  readonly shared: RunShared;
  /** What the store holds cannot be read. */
  lose(error: Error): void;
}

/** One use. */
export class SharedUse implements Unit {
  readonly #spec: SharedUseSpec;
  readonly #operation: SharedOperation;
  readonly #gone = latch();
  #startedAt = 0;
  #giveUp = (): void => {};

  constructor(spec: SharedUseSpec, operation: SharedOperation) {
    this.#spec = spec;
    this.#operation = operation;
  }

  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  start(): void {
    const { shared, host } = this.#spec;
    const { key, writes } = this.#operation;
    this.#startedAt = host.clock.now();
    if (writes && key !== undefined) this.#giveUp = shared.claims.take([key], () => this.#run());
    else this.#run();
  }

  /** It ends by itself: all that it waits for are a commit and, before it, those of others on its key. */
  abort(): void {}

  standing(): string {
    return `${this.#spec.place.node} (waits for its commit)`;
  }

  #run(): void {
    const { shared, lose } = this.#spec;
    const { key, reads } = this.#operation;
    let found: readonly SharedEntry[] = [];
    try {
      if (reads) found = key === undefined ? shared.entries() : [shared.entry(key)];
    } catch (error) {
      // Not what the body did wrong: one that saw it might go another way for good.
      return lose(asError(error));
    }
    try {
      const { value, write } = this.#operation.run(found);
      this.#settle("succeeded", value === undefined ? {} : { value: bytesInMemory(value) }, write);
    } catch (error) {
      this.#settle("failed", { error: bytesInMemory(encodeError(error)) });
    }
  }

  #settle(state: SettledState, outcome: { value?: StoredBytes; error?: StoredBytes }, write?: SharedWrite): void {
    const { place, host, shared, onSettled } = this.#spec;
    const fact = {
      kind: "shared-used" as const,
      ...place,
      state,
      source: "ran" as const,
      attempts: 1,
      readyAt: this.#startedAt,
      startedAt: this.#startedAt,
      endedAt: host.clock.now(),
      ...outcome,
    };
    const writes = write ? [write] : [];
    const committed = (used: unknown): void => {
      shared.commit(writes);
      this.#giveUp();
      // append hands back the very fact it was given, with its place in the order.
      onSettled(used as UnitSettled);
      this.#gone.resolve();
    };
    host.append(
      fact,
      committed,
      writes.map((each) => commitFact(place.key, each)),
    );
  }
}
