/** `flow run --if-exists`: an id is one run, however many processes start it. */
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { helloProject } from "./hello-project.js";

let project: TestProject;
beforeAll(async () => {
  project = await helloProject();
  await project.flow("build");
});
afterAll(() => project.remove());

test("of processes that start one id at the same time one drives the run, and the others name it", async () => {
  const args = ["run", "Patient", "--file", project.path("gate"), "--id", "same", "--if-exists", "attach"];
  const started = [1, 2, 3].map(() => project.start(args));
  const refused = await Promise.all(
    started.map((one) => Promise.race([one.line("waiting for the file").then(() => undefined), one.done])),
  );
  const owner = started[refused.indexOf(undefined)];
  expect(refused.filter((one) => one !== undefined).map(({ code }) => code)).toEqual([1, 1]);
  for (const one of refused)
    if (one) expect(one.stderr).toContain(`error[run-owned]: Run "same" is owned by process ${owner?.pid}`);

  owner?.kill("SIGINT");
  expect(await owner?.done).toMatchObject({ code: 130 });
  project.write("gate", "");
  // It goes on where it was interrupted, and gives what is on record from then on.
  for (const restored of [1, 2]) {
    const again = (await project.flow(...args, "--json")).json();
    expect(again).toMatchObject({ result: "Hello, first! found", steps: { total: 2, restored } });
  }
  expect((await project.flow("runs", "--json")).json()).toHaveLength(1);
});

test("a run whose process was killed goes on with the same command", async () => {
  const args = ["run", "Patient", "--file", project.path("late"), "--id", "killed", "--if-exists", "attach"];
  const first = project.start(args);
  await first.line("waiting for the file");
  first.kill("SIGKILL");
  await first.done;
  project.write("late", "");
  const again = await project.flow(...args, "--json");
  expect(again.json()).toMatchObject({ status: "succeeded", steps: { total: 2, restored: 1 } });
});

test("other parameters are refused with the difference, and the option needs an id", async () => {
  const run = (...args: string[]) => project.flow("run", "Hello", "--if-exists", "attach", ...args);
  expect(await run("--id", "ann", "--names", "Ann")).toMatchObject({ code: 0 });
  const other = await run("--id", "ann", "--names", "Bob");
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('names was ["Ann"], not ["Bob"]')]);
  expect(await run("--names", "Ann")).toMatchObject({ code: 2, stderr: expect.stringContaining("--id <id>") });
});
