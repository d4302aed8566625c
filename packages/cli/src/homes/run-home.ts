/** A place where runs are kept, as commands see it: looked at without having it, opened when something is to be changed. */
import type { RunStore } from "@millrace/core";
import type { RunReader } from "@millrace/runtime";

/** A home. */
export interface RunHome {
  readonly runs: RunReader;
  /** The store itself. @throws MillraceError `store-unusable` if a living process has it for itself. */
  open(): Promise<RunStore>;
  close(): Promise<void>;
}

/** The home that a store is which many processes use at once. */
export function sharedHome(store: RunStore): RunHome {
  return { runs: store, open: async () => store, close: () => store.close() };
}

/** The home that a checkpoint is. `open` makes its store; it is made once. */
export function checkpointHome(runs: RunReader, open: () => Promise<RunStore>): RunHome {
  let opened: Promise<RunStore> | undefined;
  return {
    runs,
    open: () => {
      opened ??= open();
      return opened;
    },
    close: async () => {
      // One that could not be opened has been told to whoever asked for it.
      const store = await opened?.catch(() => undefined);
      await store?.close();
    },
  };
}
