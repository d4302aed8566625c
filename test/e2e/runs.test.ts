/** Runs that are asked for in the wrong way: by two processes, after their success, under unknown and taken ids. */
import { writeFile } from "node:fs/promises";
import type { RunListDocument } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askEngine, buildProject, journal } from "./built-project.js";

const PARTICULAR = ["run", "Particular", "--city", "Oslo", "--tags", "a", "--where", '{ "lat": 1, "lon": 2 }'];
const PARAMS = '{ city: "Oslo", tags: [], where: { lat: 1, lon: 2 } }';

let project: TestProject;
beforeAll(async () => {
  project = await buildProject();
  expect((await project.flow(...PARTICULAR, "--id", "done")).code).toBe(0);
});
afterAll(() => project.remove());

test("a run belongs to one process: the second is refused, the first is not disturbed", async () => {
  const cure = project.path("cure");
  const args = ["run", "Careless", "--wrong", "ignore the signal", "--cure", cure, "--id", "mine"];
  const first = project.start(args);
  await first.line("about to ignore the signal");

  for (const second of [["resume", "mine"], args]) {
    const { code, stdout, stderr } = await project.flow(...second);
    expect(stderr).toMatch(
      new RegExp(`error\\[run-owned\\]: Run "mine" is owned by process ${first.pid} on host .*\\n {2}hint: Wait`),
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  }
  expect((await askEngine(project, { resume: "mine" })).error).toMatchObject({
    code: "run-owned",
    data: { owner: { pid: first.pid } },
  });

  first.kill("SIGINT");
  expect((await first.done).code).toBe(130);
  await writeFile(cure, "");
  expect(await project.flow("resume", "mine")).toMatchObject({ code: 0, stdout: "before, well\n" });
  expect(journal(project).filter((line) => line === "before")).toHaveLength(1);
});

test("a run that has succeeded is not resumed", async () => {
  const { code, stdout, stderr } = await project.flow("resume", "done");
  expect(stderr).toMatch(
    /error\[run-not-resumable\]: Run done cannot be resumed: it has succeeded\.\n {2}hint: .*`flow show done`/,
  );
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect((await askEngine(project, { resume: "done" })).error).toMatchObject({ code: "run-not-resumable" });
});

test("an unknown run is named, and leaves nothing behind", async () => {
  const { code, stdout, stderr } = await project.flow("resume", "dnoe");
  expect(stderr).toMatch(/error\[unknown-run\]: There is no run "dnoe"\.\n {2}hint: Did you mean "done"\? /);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect((await askEngine(project, { resume: "dnoe" })).error).toMatchObject({ code: "unknown-run" });
  const runs = (await project.flow("runs", "--json")).json<RunListDocument>();
  expect(runs.map((run) => run.id)).not.toContain("dnoe");
});

test("an id is taken once, and the run that has it stays as it is", async () => {
  const { code, stdout, stderr } = await project.flow(...PARTICULAR, "--id", "done");
  expect(stderr).toMatch(/error\[run-exists\]: There is a run "done" already\.\n {2}hint: Give another id/);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  const { outcome } = await askEngine(project, { start: "Particular", params: PARAMS, id: "done" });
  expect(outcome).toMatchObject({ status: "suspended", code: "run-exists" });
  const shown = await project.flow("show", "done", "--json");
  expect(JSON.parse(shown.stdout)).toMatchObject({ run: { state: "succeeded" } });
});
