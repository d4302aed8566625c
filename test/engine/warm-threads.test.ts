/**
 * A thread comes up while the engine opens its store, and beside the first commits of a run whose graph begins with a task; no other run starts
 * one before it has work for it.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import type { Executor, GraphNode, LaneKind, RunStore } from "@millrace/core";
import { type EngineOptions, inlineExecutor, memoryStore, openEngine } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { handProject } from "./hand-built.js";

const MODULE = `
import { Flow, Task } from "millrace";
import { $site } from "millrace/stamps";
export class Work extends Task { run() { return 1; } }
export class Fetch extends Task { run() { return 1; } }
export class TaskFirst extends Flow { run() { return this.call(Work, {}, $site("TaskFirst.run#Work")); } }
export class Outer extends Flow { run() { return this.call(TaskFirst, {}, $site("Outer.run#TaskFirst")); } }
export class StepFirst extends Flow {
  async run() {
    const n = await this.step("read", () => 1, $site("StepFirst.run#step:read"));
    return n + (await this.call(Work, {}, $site("StepFirst.run#Work")));
  }
}
export class LightFirst extends Flow { run() { return this.call(Fetch, {}, $site("LightFirst.run#Fetch")); } }
export class Circle extends Flow { run() { return 1; } }
`;

// Safe: the engine asks no more of a node than these.
const node = (id: string, more: object) => ({ id, site: id, ...more }) as unknown as GraphNode;

let project: TestProject;
beforeAll(async () => {
  project = await handProject({
    module: MODULE,
    tasks: { Work: {}, Fetch: { options: { io: true } } },
    flows: {
      TaskFirst: { nodes: [node("TaskFirst.run#Work", { kind: "call", task: "Work" })] },
      Outer: { nodes: [node("Outer.run#TaskFirst", { kind: "subflow", flow: "TaskFirst" })] },
      StepFirst: {
        nodes: [
          node("StepFirst.run#step:read", { kind: "step", name: "read" }),
          node("StepFirst.run#Work", { kind: "call", task: "Work" }),
        ],
      },
      LightFirst: { nodes: [node("LightFirst.run#Fetch", { kind: "call", task: "Fetch" })] },
      Circle: { nodes: [node("Circle.run#Circle", { kind: "subflow", flow: "Circle" })] },
    },
  });
});
afterAll(() => project.remove());

/** What happens to lanes and to the store, in order. */
function watched(): { readonly log: string[]; readonly executor: Executor; readonly store: RunStore } {
  const log: string[] = [];
  const inline = inlineExecutor({ width: 2 });
  let lanes = 0;
  const executor: Executor = {
    ...inline,
    openLane(on, kind: LaneKind = "plain") {
      const lane = inline.openLane(on, kind);
      const name = `${kind} ${lanes++}`;
      return {
        push(jobs) {
          log.push(`push to ${name}`);
          lane.push(jobs);
        },
        warm: () => void log.push(`warm ${name}`),
        revoke: (ids) => lane.revoke(ids),
        abort: (id, reason) => lane.abort(id, reason),
        answer: (id, request, answer) => lane.answer(id, request, answer),
        close: () => lane.close(),
      };
    },
  };
  const inner = memoryStore();
  const append = inner.append.bind(inner);
  const store = Object.assign(inner, {
    append(batches: Parameters<RunStore["append"]>[0]) {
      log.push("commit");
      return append(batches);
    },
  });
  return { log, executor, store };
}

/** How many threads an engine begins that is opened and closed, and has no run; none of them is left. */
async function threadsOf(options: EngineOptions): Promise<number> {
  const threads: Worker[] = [];
  const count = (thread: Worker): void => void threads.push(thread);
  process.on("worker", count);
  try {
    const engine = await openEngine({ cwd: project.root, observers: [], threads: 2, ...options });
    await engine.close();
    // Threads that have gone have no number.
    expect(threads.map(({ threadId }) => threadId).filter((id) => id !== -1)).toEqual([]);
    return threads.length;
  } finally {
    process.off("worker", count);
  }
}

it("the first comes up while the store is opened", async () => {
  expect(await threadsOf({})).toBe(1);
});

it("none does in an engine that keeps schedules, or without threads of its own", async () => {
  expect(await threadsOf({ schedules: true })).toBe(0);
  expect(await threadsOf({ executor: "inline" })).toBe(0);
  expect(await threadsOf({ executor: inlineExecutor() })).toBe(0);
});

it("none is left behind by an engine whose store cannot be opened", async () => {
  const threads: Worker[] = [];
  const count = (thread: Worker): void => void threads.push(thread);
  const broken = await handProject({ module: MODULE, tasks: { Work: {} }, flows: {} });
  mkdirSync(join(broken.root, ".flow/state.db"));
  process.on("worker", count);
  try {
    await expect(openEngine({ cwd: broken.root, observers: [] })).rejects.toMatchObject({ code: /^store-/ });
    expect(threads.map(({ threadId }) => threadId)).toEqual([-1]);
  } finally {
    process.off("worker", count);
    broken.remove();
  }
});

it.each(["TaskFirst", "Outer"])("%s: the lane that gets its task is warmed before the first commit", async (flow) => {
  const { log, executor, store } = watched();
  await using engine = await openEngine({ cwd: project.root, store, executor, observers: [] });
  await engine.start(flow, {}).result();
  expect(log.slice(0, 3)).toEqual(["warm plain 0", "commit", "push to plain 0"]);
});

it.each(["StepFirst", "LightFirst", "Circle"])("%s: none is", async (flow) => {
  const { log, executor, store } = watched();
  await using engine = await openEngine({ cwd: project.root, store, executor, observers: [] });
  await engine.start(flow, {}).result();
  expect(log.filter((line) => line.startsWith("warm"))).toEqual([]);
});

it("a job graph: if a node that waits for nothing is a task", async () => {
  const { log, executor, store } = watched();
  await using engine = await openEngine({ cwd: project.root, store, executor, observers: [] });
  engine.local("read", () => 1);
  const first = { id: "read", run: { local: "read" } };
  const work = { id: "work", run: { task: "Work" } };
  const edges = [{ from: "read", to: "work" }];
  await engine.start({ version: 1, nodes: [first, work], edges }).result();
  expect(log.filter((line) => line.startsWith("warm"))).toEqual([]);
  await engine.start({ version: 1, nodes: [first, work], edges: [] }).result();
  expect(log.filter((line) => line.startsWith("warm"))).toEqual(["warm plain 0"]);
});

it("none is for a run that may be on record", async () => {
  const { log, executor, store } = watched();
  await using engine = await openEngine({ cwd: project.root, store, executor, observers: [] });
  await engine.start("TaskFirst", {}, { id: "one", ifExists: "attach" }).result();
  expect(log.filter((line) => line.startsWith("warm"))).toEqual([]);
});
