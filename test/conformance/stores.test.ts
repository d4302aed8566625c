/** The conformance of the stores that Millrace brings along. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileCheckpointer, memoryStore, openSqliteStore, storeFromCheckpointer } from "@millrace/runtime";
import { runStoreConformance, type StoreHome } from "@millrace/testing/conformance";

runStoreConformance("memory", {
  durable: false,
  make: async () => ({ open: async (clock) => memoryStore({ clock }), remove: async () => {} }),
});

for (const driver of ["node", "libsql"] as const) {
  runStoreConformance(`sqlite through ${driver}`, {
    durable: true,
    skip: driver === "node" && process.getBuiltinModule("node:sqlite") === undefined,
    make: async (): Promise<StoreHome> => {
      const dir = await mkdtemp(join(tmpdir(), "millrace-store-"));
      return {
        open: (clock) => openSqliteStore({ dir, clock, driver }),
        remove: () => rm(dir, { recursive: true }),
      };
    },
  });
}

// Not shared: of its checkpoint a process has the whole, and no other process may open it meanwhile.
runStoreConformance("checkpointer in files", {
  durable: true,
  shared: false,
  make: async (): Promise<StoreHome> => {
    const dir = await mkdtemp(join(tmpdir(), "millrace-checkpoint-"));
    return {
      open: (clock) => storeFromCheckpointer(fileCheckpointer(dir), { clock }),
      remove: () => rm(dir, { recursive: true }),
    };
  },
});
