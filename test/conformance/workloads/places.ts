/** Executors and stores of the matrix, by name. */
import { join } from "node:path";
import type { Executor, RunStore } from "@millrace/core";
import {
  fileCheckpointer,
  inlineExecutor,
  memoryStore,
  openSqliteStore,
  type SpawnedJob,
  type Spawner,
  spawnExecutor,
  storeFromCheckpointer,
  threadExecutor,
} from "@millrace/runtime";
import { WORK } from "./project/src/work.js";

/** A place of one's own for tasks: it does what they do, and loads none of their code. */
export class OwnPlace implements Spawner {
  readonly maxConcurrency = 4;

  spawn({ task, params, attempt }: SpawnedJob): unknown {
    // The matrix has no other tasks, and each is given its own parameters.
    const work = WORK[task as keyof typeof WORK] as (params: object, attempt: number) => unknown;
    return work(params, attempt);
  }
}

export const EXECUTORS: Readonly<Record<string, () => Executor>> = {
  threads: () => threadExecutor({ threads: 2 }),
  inline: () => inlineExecutor(),
  "spawner of one's own": () => spawnExecutor(new OwnPlace()),
};

/** Given a folder of their own. */
export const STORES: Readonly<Record<string, (folder: string) => RunStore | Promise<RunStore>>> = {
  memory: () => memoryStore(),
  SQLite: (dir) => openSqliteStore({ dir }),
  "SQLite (libsql)": (dir) => openSqliteStore({ dir, driver: "libsql" }),
  checkpointer: (dir) => storeFromCheckpointer(fileCheckpointer(join(dir, "checkpoints")), { keepSucceeded: true }),
};
