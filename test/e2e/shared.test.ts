/** Shared state, compiled and run: between worker threads, in SQLite, over a kill, on the command line, and in the manifest. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeValue, type Manifest, type RunId } from "@millrace/core";
import { type Engine, memoryStore, openEngine, openSqliteStore } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildProject } from "./built-project.js";

let project: TestProject;
beforeAll(async () => {
  project = await buildProject();
});
afterAll(() => project.remove());

describe.each(["inline", "threads"] as const)("%s", (executor) => {
  const open = (): Promise<Engine> =>
    openEngine({ cwd: project.root, executor, threads: 3, store: memoryStore(), observers: [], strict: true });

  test("no update is lost between steps that overlap, fail and are tried again", async () => {
    await using engine = await open();
    const run = engine.start("Adds", { steps: 12, times: 1_000 });
    expect(await run.result()).toEqual({ count: 12_001, own: 12_000, at: [undefined, 12_000] });
    const entries = await run.shared.entries();
    expect(entries.filter(([key]) => key.startsWith("of "))).toHaveLength(13);
    expect(entries.map(([, value]) => value)).toContainEqual(new Uint8Array(1_000));
  });
});

test("what is published is there for a step of another thread while its own goes on, large values too", async () => {
  await using engine = await openEngine({ cwd: project.root, threads: 2, store: memoryStore(), observers: [] });
  expect(await engine.start("PingPong").result()).toEqual(["xxx", 400_000]);
});

test("what a step has claimed is free again when its thread dies, and nothing of it is written", async () => {
  await using engine = await openEngine({ cwd: project.root, threads: 2, store: memoryStore(), observers: [] });
  expect(await engine.start("Mourns").result()).toEqual([3, "failed"]);
});

test("a step that asks without end stops when its run is cancelled", async () => {
  await using engine = await openEngine({ cwd: project.root, threads: 1, store: memoryStore(), observers: [] });
  const run = engine.start("AsksOn");
  for await (const event of run.events()) if (event.type === "log") break;
  await run.cancel();
  expect(run.state).toBe("aborted");
  expect(await run.shared.entries()).toEqual([]);
  // The thread is free again.
  expect(await engine.start("Adds", { steps: 1, times: 1 }).result()).toMatchObject({ count: 1 });
});

test("the state is on disk: another process goes on with it", async () => {
  await using copy = await project.copy();
  {
    await using engine = await openEngine({ cwd: copy.root, threads: 2, observers: [] });
    const run = engine.start("Adds", { steps: 40, times: 3 }, { id: "half" });
    let settled = 0;
    for await (const event of run.events()) if (event.type === "step-settled" && ++settled === 10) break;
  }
  // The code changes meanwhile: what the body has written is not written again.
  const source = copy.read("src/shared.ts");
  copy.write("src/shared.ts", source.replace("const half =", 'this.log.info("halfway");\n    const half ='));
  const resumed = await copy.flow("resume", "half", "--json");
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(resumed.json<{ result: object }>().result).toEqual({ count: 121, own: 120, at: [null, 120] });
  expect(resumed.stderr).toContain("halfway");
  const shown = await copy.flow("show", "half", "--json");
  const { steps } = shown.json<{ steps: readonly { task: string }[] }>();
  // Uses of shared state by the body are on record, and no steps.
  expect(steps.map(({ task }) => task)).toEqual(Array(41).fill("Add"));
  const store = await openSqliteStore({ dir: copy.path(".flow") });
  const state = new Map<string, unknown>();
  // Safe: the id of the run that was started.
  for await (const fact of store.read("half" as RunId))
    if (fact.kind === "shared-commit") state.set(fact.name, fact.value && decodeValue(fact.value.read()));
  await store.close();
  expect([state.get("begun"), state.get("count")]).toEqual([1, 121]);
});

test("a large value is read from its file when it is asked for; a damaged one stops the run, and not its flow", async () => {
  await using copy = await project.copy();
  const open = (): Promise<Engine> => openEngine({ cwd: copy.root, threads: 1, observers: [] });
  {
    await using engine = await open();
    const run = engine.start("Keeps", {}, { id: "kept" });
    for await (const event of run.events()) if (event.type === "step-running") break;
  }
  const folder = copy.path(".flow/content");
  const [file] = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  if (!file) throw new Error("nothing is kept in a file");
  const path = join(file.parentPath, file.name);
  const bytes = readFileSync(path);
  writeFileSync(path, "damaged");
  {
    await using engine = await open();
    const run = await engine.resume("kept");
    await run.send("go");
    expect(await run.outcome()).toMatchObject({ status: "suspended", error: { code: "store-corrupt" } });
  }
  writeFileSync(path, bytes);
  await using engine = await open();
  expect(await (await engine.resume("kept")).result()).toBe(400_000);
});

test("the manifest lists the keys of each task, through helpers", async () => {
  const { tasks } = JSON.parse(await readFile(join(project.root, ".flow/manifest.json"), "utf8")) as Manifest;
  expect(tasks.Add?.shared).toEqual({ reads: ["count"], writes: ["count"], dynamic: true });
  expect(tasks.Ping?.shared).toEqual({ reads: ["ping", "pong"], writes: ["ping"] });
  expect(tasks.Pong?.shared).toEqual({ reads: [], writes: ["pong"], dynamic: true });
  expect(tasks.Asks?.shared).toEqual({ reads: [], writes: ["too late"], dynamic: true });
});
