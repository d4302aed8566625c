/** The columns that later versions rely on: epoch, order, codec and the reference of a content file, as they lie on the disk. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesInMemory, CODEC_MSGPACK, encodeValue, type Fact, type RunId } from "@millrace/core";
import { openSqliteStore, ownerInfo } from "@millrace/runtime";
import Database from "libsql";
import { expect, it } from "vitest";

it("keeps epoch, sequence, codec and content-file reference of every row", async () => {
  const dir = await mkdtemp(join(tmpdir(), "millrace-columns-"));
  const store = await openSqliteStore({ dir, driver: "libsql" });
  try {
    const run = "columns" as RunId;
    const { epoch } = await store.acquire(run, ownerInfo("test"));
    const started = { kind: "run-started", flow: "F", build: "b", params: bytesInMemory(encodeValue({})), seed: "s" };
    const large = bytesInMemory(encodeValue("x".repeat(300_000)));
    const ended = { kind: "run-ended", state: "succeeded", blamed: [], orphans: [], value: large };
    const suspended = { kind: "run-suspended", reason: "interrupt", message: "" };
    const facts = [started, suspended, ended].map((fact, i) => ({ ...fact, seq: i + 1, at: i }) as unknown as Fact);
    await store.append([{ run, epoch, facts }]);
    const database = new Database(join(dir, "state.db"));
    const tables = ["facts", "runs", "leases", "control"].map((table) => {
      const columns = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all([]) as { name: string }[];
      return `${table}: ${columns.map(({ name }) => name).join(" ")}`;
    });
    const rows = database.prepare("SELECT seq, epoch, codec, value_file FROM facts ORDER BY seq").all([]) as unknown[];
    database.close();
    expect(tables).toMatchInlineSnapshot(`
      [
        "facts: run seq epoch kind at key site node body task identity state source cause late attempts ready_at started_at ended_at meta codec params params_file value value_file error error_file",
        "runs: id run flow build state reason started_at updated_at seq",
        "leases: run epoch pid process_start boot host engine heartbeat_at",
        "control: id run kind name value at",
      ]
    `);
    expect(rows).toMatchObject([
      { seq: 1, epoch, codec: CODEC_MSGPACK, value_file: null },
      { seq: 2, epoch, codec: null, value_file: null },
      {
        seq: 3,
        epoch,
        codec: CODEC_MSGPACK,
        value_file: expect.stringMatching(new RegExp(`^[0-9a-f]{64}:${large.size}$`)),
      },
    ]);
  } finally {
    await store.close();
    await rm(dir, { recursive: true, force: true });
  }
});
