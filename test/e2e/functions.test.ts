/** The function form, compiled and run: inline and in threads, through hooks and retries, over a kill, on the command line. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Manifest, RunEvent } from "@millrace/core";
import { type Engine, memoryStore, openEngine } from "@millrace/runtime";
import type { Flow } from "@millrace/sdk";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askEngine, buildProject, journal } from "./built-project.js";

const SAID = "a b n0 n1 a+b after 1 2 noted found Functional";

let project: TestProject;
beforeAll(async () => {
  project = await buildProject();
});
afterAll(() => project.remove());

describe.each(["inline", "threads"] as const)("%s", (executor) => {
  const open = (): Promise<Engine> =>
    openEngine({ cwd: project.root, executor, threads: 2, store: memoryStore(), observers: [] });

  test("functions and classes call each other, and get parameters, defaults and contexts", async () => {
    await using engine = await open();
    const run = engine.start("Functional", { words: ["a", "b"] });
    const events: RunEvent[] = [];
    for await (const event of run.events()) events.push(event);
    expect(await run.result()).toBe(SAID);
    const lines = events.flatMap((event) => (event.type === "log" ? [event.text] : []));
    expect(lines).toEqual(expect.arrayContaining(["2 neighbours", "attempt 1 of Trying", "waiting for the file"]));
    expect(events.flatMap((event) => (event.type === "progress" ? [event.message] : []))).toEqual(["half"]);
    expect(await engine.start("FunctionalClass", { words: ["a", "b"], upper: true }).result()).toBe(SAID.toUpperCase());
  });

  test("what defineFlow made names its flow", async () => {
    await using engine = await open();
    const manifest = JSON.parse(await readFile(join(project.root, ".flow/manifest.json"), "utf8")) as Manifest;
    const module = pathToFileURL(join(project.root, ".flow/build", manifest.build, "src/functions.mjs")).href;
    // Its own copy, as an application has one.
    const { functional } = (await import(`${module}?copy`)) as { functional: new () => Flow<string> };
    expect(await engine.start(functional, { words: ["a", "b"] } as object).result()).toBe(SAID);
  });

  test("wrong parameters are refused by name", async () => {
    await using engine = await open();
    expect(() => engine.start("Functional", { words: "a", loud: true })).toThrow(
      expect.objectContaining({ code: "invalid-parameters", message: expect.stringMatching(/"loud"[\s\S]*"words"/) }),
    );
  });
});

test("hooks are called as those of a class", async () => {
  const copy = await project.copy();
  const { outcome } = await askEngine(copy, { start: "TryBoth", params: "{ failures: 1 }" });
  expect(outcome).toMatchObject({ status: "succeeded", value: ["well after 2", "well after 2"] });
  const attempts = ["run", "failure no 1", "destroy", 'create {"failures":1} 2', "run", "success", "destroy"];
  const lines = ['create {"failures":1} 1', ...attempts];
  expect(journal(copy)).toEqual([...lines, ...lines]);
  await copy.remove();
});

test("an abort reaches the signal and the hook, with the parameters", async () => {
  const copy = await project.copy();
  const running = copy.start(["run", "Functional", "--words", "a", "--file", join(copy.root, "never"), "--id", "cut"]);
  await running.line("waiting for the file");
  running.kill("SIGINT");
  expect((await running.done).code).toBe(130);
  expect(journal(copy)).toContain("abort of true: MillraceError");
  await copy.remove();
});

test("a killed run goes on, and runs nothing recorded again", async () => {
  const copy = await project.copy();
  const file = join(copy.root, "go");
  const args = ["run", "FunctionalClass", "--words", "a", "--words", "b", "--file", file, "--id", "killed"];
  const running = copy.start(args);
  await running.line("waiting for the file");
  running.kill("SIGKILL");
  expect((await running.done).code).toBeNull();
  const before = journal(copy);
  expect(before.filter((line) => /^[abn]\d?$/.test(line)).sort()).toEqual(["a", "b", "n0", "n1"]);

  await writeFile(file, "");
  const resumed = await copy.flow("resume", "killed");
  expect(resumed).toMatchObject({ code: 0, stdout: `${SAID}\n` });
  expect(resumed.stderr).toMatch(/ restored/);
  // Only the step that was cut off has run a second time, and it keeps no journal.
  expect(journal(copy)).toEqual(before);
  await copy.remove();
});

test("the command line's help says of a function what it says of a class", async () => {
  const [ofFunction, ofClass] = await Promise.all(
    ["Functional", "FunctionalClass"].map((name) => project.flow("run", name, "--help")),
  );
  expect(ofFunction).toMatchObject({ code: 0 });
  expect(ofFunction?.stdout).toMatch(/--words <text> \.\.\. +What is said\. +\(string\[\], required\)/);
  expect(ofFunction?.stdout).toBe(ofClass?.stdout.replaceAll("FunctionalClass", "Functional"));
});
