/** Folders of stored flows under several processes: slow ones, killed ones, and what else lies in them. Part of scenario 15. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type FlowRecord, FolderRecords, flowSpecToFlow, runStoredFlows, storedFlow, storeFlow } from "@millrace/jobs";
import { describe, expect, test } from "vitest";
import { temporaryFolders } from "./temporary-folders.js";

const newFolder = temporaryFolders();
const CHILD = join(import.meta.dirname, "fixtures/records-child.mjs");

const numberIn = (record: FlowRecord | undefined): number => (record?.flow.data.n as number | undefined) ?? 0;
const withNumber = (n: number): FlowRecord => ({
  flow: { ...flowSpecToFlow({ key: "k", tasks: [] }).toJSON(), data: { n } },
});
const files = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));

async function countTo(records: FolderRecords, n: number): Promise<void> {
  for (let i = 0; i < n; i++) await records.change("k", (there) => withNumber(numberIn(there) + 1));
}

test("15: what was written over is removed: a flow has as many files after three hundred changes as after twenty", async () => {
  const folder = newFolder();
  await countTo(new FolderRecords(folder), 20);
  const few = files(folder).length;
  await countTo(new FolderRecords(folder), 280);
  expect([files(folder).length <= 16, few <= 16]).toEqual([true, true]);
  expect(numberIn(await new FolderRecords(folder).change("k", () => undefined))).toBe(300);
  expect(readdirSync(join(folder, ".scratch"))).toEqual([]);
});

describe("15: a process that is slow between its look and its write", () => {
  /** Changes the flow; between the look and the write another process does what it is told to. */
  async function slowly(folder: string, ...meanwhile: readonly string[]): Promise<readonly number[]> {
    const seen: number[] = [];
    await new FolderRecords(folder).change("k", (there) => {
      seen.push(numberIn(there));
      if (seen.length === 1) execFileSync(process.execPath, [CHILD, folder, ...meanwhile]);
      return withNumber(numberIn(there) + 1);
    });
    return seen;
  }

  // Chapters of sixteen revisions: the look is at the first of one, in one, at its last, and at that of the second one.
  test.each([1, 7, 15, 16, 17, 32])(
    "after %i revisions looks again, however much has been removed",
    { timeout: 60_000 },
    async (before) => {
      const folder = newFolder();
      await countTo(new FolderRecords(folder), before);
      expect(await slowly(folder, "count", "1")).toEqual([before, before + 1]);
      expect(await slowly(folder, "count", "50")).toEqual([before + 2, before + 52]);
      expect(await slowly(folder, "again")).toEqual([before + 53, 1_000]);
      expect(numberIn(await new FolderRecords(folder).change("k", () => undefined))).toBe(1_001);
    },
  );

  test("does not begin a flow that another one has begun", { timeout: 60_000 }, async () => {
    expect(await slowly(newFolder(), "count", "1")).toEqual([0, 1]);
    expect(await slowly(newFolder(), "count", "40")).toEqual([0, 40]);
  });
});

test("15: two processes that are killed again and again lose nothing that they were told is written, and double nothing", {
  timeout: 120_000,
}, async () => {
  const folder = newFolder();
  const told: number[] = [];
  // Each hears of a few writes before its end, and is killed in the middle of the next one.
  const lives = async (hand: number): Promise<void> => {
    for (let life = 0; life < 8; life++) {
      const child = spawn(process.execPath, [CHILD, folder, "forever"], { stdio: ["ignore", "pipe", "inherit"] });
      let left = 3 + ((hand * 7 + life * 5) % 17);
      for await (const line of createInterface({ input: child.stdout })) {
        told.push(Number(line));
        if (--left === 0) child.kill("SIGKILL");
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    }
  };
  await Promise.all([lives(0), lives(1)]);
  const end = numberIn(await new FolderRecords(folder).change("k", () => undefined));
  expect(new Set(told).size).toBe(told.length);
  expect(end).toBeGreaterThanOrEqual(Math.max(...told));
  // Of each life at most one write was made that nobody was told of; what stood in the pipe was read.
  expect(end - told.length).toBeLessThanOrEqual(16);
  await countTo(new FolderRecords(folder), 40);
  expect(files(join(folder, "k")).length).toBeLessThanOrEqual(16);
});

test("15: keys of any kind have folders of their own; what else lies in the folder is no flow", async () => {
  const folder = newFolder();
  const records = new FolderRecords(folder);
  const keys = [
    "..",
    ".",
    ".scratch",
    "a/b",
    "a~b",
    "ä*",
    "con",
    `${"long/".repeat(100)}1`,
    `${"long/".repeat(100)}2`,
    "\ud800",
    "\ud801",
  ];
  for (const key of keys) await storeFlow(records, flowSpecToFlow({ key, tasks: [{ taskType: "noop" }] }));
  writeFileSync(join(folder, "README"), "mine");
  mkdirSync(join(folder, "%E0%A4%A"));
  mkdirSync(join(folder, "empty"));
  expect(await records.keys()).toEqual([...keys, "empty"].sort());
  const { over, refused } = await runStoredFlows(records, { runner: "r" });
  expect([[...over].sort(), refused]).toEqual([[...keys].sort(), []]);
  for (const key of keys) expect([await records.remove(key), await records.remove(key)]).toEqual([true, false]);
  expect(readdirSync(folder).sort()).toEqual(["%E0%A4%A", ".scratch", "README", "empty"]);
  mkdirSync(join(folder, "mine"));
  writeFileSync(join(folder, "mine/notes"), "x");
  for (const key of ["README", "mine"])
    await expect(storeFlow(records, flowSpecToFlow({ key, tasks: [] }))).rejects.toMatchObject({
      code: "state-dir-unusable",
      message: expect.stringContaining("is in the way"),
    });
});

test("15: a damaged record is refused by name, and the others are ticked", async () => {
  const folder = newFolder();
  const records = new FolderRecords(folder);
  for (const key of ["a", "b", "c"]) await storeFlow(records, flowSpecToFlow({ key, tasks: [{ taskType: "noop" }] }));
  const [first = ""] = files(join(folder, "a"));
  writeFileSync(join(folder, "a", first), "{");
  const [second = ""] = files(join(folder, "b"));
  writeFileSync(join(folder, "b", second), JSON.stringify({ record: { flow: { key: "b", tasks: 7 } } }));
  const { over, refused } = await runStoredFlows(records, { runner: "r" });
  expect(over).toEqual(["c"]);
  expect(refused).toEqual([
    { key: "a", reason: expect.stringMatching(/1\.json is damaged: it is no record of a flow/) },
    { key: "b", reason: expect.stringMatching(/tasks must be a list, not 7/) },
  ]);
  await expect(storedFlow(records, "a")).rejects.toMatchObject({ code: "flow-spec-invalid" });
});
