/** Who may write a run: an owner that sleeps, dies, or meets a second one, in its own process or in another. */
import { writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { systemClock } from "@millrace/core";
import { type Engine, openEngine } from "@millrace/runtime";
import type { RunningCommand, TestProject } from "@millrace/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { crashProject, factsOf, journal } from "./crash-project.js";
import { stopped } from "./stopped-engine.js";

const OTHER_HOST = { NODE_OPTIONS: `--import=${new URL("owners/other-host.mjs", import.meta.url).href}` };
/** Longer than an owner on another host may be silent, ms. */
const SILENCE_MS = 60_000;

let built: TestProject;
let project: TestProject;
let gate: string;
beforeAll(async () => {
  built = await crashProject();
});
beforeEach(async () => {
  project = await built.copy();
  gate = project.path("gate");
  process.env.CRASH_JOURNAL = project.path("journal");
});
afterEach(() => project.remove());
afterAll(() => built.remove());

/** A process that runs `held` and has come to the step that waits. */
async function atTheGate(env: Record<string, string> = {}): Promise<RunningCommand> {
  const command = project.start(["run", "Gated", "--open", gate, "--id", "held"], { env });
  await command.line("at held");
  return command;
}

/** An engine of this process, which is that many ms ahead. */
function engineAhead(ms: number): Promise<Engine> {
  const clock = { now: () => systemClock.now() + ms, after: systemClock.after };
  return openEngine({ cwd: project.root, threads: 1, observers: [], clock });
}

function by(pid: number | undefined, ...labels: readonly string[]): string[] {
  return labels.map((label) => `${label} by ${pid}`);
}

describe("an owner on another host that was stopped and taken over", () => {
  let first: RunningCommand;
  beforeEach(async () => {
    first = await atTheGate(OTHER_HOST);
    first.kill("SIGSTOP");
  });

  /** What the first one does when it wakes up. */
  async function wakesUp(): Promise<void> {
    first.kill("SIGCONT");
    const { code, stdout, stderr } = await first.done;
    expect(stderr).toContain(
      'error[ownership-lost]: Another process has taken over run "held"; nothing was written for it.\n' +
        "  hint: The other process goes on with the run. Look at it with `flow show`.",
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  }

  it("keeps its run while it may only be slow", async () => {
    await using second = await engineAhead(0);
    await expect(second.resume("held")).rejects.toMatchObject({
      code: "run-owned",
      message: `Run "held" is owned by process ${first.pid} on host "other-host".`,
    });
    first.kill("SIGCONT");
    writeFileSync(gate, "");
    expect(await first.done).toMatchObject({ code: 0 });
    expect(new Set(journal(project))).toEqual(
      new Set(by(first.pid, "step 0", "step 1", "held", "step 3", "step 4", "step 5")),
    );
  });

  it("writes nothing if it wakes up when all is over", async () => {
    await using second = await engineAhead(SILENCE_MS);
    const run = await second.resume("held");
    writeFileSync(gate, "");
    expect(await run.result()).toEqual([
      ...by(first.pid, "step 0", "step 1"),
      ...by(process.pid, "held", "step 3", "step 4", "step 5"),
    ]);
    const before = await factsOf(project, "held");
    // Its step finds the gate open and succeeds, which nobody is to hear of.
    await wakesUp();
    expect(await factsOf(project, "held")).toEqual(before);
  });

  it("writes nothing if it wakes up while the other is at work, and the other ends well", async () => {
    await using second = await engineAhead(SILENCE_MS);
    const run = await second.resume("held");
    for await (const event of run.events()) if (event.type === "step-running") break;
    const before = await factsOf(project, "held");
    await wakesUp();
    expect(await factsOf(project, "held")).toEqual(before);
    writeFileSync(gate, "");
    expect(await run.outcome()).toMatchObject({ status: "succeeded", totals: { restored: 2 } });
    const after = await factsOf(project, "held");
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.at(-1)).toMatchObject({ kind: "run-ended", state: "succeeded" });
  });

  it("writes nothing if it wakes up to a run that was given back unfinished, which can be gone on with", async () => {
    const second = await engineAhead(SILENCE_MS);
    const run = await second.resume("held");
    for await (const event of run.events()) if (event.type === "step-running") break;
    await second.close();
    const before = await factsOf(project, "held");
    expect(before.at(-1)).toMatchObject({ kind: "run-suspended", reason: "interrupt" });
    await wakesUp();
    expect(await factsOf(project, "held")).toEqual(before);
    writeFileSync(gate, "");
    expect(await project.flow("resume", "held")).toMatchObject({ code: 0 });
  });
});

describe("an owner on this host", () => {
  it("that is only stopped stays the owner, however long it is silent; dead, it is followed at once", async () => {
    const first = await atTheGate();
    first.kill("SIGSTOP");
    await using second = await engineAhead(SILENCE_MS);
    await expect(second.resume("held")).rejects.toMatchObject({ code: "run-owned" });
    const refused = await project.flow("resume", "held");
    expect(refused.stderr).toMatch(
      new RegExp(
        `error\\[run-owned\\]: Run "held" is owned by process ${first.pid} on host ".+"\\.\n {2}hint: .*\`kill ${first.pid}\``,
      ),
    );
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    const before = await factsOf(project, "held");
    first.kill("SIGKILL");
    await first.done;
    expect(await factsOf(project, "held")).toEqual(before);
    const run = await second.resume("held");
    writeFileSync(gate, "");
    expect(await run.outcome()).toMatchObject({ status: "succeeded", totals: { restored: 2 } });
  });
});

describe("two engines of one process", () => {
  it("run their own runs side by side; one run is the first one's until it closes, and then the other's at once", async () => {
    const first = await engineAhead(0);
    await using second = await engineAhead(0);
    const held = first.start("Gated", { open: gate }, { id: "held" });
    for await (const event of held.events()) if (event.type === "log" && event.text === "at held") break;
    const other = second.start("Gated", { open: gate }, { id: "other" });
    for await (const event of other.events()) if (event.type === "log" && event.text === "at held") break;

    const refusal = {
      code: "run-owned",
      message: `Run "held" is owned by another engine of this process (${process.pid} on host "${hostname()}").`,
      hint: "Use that engine, or close it first: what is recorded is safe, and the run can be resumed.",
    };
    await expect(second.resume("held")).rejects.toMatchObject(refusal);
    const again = second.start("Gated", { open: gate }, { id: "held" });
    expect(await again.outcome()).toMatchObject({ status: "suspended", error: refusal });

    await first.close();
    expect(await held.outcome()).toMatchObject({ status: "suspended", reason: "interrupt" });
    const resumed = await second.resume("held");
    writeFileSync(gate, "");
    expect(await resumed.outcome()).toMatchObject({ status: "succeeded", totals: { restored: 2 } });
    expect(await other.outcome()).toMatchObject({ status: "succeeded", totals: { restored: 0 } });
  });

  it("that begin one run in the same moment are one owner and one refusal", async () => {
    await using first = await engineAhead(0);
    await using second = await engineAhead(0);
    writeFileSync(gate, "");
    const runs = [first, second].map((engine) => engine.start("Gated", { open: gate }, { id: "held" }));
    const ends = await Promise.all(runs.map((run) => run.outcome()));
    expect(ends.map(({ status }) => status).sort()).toEqual(["succeeded", "suspended"]);
    expect(ends.find(({ status }) => status === "suspended")).toMatchObject({
      error: { code: expect.stringMatching(/^run-(owned|exists)$/) as string },
    });
    expect(journal(project)).toHaveLength(6);
  });
});

describe.skipIf(process.platform !== "linux")("an engine that closes while its steps are busy", () => {
  it("keeps nothing: no lease, no thread, no file, and its process ends by itself", async () => {
    const ways = ["ends by itself", "ignores its signal", "spins", "spins in onAbort", "holds a socket"];
    const [command, report] = await stopped(project, {
      flow: "Deafly",
      params: { ways },
      id: "busy",
      stop: "close",
      begun: ways.length,
    });
    console.log(`closed after ${report.closed.ms} ms with ${ways.length - 1} busy threads`);
    expect(report.outcome).toEqual({ status: "suspended", reason: "interrupt" });
    expect(report.closed).toMatchObject({ workers: 0, files: [] });
    expect(report.resources.after).toEqual(report.resources.before);
    // The process lives still; its run is free.
    await using second = await engineAhead(0);
    expect((await second.runs()).find(({ id }) => id === "busy")).not.toHaveProperty("owner");
    await (await second.resume("busy")).cancel();
    command.stdin.end();
    expect(await command.done).toMatchObject({ code: 0, stderr: "" });
  });
});
