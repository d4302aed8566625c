/**
 * Steps and bodies that do not stop when their run is cancelled: how it ends, what still runs then, and that nothing does once the engine is
 * closed. Times are printed, never judged.
 */
import type { RunId } from "@millrace/core";
import { openSqliteStore } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { crashProject, factsOf } from "./crash-project.js";
import { stopped } from "./stopped-engine.js";

let built: TestProject;
let project: TestProject;
beforeAll(async () => {
  built = await crashProject();
});
beforeEach(async () => {
  project = await built.copy();
});
afterEach(() => project.remove());
afterAll(() => built.remove());

/** Settlements on record. */
async function settled(run: string): Promise<readonly object[]> {
  return (await factsOf(project, run)).filter((fact) => (fact as { kind: string }).kind === "step-settled");
}

describe.skipIf(process.platform !== "linux")("a step", () => {
  it.each(["ignores its signal", "spins", "spins in onAbort", "waits for a program", "holds a socket"])(
    "that %s is ended with its run, and its engine leaves nothing",
    async (how) => {
      const [command, report] = await stopped(project, {
        flow: "Deafly",
        params: { ways: [how, "ends by itself"] },
        id: "deaf",
        stop: "cancel",
        begun: 2,
      });
      const { cancelled, closed, outcome, resources } = report;
      console.log(
        `${how}: cancelled in ${cancelled.ms} ms, then ${cancelled.workers} threads; closed in ${closed.ms} ms, then ${closed.workers}`,
      );
      expect(outcome).toEqual({ status: "aborted" });
      expect(closed).toMatchObject({ workers: 0, files: [] });
      expect(resources.after).toEqual(resources.before);
      command.stdin.end();
      expect(await command.done).toMatchObject({ code: 0, stderr: "" });
      expect(await settled("deaf")).toMatchObject([
        { key: expect.stringContaining("[1]") as string, state: "succeeded" },
        { key: expect.stringContaining("[0]") as string, state: "aborted", cause: "cancel" },
      ]);
      expect((await project.flow("resume", "deaf")).stderr).toContain("it was cancelled");
    },
  );

  it("that waits for a program does not keep its process from the third signal", async () => {
    const command = project.start(["run", "Deafly", "--ways", '["waits for a program for ever"]', "--id", "deaf"]);
    await command.line("waits for a program");
    command.kill("SIGINT");
    await command.line("SIGINT: stopping.");
    command.kill("SIGINT");
    await command.line("SIGINT: stopping at once.");
    command.kill("SIGINT");
    const { code, signal } = await command.done;
    expect({ code, signal }).toEqual({ code: null, signal: "SIGINT" });
    expect(await settled("deaf")).toEqual([]);
    expect(await project.flow("cancel", "deaf")).toMatchObject({ code: 0 });
  });
});

describe("a flow body that holds the main thread", () => {
  it("is named to whoever cancels it; when its process is ended, the run is", async () => {
    const command = project.start(["run", "Spinner", "--turns", "1e15", "--id", "spinning"]);
    await command.line("counting");
    const cancel = project.start(["cancel", "spinning"]);
    const says = await cancel.line("has not ended yet");
    expect(says).toBe(
      "Run spinning has not ended yet: a task uses its grace, or the flow's own code holds process " +
        `${command.pid}. \`kill -9 ${command.pid}\` ends that process; what is recorded is safe, and this command then ends the run.`,
    );
    command.kill("SIGKILL");
    expect(await cancel.done).toMatchObject({ code: 0, stdout: "" });
    const store = await openSqliteStore({ dir: project.path(".flow") });
    // Safe: the id above.
    expect(await store.list({ run: "spinning" as RunId })).toMatchObject([{ state: "aborted" }]);
    await store.close();
    expect(await factsOf(project, "spinning")).toMatchObject([
      { kind: "run-started" },
      { kind: "activation-settled", state: "succeeded" },
      { kind: "run-ended", state: "aborted" },
    ]);
  });

  it("for a while only takes a cancellation as soon as it lets go", async () => {
    const command = project.start(["run", "Spinner", "--turns", "1e9", "--id", "spinning"]);
    await command.line("counting");
    const since = performance.now();
    const { code } = await project.flow("cancel", "spinning");
    console.log(`a body that held the main thread was cancelled after ${Math.round(performance.now() - since)} ms`);
    const owner = await command.done;
    // Whoever comes first: the body's last step is done at once.
    expect([
      [0, 1],
      [1, 0],
    ]).toContainEqual([code, owner.code]);
  });
});
