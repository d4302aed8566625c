/**
 * The examples of the developers' guide that spawners and projects come from, ported as they stand. What the guide asks at its end, how to
 * get rid of a task that always fails, is answered.
 */
import {
  buildTasks,
  EMPTY_PROJECT,
  foldOutcome,
  mergeProject,
  projectDocument,
  projectGraph,
  pruneProject,
  type RecordedProject,
  readProject,
  retryTasks,
  taskIdentity,
  writeProject,
} from "@millrace/jobs";
import type { SpawnedJob } from "@millrace/runtime";
import { EventLog, openTestEngine, seededRandom } from "@millrace/testing";
import { describe, expect, it } from "vitest";
import { printingLab } from "./printing-lab.js";

/** `class Backend(BaseBackend)`, with its `coro` and `spawn`; the runner that it prints is the name of who runs it. */
function backendOf({ print, sleep }: ReturnType<typeof printingLab>, random: () => number) {
  async function anothercoro(): Promise<void> {
    print("BAHHHHH");
  }
  return class Backend {
    readonly runner = "the engine";
    constructor(
      readonly failureRate = 0.5,
      readonly maxConcurrency = 2,
    ) {}

    async background(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        print(`AHHHHHHHHHHHH! ${this.runner}`);
        await anothercoro();
        await sleep(3, signal);
      }
    }

    async spawn(_job: SpawnedJob, signal: AbortSignal): Promise<number> {
      await sleep(1 + Math.floor(random() * 3), signal);
      if (random() < this.failureRate) throw new RangeError("uhoh...");
      return 0;
    }
  };
}

it("the backend prints beside its jobs, and what raises is a failed job, not the end of the engine", async () => {
  const lab = printingLab();
  const Backend = backendOf(lab, seededRandom(7));
  const log = new EventLog();
  const nodes = ["a", "b", "c", "d", "e", "f"].map((id) => ({ id, run: { shell: "true" }, critical: false }));
  {
    await using engine = await openTestEngine({ clock: lab.clock, commands: new Backend(), observers: [log] });
    const { status } = await lab.drive(engine.start({ version: 1, nodes, edges: [] }).outcome());
    expect(status).toBe("succeeded");
  }
  // Six jobs of one to three seconds, two at once, take some rounds of three seconds.
  expect(lab.printed.length).toBeGreaterThan(2);
  expect(lab.printed).toEqual(lab.printed.map((_, i) => (i % 2 === 0 ? "AHHHHHHHHHHHH! the engine" : "BAHHHHH")));
  const ends = log
    .of("step-settled")
    .map(({ state, error }) => (error ? `${state}: ${error.name}: ${error.message}` : state));
  expect(ends).toHaveLength(6);
  expect([...new Set(ends)].sort()).toEqual(["failed: RangeError: uhoh...", "succeeded"]);
});

describe("task identity", () => {
  const first = [{ cmd: "echo hello world && exit 1" }];
  const edited = [{ cmd: "echo hello world && exit 0" }];

  /** Runs what there is to run, in bash. */
  async function run(project: RecordedProject): Promise<RecordedProject> {
    const { graph } = projectGraph(project);
    if (!graph) return project;
    await using engine = await openTestEngine();
    const going = engine.start(graph);
    await going.outcome();
    const steps = [];
    for await (const step of going.steps()) steps.push(step);
    return foldOutcome(project, steps);
  }

  /** A node as the guide prints one, by our words for its fields. */
  const nodes = (project: RecordedProject) =>
    projectDocument(project).nodes.map(({ id, obj: { directives, state, outcome } }) => ({
      id,
      obj: { cmd: directives.cmd, returncode: outcome?.code ?? null, status: state },
    }));

  it("t1 and t2 are two tasks, named by hashes of their directives", () => {
    const [t1, t2] = [...first, ...edited].map(taskIdentity);
    expect(t1).not.toBe(t2);
    // There, SHA-1 of all directives, b58e7bf6 and c53235a6; here of those that count, told apart by what they are hashed for.
    expect([t1, t2].map((identity) => identity?.slice(0, 8))).toEqual(["flGbIo95", "NxkaxP93"]);
    const named = buildTasks([...first, ...edited]).tasks.map(({ name }) => name);
    expect(named).toEqual(["task-flGbIo95_3ub", "task-NxkaxP9372xn"]);
  });

  it("the workflow that failed is the document of the guide", async () => {
    const [t1] = buildTasks(first).tasks;
    const failed = await run(mergeProject(EMPTY_PROJECT, buildTasks(first), "main"));
    expect(projectDocument(failed)).toMatchObject({ directed: true, multigraph: false, links: [] });
    expect(nodes(failed)).toEqual([
      { id: t1?.name, obj: { cmd: "echo hello world && exit 1", returncode: 1, status: "failed" } },
    ]);
    expect(readProject(writeProject(failed)).project).toEqual(failed);
  });

  it("after the edit the new task is beside the old one, which never runs again and is let go of by a prune", async () => {
    const [t1] = buildTasks(first).tasks;
    const [t2] = buildTasks(edited).tasks;
    const failed = await run(mergeProject(EMPTY_PROJECT, buildTasks(first), "main"));
    const merged = mergeProject(failed, buildTasks(edited), "main");
    // There the old one stays "failed", and is run again with the new one; here it is nobody's.
    expect(nodes(merged)).toEqual([
      { id: t1?.name, obj: { cmd: "echo hello world && exit 1", returncode: 1, status: "orphaned" } },
      { id: t2?.name, obj: { cmd: "echo hello world && exit 0", returncode: null, status: "new" } },
    ]);
    const done = await run(retryTasks(merged));
    expect(nodes(done)).toEqual([
      { id: t1?.name, obj: { cmd: "echo hello world && exit 1", returncode: 1, status: "orphaned" } },
      { id: t2?.name, obj: { cmd: "echo hello world && exit 0", returncode: 0, status: "complete" } },
    ]);
    expect(nodes(pruneProject(done))).toEqual([
      { id: t2?.name, obj: { cmd: "echo hello world && exit 0", returncode: 0, status: "complete" } },
    ]);
  });
});
