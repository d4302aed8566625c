/**
 * The shared state of one run, as it is committed, and the one way to write it. Lives on the main thread; attempts reach it
 * through their steps, bodies through the flow driver. It is a fold of the run's `shared-commit` facts.
 */
import { bytesInMemory, type SharedEntry, type SharedWrite, type StepKey, type StoredBytes } from "@millrace/core";
import type { Draft, RunHost } from "../steps/unit.js";
import { KeyClaims } from "./key-claims.js";

/** A key that was written once. */
interface Slot {
  readonly version: number;
  readonly value: StoredBytes | undefined;
}

const UNWRITTEN: Slot = { version: 0, value: undefined };

/** Shared state of one run. */
export class RunShared {
  readonly claims: KeyClaims = new KeyClaims();
  readonly #slots = new Map<string, Slot>();
  #version = 0;

  /** @param recorded What earlier lives of the run have left. */
  constructor(recorded: ReadonlyMap<string, StoredBytes>) {
    for (const [key, value] of recorded) this.#write(key, value);
  }

  /** One key as it is committed. */
  entry(key: string): SharedEntry {
    const { version, value } = this.#slots.get(key) ?? UNWRITTEN;
    return { key, version, ...(value === undefined ? {} : { value: value.read() }) };
  }

  /** All keys that have a value, sorted. */
  entries(): readonly SharedEntry[] {
    const keys = [...this.#slots].flatMap(([key, { value }]) => (value === undefined ? [] : [key]));
    return keys.sort().map((key) => this.entry(key));
  }

  /** True if the key has been written since that version. */
  isNewer(key: string, version: number): boolean {
    return (this.#slots.get(key) ?? UNWRITTEN).version !== version;
  }

  /** Takes in what has been committed, in the order of the commits. */
  commit(writes: readonly SharedWrite[]): void {
    for (const { key, value } of writes) this.#write(key, value && bytesInMemory(value));
  }

  /**
   * Commits a write by itself, once nobody has a claim on its key; then calls `done`.
   * What is returned takes it back as long as it waits for that.
   */
  publish(by: StepKey, write: SharedWrite, { append }: Pick<RunHost, "append">, done: () => void): () => void {
    let begun = false;
    const giveUp = this.claims.take([write.key], () => {
      begun = true;
      append(commitFact(by, write), () => {
        this.commit([write]);
        giveUp();
        done();
      });
    });
    return () => {
      if (!begun) giveUp();
    };
  }

  #write(key: string, value: StoredBytes | undefined): void {
    this.#version += 1;
    this.#slots.set(key, { version: this.#version, value });
  }
}

/** The fact of a write. `by`: the step that wrote, or the use by a body. */
export function commitFact(by: StepKey, { key: name, value }: SharedWrite): Draft {
  return { kind: "shared-commit", key: by, name, ...(value === undefined ? {} : { value: bytesInMemory(value) }) };
}
