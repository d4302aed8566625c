/** The keys of shared state in the manifest's entry of a task. */
import type { SharedKeys } from "@millrace/core";
import type { SharedCall } from "../calls/shared-calls.js";

/** Makes the entry's part. */
export function sharedKeys(uses: readonly SharedCall[]): SharedKeys {
  const keysOf = (some: readonly SharedCall[]): readonly string[] =>
    [...new Set(some.flatMap(({ keys = [] }) => keys))].sort();
  const dynamic = uses.some(({ keys }) => keys === undefined);
  return {
    reads: keysOf(uses.filter(({ reads }) => reads)),
    writes: keysOf(uses.filter(({ writes }) => writes)),
    ...(dynamic ? { dynamic: true } : {}),
  };
}
