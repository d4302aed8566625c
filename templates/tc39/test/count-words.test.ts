/** One task alone, in this process: its own code, with hooks, retries and checked values as in any run. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTestEngine } from "millrace/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CountWords } from "../src/tasks/count-words.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "count-words-"));
});

afterAll(() => rm(folder, { recursive: true }));

it("counts the words of a file and finds the longest", async () => {
  const file = join(folder, "hamlet.txt");
  await writeFile(file, "to be or not to be, that is the question");
  await using engine = await openTestEngine();

  expect(await engine.runTask(CountWords, { file })).toEqual({ file, words: 10, longest: "question" });
  expect(await engine.runTask(CountWords, { file, shortest: 3 })).toMatchObject({ words: 4 });
});

it("tries a file that cannot be read three times, then fails with its error", async () => {
  await using engine = await openTestEngine();
  const outcome = await engine
    .startTask(CountWords, { file: join(folder, "missing.txt") }, { retry: { delay: 1 } })
    .outcome();

  expect(outcome).toMatchObject({ status: "failed", error: { code: "ENOENT" } });
  expect(engine.events.executions(CountWords)).toHaveLength(3);
});
