/**
 * A key as an attempt has left it so far, and what its write rests on. Values are kept encoded, so that nothing that happens
 * to an object later reaches them.
 *
 *   set, delete        rests on nothing
 *   update             rests on the version that it read: on another one its functions are applied again
 *   set (fail)         rests on the version that was read last: on another one the attempt fails
 */
import type { SharedEntry, SharedWrite } from "@millrace/core";
import { MillraceError } from "@millrace/core/thread";
import { decoded, encodeShared } from "./shared-values.js";

/** Computes a value from the one before. */
export type Update = (current: unknown) => unknown;

/** A write that waits for its attempt's success. */
export interface PendingWrite extends SharedWrite {
  /** Undefined: it rests on nothing. */
  readonly version?: number;
  /** What led from that version to this value; undefined if another version makes it a conflict. */
  readonly updates?: readonly Update[];
}

/** The write after one more update. @throws what `update` throws, MillraceError `value-not-sendable`. */
export function updated(owner: string, before: PendingWrite, update: Update): PendingWrite {
  const value = encodeShared(owner, before.key, update(decoded(before)));
  return before.updates ? { ...before, value, updates: [...before.updates, update] } : { ...before, value };
}

/** The write on top of what others have committed meanwhile. @throws likewise, MillraceError `shared-conflict`. */
export function rebased(owner: string, { key, updates }: PendingWrite, now: SharedEntry): PendingWrite {
  if (!updates) {
    throw new MillraceError(
      "shared-conflict",
      `In ${owner}, shared key ${JSON.stringify(key)} is set, but somebody else has written it meanwhile.`,
      {
        hint: "Use this.shared.update(key, fn), order the steps, or give the task `retry`: the next attempt reads what is there then.",
        data: { key },
      },
    );
  }
  const value = updates.reduce((current, update) => update(current), decoded(now));
  return { key, version: now.version, updates, value: encodeShared(owner, key, value) };
}
