/** `flow rm` and `flow gc`: what nobody needs goes, what somebody needs stays. */
import { existsSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import type { GcDocument, RunListDocument } from "@millrace/core";
import { openEngine } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { helloProject } from "./hello-project.js";

let project: TestProject;
beforeEach(async () => {
  project = await helloProject();
});
afterEach(() => project.remove());

const run = (id: string, flow = "Hello", ...flags: readonly string[]) =>
  project.flow("run", flow, "--id", id, "--json", ...(flow === "Hello" ? ["--names", "Ann"] : []), ...flags);

async function runs(): Promise<readonly string[]> {
  const { stdout } = await project.flow("runs", "--json");
  return (JSON.parse(stdout) as RunListDocument).map(({ id }) => id).sort();
}

async function gc(...flags: readonly string[]): Promise<GcDocument> {
  const { code, stdout, stderr } = await project.flow("gc", "--json", ...flags);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout) as GcDocument;
}

/** Builds anew with other code, and makes the builds so far an hour and a second old. */
async function rebuild(): Promise<void> {
  project.write("src/tasks.ts", project.read("src/tasks.ts").replace(/Hello, ?/, "Hullo, "));
  await project.flow("build");
  const past = Date.now() / 1000 - 3601;
  for (const build of builds()) utimesSync(join(project.path(".flow/build"), build), past, past);
}

const builds = (): readonly string[] => readdirSync(project.path(".flow/build")).sort();

describe("flow rm", () => {
  test("deletes runs with their logs, and leaves the others", async () => {
    for (const id of ["a", "b", "c"]) await run(id);
    const { code, stdout } = await project.flow("rm", "a", "c", "--json");
    expect([code, JSON.parse(stdout)]).toEqual([0, { runs: ["a", "c"] }]);
    expect(await runs()).toEqual(["b"]);
    expect(["a", "b", "c"].map((id) => existsSync(project.path(`.flow/logs/${id}`)))).toEqual([false, true, false]);
    expect((await run("a")).code).toBe(0);
  });

  test("deletes nothing if one of them is not there, or has an owner", async () => {
    await run("a");
    const unknown = await project.flow("rm", "a", "aa");
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringMatching(/There is no run "aa"\.\n.*Did you mean "a"/),
    ]);
    const engine = await openEngine({ cwd: project.root, observers: [], threads: 1 });
    try {
      const held = engine.start("Patient", { file: project.path("never") }, { id: "held" });
      for await (const event of held.events()) if (event.type === "step-running") break;
      const owned = await project.flow("rm", "held");
      expect([owned.code, owned.stderr]).toEqual([1, expect.stringContaining("error[run-owned]")]);
    } finally {
      await engine.close();
    }
    expect(await runs()).toEqual(["a", "held"]);
  });
});

describe("flow gc", () => {
  test("without anything to delete says so", async () => {
    expect((await project.flow("gc")).stderr).toBe("There is nothing to delete.\n");
  });

  test("deletes builds that nothing needs, and keeps the current one, those of runs and of engines, and young ones", async () => {
    await project.flow("build");
    const [unused = ""] = builds();
    await rebuild();
    await run("kept");
    const kept = builds().find((build) => build !== unused) ?? "";
    project.write("src/tasks.ts", project.read("src/tasks.ts").replace("Hullo, ", "Hallo, "));
    await project.flow("build");
    const pinned = builds().find((build) => ![unused, kept].includes(build)) ?? "";
    const engine = await openEngine({ cwd: project.root, observers: [], threads: 1 });
    try {
      project.write("src/tasks.ts", project.read("src/tasks.ts").replace("Hallo, ", "Hi, "));
      await rebuild();
      expect(builds()).toHaveLength(4);
      expect((await gc("--dry-run")).builds).toEqual([unused]);
      expect(builds()).toHaveLength(4);
      expect((await gc()).builds).toEqual([unused]);
      expect(await engine.start("Hello", { names: ["Bo"], loud: true }, { id: "alive" }).result()).toMatchObject({
        greetings: ["HALLO, BO!"],
      });
    } finally {
      await engine.close();
    }
    expect((await gc()).builds).toEqual([]);
    await project.flow("rm", "alive");
    expect((await gc()).builds).toEqual([pinned]);
    expect(builds()).toContain(kept);
  });

  test("a build that has just been written stays", async () => {
    await project.flow("build");
    project.write("src/tasks.ts", project.read("src/tasks.ts").replace("Hello, ", "Hullo, "));
    await project.flow("build");
    expect((await gc()).builds).toEqual([]);
    expect(builds()).toHaveLength(2);
  });

  test("deletes old runs that are over if asked, and none that can go on", async () => {
    await run("over");
    await run("failed", "Fragile", "--file", project.path("never"));
    expect((await gc("--older-than", "1h")).runs).toEqual([]);
    expect((await gc("--older-than", "0ms", "--dry-run")).runs).toEqual(["over"]);
    expect(await runs()).toEqual(["failed", "over"]);
    expect((await gc("--older-than", "0ms")).runs).toEqual(["over"]);
    expect(await runs()).toEqual(["failed"]);
  });

  test("refuses an age that is none", async () => {
    const { code, stderr } = await project.flow("gc", "--older-than", "soon");
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--older-than is "soon", which is no duration/)]);
  });
});
