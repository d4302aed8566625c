/** A disk that fills up: SQLite's page limit stands in for it, set on the store's own connection. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesInMemory, type Fact, type RunId, systemClock } from "@millrace/core";
import { expect, it, onTestFinished } from "vitest";
import { ownerInfo } from "../../owner/process-identity.js";
import { ContentFiles } from "./content-files.js";
import type { Driver } from "./driver.js";
import { libsqlDriver } from "./libsql-driver.js";
import { nodeDriver } from "./node-driver.js";
import { openDatabase } from "./open-sqlite-store.js";
import { SqliteStore } from "./sqlite-store.js";

const drivers: Driver[] = [libsqlDriver()];
const ofNode = nodeDriver();
if (ofNode !== undefined) drivers.push(ofNode);

/** A run's start, then messages of 10 kB. */
function facts(from: number, to: number): Fact[] {
  return Array.from({ length: to - from + 1 }, (_, i): Fact => {
    const seq = from + i;
    const value = bytesInMemory(new Uint8Array(10_000));
    return seq === 1
      ? { kind: "run-started", seq, at: 0, flow: "F", build: "b" as never, seed: "", params: value }
      : { kind: "message", id: "m", seq, at: 0, name: "m", value };
  });
}

it.each(drivers.map((driver) => [driver.name, driver] as const))(
  "through %s, an append that does not fit writes nothing, and the store goes on when there is room",
  async (_, driver) => {
    const dir = mkdtempSync(join(tmpdir(), "millrace-full-"));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const file = join(dir, "state.db");
    const database = openDatabase({ driver, file, clock: systemClock });
    const content = new ContentFiles(join(dir, "content"));
    const store = new SqliteStore({ file, driver: driver.name, database, content, clock: systemClock });
    // Safe: a well-formed run id.
    const lease = await store.acquire("run-a" as RunId, ownerInfo("engine"));
    const count = async (): Promise<number> => {
      let read = 0;
      for await (const fact of store.read(lease.run)) expect(fact.seq).toBe(++read);
      return read;
    };

    await store.append([{ ...lease, facts: facts(1, 5) }]);
    database.exec("PRAGMA max_page_count = 60");
    await expect(store.append([{ ...lease, facts: facts(6, 200) }])).rejects.toMatchObject({
      code: "store-unusable",
      data: { file },
      hint: expect.stringContaining("space") as string,
    });
    expect(await count()).toBe(5);
    await store.append([{ ...lease, facts: facts(6, 7) }]);
    database.exec("PRAGMA max_page_count = 100000");
    await store.append([{ ...lease, facts: facts(8, 200) }]);
    expect(await count()).toBe(200);
    expect(await store.list()).toMatchObject([{ seq: 200 }]);
    await store.close();
  },
);
