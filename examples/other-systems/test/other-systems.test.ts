/** The examples run and print what they should: each front end comes to the same number. */
import { chmod } from "node:fs/promises";
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

it("a scheduler whose commands run on other machines", async () => {
  // A machine is a folder; what it is told stands in its log.
  const fake = (name: string, text: string): void => project.write(`bin/${name}`, `#!/bin/bash\n${text}\n`);
  fake("git", 'echo "it\'s r7"');
  fake("systemctl", 'echo "$*" >> log; [ "$1" = start ] && touch running || rm running');
  fake("ssh", 'while [ "$1" = -o ]; do shift 2; done; mkdir -p "$1"; cd "$1" && exec env -i PATH="$PATH" bash -c "$2"');
  for (const name of ["git", "systemctl", "ssh"]) await chmod(project.path("bin", name), 0o755);
  const env = { PATH: `${project.path("bin")}:${process.env.PATH}` };
  const { code, stdout } = await project.node(["programs/ssh.mjs", "web-1", "web-2"], { env }).done;
  expect([code, stdout.trimEnd().split("\n")[0]]).toEqual([
    0,
    "<Job 'revision' finished -> { code: 0, stdout: \"it's r7\\n\" } - [allows [copy to web-1, copy to web-2]]>",
  ]);
  for (const host of ["web-1", "web-2"]) {
    expect(project.read(`${host}/revision`)).toBe("it's r7\n\n");
    expect(project.read(`${host}/log`)).toBe("stop web\nstart web\n");
    expect(project.read(`${host}/running`)).toBe("");
  }
});

it("a flow spec, on an engine and ticked", async () => {
  const { code, stdout } = await project.flow("run", "jobs/total.spec.json");
  expect([code, JSON.parse(stdout)]).toEqual([0, { print: "30" }]);
  expect(await printed("ticks")).toEqual(["30", "COMPLETED after 3 ticks"]);
});

it("a flow spec, stored and ticked by a runner", async () => {
  expect((await project.flow("spec", "add", "jobs/total.spec.json")).stdout).toBe("total-spec\n");
  const { code, stdout, stderr } = await project.flow("spec", "tick");
  expect([code, stdout, stderr]).toEqual([0, "total-spec: COMPLETED\n", "30\n1 flow ticked, 1 over, 0 open.\n"]);
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
