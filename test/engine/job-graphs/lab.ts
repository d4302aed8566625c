/** What tests of job graphs share: short ways to write graphs down, and an engine whose tasks the test holds. */
import type { JobEdge, JobGraph, JobNode } from "@millrace/core";
import { memoryStore } from "@millrace/runtime";
import { defineFlow, defineTask } from "@millrace/sdk";
import { controlled, openTestEngine } from "@millrace/testing";

const work = defineTask({ id: "Work", run: (_: { x?: unknown; y?: unknown }): unknown => 0 });
const twice = defineFlow({ id: "Twice", run: (p: { x: number }, body) => body.call(work, { x: p.x * 2 }) });

/** A graph of nodes and of edges `from > to`. */
export function graphOf(
  nodes: readonly JobNode[],
  edges: readonly (string | JobEdge)[] = [],
  more: Partial<JobGraph> = {},
): JobGraph {
  return { version: 1, nodes, edges: edges.map((edge) => (typeof edge === "string" ? edgeOf(edge) : edge)), ...more };
}

function edgeOf(text: string): JobEdge {
  const [from = "", to = ""] = text.split(" > ");
  return { from, to };
}

/** A node that runs `Work`. */
export function job(id: string, params: JobNode["params"] = {}, more: Partial<JobNode> = {}): JobNode {
  return { id, run: { task: "Work" }, params, ...more };
}

/** The same, given its own id as `x`. */
export function named(id: string, more: Partial<JobNode> = {}): JobNode {
  return job(id, { x: { value: id } }, more);
}

/** A reference, as it stands in a template. */
export function ref(to: string): string {
  return `$${`{{ ${to} }}`}`;
}

/** An engine in which every attempt of `Work` waits for the test; `Twice` is a flow that calls it with twice its `x`. */
export async function lab(store = memoryStore()) {
  const works = controlled(work);
  const engine = await openTestEngine({ store, classes: [work, twice], standIns: [works] });
  return { works, engine, store };
}
