/**
 * Results of cached steps, shared across runs by identity. The store keeps them; this decides who asks it and who runs. Of equal
 * steps in one engine one runs, and the others wait for what comes of it: if it fails, the next one runs.
 */
import type { CachedResult, Clock, Identity, RunStore } from "@millrace/core";

/** A step that wants a result. */
export interface CacheQuery {
  readonly identity: Identity;
  /** How old a result may be, ms. */
  readonly ttlMs: number;
  /** Called once: with a result's bytes, or with nothing if the step is the one to run. */
  readonly found: (value: Uint8Array | undefined) => void;
}

interface Seeker extends CacheQuery {
  left: boolean;
}

/** A result that is shared. */
export interface SharedResult {
  /** When the step ended that made it, ms since 1970. */
  readonly at: number;
  readonly value: Uint8Array;
}

/** The cache of one engine. */
export class ResultCache {
  readonly #store: Pick<RunStore, "cached">;
  readonly #clock: Clock;
  /** Those that wait for the one that asks or runs. */
  readonly #waiting = new Map<Identity, Seeker[]>();
  /** Those whose turn it is. */
  readonly #leaders = new Set<Seeker>();

  constructor(store: Pick<RunStore, "cached">, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Looks for a result. What is returned has to be called when the step is over, or does not want one any more. */
  seek(query: CacheQuery): () => void {
    const seeker: Seeker = { ...query, left: false };
    const waiting = this.#waiting.get(query.identity);
    if (waiting) waiting.push(seeker);
    else {
      this.#waiting.set(query.identity, []);
      void this.#ask(seeker);
    }
    return () => {
      if (seeker.left) return;
      seeker.left = true;
      if (this.#leaders.delete(seeker)) this.#handOver(query.identity, undefined);
    };
  }

  /** What is there now, without the wish to run. */
  async look(identity: Identity, ttlMs: number): Promise<SharedResult | undefined> {
    const entry = await this.#read(identity);
    return entry && this.#isFresh(entry, ttlMs) ? entry : undefined;
  }

  async #ask(seeker: Seeker): Promise<void> {
    const { identity, found } = seeker;
    this.#leaders.add(seeker);
    const entry = await this.#read(identity);
    if (seeker.left) return;
    if (!entry || !this.#isFresh(entry, seeker.ttlMs)) return found(undefined);
    this.#leaders.delete(seeker);
    this.#handOver(identity, entry);
    found(entry.value);
  }

  /** Gives those that wait what there is; of those that it does not serve, the first is the next to ask. */
  #handOver(identity: Identity, entry: SharedResult | undefined): void {
    const left = (this.#waiting.get(identity) ?? []).filter((seeker) => !seeker.left);
    const served: Seeker[] = [];
    const unserved: Seeker[] = [];
    for (const seeker of left) (entry && this.#isFresh(entry, seeker.ttlMs) ? served : unserved).push(seeker);
    const [next, ...others] = unserved;
    if (next) this.#waiting.set(identity, others);
    else this.#waiting.delete(identity);
    for (const seeker of served) seeker.found(entry?.value);
    if (next) void this.#ask(next);
  }

  #isFresh({ at }: SharedResult, ttlMs: number): boolean {
    return this.#clock.now() < at + ttlMs;
  }

  /** What cannot be read is as good as missing: the step runs, and what it gives takes its place. */
  async #read(identity: Identity): Promise<SharedResult | undefined> {
    try {
      const result: CachedResult | undefined = await this.#store.cached(identity);
      return result && { at: result.at, value: result.value.read() };
    } catch {
      return undefined;
    }
  }
}
