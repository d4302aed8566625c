/**
 * What an attempt and the engine say to each other about the shared state of their run, whatever executor lies between them.
 * Bytes are encoded values (values/envelope.ts).
 *
 * Before an attempt that wrote something succeeds, it claims the keys. A claim is granted when no earlier one on any of them
 * is held; from then on nobody else writes them until the job has ended. So what the answer says is true at the commit.
 */

/** A key as it is committed. */
export interface SharedEntry {
  readonly key: string;
  /** Grows with every write of the key; 0 if it was never written. Comparable within one life of a run. */
  readonly version: number;
  /** Absent: there is no such key. */
  readonly value?: Uint8Array;
}

/** A key as an attempt leaves it. */
export interface SharedWrite {
  readonly key: string;
  /** Absent: the key is deleted. */
  readonly value?: Uint8Array;
}

/** A key that is about to be written. */
export interface SharedClaim {
  readonly key: string;
  /** The version that the write rests on; absent if it rests on none. */
  readonly version?: number;
}

/** A question of an attempt. */
export type SharedAsk =
  /** Answered with that entry. */
  | { readonly op: "get"; readonly key: string }
  /** Answered with all keys that have a value, sorted. */
  | { readonly op: "entries" }
  /** Committed at once, whatever becomes of the attempt; answered with nothing after the commit. */
  | { readonly op: "publish"; readonly key: string; readonly value: Uint8Array }
  /** Answered, once it is granted, with those entries whose version is another than the write rests on. */
  | { readonly op: "claim"; readonly keys: readonly SharedClaim[] };

/** The answer. */
export type SharedAnswer =
  | { readonly type: "entries"; readonly entries: readonly SharedEntry[] }
  /** It cannot be answered: what is stored cannot be read. */
  | { readonly type: "refused"; readonly error: Uint8Array };
