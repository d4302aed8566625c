/** Opening a store: what is set at every open, and what happens to files that are damaged, newer, or somebody else's. */
import { mkdir, open, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isMillraceError, type MillraceError, type RunId } from "@millrace/core";
import { openSqliteStore, ownerInfo } from "@millrace/runtime";
import { runStartedFact, stepSettledFact } from "@millrace/testing/conformance";
import { describe, expect, it } from "vitest";
import { DRIVERS, temporaryFolder } from "./drivers.js";

// Safe: a well-formed run id.
const RUN = "run-a" as RunId;

async function refusal(opening: Promise<unknown>): Promise<MillraceError> {
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isMillraceError(error)) throw new Error(`expected a refusal, got ${String(error)}`);
  expect(error.hint).toBeTruthy();
  return error;
}

/** Overwrites bytes of a file. */
async function scribble(file: string, at: number, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, "r+");
  await handle.write(bytes, 0, bytes.byteLength, at);
  await handle.close();
}

describe.each(DRIVERS)("opening through %s", (driver) => {
  /** A closed store with one run of many rows. */
  async function recordedStore(): Promise<{ dir: string; file: string }> {
    const dir = await temporaryFolder();
    const store = await openSqliteStore({ dir, driver });
    const lease = await store.acquire(RUN, ownerInfo("engine"));
    const facts = [runStartedFact(), ...Array.from({ length: 200 }, (_, i) => stepSettledFact(i + 2))];
    await store.append([{ ...lease, facts }]);
    await store.close();
    return { dir, file: join(dir, "state.db") };
  }

  it("sets WAL and synchronous = FULL on a new file and on one that is opened again", async () => {
    const dir = await temporaryFolder();
    for (let time = 0; time < 2; time += 1) {
      const store = await openSqliteStore({ dir, driver });
      expect(store.describe()).toMatchObject({ driver, journalMode: "wal", synchronous: 2 });
      expect(store.describe().file).toBe(join(dir, "state.db"));
      await store.close();
    }
  });

  it("makes the folder, with its parents", async () => {
    const dir = join(await temporaryFolder(), "a", "b", ".flow");
    await (await openSqliteStore({ dir, driver })).close();
    expect((await stat(join(dir, "state.db"))).isFile()).toBe(true);
  });

  it("opens one new file for several at once", async () => {
    const dir = await temporaryFolder();
    const stores = await Promise.all([1, 2, 3].map(() => openSqliteStore({ dir, driver })));
    await Promise.all(stores.map((store) => store.close()));
  });

  it("keeps what is no database aside, byte for byte, and starts anew at the next open", async () => {
    const dir = await temporaryFolder();
    const text = "these are somebody's notes, not a database. ".repeat(500);
    await writeFile(join(dir, "state.db"), text);
    const error = await refusal(openSqliteStore({ dir, driver }));
    expect(error.code).toBe("store-corrupt");
    const kept = String(error.data.keptAs);
    expect(error.message).toContain(kept);
    expect(error.message).toContain(join(dir, "state.db"));
    expect(await readFile(kept, "utf8")).toBe(text);
    const store = await openSqliteStore({ dir, driver });
    expect(await store.list()).toEqual([]);
    await store.close();
  });

  it("keeps a database with a malformed page aside, with its -wal", async () => {
    const { dir, file } = await recordedStore();
    const size = (await stat(file)).size;
    await scribble(file, 4_096, new Uint8Array(4_096).fill(0xff));
    // A leftover of a crash; it holds no valid frame, so SQLite ignores what is in it.
    await writeFile(`${file}-wal`, "leftover");
    const error = await refusal(openSqliteStore({ dir, driver }));
    expect(error.code).toBe("store-corrupt");
    const kept = String(error.data.keptAs);
    expect((await stat(kept)).size).toBe(size);
    const names = await readdir(dir);
    expect(names).toContain(kept.slice(dir.length + 1));
    expect(names).toContain(`${kept.slice(dir.length + 1)}-wal`);
    expect(names).not.toContain("state.db");
    const store = await openSqliteStore({ dir, driver });
    expect(await store.list()).toEqual([]);
    await store.close();
  });

  it("keeps two damaged files apart", async () => {
    const dir = await temporaryFolder();
    const kept = new Set<unknown>();
    for (let time = 0; time < 3; time += 1) {
      await writeFile(join(dir, "state.db"), `damage ${time} `.repeat(500));
      kept.add((await refusal(openSqliteStore({ dir, driver }))).data.keptAs);
    }
    expect(kept.size).toBe(3);
  });

  it("names a file that turns out to be damaged while it is read", async () => {
    const { dir, file } = await recordedStore();
    const pages = (await stat(file)).size / 4_096;
    // The last pages are leaves with rows; the roots that opening looks at stay whole.
    for (let page = pages - 4; page < pages; page += 1) {
      await scribble(file, page * 4_096, new Uint8Array(4_096).fill(0xff));
    }
    const store = await openSqliteStore({ dir, driver });
    const reading = (async () => {
      for await (const _ of store.read(RUN));
    })();
    const error = await refusal(reading);
    expect(error.code).toBe("store-corrupt");
    expect(error.message).toContain(file);
    await store.close();
  });

  it("refuses a newer version by both numbers and leaves the file as it is", async () => {
    const { dir, file } = await recordedStore();
    // Offset 60 of the header is user_version, big-endian.
    await scribble(file, 60, new Uint8Array([0, 0, 0, 7]));
    const before = await readFile(file);
    const error = await refusal(openSqliteStore({ dir, driver }));
    expect(error).toMatchObject({ code: "store-too-new", data: { version: 7, supported: 2 } });
    expect(error.message).toMatch(/version 7.*up to 2/);
    expect(Buffer.compare(before, await readFile(file))).toBe(0);
  });

  it("refuses a database of another program and leaves it as it is", async () => {
    const { dir, file } = await recordedStore();
    // Offset 68 of the header is application_id.
    await scribble(file, 68, new Uint8Array([1, 2, 3, 4]));
    const before = await readFile(file);
    expect((await refusal(openSqliteStore({ dir, driver }))).code).toBe("store-unusable");
    expect(Buffer.compare(before, await readFile(file))).toBe(0);
  });

  it("refuses a file where the folder should be", async () => {
    const dir = join(await temporaryFolder(), ".flow");
    await writeFile(dir, "");
    const error = await refusal(openSqliteStore({ dir, driver }));
    expect(error.code).toBe("state-dir-unusable");
    expect(error.message).toContain(dir);
  });

  it("refuses a folder where the file should be", async () => {
    const dir = await temporaryFolder();
    await mkdir(join(dir, "state.db"));
    const error = await refusal(openSqliteStore({ dir, driver }));
    expect(error.code).toBe("store-unusable");
    expect(error.message).toContain(join(dir, "state.db"));
  });
});

it.skipIf(DRIVERS.includes("node"))("says which Node has the driver that was asked for", async () => {
  const error = await refusal(openSqliteStore({ dir: await temporaryFolder(), driver: "node" }));
  expect(error.code).toBe("store-unusable");
  expect(error.hint).toContain("22.13");
});
