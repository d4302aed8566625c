/**
 * A RunStore over a checkpointer: a store in memory whose facts are one text under one name, written after each append. For one
 * process at a time: a checkpointer has no locks.
 */
import { randomUUID } from "node:crypto";
import {
  type CachedResult,
  type Checkpointer,
  type Clock,
  type ControlRequest,
  type Fact,
  type FactBatch,
  type Identity,
  isMillraceError,
  type Lease,
  MillraceError,
  type OwnerInfo,
  type RunId,
  type RunStore,
  type RunSummary,
  systemClock,
} from "@millrace/core";
import { isOwnerAlive, ownerInfo } from "../../owner/process-identity.js";
import { memoryStore } from "../memory/memory-store.js";
import { ownBytes } from "../own-bytes.js";
import { refuseUnbuilt } from "../refuse-unbuilt.js";
import { type CheckpointContents, factLine, readCheckpoint, writeCheckpoint } from "./checkpoint-text.js";
import { guarded } from "./guarded.js";

/** What the store is called, and what stays in it. */
export interface CheckpointStoreOptions {
  /** Name of the checkpoint. Stores with different names know nothing of each other. Default `millrace`. */
  readonly name?: string;
  /**
   * Keep runs that have succeeded. Default false: they leave the checkpoint, which is cleared with the last of them. This process knows
   * them until the store is closed.
   */
  readonly keepSucceeded?: boolean;
  /** Source of time. */
  readonly clock?: Clock;
}

/**
 * Opens the store with what the checkpoint holds. An append is on record when the checkpointer's write has resolved; appends that come
 * during a write share the next one. Each write has all facts: for jobs of some thousand steps, not for more.
 * @throws MillraceError `store-unusable` if the checkpointer fails, or another living process has the checkpoint; `store-corrupt`,
 * `store-too-new`.
 */
export async function storeFromCheckpointer(
  checkpointer: Checkpointer,
  options: CheckpointStoreOptions = {},
): Promise<RunStore> {
  const { name = "millrace", keepSucceeded = false, clock = systemClock } = options;
  const text = await guarded(name, "read", async () => {
    await checkpointer.open?.();
    return checkpointer.read(name);
  });
  const contents = text === undefined ? undefined : readCheckpoint(name, text);
  if (contents?.writer && isOwnerAlive(contents.writer, contents.at, clock.now())) throw inUse(name, contents.writer);
  const store = new CheckpointStore(checkpointer, { name, keepSucceeded, clock });
  if (contents) await store.restore(contents);
  return store;
}

class CheckpointStore implements RunStore {
  readonly name = "checkpoint";
  readonly #checkpointer: Checkpointer;
  readonly #options: Required<CheckpointStoreOptions>;
  readonly #inner: RunStore;
  readonly #lines = new Map<RunId, string[]>();
  readonly #succeeded = new Set<RunId>();
  readonly #scheduled = new Map<string, number>();
  readonly #me = ownerInfo(randomUUID());
  #writing: Promise<void> = Promise.resolve();
  /** The write that takes what comes while another one is under way. */
  #next: Promise<void> | undefined;
  #isWritten = false;
  #closing: Promise<void> | undefined;

  constructor(checkpointer: Checkpointer, options: Required<CheckpointStoreOptions>) {
    this.#checkpointer = checkpointer;
    this.#options = options;
    this.#inner = memoryStore({ clock: options.clock });
  }

  /** Takes over what a checkpoint holds; once, before all else. */
  async restore({ runs, scheduled }: CheckpointContents): Promise<void> {
    this.#isWritten = true;
    for (const [schedule, instant] of Object.entries(scheduled)) await this.#mark(schedule, instant);
    for (const [run, facts] of runs) {
      const lease = await this.#inner.acquire(run, this.#me);
      await this.#inner.append([{ ...lease, facts }]);
      await this.#inner.release([lease]);
      for (const fact of facts) this.#note(run, fact, factLine(run, fact));
    }
  }

  async append(batches: readonly FactBatch[]): Promise<void> {
    refuseUnbuilt(batches);
    // Before anything is changed: reading a value may fail.
    const own = batches.map((batch) => ({ ...batch, facts: batch.facts.map(ownBytes) }));
    const added = own.flatMap(({ run, facts }) => facts.map((fact) => ({ run, fact, line: factLine(run, fact) })));
    const loss = await this.#inner.append(own).then(() => undefined, ownershipLoss);
    const lost = new Set(loss?.data.runs as readonly RunId[] | undefined);
    for (const { run, fact, line } of added) if (!lost.has(run)) this.#note(run, fact, line);
    if (added.some(({ run }) => !lost.has(run))) await this.#save();
    if (loss) throw loss;
  }

  async remove(lease: Lease): Promise<void> {
    await this.#inner.remove(lease);
    this.#lines.delete(lease.run);
    this.#succeeded.delete(lease.run);
    await this.#save();
  }

  async markScheduled(schedule: string, instant: number): Promise<void> {
    await this.#mark(schedule, instant);
    await this.#save();
  }

  read(run: RunId): AsyncIterable<Fact> {
    return this.#inner.read(run);
  }

  cached(identity: Identity): Promise<CachedResult | undefined> {
    return this.#inner.cached(identity);
  }

  list(filter?: { readonly run?: RunId; readonly flow?: string }): Promise<readonly RunSummary[]> {
    return this.#inner.list(filter);
  }

  acquire(run: RunId, owner: OwnerInfo): Promise<Lease> {
    return this.#inner.acquire(run, owner);
  }

  heartbeat(leases: readonly Lease[]): Promise<void> {
    return this.#inner.heartbeat(leases);
  }

  release(leases: readonly Lease[]): Promise<void> {
    return this.#inner.release(leases);
  }

  request(request: Omit<ControlRequest, "id" | "at">): Promise<void> {
    return this.#inner.request(request);
  }

  takeRequests(leases: readonly Lease[]): Promise<readonly ControlRequest[]> {
    return this.#inner.takeRequests(leases);
  }

  scheduledUpTo(schedule: string): Promise<number | undefined> {
    return this.#inner.scheduledUpTo(schedule);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#inner.close();
    try {
      // A last write, without the writer's name: whoever opens the checkpoint next has it.
      if (this.#isWritten) await this.#save();
      else await this.#writing;
    } finally {
      await this.#checkpointer.close?.();
    }
  }

  #note(run: RunId, fact: Fact, line: string): void {
    const lines = this.#lines.get(run);
    if (lines) lines.push(line);
    else this.#lines.set(run, [line]);
    if (fact.kind === "run-ended" && fact.state === "succeeded") this.#succeeded.add(run);
  }

  async #mark(schedule: string, instant: number): Promise<void> {
    await this.#inner.markScheduled(schedule, instant);
    this.#scheduled.set(schedule, Math.max(instant, this.#scheduled.get(schedule) ?? instant));
  }

  /** Resolves when all that is there now has been written. */
  #save(): Promise<void> {
    this.#next ??= this.#writing
      .catch(() => {}) // Told to those who waited for it.
      .then(() => {
        this.#next = undefined;
        this.#writing = this.#write();
        return this.#writing;
      });
    return this.#next;
  }

  async #write(): Promise<void> {
    const { name, keepSucceeded, clock } = this.#options;
    const kept = [...this.#lines].filter(([run]) => keepSucceeded || !this.#succeeded.has(run));
    if (kept.length === 0 && this.#scheduled.size === 0) {
      if (this.#isWritten) await guarded(name, "clear", () => this.#checkpointer.clear(name));
      this.#isWritten = false;
      return;
    }
    const writer = this.#closing ? {} : { writer: this.#me };
    const scheduled = Object.fromEntries(this.#scheduled);
    const head = { ...writer, at: clock.now(), scheduled };
    const text = writeCheckpoint(
      head,
      kept.flatMap(([, lines]) => lines),
    );
    // Before the write: one that fails may have been made.
    this.#isWritten = true;
    await guarded(name, "write", () => this.#checkpointer.write(name, text));
  }
}

/** @throws what is no loss of ownership. */
function ownershipLoss(error: unknown): MillraceError {
  if (isMillraceError(error) && error.code === "ownership-lost") return error;
  throw error;
}

function inUse(name: string, { pid, host }: OwnerInfo): MillraceError {
  const who = pid === process.pid ? "another store of this process" : `process ${pid} on host "${host}"`;
  return new MillraceError("store-unusable", `The checkpoint "${name}" is in use by ${who}.`, {
    hint: "A checkpoint is for one process at a time: end that one, or give this store another name.",
    data: { checkpoint: name, pid, host },
  });
}
