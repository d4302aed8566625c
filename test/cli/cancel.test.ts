/** `flow cancel`: a run ends wherever it runs, and on the record if nobody runs it. */
import type { RunId, RunView } from "@millrace/core";
import { openSqliteStore, ownerInfo } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { helloProject } from "./hello-project.js";

let project: TestProject;
beforeAll(async () => {
  project = await helloProject();
  await project.flow("build");
});
afterAll(() => project.remove());

async function stateOf(id: string): Promise<unknown> {
  const { stdout } = await project.flow("show", id, "--json");
  const { run, steps } = JSON.parse(stdout) as RunView;
  return [run.state, ...steps.map(({ task, state }) => `${task} ${state}`)];
}

test("asks the owner in another process, and comes back when its run has ended", async () => {
  const running = project.start(["run", "Patient", "--file", project.path("never"), "--id", "owned"]);
  await running.line("waiting for the file");
  const { code, stdout, stderr } = await project.flow("cancel", "owned", "--reason", "no longer needed");
  expect(stderr).toMatch(
    /^Run owned was asked to end \(process \d+\); its tasks have their grace\.\nRun owned is cancelled\.\n$/,
  );
  expect([code, stdout]).toEqual([0, ""]);
  const owner = await running.done;
  expect(owner.code).toBe(1);
  expect(owner.stderr).toMatch(/\[run-aborted\] Run owned was cancelled: no longer needed\n/);
  expect(await stateOf("owned")).toEqual(["aborted", "Greet succeeded", "WaitForFile aborted"]);
});

test("ends a run on the record whose owner died, and what was asked before does not meet it when it is let go on", async () => {
  const file = project.path("later");
  const running = project.start(["run", "Patient", "--file", file, "--stubborn", "--id", "lost"]);
  await running.line("waiting for the file");
  running.kill("SIGKILL");
  await running.done;
  // As by a `flow cancel` that was killed after it had asked.
  const store = await openSqliteStore({ dir: project.path(".flow") });
  onTestFinished(() => store.close());
  // Safe: the id above.
  const lost = "lost" as RunId;
  await store.request({ run: lost, kind: "cancel", name: "", value: new Uint8Array() });
  const { code, stdout } = await project.flow("cancel", "lost", "--json");
  expect([code, JSON.parse(stdout)]).toEqual([0, { runId: "lost", state: "aborted" }]);
  const lease = await store.acquire(lost, ownerInfo("test"));
  expect(await store.takeRequests([lease])).toEqual([]);
  await store.release([lease]);
  expect((await project.flow("resume", "lost")).stderr).toContain("error[run-not-resumable]");
  project.write("later", "");
  expect(await project.flow("resume", "lost", "--reopen")).toMatchObject({ code: 0, stdout: "Hello, first! found\n" });
});

test("refuses runs that are over or unknown", async () => {
  await project.flow("run", "Hello", "--names", "Ann", "--id", "over");
  const over = await project.flow("cancel", "over");
  expect([over.code, over.stderr]).toEqual([
    2,
    expect.stringContaining("error[run-over]: Run over is over: it has succeeded."),
  ]);
  const unknown = await project.flow("cancel", "ovr");
  expect([unknown.code, unknown.stderr]).toEqual([
    2,
    expect.stringMatching(/There is no run "ovr"\.\n.*Did you mean "over"/),
  ]);
});
