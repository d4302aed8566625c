/**
 * The built flow, through the engine, in real worker threads. Flows are named here, not imported: what runs is the build of
 * `flow build` (`pretest` makes it), and Vitest does not load standard decorators.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, memoryStore, openEngine } from "millrace/engine";
import { afterAll, beforeAll, expect, it } from "vitest";

let engine: Engine;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "word-report-"));
  // Runs of tests are kept in memory: they neither see nor touch the runs in `.flow`.
  engine = await openEngine({ store: memoryStore(), observers: [], threads: 2 });
});

afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

it("counts the words of each file", async () => {
  const one = join(folder, "one.txt");
  const two = join(folder, "two.txt");
  await writeFile(one, "to be or not to be");
  await writeFile(two, "that is the question");

  const report = await engine.start("WordReport", { files: [one, two] }).result();

  expect(report).toBe(
    [`${one}: 6 words, the longest is "not"`, `${two}: 4 words, the longest is "question"`, "10 words in 2 files"].join(
      "\n",
    ),
  );
});

it("fails with the error of the file that cannot be read", async () => {
  const missing = join(folder, "missing.txt");
  const outcome = await engine.start("WordReport", { files: [missing] }).outcome();

  expect(outcome).toMatchObject({ status: "failed", error: { code: "ENOENT" } });
  expect(outcome.totals).toMatchObject({ total: 1, failed: 1 });
});
