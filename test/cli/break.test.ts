/** `flow run --break`, `flow break`, `flow continue`: steps held and let go from other processes. */
import type { RunDocument, RunView } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { helloProject } from "./hello-project.js";

let project: TestProject;
beforeAll(async () => {
  project = await helloProject();
  await project.flow("build");
});
afterAll(() => project.remove());

test("a run that stands at a breakpoint ends its process with exit code 4, shows what is held, and goes on when it is told to", async () => {
  project.write("there", "");
  const stopped = await project.flow(
    "run",
    "Fragile",
    "--file",
    project.path("there"),
    "--break",
    "Need*",
    "--id",
    "a",
  );
  expect(stopped.code).toBe(4);
  expect(stopped.stderr).toContain('It waits for breakpoint "Need*": NeedFile');
  expect(stopped.stderr).toContain("Let what is held go on with: flow continue a");
  const shown = await project.flow("show", "a");
  expect(shown.stdout).toMatch(/\nbreak +Need\*\n/);
  expect(shown.stdout).toMatch(/\nGreet +succeeded .*\n.*NeedFile +held \(Need\*\)/);
  const { run, steps } = (await project.flow("show", "a", "--json")).json<RunView>();
  expect([run.breakpoints, steps.map(({ task, state, held }) => [task, state, held])]).toEqual([
    { selectors: ["Need*"], stepping: false },
    [
      ["Greet", "succeeded", undefined],
      ["NeedFile", "pending", "Need*"],
    ],
  ]);
  expect((await project.flow("break", "a")).stdout).toMatch(/^breakpoint Need\*\nheld +\S*NeedFile\n$/);

  expect(await project.flow("resume", "a")).toMatchObject({ code: 4 });
  const on = await project.flow("continue", "a");
  expect([on.code, on.stderr]).toEqual([
    0,
    "What was held goes on in run a; nobody runs it now. Go on with: flow resume a\n",
  ]);
  expect(await project.flow("resume", "a")).toMatchObject({ code: 0, stdout: "Hello, first! found\n" });
});

test("breakpoints of a living run are set, listed and dropped from another process", async () => {
  const running = project.start(["run", "Patient", "--file", project.path("never"), "--id", "b", "--json"]);
  await running.line("waiting for the file");
  expect((await project.flow("break", "b")).stderr).toBe("Run b has no breakpoints.\n");
  const set = await project.flow("break", "b", "Greet", "--json");
  expect(set.json()).toEqual({ runId: "b", change: "set", selector: "Greet", delivered: true });
  expect((await project.flow("break", "b", "--json")).json()).toMatchObject({ selectors: ["Greet"], held: [] });
  expect((await project.flow("break", "b", "--drop")).stderr).toBe("All breakpoints are dropped in run b.\n");
  expect((await project.flow("break", "b", "--json")).json()).toMatchObject({ selectors: [], held: [] });
  running.kill("SIGINT");
  expect((await running.done).json<RunDocument>()).toMatchObject({ status: "suspended", reason: "interrupt" });
});

test("step by step through a run", async () => {
  const args = ["run", "Hello", "--names", "Ann", "--names", "Bob", "--id", "c", "--break", "*"];
  expect(await project.flow(...args)).toMatchObject({ code: 4 });
  for (const left of [1, 0]) {
    expect(await project.flow("continue", "c", "--step")).toMatchObject({ code: 0 });
    const { code } = await project.flow("resume", "c");
    expect(code).toBe(left === 0 ? 0 : 4);
  }
});

test("what cannot be is refused", async () => {
  const bad = await project.flow("run", "Hello", "--names", "Ann", "--break", "/(/");
  expect([bad.code, bad.stderr]).toEqual([2, expect.stringMatching(/error\[usage\]: "\/\(\/" selects no steps/)]);
  const over = await project.flow("break", "a", "Greet");
  expect([over.code, over.stderr]).toEqual([2, expect.stringContaining("error[run-over]")]);
  const unknown = await project.flow("continue", "nobody");
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("error[unknown-run]")]);
});
