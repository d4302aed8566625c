/** The examples run and print what they should: each front end comes to the same number. */
import { createTestProject, type TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, it } from "vitest";

let project: TestProject;
beforeAll(async () => {
  project = await createTestProject({ from: new URL("..", import.meta.url) });
  expect((await project.flow("build")).code).toBe(0);
});
afterAll(() => project.remove());

async function printed(program: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await project.node([`programs/${program}.mjs`]).done;
  expect([code, stderr]).toEqual([0, ""]);
  return stdout.trimEnd().split("\n");
}

it("a job file", async () => {
  const { code, stdout } = await project.flow("run", "jobs/total.yaml");
  expect([code, JSON.parse(stdout)]).toEqual([0, { say: "It is 30." }]);
  const more = await project.flow("run", "jobs/total.yaml", "--var", "count=2");
  expect(JSON.parse(more.stdout)).toEqual({ say: "It is 5." });
});

it("a scheduler", async () => {
  expect(await printed("scheduler")).toEqual([
    "<Job 'fetch' finished -> [ 1, 4, 9, 16 ] - [allows [total]]>",
    "<Job 'monitor'[∞] cancelled>",
    "<Job 'total' finished -> 30 - [requires [fetch]] - [allows [say]]>",
    "<Job 'say' finished -> { code: 0, stdout: 'It is 30.\\n' } - [requires [total]]>",
    "FINE It is 30.",
  ]);
});

it("a flow spec, on an engine and ticked", async () => {
  const { code, stdout } = await project.flow("run", "jobs/total.spec.json");
  expect([code, JSON.parse(stdout)]).toEqual([0, { print: "30" }]);
  expect(await printed("ticks")).toEqual(["30", "COMPLETED after 3 ticks"]);
});

it("a project, whose commands run once", async () => {
  expect(await printed("project")).toEqual(["fetch succeeded ", "total succeeded It is 30."]);
  expect(await printed("project")).toEqual(["nothing to do"]);
});

it("rules, in a file", async () => {
  const { code, stdout, stderr } = await project.flow("run", "jobs/total.rules.yaml");
  expect([code, JSON.parse(stdout)]).toEqual([0, { tokens: 3, firings: 3, unmatched: [] }]);
  expect(stderr).toContain("It is 30.");
  expect((await project.flow("matrix")).stdout).toMatch(/^total +1 +· +· +1 +·$/m);
  const more = await project.flow("run", "jobs/total.rules.yaml", "--token", '{"type":"wanted","count":2}');
  expect([JSON.parse(more.stdout), more.stderr]).toEqual([
    { tokens: 6, firings: 6, unmatched: [] },
    expect.stringContaining("It is 5."),
  ]);
});
