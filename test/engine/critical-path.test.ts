/** Of equal priorities what has the longest path ahead goes first: by the flow's graph, and by what tasks have taken. */
import { type GraphEdge, type GraphNode, type Site, systemClock } from "@millrace/core";
import { inlineExecutor, memoryStore, openEngine } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { handProject } from "./hand-built.js";

/** B takes a second of the test's clock; Gate has the only lane until C waits for it. */
const MODULE = `
import { Flow, Task } from "millrace";
import { $site } from "millrace/stamps";
export class A extends Task { async run() {} }
export class B extends Task { async run() { globalThis.passSecond(); } }
export class C extends Task { async run() {} }
export class Gate extends Task { run() { return globalThis.gate; } }
export class Chains extends Flow {
  async run() {
    const short = async () => { await this.call(A, {}, $site("Chains.run#A@x")); };
    const long = async () => {
      await this.call(B, {}, $site("Chains.run#B@x"));
      await this.call(C, {}, $site("Chains.run#C@x"));
    };
    await Promise.all([short(), long()]);
  }
}
export class Inner extends Flow { async run() { await this.call(C, {}, $site("Inner.run#C@x")); } }
export class Outer extends Flow {
  async run() {
    const short = () => Promise.all(Array.from({ length: 4 }).map(() => this.call(A, {}, $site("Outer.run#A@x"))));
    const long = async () => {
      await this.call(Inner, {}, $site("Outer.run#Inner@x"));
      await this.call(B, {}, $site("Outer.run#B@x"));
    };
    await Promise.all([this.call(Gate, {}, $site("Outer.run#Gate@x")), short(), long()]);
  }
}
export class Single extends Flow {
  async run() { await Promise.all([this.call(A, {}, $site("Single.run#A@x")), this.call(B, {}, $site("Single.run#B@x"))]); }
}
`;

const SPAN = { file: "src/flow.ts", line: 1, column: 1, endLine: 1, endColumn: 2 };
const place = (flow: string, id: string) => ({ id, site: `${flow}.run#${id}@x` as Site, frames: [], span: SPAN });
const call = (flow: string, id: string): GraphNode => ({ kind: "call", task: id, ...place(flow, id) });
const order = (from: string, to: string): GraphEdge => ({ kind: "order", from, to, on: "success" });

let project: TestProject;
beforeAll(async () => {
  project = await handProject({
    module: MODULE,
    tasks: { A: {}, B: {}, C: {}, Gate: {} },
    flows: {
      Chains: { nodes: ["A", "B", "C"].map((id) => call("Chains", id)), edges: [order("B", "C")] },
      Inner: { nodes: [call("Inner", "C")] },
      Outer: {
        nodes: [
          call("Outer", "A"),
          call("Outer", "Gate"),
          { kind: "subflow", flow: "Inner", ...place("Outer", "Inner") },
          call("Outer", "B"),
        ],
        edges: [order("Inner", "B")],
      },
      Single: { nodes: [call("Single", "A"), call("Single", "B")] },
    },
  });
});
afterAll(() => project.remove());

/** The tasks of runs in one engine that runs one step at a time, in the order in which they began. */
async function orderOf(...flows: readonly string[]): Promise<readonly string[]> {
  let now = 1_800_000_000_000;
  let openGate: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    openGate = resolve;
  });
  Object.assign(globalThis, { gate, passSecond: () => (now += 1_000) });
  const clock = { ...systemClock, now: () => now };
  const began: string[] = [];
  const executor = inlineExecutor({ clock });
  const engine = await openEngine({
    cwd: project.root,
    store: memoryStore(),
    executor,
    clock,
    observers: [
      {
        name: "order",
        on: (event) => {
          if (event.type === "step-ready" && event.step.task === "C") openGate();
          if (event.type === "step-running" && event.step.task.length === 1) began.push(event.step.task);
        },
      },
    ],
  });
  for (const flow of flows) await engine.start(flow, {}).result();
  await engine.close();
  await executor.close();
  return began;
}

it("the first step of a chain goes before a single one that was issued earlier", async () => {
  expect(await orderOf("Chains")).toEqual(["B", "A", "C"]);
});

it("a step inside a sub-flow has ahead of it what follows the sub-flow", async () => {
  // C was issued last; in the order of issue it would be behind all of them.
  const [first, ...others] = await orderOf("Outer");
  expect(first).toBe("C");
  expect(others.sort()).toEqual(["A", "A", "A", "A", "B"]);
});

it("what took longer before goes first from then on", async () => {
  expect(await orderOf("Single", "Single")).toEqual(["A", "B", "B", "A"]);
});
