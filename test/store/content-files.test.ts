/** Large values: files named by their content, written before the row, read when asked for, verified. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import fsPromises, { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { dirname, join } from "node:path";
import { bytesInMemory, type Fact, type Lease, type RunId, type StoredBytes } from "@millrace/core";
import { openSqliteStore, ownerInfo, type SqliteStore } from "@millrace/runtime";
import { recordedFacts, runStartedFact, stepSettledFact } from "@millrace/testing/conformance";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "./drivers.js";

const LIMIT = 262_144;

let dir: string;
let store: SqliteStore;
let lease: Lease;
beforeEach(async () => {
  dir = await temporaryFolder();
  store = await openSqliteStore({ dir });
  onTestFinished(() => store.close());
  // Safe: a well-formed run id.
  lease = await store.acquire("run-a" as RunId, ownerInfo("engine"));
});

/** The path that a value must have. */
function pathOf(bytes: Uint8Array): string {
  const hash = createHash("sha256").update(bytes).digest("hex");
  return join(dir, "content", hash.slice(0, 2), hash);
}

async function append(...values: readonly Uint8Array[]): Promise<void> {
  const facts: Fact[] = [runStartedFact(), ...values.map((value, i) => stepSettledFact(i + 2, bytesInMemory(value)))];
  await store.append([{ ...lease, facts }]);
}

async function values(): Promise<StoredBytes[]> {
  const facts = await recordedFacts(store, lease.run);
  return facts.flatMap((fact) => ("value" in fact && fact.value !== undefined ? [fact.value] : []));
}

it("go to a file above the limit only, and nothing else is left in the folder", async () => {
  const small = new Uint8Array(LIMIT).fill(1);
  const large = new Uint8Array(LIMIT + 1).fill(2);
  await append(small, large);
  expect(Buffer.compare(await readFile(pathOf(large)), large)).toBe(0);
  const files = (await readdir(join(dir, "content"), { recursive: true })).filter((name) => name.length > 2);
  expect(files).toHaveLength(1);
});

it("that are equal share one file, also with what is there already", async () => {
  const large = new Uint8Array(LIMIT + 1).fill(3);
  await append(large, large.slice());
  const before = await stat(pathOf(large));
  await store.append([{ ...lease, facts: [stepSettledFact(4, bytesInMemory(large.slice()))] }]);
  expect((await stat(pathOf(large))).ino).toBe(before.ino);
  for (const value of await values()) expect(Buffer.compare(value.read(), large)).toBe(0);
});

it("are not opened before they are read, and a missing one is named", async () => {
  const large = new Uint8Array(LIMIT + 1).fill(4);
  await append(large);
  await rm(pathOf(large));
  const [value] = await values();
  expect(value?.size).toBe(large.byteLength);
  expect(() => value?.read()).toThrow(
    expect.objectContaining({ code: "store-corrupt", data: { file: pathOf(large) } }) as Error,
  );
});

it("that were changed are refused by name and kept aside", async () => {
  const large = new Uint8Array(LIMIT + 1).fill(5);
  await append(large);
  const changed = large.slice();
  changed[1000] = 0;
  await writeFile(pathOf(large), changed);
  const [value] = await values();
  const keptAs = expect.stringContaining(`${pathOf(large)}.corrupt-`) as string;
  expect(() => value?.read()).toThrow(
    expect.objectContaining({ code: "store-corrupt", data: { file: pathOf(large), keptAs } }) as Error,
  );
});

it("that were cut are written again when they are recorded again", async () => {
  const large = new Uint8Array(LIMIT + 1).fill(6);
  await append(large);
  await writeFile(pathOf(large), "cut");
  await store.append([{ ...lease, facts: [stepSettledFact(3, bytesInMemory(large))] }]);
  for (const value of await values()) expect(Buffer.compare(value.read(), large)).toBe(0);
});

it("that cannot be written leave no row behind, and the store goes on when they can", async () => {
  const large = new Uint8Array(LIMIT + 1).fill(7);
  await writeFile(join(dir, "content"), "a file where the folder should be");
  await expect(append(large)).rejects.toMatchObject({ code: "store-unusable" });
  expect(await store.list()).toEqual([]);
  await rm(join(dir, "content"));
  await mkdir(join(dir, "content"));
  await append(large);
  expect(await values()).toHaveLength(1);
});

it("go with the last run that has them", async () => {
  const [own, shared] = [new Uint8Array(LIMIT + 1).fill(6), new Uint8Array(LIMIT + 1).fill(7)];
  await append(own, shared);
  // Safe: a well-formed run id.
  const other = await store.acquire("run-b" as RunId, ownerInfo("engine"));
  await store.append([{ ...other, facts: [runStartedFact(), stepSettledFact(2, bytesInMemory(shared))] }]);
  await store.remove(lease);
  expect([existsSync(pathOf(own)), existsSync(pathOf(shared))]).toEqual([false, true]);
  await store.remove(other);
  expect(existsSync(pathOf(shared))).toBe(false);
});

it("that no row names are collected, and nothing else", async () => {
  const [named, unnamed] = [new Uint8Array(LIMIT + 1).fill(8), new Uint8Array(LIMIT + 2).fill(9)];
  await append(named);
  const note = join(dir, "content", "note.txt");
  await mkdir(dirname(pathOf(unnamed)), { recursive: true });
  await Promise.all([writeFile(pathOf(unnamed), unnamed), writeFile(note, "by hand")]);
  expect(store.collectContent({ dryRun: true })).toEqual({ files: 1, bytes: unnamed.byteLength });
  expect(existsSync(pathOf(unnamed))).toBe(true);
  expect(store.collectContent()).toEqual({ files: 1, bytes: unnamed.byteLength });
  expect([pathOf(named), pathOf(unnamed), note].map((file) => existsSync(file))).toEqual([true, false, true]);
});

it("are there when a row names them, also if another process deletes the run that had them just after they were found", async () => {
  const remover = await openSqliteStore({ dir });
  onTestFinished(() => remover.close());
  const value = new Uint8Array(LIMIT + 1).fill(10);
  const facts = [runStartedFact(), stepSettledFact(2, bytesInMemory(value))];
  // Safe: a well-formed run id.
  const old = await remover.acquire("run-b" as RunId, ownerInfo("other"));
  await remover.append([{ ...old, facts }]);

  // Once the file has been found, its folder is opened to be synced: that is the moment.
  const { open } = fsPromises;
  let gone = false;
  let deleting: Promise<void> | undefined;
  replaceOpen(async (path, flags, ...rest) => {
    if (flags === "r") {
      deleting ??= remover.remove(old).then(() => {
        gone = !existsSync(pathOf(value));
      });
      await deleting;
    }
    return open(path, flags, ...rest);
  });
  onTestFinished(() => replaceOpen(open));
  await store.append([{ ...lease, facts }]);

  expect(gone).toBe(true);
  const [kept] = await values();
  expect(Buffer.compare(kept?.read() ?? new Uint8Array(), value)).toBe(0);
});

/** For all modules of this process: their imports follow. */
function replaceOpen(open: typeof fsPromises.open): void {
  Object.assign(fsPromises, { open });
  syncBuiltinESMExports();
}
