/**
 * Group commit: facts of all runs that arrive in one turn of the event loop are committed together, and whoever
 * appended them is called back after the commit, in order. While a commit is under way the next group gathers.
 */
import { type Fact, type FactBatch, isMillraceError, type Lease, type RunStore } from "@millrace/core";
import { failpoints } from "../failpoints/failpoint.js";

/** Facts that are committed together. */
export interface Commit {
  readonly lease: Lease;
  readonly facts: readonly Fact[];
  /** Somebody waits for it: it goes with this turn of the event loop. Others may gather for some milliseconds. */
  readonly urgent: boolean;
  /** Called once the facts are durable, or with the reason why they are not. */
  readonly done: (error: Error | undefined) => void;
}

/** How long facts gather that nobody waits for, ms, and how many at most. */
const GATHER_MS = 10;
const GATHER_MOST = 1_000;

/** The one door through which facts reach the store. */
export class Committer {
  readonly #store: RunStore;
  #queue: Commit[] = [];
  #busy = false;
  #scheduled = false;
  #gathering: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];

  constructor(store: RunStore) {
    this.#store = store;
  }

  /** Queues facts behind all that came before. */
  append(commit: Commit): void {
    this.#queue.push(commit);
    if (commit.urgent || this.#queue.length >= GATHER_MOST) this.#soon();
    else if (!this.#scheduled && !this.#busy) this.#gathering ??= setTimeout(() => void this.#flush(), GATHER_MS);
  }

  /** Resolves when everything queued so far has been committed or refused. */
  drained(): Promise<void> {
    if (this.#queue.length === 0 && !this.#busy) return Promise.resolve();
    this.#soon();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #soon(): void {
    if (this.#scheduled || this.#busy) return;
    this.#scheduled = true;
    setImmediate(() => void this.#flush());
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    // A timer and an immediate may both have come.
    if (this.#busy) return;
    this.#scheduled = false;
    this.#busy = true;
    while (this.#queue.length > 0) {
      const group = this.#queue;
      this.#queue = [];
      const refused = await this.#commit(group);
      for (const entry of group) {
        const refusal = refused(entry);
        if (!refusal) failpoints("after-commit", entry.facts);
        entry.done(refusal);
      }
    }
    this.#busy = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #commit(group: readonly Commit[]): Promise<(entry: Commit) => Error | undefined> {
    for (const { facts } of group) failpoints("before-commit", facts);
    try {
      await this.#store.append(batchesOf(group));
      return () => undefined;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      // A lost lease refuses that run alone; the other runs of the group are committed.
      const lost = isMillraceError(error) && error.code === "ownership-lost" ? lostRuns(error.data) : undefined;
      return (entry) => (lost === undefined || lost.has(entry.lease.run) ? error : undefined);
    }
  }
}

function lostRuns(data: Readonly<Record<string, unknown>>): ReadonlySet<unknown> {
  return new Set(Array.isArray(data.runs) ? data.runs : [data.run]);
}

function batchesOf(group: readonly Commit[]): FactBatch[] {
  const facts = new Map<Lease, Fact[]>();
  for (const entry of group) {
    const list = facts.get(entry.lease) ?? [];
    list.push(...entry.facts);
    facts.set(entry.lease, list);
  }
  return [...facts].map(([lease, list]) => ({ run: lease.run, epoch: lease.epoch, facts: list }));
}
