import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogLine } from "@millrace/core";
import { EventFeed } from "@millrace/testing/conformance";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fileObserver } from "./file-observer.js";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "millrace-logs-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function linesOf(file: string): Promise<LogLine[]> {
  const text = await readFile(file, "utf8");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as LogLine);
}

test("a folder for the run, a file for each step that spoke, one for the flow", async () => {
  const feed = new EventFeed();
  const observer = fileObserver({ dir });
  await observer.open?.();
  const [oslo, quiet] = [feed.step("Fetch", "Oslo/../å"), feed.step("Quiet")];
  const events = [
    feed.started(),
    feed.running(oslo),
    feed.log("asking", oslo),
    feed.log("twice", oslo),
    feed.settled(quiet),
    feed.log("body"),
    feed.ended({ total: 2 }),
  ];
  for (const event of events) observer.on(event);
  await observer.close?.();

  const files = (await readdir(join(dir, "oslo-1"))).sort();
  expect(files).toHaveLength(2);
  expect(files[0]).toMatch(/^Fetch-Oslo-[0-9a-f]{10}\.jsonl$/);
  expect(files[1]).toBe("flow.jsonl");
  const spoken = await linesOf(join(dir, "oslo-1", files[0] ?? ""));
  expect(spoken).toEqual([
    { at: feed.now, level: "info", text: "asking", ...oslo },
    { at: feed.now, level: "info", text: "twice", ...oslo },
  ]);
  const flow = await linesOf(join(dir, "oslo-1", "flow.jsonl"));
  expect(flow.map((l) => l.event ?? l.text)).toEqual(["run-started", "body", "run-ended"]);
});

test("steps with equal labels have files of their own", async () => {
  const feed = new EventFeed();
  const observer = fileObserver({ dir });
  for (const item of ["a/b", "a-b", "a b"]) observer.on(feed.log(item, feed.step("Fetch", item)));
  await observer.close?.();
  expect(await readdir(join(dir, "oslo-1"))).toHaveLength(3);
});

test("two thousand talkative steps lose no line and keep their order", async () => {
  const feed = new EventFeed();
  const observer = fileObserver({ dir });
  for (let turn = 0; turn < 3; turn++) {
    for (let i = 0; i < 2_000; i++) observer.on(feed.log(String(turn), feed.step("Fetch", String(i))));
  }
  await observer.close?.();
  const files = await readdir(join(dir, "oslo-1"));
  expect(files).toHaveLength(2_000);
  for (const file of files.slice(0, 20)) {
    expect((await linesOf(join(dir, "oslo-1", file))).map((l) => l.text)).toEqual(["0", "1", "2"]);
  }
});

test("a resumed run goes on in its files", async () => {
  const feed = new EventFeed();
  for (const event of [feed.started(), feed.resumed(3)]) {
    const observer = fileObserver({ dir });
    observer.on(event);
    await observer.close?.();
  }
  const flow = await linesOf(join(dir, "oslo-1", "flow.jsonl"));
  expect(flow.map((l) => l.event)).toEqual(["run-started", "run-resumed"]);
});

test("old runs go, young ones and what is no run's stay", async () => {
  const old = new Date(Date.now() - 11 * 86_400_000);
  for (const run of ["old", "young", "notes"]) {
    await mkdir(join(dir, run));
    await writeFile(join(dir, run, run === "notes" ? "todo.txt" : "flow.jsonl"), "");
    if (run !== "young") await utimes(join(dir, run, run === "notes" ? "todo.txt" : "flow.jsonl"), old, old);
  }
  const observer = fileObserver({ dir, retentionDays: 10 });
  await observer.open?.();
  // Closing stops the removal between folders, so the removal itself is awaited through the folder.
  while ((await readdir(dir)).includes("old")) await new Promise((resolve) => setImmediate(resolve));
  await observer.close?.();
  expect((await readdir(dir)).sort()).toEqual(["notes", "young"]);
});

test("a folder that cannot be written fails the observer, at its next event or its close", async () => {
  await writeFile(join(dir, "oslo-1"), "a file stands where the folder should be");
  const feed = new EventFeed();
  const observer = fileObserver({ dir });
  observer.on(feed.started());
  await expect(observer.close?.()).rejects.toThrow();
  expect(() => observer.on(feed.log("again"))).toThrow();
});
