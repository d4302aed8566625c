/** `this.shared`: values that the steps of one run share. Implemented where the code runs: beside an attempt, or beside a body. */

/**
 * Keys of shared state and the types of their values. Empty here: augment it, and keys are checked and completed; keys that it
 * does not list are `unknown`.
 *
 * ```ts
 * declare module "millrace" {
 *   interface SharedState { visited: Set<string>; failures: number }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface SharedState {}

/** Any text; declared keys are offered. */
export type SharedKey = (keyof SharedState & string) | (string & Record<never, never>);

/** What a key holds: its declared type, else `unknown`. */
export type SharedValue<K extends SharedKey> = K extends keyof SharedState ? SharedState[K] : unknown;

/** A key with its value, whose type the key tells. */
export type SharedPair = readonly [key: string, value: unknown];

/**
 * The shared state of one run, its sub-flows included, as its code sees it. Values are copies: what is got may be changed
 * without effect on others.
 *
 * - In a **task**, writes are seen by the attempt itself at once, by others when the attempt has succeeded: all of them, in the
 *   transaction of its record. Those of an attempt that fails or is aborted vanish.
 * - In a **flow**, a write is on record before it is delivered, and what a use gave is given again on every resume.
 *
 * Rejects with a MillraceError: `shared-misuse` (no key, too late), `value-not-sendable` with its path, or what a stop gave.
 */
export interface Shared {
  /** The value of a key, undefined if there is none. */
  get<K extends SharedKey>(key: K): Promise<SharedValue<K> | undefined>;
  /** True if the key has a value, be it undefined. */
  has(key: SharedKey): Promise<boolean>;
  /** All keys with their values, sorted by key. */
  entries(): Promise<SharedPair[]>;
  /** Gives the key a value, whatever it was. Of several that write it, the last one to commit wins. */
  set<K extends SharedKey>(key: K, value: SharedValue<K>): Promise<void>;
  /**
   * Computes the value from the one before; no update is lost. `fn` is synchronous and does nothing else: if others have
   * written the key when an attempt comes to its commit, it is applied again, to what they wrote. Gives the value for now.
   */
  update<K extends SharedKey>(
    key: K,
    fn: (current: SharedValue<K> | undefined) => SharedValue<K>,
  ): Promise<SharedValue<K>>;
  /** Takes the key away, if it is there. */
  delete(key: SharedKey): Promise<void>;
  /** As `set`, but at once and for good: others see it when this resolves, whatever becomes of the step that wrote it. */
  publish<K extends SharedKey>(key: K, value: SharedValue<K>): Promise<void>;
}

/** How a task sets a key. */
export interface SetOptions {
  /**
   * `last`: it is written, whatever it was. `fail`: the attempt fails with `shared-conflict` if somebody else has written it
   * since this attempt last read it, or, if it never did, since this call. Default `last`.
   */
  readonly onConflict?: "last" | "fail";
}

/** Shared state as a task sees it. */
export interface TaskShared extends Shared {
  /** Gives the key a value. */
  set<K extends SharedKey>(key: K, value: SharedValue<K>, options?: SetOptions): Promise<void>;
}
