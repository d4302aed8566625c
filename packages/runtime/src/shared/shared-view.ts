/** The shared state of a run as its starter sees it: what is committed, to be read. */
import type { SharedView } from "../api/run.js";
import { decoded } from "../attempt/shared-values.js";
import type { RunShared } from "./run-shared.js";

/** Makes the view; `shared` gives the state of the run's present life. */
export function sharedView(shared: () => RunShared): SharedView {
  return {
    // What a key holds is what its writer says: SharedView ties the type to the key.
    get: async (key) => decoded(shared().entry(key)) as never,
    entries: async () =>
      shared()
        .entries()
        .map((entry) => [entry.key, decoded(entry)]),
  };
}
