/** `flow run spec.json`: a flow spec from a file, on an engine. */
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { helloProject } from "./hello-project.js";

let project: TestProject;
beforeAll(async () => {
  project = await helloProject();
  await project.flow("build");
});
afterAll(() => project.remove());

const task = (key: string, name: string, params: object) => ({
  key,
  task_type: "task",
  task_params: { task: name, params },
});

test("the ancestor's example prints its lines, beside the result", async () => {
  const tasks = ["task_1", "task_2"].map((key) => ({ key, task_type: "print", task_params: { msg: `I am ${key}.` } }));
  project.write("example.json", JSON.stringify({ label: "example_flow", tasks }));
  const done = await project.flow("run", "example.json", "--json");
  expect([done.code, done.json()]).toEqual([
    0,
    expect.objectContaining({ status: "succeeded", result: { task_2: "I am task_2." } }),
  ]);
  expect(done.stderr.match(/^I am task_.\.$/gm)).toEqual(["I am task_1.", "I am task_2."]);
});

test("what succeeded is kept when a flow that failed is gone on with in another process", async () => {
  const spec = {
    label: "fragile",
    data: { name: "Ann" },
    tasks: [
      task("first", "Greet", { name: "$ctx.flow.data.name" }),
      { key: "once", task_type: "print", task_params: { msg: "$ctx.flow.tasks.first.data.result" } },
      task("need", "NeedFile", { file: project.path("needed") }),
      { key: "last", task_type: "log", task_params: { msg: "$ctx.flow.tasks.need.data.result" } },
    ],
  };
  project.write("fragile.json", JSON.stringify(spec));
  const failed = await project.flow("run", "fragile.json", "--id", "fragile-1");
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/^Hello, Ann!$/m);
  project.write("needed", "");
  const done = await project.flow("resume", "fragile-1", "--json");
  expect([done.code, done.json()]).toEqual([
    0,
    expect.objectContaining({
      result: { last: "[fragile/last] found" },
      steps: expect.objectContaining({ total: 4, succeeded: 4, restored: 2 }),
    }),
  ]);
  expect(done.stderr).not.toMatch(/^Hello, Ann!$/m);
  expect(done.stderr).toMatch(/^\[fragile\/last\] found$/m);
});

test("a wiring from a task to the next one, and attempts of a task", async () => {
  const spec = {
    label: "wired",
    tasks: [
      task("first", "Greet", { name: "Ann" }),
      {
        key: "wire",
        task_type: "wire",
        task_params: { wirings: ["ctx.flow.tasks.first.data.result => ctx.flow.tasks.second.task_params.params.name"] },
      },
      task("second", "Greet", {}),
      {
        key: "tried",
        task_type: "task",
        task_params: { task: "NeedFile", params: { file: project.path("never") }, options: { retry: { attempts: 2 } } },
      },
    ],
  };
  project.write("wired.json", JSON.stringify(spec));
  expect((await project.flow("run", "wired.json", "--id", "wired-1")).code).toBe(1);
  type Shown = {
    readonly steps: readonly { readonly node: string; readonly attempts: number; readonly params: unknown }[];
  };
  const { steps } = (await project.flow("show", "wired-1", "--json")).json<Shown>();
  expect(steps.find(({ node }) => node === "second")).toMatchObject({ params: { name: "Hello, Ann!" } });
  expect(steps.find(({ node }) => node === "tried")).toMatchObject({ attempts: 2 });
});

test("what only ticks can run is refused with its place, and so are tasks that the build has not got", async () => {
  project.write("late.json", JSON.stringify({ label: "late", tasks: [{ task_type: "switch" }] }));
  const refused = await project.flow("run", "late.json");
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringMatching(/late\.json:1:\d+ error .*\n"tasks\[0\]\.taskType" is "switch", which only ticks/),
  ]);
  project.write("none.json", JSON.stringify({ label: "none", tasks: [task("a", "Geet", { name: "Ann" })] }));
  const unknown = await project.flow("run", "none.json");
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringMatching(/nodes\[0\]\.run\.task .*Greet/)]);
});
