/**
 * `this.shared` of one attempt. Reads ask the engine for what is committed; writes wait here, seen by the attempt alone, until
 * it hands them over with its success. Used where attempts run; it never sees a store.
 *
 *   open ──handOver──▶ handed over ──end──▶ ended       open: reads and writes
 *     └──────drop────▶ dropped ───────end─────▲         dropped: the attempt will not succeed; it may read and publish
 */
import type { MillraceError, SharedAnswer, SharedAsk, SharedEntry, SharedWrite } from "@millrace/core";
import { decodeError } from "@millrace/core/thread";
import type { SetOptions, SharedPair, TaskShared } from "@millrace/sdk";
import type { JobNames } from "./outcome.js";
import { type PendingWrite, rebased, type Update, updated } from "./pending-write.js";
import { checkSharedKey, decoded, encodeShared, sharedMisuse } from "./shared-values.js";

interface Asked {
  resolve(entries: readonly SharedEntry[]): void;
  reject(error: Error): void;
}

const TOO_LATE = {
  "handed over": {
    what: "writes shared state when its success is decided",
    hint: "Write in run or onSuccess: onDestroy is too late.",
  },
  dropped: {
    what: "is past its work or told to stop, so that what it writes now would be lost",
    hint: "Write in run or onSuccess; what others are to know of a failure can be published: this.shared.publish(key, value).",
  },
  ended: {
    what: "has ended and uses shared state",
    hint: "Await everything that the task begins before it returns.",
  },
} as const;

/** The shared state of one attempt. */
export class AttemptShared implements TaskShared {
  readonly #job: JobNames;
  readonly #send: (request: number, ask: SharedAsk) => void;
  readonly #owner: string;
  readonly #writes = new Map<string, PendingWrite>();
  /** Versions of what was read last. */
  readonly #seen = new Map<string, number>();
  readonly #asked = new Map<number, Asked>();
  /** End of the newest use of each key: uses of one key take effect in the order of their calls, awaited or not. */
  readonly #lines = new Map<string, Promise<void>>();
  #requests = 0;
  #state: "open" | keyof typeof TOO_LATE = "open";

  /** @param send Asks the engine, which calls `answer`. */
  constructor(job: JobNames, send: (request: number, ask: SharedAsk) => void) {
    this.#job = job;
    this.#send = send;
    this.#owner = `task ${job.task} (step ${job.key})`;
  }

  get(key: string): Promise<never> {
    // What a key holds is what its writer says: TaskShared ties the type to the key.
    return this.#use(key, async () => decoded(this.#writes.get(key) ?? (await this.#committed(key))) as never);
  }

  has(key: string): Promise<boolean> {
    return this.#use(key, async () => (this.#writes.get(key) ?? (await this.#committed(key))).value !== undefined);
  }

  async entries(): Promise<SharedPair[]> {
    await this.#settled();
    const found = new Map<string, Pick<SharedWrite, "value">>();
    for (const entry of await this.#ask({ op: "entries" })) {
      this.#seen.set(entry.key, entry.version);
      found.set(entry.key, entry);
    }
    for (const [key, write] of this.#writes) found.set(key, write);
    const there = [...found].filter(([, { value }]) => value !== undefined);
    return there.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, entry]) => [key, decoded(entry)]);
  }

  async set(key: string, value: unknown, { onConflict = "last" }: SetOptions = {}): Promise<void> {
    checkSharedKey(this.#owner, key);
    if (onConflict !== "last" && onConflict !== "fail") throw unknownPolicy(this.#owner, key, onConflict);
    // Now, not when its turn comes: the caller may go on to change it.
    const bytes = encodeShared(this.#owner, key, value);
    await this.#write(key, async () => {
      if (onConflict === "last") return { key, value: bytes };
      const version = this.#writes.get(key)?.version ?? this.#seen.get(key) ?? (await this.#committed(key)).version;
      return { key, value: bytes, version };
    });
  }

  async update(key: string, update: (current: never) => unknown): Promise<never> {
    const write = await this.#write(key, async () => {
      const before = this.#writes.get(key) ?? { ...(await this.#committed(key)), updates: [] };
      return updated(this.#owner, before, update as Update); // as in `get`
    });
    return decoded(write) as never; // likewise
  }

  async delete(key: string): Promise<void> {
    await this.#write(key, async () => ({ key }));
  }

  async publish(key: string, value: unknown): Promise<void> {
    checkSharedKey(this.#owner, key);
    const bytes = encodeShared(this.#owner, key, value);
    await this.#use(key, async () => {
      if (this.#state === "handed over") throw this.#tooLate(this.#state);
      await this.#ask({ op: "publish", key, value: bytes });
    });
  }

  /**
   * What is to be committed with the attempt's success; later writes are refused. Waits for uses that nobody has awaited and
   * for the claims, and applies updates again where others were faster.
   */
  async handOver(): Promise<readonly SharedWrite[]> {
    await this.#settled();
    if (this.#state !== "open") return [];
    this.#state = "handed over";
    if (this.#writes.size === 0) return [];
    const claims = [...this.#writes.values()];
    const keys = claims.map(({ key, version }) => ({ key, ...(version === undefined ? {} : { version }) }));
    for (const now of await this.#ask({ op: "claim", keys })) {
      const write = this.#writes.get(now.key);
      if (write) this.#writes.set(now.key, rebased(this.#owner, write, now));
    }
    return [...this.#writes.values()].map(({ key, value }) => ({ key, ...(value === undefined ? {} : { value }) }));
  }

  /** The attempt will not succeed: its writes vanish. With the reason of a stop, what waits here rejects with it. */
  drop(stopped?: Error): void {
    this.#state = "dropped";
    this.#writes.clear();
    if (stopped) this.#rejectAll(stopped);
  }

  /** Nothing is asked any more. */
  end(): void {
    this.#state = "ended";
    this.#rejectAll(this.#tooLate(this.#state));
  }

  /** The engine answers. */
  answer(request: number, answer: SharedAnswer): void {
    const asked = this.#asked.get(request);
    this.#asked.delete(request);
    if (answer.type === "entries") asked?.resolve(answer.entries);
    else asked?.reject(decodeError(answer.error));
  }

  async #committed(key: string): Promise<SharedEntry> {
    const [entry = { key, version: 0 }] = await this.#ask({ op: "get", key });
    this.#seen.set(key, entry.version);
    return entry;
  }

  #write(key: string, make: () => Promise<PendingWrite>): Promise<PendingWrite> {
    return this.#use(key, async () => {
      const write = await make();
      // Asked afterwards: it may have been stopped meanwhile.
      if (this.#state !== "open") throw this.#tooLate(this.#state);
      this.#writes.set(key, write);
      return write;
    });
  }

  /** Runs a use behind those of the same key that were called before it; at once if there are none. */
  async #use<T>(key: string, use: () => Promise<T>): Promise<T> {
    checkSharedKey(this.#owner, key);
    const before = this.#lines.get(key);
    const running = before ? before.then(use) : use();
    const over = running.then(nothing, nothing);
    this.#lines.set(key, over);
    try {
      return await running;
    } finally {
      if (this.#lines.get(key) === over) this.#lines.delete(key);
    }
  }

  /** Resolves when no use is under way. */
  async #settled(): Promise<void> {
    while (this.#lines.size > 0) await Promise.all(this.#lines.values());
  }

  #ask(ask: SharedAsk): Promise<readonly SharedEntry[]> {
    if (this.#state === "ended") return Promise.reject(this.#tooLate(this.#state));
    this.#requests += 1;
    const request = this.#requests;
    return new Promise((resolve, reject) => {
      this.#asked.set(request, { resolve, reject });
      this.#send(request, ask);
    });
  }

  #rejectAll(error: Error): void {
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { reject } of asked) reject(error);
  }

  #tooLate(state: keyof typeof TOO_LATE): MillraceError {
    const { task, key: step, attempt } = this.#job;
    const { what, hint } = TOO_LATE[state];
    return sharedMisuse(`Task ${task} (step ${step}) ${what}.`, { hint, data: { task, step, attempt } });
  }
}

function nothing(): void {}

function unknownPolicy(owner: string, key: string, policy: unknown): MillraceError {
  return sharedMisuse(`In ${owner}, ${JSON.stringify(key)} is set with an unknown onConflict: ${String(policy)}.`, {
    hint: 'It is "last" or "fail".',
    data: { key },
  });
}
